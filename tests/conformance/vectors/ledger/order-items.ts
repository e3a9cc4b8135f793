// Items of orders and reports: all of them stands in the entry (ledger.md 3.6, 4.5).

import { cbor, hex } from '../cbor-text.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { inHex, knowing, known, sampleNorm } from './items.ts';
import { barring, type OrderOptions, orderText } from './order-text.ts';
import { RECALL } from './orders.ts';
import { orderEntry, refusing, reportEntry } from './other-entries.ts';

type Members = { readonly [name: string]: Json };

const order = orderText();
const passedOn = (options: OrderOptions): string => hex(cbor(orderEntry([[2, orderText(options).message]])));
const plain = hex(cbor(orderEntry()));
const report = hex(cbor(reportEntry()));

export function orderItemsFiles(): readonly VectorFile[] {
  const form = { topic: 'ledger', name: 'items-of-orders', op: 'ledger.item' };
  return [
    { ...form, grammar: { entry: 'ledger-entry' }, valid: valid() },
    { ...form, invalid: [...withContent(), ...unsound()] },
  ];
}

function input(entry: string, members: Members = {}): Members {
  return { entry, disclosures: [], ...known, ...members };
}

function valid(): readonly ValidCase[] {
  const { recordId: _none, ...ofState } = RECALL;
  const bar = orderText({ payload: barring(borealis.id) });
  const applied = { kind: 'report', orderId: hex(order.id), timeSeconds: 1_795_514_400, outcome: 'applied' };
  return [
    { comment: 'an order', in: input(plain), out: { order: { ...RECALL, id: hex(order.id) } } },
    {
      comment: 'an order of Borealis, whoever has passed it on',
      in: input(passedOn({ issuer: borealis }), knowing(borealis)),
      out: { order: { ...RECALL, issuer: borealis.idText, id: hex(orderText({ issuer: borealis }).id) } },
    },
    {
      comment: 'a bar',
      in: input(hex(cbor(orderEntry([[2, bar.message]])))),
      out: { order: { ...ofState, kind: 'bar', state: borealis.idText, id: hex(bar.id) } },
    },
    {
      comment: 'an order that was passed on before it was issued: times are not compared',
      in: input(hex(cbor(orderEntry([[4, 0]])))),
      out: { order: { ...RECALL, id: hex(order.id) } },
    },
    { comment: 'a report', in: input(report), out: { report: applied } },
    {
      comment: 'a report that refuses, where nobody is known',
      in: input(hex(cbor(reportEntry(refusing('evidence')))), { ...knowing(), atSeconds: 0 }),
      out: { report: { ...applied, outcome: 'refused', reason: 'evidence' } },
    },
  ];
}

function refused(code: string, clause: string, comment: string, members: Members): InvalidCase {
  return { comment, in: members, code, clause };
}

function withContent(): readonly InvalidCase[] {
  const { signed, title } = sampleNorm(arcadia);
  const record = hex(signed.message);
  const mismatch = (comment: string, entry: string, members: Members): InvalidCase =>
    refused('node.item-mismatch', '3.6', comment, input(entry, members));
  return [
    mismatch('an order with a record', plain, { record }),
    mismatch('an order with a record and a disclosure', plain, { record, disclosures: inHex([title]) }),
    mismatch('an order with a disclosure alone', plain, { disclosures: inHex([title]) }),
    mismatch('a report with a record', report, { record }),
    mismatch('a report with a disclosure alone', report, { disclosures: inHex([title]) }),
    mismatch('a report with a disclosure that is none', report, { disclosures: ['80'] }),
  ];
}

function unsound(): readonly InvalidCase[] {
  return [
    refused(
      'identity.unknown-key',
      'charter 6.6',
      'an order of a state that is not known',
      input(plain, knowing(borealis)),
    ),
    refused(
      'order.wrong-issuer',
      '7.7',
      'an order that whoever passes it on has signed in the name of another',
      input(passedOn({ key: borealis.keys.record })),
    ),
    refused(
      'order.issued-in-future',
      '7.7',
      'an order 301 seconds ahead of the recipient',
      input(plain, { atSeconds: NOW_SECONDS - 301 }),
    ),
    refused(
      'order.wrong-members',
      '7.4',
      'an order that bars its issuer',
      input(passedOn({ payload: barring(arcadia.id) })),
    ),
    refused(
      'cbor.truncated',
      'cbor 1.1',
      'an order that is no document',
      input(hex(cbor(orderEntry([[2, Buffer.from([0xd2])]])))),
    ),
    refused(
      'log.entry-reason',
      '1.9',
      'a report that cannot be read',
      input(hex(cbor(reportEntry([[6, 'evidence']])))),
    ),
  ];
}
