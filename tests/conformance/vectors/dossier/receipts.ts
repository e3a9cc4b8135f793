// dossier.verify: receipts (dossier.md 6.7).

import { cbor, filled } from '../cbor-text.ts';
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
import { notification, SIZE } from './notifications.ts';
import { reports } from './pieces.ts';
import { later } from './proof-pieces.ts';
import {
  certificate,
  failed,
  type NotificationDeviations,
  type NotificationPart,
  type Scene,
} from './scene.ts';
import {
  allKeys,
  ENTRY_INDEX,
  ledger,
  ledgerProof,
  notified,
  RECEIVED_SECONDS,
  SAYS_OF_ENTRY,
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
    fault('received 301 seconds after the verifier asks', at(NOW_SECONDS + 301), REFUSED),
    good('received in the last second of the keys', END_SECONDS - 1, muchLater),
    fault('received when the keys have ended', at(END_SECONDS), REFUSED, muchLater),
    good('received when the keys begin', BEGIN_SECONDS),
    fault('received before the keys begin', at(BEGIN_SECONDS - 1), REFUSED),
    notification('received when the log key of the sender begins', { ...notified, ...byNew }, newKeys),
    fault(
      'received before the log key of the sender begins',
      { ...byNew, ...at(RECEIVED_SECONDS - 1) },
      REFUSED,
      newKeys,
    ),
  ];
}
