// dossier.verify: notifications whose entry, proof or checkpoint is at fault (dossier.md 6.1 to 6.5).

import { cbor, filled, map } from '../cbor-text.ts';
import { orderEntry, reportEntry } from '../ledger/other-entries.ts';
import { LedgerText } from '../ledger/text.ts';
import { checkpointText, ledgerOriginOf, noteLine, treeRoot } from '../log/text.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { inLedger, notification, SIZE } from './notifications.ts';
import { reports } from './pieces.ts';
import { AFTER, failed, type NotificationDeviations, type NotificationPart, type Scene } from './scene.ts';
import {
  ENTRY_INDEX,
  entryOf,
  ledger,
  ledgerProof,
  notified,
  SAYS_OF_ENTRY,
  title,
  told,
  toldOf,
  victim,
} from './story.ts';

export function notificationFaultsFile(): ValidFile {
  return reports('notification-faults', [...entries(), ...proofs(), ...checkpoints()]);
}

export function fault(
  comment: string,
  part: Partial<NotificationPart>,
  steps: NotificationDeviations,
  changes: Partial<Scene> = {},
): ValidCase {
  return notification(
    comment,
    { ...notified, out: SAYS_OF_ENTRY, ...part, verdict: 'INVALID', steps },
    changes,
  );
}

function entries(): readonly ValidCase[] {
  const bad = (comment: string, bytes: Buffer): ValidCase => {
    const of = new LedgerText([bytes]);
    return fault(
      comment,
      { ...inLedger(of, 0), out: {} },
      {
        entry: failed('entry-malformed'),
        ...{ record: AFTER, inclusion: AFTER, checkpoint: AFTER, receipt: AFTER },
      },
    );
  };
  const digests = [title.digest, victim.digest].sort((a, b) => Buffer.compare(b, a));
  const item = (members: readonly (readonly [number, unknown])[]): Buffer =>
    cbor(map(...(members as readonly (readonly [number, string])[])));
  const members = [
    [1, 'release'],
    [2, told.id],
    [3, digests],
    [4, NOW_SECONDS],
    [5, 'push'],
    [6, 'incident-response'],
  ] as const;
  return [
    bad('digests in descending order', item(members)),
    bad('an entry of another kind', item(members.map((each) => (each[0] === 1 ? [1, 'recall'] : each)))),
    bad('an entry that passes an order on', cbor(orderEntry())),
    bad('an entry that is a report', cbor(reportEntry())),
    bad('an entry without a purpose', item(members.slice(0, -1))),
    bad('an integer in place of the entry', Buffer.from([0])),
    bad('the longest byte string, of zeros', Buffer.alloc(32_768)),
  ];
}

function proofs(): readonly ValidCase[] {
  const behind: NotificationDeviations = { checkpoint: AFTER, receipt: AFTER };
  const not = (comment: string, part: Partial<NotificationPart>): ValidCase =>
    fault(comment, part, { inclusion: failed('not-in-ledger'), ...behind });
  const bad = (comment: string, proof: string): ValidCase =>
    fault(comment, { proof }, { inclusion: failed('proof-malformed'), ...behind });
  const backwards = new LedgerText(ledger.entries, borealis, arcadia);
  const more = entryOf(told, [title, victim]);
  const proof = notified.proof;
  return [
    not('the entry names one part more than the one that was logged', {
      entry: more,
      out: { ...SAYS_OF_ENTRY, ...toldOf([title], [victim]) },
    }),
    not('the index of another entry', { proof: proof.replace('index 1\n', 'index 0\n') }),
    not('an index beyond the ledger', { proof: proof.replace('index 1\n', 'index 3\n') }),
    not('a hash too few', { proof: proof.replace(/index 1\n.*\n/, 'index 1\n') }),
    bad('the ledger in the other direction', ledgerProof(backwards, ENTRY_INDEX)),
    bad('an extra line', proof.replace('index 1\n', 'extra AA==\nindex 1\n')),
    bad('the checkpoint without signatures', proof.slice(0, proof.indexOf('— '))),
    bad('no header', proof.slice(proof.indexOf('index'))),
  ];
}

function checkpoints(): readonly ValidCase[] {
  const bad = (comment: string, proof: string): ValidCase =>
    fault(comment, { proof }, { checkpoint: failed('checkpoint-refused'), receipt: AFTER });
  const [head = ''] = notified.proof.split('— ');
  const origin = ledgerOriginOf(arcadia, borealis);
  const otherText = checkpointText(origin, SIZE, treeRoot([filled(1)]));
  return [
    bad(
      'the sender has signed another checkpoint',
      `${head}${noteLine(otherText, origin, arcadia.keys.log)}`,
    ),
    bad(
      'the signature is that of the checkpoint before',
      `${head}${noteLine(ledger.text(SIZE - 1), origin, arcadia.keys.log)}`,
    ),
  ];
}
