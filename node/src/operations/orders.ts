import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { orderStatuses } from '../orders/order-status.ts';
import { decideOrder, retainRecord } from '../orders/retain.ts';
import { recallRecord } from '../recall.ts';
import type { Sovereign } from '../sovereign.ts';
import { idPrefix, recordId, recordSummary, timestamp } from './shapes.ts';

export const orderStatus = z.object({
  order: z.string(),
  kind: z.enum(['recall', 'narrow', 'bar', 'lift']),
  issuer: z.string(),
  record: recordId.nullable(),
  title: z.string().nullable(),
  parts: z.int().nullable().describe('parts that are taken back; null for the whole record'),
  about: z.string().nullable().describe('the state that is barred, or is no longer'),
  reason: z.string(),
  note: z
    .string()
    .nullable()
    .describe('what its issuer says to people about it, in English where it is given so'),
  issuedAt: timestamp,
  from: z.string().nullable().describe('peer that brought it; null where this state has issued it'),
  state: z.enum(['issued', 'received', 'acknowledged', 'applied', 'refused']),
  refused: z.string().nullable().describe('why it was refused here'),
  at: timestamp.describe('since when it is in that state'),
  peers: z
    .array(
      z.object({
        peer: z.string(),
        sentAt: timestamp,
        status: z
          .enum(['sent', 'delivered', 'acknowledged', 'applied', 'refused', 'removed'])
          .describe('removed: it is no peer any more and has neither obeyed nor refused it'),
        reason: z.string().nullable(),
        reportedAt: timestamp.nullable(),
        overdue: z.boolean(),
      }),
    )
    .describe('what has become of it with each peer to which this state has passed it'),
});
export type OrderStatus = z.infer<typeof orderStatus>;

export const releaseOrders = operation({
  name: 'release.orders',
  summary: 'what was taken back or barred, here and by others, and what each peer has done about it',
  needs: 'home',
  args: z.strictObject({
    record: idPrefix.optional(),
    only: z
      .enum(['open', 'overdue'])
      .optional()
      .describe('open: somebody, here or at a peer, has not obeyed or refused it yet; overdue: for too long'),
    limit: z.int().min(1).max(1_000).default(1_000),
    after: z.string().optional().describe('order that the page before ended with'),
  }),
  result: z.object({
    orders: z.array(orderStatus),
    next: z.string().nullable().describe('order that the next page begins after; null where there is none'),
  }),
  run: (sovereign: Sovereign, args) => orderStatuses(sovereign, args),
});

export const releaseRecall = operation({
  name: 'release.recall',
  summary: 'takes back a record of this state, or parts of it, from everybody who was handed it',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    parts: z.array(z.string()).min(1).optional(),
    reason: z.string(),
    note: z.string().min(1).max(1_000).optional(),
    language: z.string().default('en'),
    dryRun: z.boolean().default(false),
  }),
  result: z.object({
    record: recordId,
    about: recordSummary.describe('the record, as it is before it is taken back'),
    order: z.string().nullable().describe('null where nothing was issued'),
    parts: z.array(z.string()).describe('paths of the parts that are taken back; empty for the whole record'),
    told: z.array(z.string()).describe('peers that are told: those to whom some of it was released'),
    letters: z
      .array(z.object({ letter: z.string(), peer: z.string(), officer: z.string() }))
      .describe('letters that show some of what is taken back, each by an order of its own'),
  }),
  run: (sovereign: Sovereign, args) => recallRecord(sovereign, args),
});

export const releaseComply = operation({
  name: 'release.comply',
  summary: 'decides about an order that waits for a person: obeys it, or refuses it with a reason',
  needs: 'home',
  args: z.strictObject({
    order: idPrefix,
    refuse: z.enum(['retention', 'evidence']).optional(),
    dryRun: z.boolean().default(false).describe('only say what is decided about'),
  }),
  result: z.object({
    order: z.string(),
    about: recordSummary.nullable().describe('the record, as it is before; null where none is held'),
    parts: z.array(z.string()).describe('paths of the parts that are taken back; empty for the whole record'),
    outcome: z.enum(['applied', 'refused']).nullable().describe('null where nothing was decided'),
  }),
  run: (sovereign: Sovereign, { order, ...asked }) => decideOrder(sovereign, { id: order, ...asked }),
});

export const recordRetain = operation({
  name: 'record.retain',
  summary: 'keeps a record of another state though it be recalled, until a person decides',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    because: z.string().min(1).max(1_000),
    end: z.boolean().default(false),
  }),
  result: z.object({ record: recordId, retained: z.boolean() }),
  run: (sovereign: Sovereign, args) => retainRecord(sovereign, args),
});
