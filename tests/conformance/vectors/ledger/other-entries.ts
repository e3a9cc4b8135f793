// Entries that release nothing: orders and reports (ledger.md 1.8, 1.9).

import { cbor, Entries, filled, hex, type Item } from '../cbor-text.ts';
import { changed } from '../states.ts';
import type { InvalidCase, InvalidFile, Json, ValidCase, ValidFile } from '../vector.ts';
import { orderText } from './order-text.ts';
import { exampleOrder, exampleOrderEntry } from './orders.ts';
import { digests } from './text.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const { message, id } = orderText();

type Changes = readonly (readonly [Item, Item | undefined])[];
type Members = { readonly [name: string]: Json };

/** An entry that passes an order on; `changes` by key. */
export function orderEntry(changes: Changes = []): Entries {
  return changed(
    [
      [1, 'order'],
      [2, message],
      [4, 1_795_514_400],
    ],
    changes,
  );
}

/** A report that an order was applied; `changes` by key. */
export function reportEntry(changes: Changes = []): Entries {
  return changed(
    [
      [1, 'report'],
      [2, id],
      [4, 1_795_514_400],
      [5, 'applied'],
    ],
    changes,
  );
}

/** Changes of a report that make it a refusal. */
export const refusing = (reason: Item | undefined): Changes => [
  [5, 'refused'],
  [6, reason],
];

export function otherEntriesFile(): ValidFile {
  const ordered = (comment: string, changes: Changes, out: Members = {}): ValidCase => ({
    comment,
    in: { entry: hex(cbor(orderEntry(changes))) },
    out: { kind: 'order', order: hex(message), timeSeconds: 1_795_514_400, ...out },
  });
  const carried = (comment: string, order: Buffer): ValidCase =>
    ordered(comment, [[2, order]], { order: hex(order) });
  const reported = (comment: string, changes: Changes, out: Members = {}): ValidCase => ({
    comment,
    in: { entry: hex(cbor(reportEntry(changes))) },
    out: { kind: 'report', orderId: hex(id), timeSeconds: 1_795_514_400, outcome: 'applied', ...out },
  });
  const refusal = (comment: string, reason: string): ValidCase =>
    reported(comment, refusing(reason), { outcome: 'refused', reason });
  return {
    topic: 'ledger',
    name: 'entries-of-orders',
    op: 'ledger.entry',
    grammar: { entry: 'ledger-entry' },
    valid: [
      {
        comment: 'the order of the worked example',
        in: { entry: hex(exampleOrderEntry) },
        out: { kind: 'order', order: hex(exampleOrder()), timeSeconds: 1_795_600_802 },
      },
      ordered('an order', []),
      carried('an order of one byte: what stands in it is not looked at', Buffer.alloc(1)),
      carried('an order of 24576 bytes, which is none', filled(0xff, 24_576)),
      ordered('passed on at 0', [[4, 0]], { timeSeconds: 0 }),
      ordered('passed on at 2^53 - 1', [[4, MOST]], { timeSeconds: MOST }),
      reported('a report that an order was applied', []),
      reported('that it was taken note of', [[5, 'acknowledged']], { outcome: 'acknowledged' }),
      ...['retention', 'evidence', 'not-held', 'invalid'].map((reason) =>
        refusal(`that it is refused, for the reason ${reason}`, reason),
      ),
      refusal('refused for a reason that no registry has', 'x.9-.-'),
      refusal('refused for a reason of 64 characters', 'r'.repeat(64)),
      reported('about an order of zeros', [[2, filled(0)]], { orderId: '00'.repeat(32) }),
      reported('reported at 2^53 - 1', [[4, MOST]], { timeSeconds: MOST }),
    ],
  };
}

export function refusedOtherEntriesFile(): InvalidFile {
  const cases: readonly InvalidCase[] = [...orders(), ...reports()];
  return { topic: 'ledger', name: 'entries-of-orders', op: 'ledger.entry', invalid: cases };
}

function refused(code: string, clause: string, comment: string, entry: Item): InvalidCase {
  return { comment, in: { entry: hex(cbor(entry)) }, code, clause };
}

function orders(): readonly InvalidCase[] {
  const of = (clause: string, comment: string, ...changes: Changes): InvalidCase =>
    refused('cbor.shape', clause, comment, orderEntry(changes));
  return [
    ...[1, 2, 4].map((key) => of('1.1', `an order without its key ${key}`, [key, undefined])),
    of('1.1', 'an order with parts', [3, digests(1)]),
    of('1.1', 'an order with a mode', [5, 'push']),
    of('1.1', 'an order with a purpose', [6, 'incident-response']),
    of('1.1', 'an order with a record', [7, filled(1)]),
    of('1.2', 'an order under the kind of what it orders', [1, 'recall']),
    of('1.2', 'a release with the keys of an order', [1, 'release']),
    of('1.5', 'an order passed on before 1970', [4, -1]),
    of('1.8', 'an order of no byte', [2, Buffer.alloc(0)]),
    of('1.8', 'an order of 24577 bytes', [2, filled(0, 24_577)]),
    of('1.8', 'an order as text', [2, 'order']),
    of('1.8', 'its id in place of the order, as text', [2, hex(id)]),
    refused('cbor.too-deep', '1.1', 'a list of lists as order', orderEntry([[2, [[]]]])),
    refused('cbor.too-many-bytes', '1.1', 'an order of 32760 bytes', orderEntry([[2, filled(0, 32_760)]])),
  ];
}

function reports(): readonly InvalidCase[] {
  const of = (clause: string, comment: string, ...changes: Changes): InvalidCase =>
    refused('cbor.shape', clause, comment, reportEntry(changes));
  const unreasoned = (comment: string, ...changes: Changes): InvalidCase =>
    refused('log.entry-reason', '1.9', comment, reportEntry(changes));
  return [
    ...[1, 2, 4, 5].map((key) => of('1.1', `a report without its key ${key}`, [key, undefined])),
    of('1.1', 'a report with parts', [3, digests(1)]),
    of('1.1', 'a report with a key 7', [7, 0]),
    of('1.5', 'a report at a time below 0', [4, -1]),
    of('1.9', 'about an id of 31 bytes', [2, filled(1, 31)]),
    of('1.9', 'about an order as signed', [2, message]),
    of('1.9', 'an outcome that does not exist', [5, 'ignored']),
    of('1.9', 'an outcome in capitals', [5, 'APPLIED']),
    of('1.9', 'an outcome as number', [5, 1]),
    of('1.9', 'refused for an empty reason', ...refusing('')),
    of('1.9', 'refused for a reason of 65 characters', ...refusing('r'.repeat(65))),
    of('1.9', 'refused for a reason in capitals', ...refusing('Evidence')),
    of('1.9', 'refused for a reason that begins with a dot', ...refusing('.evidence')),
    of('1.9', 'refused for a reason with a line feed behind it', ...refusing('evidence\n')),
    of('1.9', 'refused for two reasons', ...refusing(['evidence', 'retention'])),
    unreasoned('refused without a reason', ...refusing(undefined)),
    unreasoned('applied, with a reason', [6, 'evidence']),
    unreasoned('taken note of, with a reason', [5, 'acknowledged'], [6, 'evidence']),
    refused('cbor.too-deep', '1.1', 'a list of lists as id', reportEntry([[2, [[]]]])),
    {
      comment: 'keys in descending order',
      in: { entry: hex(cbor(new Entries([...reportEntry().entries].reverse()))) },
      code: 'cbor.unsorted-keys',
      clause: 'cbor 3.3',
    },
  ];
}
