import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { ledgerOf } from '../ledgers/ledger-listing.ts';
import { previewDraft, previewRecord } from '../release/preview.ts';
import type { Sovereign } from '../sovereign.ts';
import { previewResult } from './record.ts';
import { officerId, recordId, stateCode } from './shapes.ts';

export const releasePreview = operation({
  name: 'release.preview',
  summary:
    'who would receive which part of a draft or of a record, and by which rule; nothing is signed or sent',
  needs: 'home',
  args: z.strictObject({
    draft: z.unknown().optional(),
    id: z.string().optional(),
    peers: z.array(stateCode).optional(),
    claimedBy: officerId
      .optional()
      .describe('the officer who is going to sign that he wrote the draft; its author is proven then'),
  }),
  result: previewResult,
  run: (sovereign: Sovereign, args) =>
    args.id === undefined
      ? previewDraft(sovereign, args.draft, args.peers, args.claimedBy)
      : previewRecord(sovereign, args.id, args.peers),
});

const orderId = z.string().describe('SHA-256 of an order as signed, in hexadecimal');

/** What every entry of a ledger has. */
const ledgerLine = { index: z.int(), at: z.string(), receipted: z.boolean() };

export const ledgerResult = z.object({
  peer: stateCode,
  direction: z.enum(['out', 'in']),
  size: z.int(),
  root: z.string(),
  receipt: z
    .object({ size: z.int(), at: z.string(), by: z.string() })
    .nullable()
    .describe('newest cosignature of the recipient'),
  entries: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        ...ledgerLine,
        kind: z.literal('release'),
        record: recordId,
        title: z.string().nullable(),
        mode: z.string(),
        purpose: z.string(),
        disclosures: z.int(),
        content: z
          .boolean()
          .describe(
            'false where the entry went out without its content, because the rules no longer allowed it',
          ),
      }),
      z.object({
        ...ledgerLine,
        kind: z.literal('order'),
        order: orderId,
        issuer: z
          .string()
          .nullable()
          .describe('code or id of the state that gives it; null where it cannot be read'),
        what: z.enum(['recall', 'narrow', 'bar', 'lift']).nullable(),
        record: recordId.nullable(),
        parts: z.int().describe('of the record, that it is narrowed by'),
        state: z.string().nullable().describe('code or id of the state that is barred'),
        reason: z.string().nullable(),
      }),
      z.object({
        ...ledgerLine,
        kind: z.literal('report'),
        order: orderId,
        outcome: z.enum(['acknowledged', 'applied', 'refused']),
        reason: z.string().nullable(),
      }),
      z.object({
        ...ledgerLine,
        kind: z.literal('letter'),
        officer: z.string().describe('officer of the recipient that it is for'),
        letter: z.string().describe('SHA-256 of the letter as sealed, in hexadecimal'),
      }),
    ]),
  ),
});

export const releaseLedger = operation({
  name: 'release.ledger',
  summary: 'what was released to a peer (or by it), with its receipts',
  needs: 'home',
  args: z.strictObject({
    peer: stateCode,
    direction: z.enum(['out', 'in']).default('out'),
    from: z.int().min(0).default(0),
    limit: z.int().min(1).max(10_000).default(100),
  }),
  result: ledgerResult,
  run: (sovereign: Sovereign, args) => ledgerOf(sovereign, args),
});
