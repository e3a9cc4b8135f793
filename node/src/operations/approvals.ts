import { MAX_APPROVAL_BYTES } from '@comity/approval';
import { z } from 'zod';
import { decideReleases } from '../approve.ts';
import { operation } from '../control/operation.ts';
import { keptStatements } from '../officers/kept-statements.ts';
import { rejectedReleases } from '../officers/rejections.ts';
import { HOLD_PLACE_TEXT, REJECTION_PLACE_TEXT } from '../records/list-places.ts';
import { pendingReleases } from '../release/pending.ts';
import type { Sovereign } from '../sovereign.ts';
import { idPrefix, recordId, stateCode, timestamp } from './shapes.ts';

const pendingRelease = z.object({
  record: recordId,
  type: z.string(),
  title: z.string().nullable(),
  peer: z.string().describe('code of the recipient, or its id'),
  recipient: z.string().describe('id of the recipient'),
  since: timestamp,
  mode: z.enum(['push', 'query', 'relay', 'letter']),
  purpose: z.string(),
  addressee: z.string().nullable().describe('officer of the recipient whom a letter is for'),
  reason: z.string(),
  rule: z.string().describe('the rule, limit or reciprocity that asks for a person'),
  ruleDigest: z.string().describe('digest of that rule as it reads now: an approval names it'),
  role: z.string().describe('whose approval it asks for'),
  persons: z
    .int()
    .describe(
      'how many different officers have to approve; one more than the rule says where the author is not proven',
    ),
  ruleAsks: z.int().describe('how many the rule asks for'),
  approvedBy: z.array(z.string()),
  author: z
    .string()
    .nullable()
    .describe('who wrote the record, or is named, and so does not decide about it'),
  isAuthorProven: z.boolean().describe('whether the author has signed that he wrote it'),
  parts: z.array(
    z.object({
      path: z.string(),
      digest: z.string(),
      label: z.string(),
      waits: z.boolean().describe('whether it waits itself, and not only as what others stand in'),
    }),
  ),
});
export type PendingRelease = z.infer<typeof pendingRelease>;

export const releasePending = operation({
  name: 'release.pending',
  summary: 'what waits for officers before it is released',
  needs: 'home',
  args: z.strictObject({
    peer: stateCode.optional(),
    record: idPrefix.optional(),
    limit: z.int().min(1).max(1_000).default(100).describe('records and peers of one answer'),
    after: z.string().regex(HOLD_PLACE_TEXT).optional().describe('`next` of the answer before'),
  }),
  result: z.object({
    state: z.string(),
    total: z.int().describe('records and peers of which something waits'),
    pending: z.array(pendingRelease),
    next: z.string().nullable().describe('what to give as `after` for those that follow'),
    full: z.array(z.string()).describe('peers whose questions have filled their part of the queue'),
  }),
  run: (sovereign: Sovereign, args) => pendingReleases(sovereign, args),
});

export type PendingAnswer = z.infer<(typeof releasePending)['result']>;

const rejectedRelease = z.object({
  record: recordId,
  type: z.string(),
  title: z.string().nullable(),
  peer: z.string().describe('code of the recipient, or its id'),
  recipient: z.string().describe('id of the recipient'),
  mode: z.enum(['push', 'query', 'relay', 'letter']),
  purpose: z.string(),
  addressee: z.string().nullable().describe('officer of the recipient whom a letter is for'),
  rule: z.string().describe('the rule, limit or reciprocity that asked for a person'),
  ruleDigest: z.string(),
  officer: z.string(),
  rejectedAt: timestamp,
  until: timestamp,
  reason: z.string().nullable(),
  parts: z.array(z.object({ path: z.string(), digest: z.string(), label: z.string() })),
});
export type RejectedRelease = z.infer<typeof rejectedRelease>;

export const releaseRejected = operation({
  name: 'release.rejected',
  summary: 'what officers have rejected and not taken back: it stays here until that ends',
  needs: 'home',
  args: z.strictObject({
    peer: stateCode.optional(),
    record: idPrefix.optional(),
    limit: z.int().min(1).max(1_000).default(100).describe('rejections of one answer'),
    after: z.string().regex(REJECTION_PLACE_TEXT).optional().describe('`next` of the answer before'),
  }),
  result: z.object({
    state: z.string(),
    rejected: z.array(rejectedRelease),
    next: z.string().nullable().describe('what to give as `after` for those that follow'),
  }),
  run: (sovereign: Sovereign, args) => rejectedReleases(sovereign, args),
});

/** Base64 is a third longer. */
const MAX_STATEMENT_CHARACTERS = Math.ceil(MAX_APPROVAL_BYTES / 3) * 4;

export const releaseDecide = operation({
  name: 'release.decide',
  summary: 'takes in what an officer has signed about releases that wait, and releases what has all it needs',
  needs: 'home',
  args: z.strictObject({
    statements: z
      .array(z.base64().max(MAX_STATEMENT_CHARACTERS).describe('a signed statement, base64'))
      .min(1)
      .max(1_000),
  }),
  result: z.object({
    stored: z.int(),
    released: z.array(z.object({ peer: z.string(), record: recordId, parts: z.int() })),
    waiting: z.int().describe('releases of the same records that still wait for others'),
  }),
  run: (sovereign: Sovereign, { statements }, emit) =>
    decideReleases(
      sovereign,
      statements.map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
      emit,
    ),
});

const keptStatement = z.object({
  officer: z.string(),
  decision: z.enum(['approve', 'reject']),
  peer: z.string(),
  mode: z.string(),
  purpose: z.string(),
  rule: z.string(),
  parts: z.int(),
  signedAt: timestamp,
  until: timestamp,
  reason: z.string().nullable(),
  whenSigned: z.string().describe('valid, or why it did not count when it was signed'),
  now: z.string().describe('valid, or why it counts no longer'),
  certificate: z.string().nullable().describe('certificate of the officer, base64'),
  statement: z.string().describe('the statement as signed, base64'),
});
export type KeptStatement = z.infer<typeof keptStatement>;

export const releaseApprovals = operation({
  name: 'release.approvals',
  summary: 'what officers have signed about the release of a record, each verified again',
  needs: 'home',
  args: z.strictObject({
    record: idPrefix,
  }),
  result: z.object({ record: recordId, statements: z.array(keptStatement) }),
  run: (sovereign: Sovereign, { record }) => keptStatements(sovereign, record),
});
