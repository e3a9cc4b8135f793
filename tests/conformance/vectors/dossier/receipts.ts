// dossier.verify: receipts (dossier.md 6.7).

import { cbor, filled } from '../cbor-text.ts';
import { LedgerText } from '../ledger/text.ts';
import { checkpointText, cosignatureLine, noteLine, witnessNameOf } from '../log/text.ts';
import { keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  BEGIN_SECONDS,
  borealis,
  certificatePayload,
  drawn,
  END_SECONDS,
  NOW_SECONDS,
  typ,
} from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { fault } from './notification-faults.ts';
import { inLedger, notification, SIZE } from './notifications.ts';
import { reports } from './pieces.ts';
import { further, later } from './proof-pieces.ts';
import {
  certificate,
  failed,
  type NotificationDeviations,
  type NotificationPart,
  notDone,
  type Scene,
} from './scene.ts';
import {
  allKeys,
  ENTRY_INDEX,
  entryOf,
  ledger,
  ledgerProof,
  notified,
  RECEIVED_SECONDS,
  SAYS_OF_ENTRY,
  title,
  told,
} from './story.ts';

export function receiptsFile(): ValidFile {
  return reports('receipts', [...receipts(), ...receiptTimes()]);
}

const REFUSED: NotificationDeviations = { receipt: failed('receipt-refused') };

function receipts(): readonly ValidCase[] {
  const bad = (comment: string, receipt: string): ValidCase => fault(comment, { receipt }, REFUSED);
  const good = notified.receipt;
  const name = witnessNameOf(borealis);
  const text = ledger.text(SIZE);
  return [
    bad('the receipt for the ledger without its last entry', ledger.receipt(SIZE - 1, RECEIVED_SECONDS)),
    bad(
      'under the name of the sender',
      cosignatureLine(text, RECEIVED_SECONDS, witnessNameOf(arcadia), borealis.keys.witness),
    ),
    bad('the line of the sender', noteLine(text, ledger.origin, arcadia.keys.log)),
    bad('two lines', `${good}${ledger.receipt(SIZE, RECEIVED_SECONDS + 1)}`),
    bad('without its line feed', good.slice(0, -1)),
    bad('a line feed more', `${good}\n`),
    bad('a text that is no line', 'received\n'),
    bad('the longest text, of one letter', 'x'.repeat(1024)),
    bad('base64 without padding', good.replace(/=*\n$/, '\n')),
    bad(
      'signed by the key of the recipient for something else',
      cosignatureLine(
        checkpointText(ledger.origin, SIZE, filled(2)),
        RECEIVED_SECONDS,
        name,
        borealis.keys.witness,
      ),
    ),
    bad('the time was changed after signing', later(good)),
  ];
}

/** The receipt shows nothing yet, for this reason. */
function open(
  comment: string,
  part: Partial<NotificationPart>,
  why: string,
  changes: Partial<Scene> = {},
): ValidCase {
  return notification(
    comment,
    {
      ...notified,
      out: SAYS_OF_ENTRY,
      ...part,
      verdict: 'INDETERMINATE',
      steps: { receipt: notDone(why) },
    },
    changes,
  );
}

/** The incident was released when the keys begin, and received then or a second before. */
function releasedFirst(receivedAtSeconds: number): NotificationPart {
  const of = new LedgerText([entryOf(told, [title], 'push', BEGIN_SECONDS)]);
  return inLedger(of, 0, { receipt: of.receipt(1, receivedAtSeconds) });
}

function receiptTimes(): readonly ValidCase[] {
  const at = (timeSeconds: number): Partial<NotificationPart> => ({
    receipt: ledger.receipt(SIZE, timeSeconds),
  });
  const muchLater = { atSeconds: END_SECONDS + 1000 };
  const good = (comment: string, timeSeconds: number, changes: Partial<Scene> = {}): ValidCase =>
    notification(
      comment,
      { ...notified, ...at(timeSeconds), out: { ...SAYS_OF_ENTRY, receivedAtSeconds: timeSeconds } },
      changes,
    );
  const newKey = keyPair(0x75);
  const newLog = signMany(
    arcadia.rootKeys,
    cbor(
      certificatePayload(arcadia.idText, 'log', newKey, [
        [5, RECEIVED_SECONDS],
        [7, drawn('new log key')],
      ]),
    ),
    typ('key-certificate'),
  );
  const newKeys = {
    documents: allKeys.map((each) =>
      each.usage === 'log' ? certificate(arcadia, 'log', { bytes: newLog }) : each,
    ),
  };
  const byNew = { proof: ledgerProof(ledger, ENTRY_INDEX, newKey) };
  return [
    good('received 300 seconds after the verifier asks', NOW_SECONDS + 300),
    open('received 301 seconds after the verifier asks', at(NOW_SECONDS + 301), 'later-than-asked'),
    good('received in the last second of the keys', END_SECONDS - 1, muchLater),
    open('received when the keys have ended', at(END_SECONDS), 'no-certificate-then', muchLater),
    notification('received when the keys begin', {
      ...releasedFirst(BEGIN_SECONDS),
      out: { ...SAYS_OF_ENTRY, timeSeconds: BEGIN_SECONDS, receivedAtSeconds: BEGIN_SECONDS },
    }),
    open(
      'received before the keys begin',
      {
        ...releasedFirst(BEGIN_SECONDS - 1),
        out: { ...SAYS_OF_ENTRY, timeSeconds: BEGIN_SECONDS },
      },
      'no-certificate-then',
    ),
    good('received 300 seconds before the time of the entry', NOW_SECONDS - 600),
    open('received 301 seconds before the time of the entry', at(NOW_SECONDS - 601), 'before-entry'),
    notification('received when the log key of the sender begins', { ...notified, ...byNew }, newKeys),
    open(
      'received before the log key of the sender begins',
      { ...byNew, ...at(RECEIVED_SECONDS - 1) },
      'no-certificate-then',
      newKeys,
    ),
    notification(
      'received before a log key begins by one of its certificates, and after by another',
      {
        ...notified,
        ...byNew,
        ...at(RECEIVED_SECONDS - 1),
        out: { ...SAYS_OF_ENTRY, receivedAtSeconds: RECEIVED_SECONDS - 1 },
      },
      {
        documents: [
          ...newKeys.documents,
          certificate(arcadia, 'log', { bytes: further(arcadia, 'log', newKey) }),
        ],
      },
    ),
  ];
}
