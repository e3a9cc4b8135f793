// dossier.verify: notifications that show what they should, and those that are undecided (dossier.md §6).

import { cbor } from '../cbor-text.ts';
import { LedgerText } from '../ledger/text.ts';
import { keyPair, signMany } from '../signing.ts';
import { arcadia, borealis, certificatePayload, NOW_SECONDS, typ } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports, scene, undecided } from './pieces.ts';
import { both } from './proof-pieces.ts';
import {
  AFTER,
  certificate,
  charter,
  failed,
  type NotificationDeviations,
  type NotificationPart,
  notDone,
  type Scene,
  verified,
} from './scene.ts';
import {
  allKeys,
  arcadianKeys,
  cimmeria,
  ENTRY_INDEX,
  entry,
  entryOf,
  incident,
  ledger,
  ledgerProof,
  notified,
  RECEIVED_SECONDS,
  SAYS_OF_ENTRY,
  title,
  told,
  toldOf,
} from './story.ts';

export function notificationsFile(): ValidFile {
  return reports('notifications', [...good(), ...undecidedOnes()]);
}

export const SIZE = ledger.entries.length;

export function notification(
  comment: string,
  part: NotificationPart,
  changes: Partial<Scene> = {},
): ValidCase {
  return verified(
    comment,
    scene({ anchors: both, documents: allKeys, notifications: [part], verdict: part.verdict, ...changes }),
  );
}

/** The notification with the index of its entry in another ledger. */
export function inLedger(
  of: LedgerText,
  index: number,
  changes: Partial<NotificationPart> = {},
): NotificationPart {
  return {
    ...notified,
    entry: of.entries[index] as Buffer,
    proof: ledgerProof(of, index),
    receipt: of.receipt(of.entries.length, RECEIVED_SECONDS),
    ...changes,
  };
}

function good(): readonly ValidCase[] {
  const alone = new LedgerText([entry]);
  const relayed = new LedgerText([entryOf(told, [title], 'relay')], borealis, cimmeria);
  const relay: NotificationPart = {
    ...inLedger(relayed, 0),
    sender: borealis,
    recipient: cimmeria,
    verdict: 'INDETERMINATE',
    steps: { consent: notDone('no-consent') },
    out: { ...notified.out, mode: 'relay' },
  };
  const nothing = new LedgerText([entryOf(told, [])]);
  const keys = [
    ...allKeys,
    certificate(borealis, 'log'),
    charter(cimmeria),
    certificate(cimmeria, 'witness'),
  ];
  const another: NotificationPart = {
    ...inLedger(ledger, 0),
    verdict: 'INDETERMINATE',
    steps: { record: notDone('no-record') },
    out: {
      ...SAYS_OF_ENTRY,
      recordId: incident('a').idText,
      ...toldOf([]),
      receivedAtSeconds: RECEIVED_SECONDS,
    },
  };
  return [
    notification('Borealis was told, and gave its receipt', notified),
    notification('the entry is the only one of the ledger', inLedger(alone, 0)),
    notification(
      'an entry that names no parts',
      inLedger(nothing, 0, { out: { ...notified.out, ...toldOf([]) } }),
    ),
    notification('Borealis has handed the record on to a third state', relay, {
      anchors: [...both, cimmeria],
      documents: keys,
    }),
    notification('two states were told', notified, {
      anchors: [...both, cimmeria],
      documents: keys,
      notifications: [notified, relay],
      verdict: 'INDETERMINATE',
    }),
    notification('asked ten years later', notified, { atSeconds: NOW_SECONDS + 315_360_000 }),
    notification('the record that the entry names is not in the file', another),
    notification('a notification that is undecided beside one that is valid', notified, {
      notifications: [notified, another],
      verdict: 'INDETERMINATE',
    }),
  ];
}

function undecidedOnes(): readonly ValidCase[] {
  const open = (comment: string, steps: NotificationDeviations, changes: Partial<Scene>): ValidCase =>
    notification(comment, { ...notified, verdict: 'INDETERMINATE', steps, out: SAYS_OF_ENTRY }, changes);
  const untrusted = (code: string) =>
    allKeys.map((each) => (each.state?.code === code ? { ...each, deviation: notDone('no-anchor') } : each));
  const byUnknown = { ...notified, proof: ledgerProof(ledger, ENTRY_INDEX, keyPair(0x77)) };
  const receiptByUnknown = { ...notified, receipt: ledger.receipt(SIZE, RECEIVED_SECONDS, keyPair(0x77)) };
  const noLogKey: NotificationDeviations = { checkpoint: notDone('no-certificate'), receipt: AFTER };
  const noWitnessKey: NotificationDeviations = { receipt: notDone('no-certificate') };
  const undecidedPart = (part: NotificationPart, steps: NotificationDeviations): NotificationPart => ({
    ...part,
    steps,
    verdict: 'INDETERMINATE',
    out: SAYS_OF_ENTRY,
  });
  return [
    open(
      'the recipient is not trusted',
      { recipient: notDone('no-anchor'), receipt: AFTER },
      {
        anchors: [arcadia],
        documents: untrusted('XBO'),
      },
    ),
    open(
      'the sender is not trusted',
      { sender: notDone('no-anchor'), checkpoint: AFTER, receipt: AFTER },
      {
        anchors: [borealis],
        documents: untrusted('XAR'),
        records: [undecided('issuer', 'no-anchor')],
      },
    ),
    open(
      'there is no charter of the recipient',
      { recipient: notDone('no-charter'), receipt: AFTER },
      {
        documents: [
          ...arcadianKeys,
          certificate(arcadia, 'log'),
          certificate(borealis, 'witness', { deviation: notDone('no-charter') }),
        ],
      },
    ),
    open('there is no certificate of the log key of the sender', noLogKey, {
      documents: allKeys.filter(({ usage }) => usage !== 'log'),
    }),
    open('there is no certificate of the witness key of the recipient', noWitnessKey, {
      documents: allKeys.filter(({ usage }) => usage !== 'witness'),
    }),
    notification('the checkpoint is signed with a key that nobody knows', undecidedPart(byUnknown, noLogKey)),
    notification(
      'the receipt is signed with a key that nobody knows',
      undecidedPart(receiptByUnknown, noWitnessKey),
    ),
    notification(
      'the receipt is signed with the witness key of the sender',
      undecidedPart(
        { ...notified, receipt: ledger.receipt(SIZE, RECEIVED_SECONDS, arcadia.keys.witness) },
        noWitnessKey,
      ),
      { documents: [...allKeys, certificate(arcadia, 'witness')] },
    ),
    notification(
      'the documents contradict each other',
      undecidedPart(notified, {
        sender: notDone('contradiction'),
        checkpoint: AFTER,
        recipient: notDone('contradiction'),
        receipt: AFTER,
      }),
      {
        documents: [...allKeys, certificate(arcadia, 'log', { bytes: sameIdAsRecordKey() })],
        records: [undecided('issuer', 'contradiction')],
        known: failed('documents-contradict'),
        verdict: 'INVALID',
      },
    ),
  ];
}

/** A certificate with the id of that of the record key. */
function sameIdAsRecordKey(): Buffer {
  const id = drawnIdOf('record');
  const payload = certificatePayload(arcadia.idText, 'log', keyPair(0x78), [[7, id]]);
  return signMany(arcadia.rootKeys, cbor(payload), typ('key-certificate'));
}

function drawnIdOf(usage: 'record'): Buffer {
  const payload = certificatePayload(arcadia.idText, usage, arcadia.keys[usage]);
  return payload.entries.find(([key]) => key === 7)?.[1] as Buffer;
}
