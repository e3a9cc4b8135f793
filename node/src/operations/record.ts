import type { RecordId } from '@comity/record';
import { RECORD_CURSOR } from '@comity/store';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { issueDrafts } from '../issue.ts';
import { claimRecord } from '../officers/authorship.ts';
import { draftOf } from '../records/amend.ts';
import { findRecords, listRecords, showRecord } from '../records/consult.ts';
import { findRecord } from '../records/find-record.ts';
import { retractRecord } from '../records/retract.ts';
import { verifyHeld } from '../records/verify.ts';
import { noteRead, READ_RECORD, readBy } from '../release/reads.ts';
import type { Sovereign } from '../sovereign.ts';
import { orderStatus } from './orders.ts';
import {
  bytesOf,
  heldPart,
  idPrefix,
  officerId,
  peerOutcome,
  RECORD_STATUSES,
  recordId,
  recordSummary,
  relayWarning,
  signedAct,
  stateCode,
} from './shapes.ts';

export const acceptRelay = z
  .boolean()
  .default(false)
  .describe('issue though labels let others hand parts to states to which this state would not');

/** Who has written what is issued: he cannot approve its release. */
export const authorship = {
  author: officerId.optional().describe('the officer of this state who wrote it'),
  user: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('the local user who issues it; taken for the author where none is given'),
};

export const issuedRecord = z.object({
  id: recordId,
  type: z.string(),
  subject: z.string(),
  released: z
    .array(z.object({ peer: stateCode, parts: z.int() }))
    .describe('entries written to the release ledgers'),
});

export const recordIssue = operation({
  name: 'record.issue',
  summary: 'signs drafts, stores them, and releases to each peer what policy allows',
  needs: 'home',
  args: z.strictObject({
    drafts: z.array(z.unknown()).min(1).max(10_000),
    acceptRelay,
    ...authorship,
  }),
  result: z.object({ records: z.array(issuedRecord) }),
  run: async (sovereign: Sovereign, { drafts, acceptRelay, author, user }, emit) => ({
    records: await issueDrafts(sovereign, drafts, { acceptRelay, author, user }, emit),
  }),
});

export const recordClaim = operation({
  name: 'record.claim',
  summary: 'keeps what an officer has signed: that he wrote a record of this state',
  needs: 'home',
  args: z.strictObject({ record: recordId, act: signedAct }),
  result: z.object({ record: recordId, author: z.string() }),
  run: (sovereign: Sovereign, { record, act }) => claimRecord(sovereign, record, bytesOf(act)),
});

export const recordAmend = operation({
  name: 'record.amend',
  summary: 'the draft of a record that supersedes one of this state, as it would be written by hand',
  needs: 'home',
  args: z.strictObject({ id: idPrefix }),
  result: z.object({ draft: z.record(z.string(), z.unknown()).describe('what record.issue takes') }),
  run: async (sovereign: Sovereign, { id }) => {
    const draft = await draftOf(sovereign, id);
    const { view } = await findRecord(sovereign, id);
    await noteRead(sovereign, view.header.id, 'record.amend');
    return { draft };
  },
});

export const recordRetract = operation({
  name: 'record.retract',
  summary: 'issues a retraction of a record of this state',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    reason: z.string().min(1).max(4_000),
    language: z.string().default('en'),
    action: z.enum(['cease-use', 'delete', 'none']).default('cease-use'),
    dryRun: z.boolean().default(false),
  }),
  result: z.object({
    about: recordSummary.describe('the record that is withdrawn, as it is before'),
    told: z
      .array(stateCode)
      .describe('peers that the retraction reaches: those that were released some of the record'),
    notTold: z
      .array(z.object({ peer: stateCode, reason: z.string() }))
      .describe(
        'peers that were released some of the record and that the retraction does not reach, and why',
      ),
    records: z.array(issuedRecord),
  }),
  run: (sovereign: Sovereign, args) => retractRecord(sovereign, args),
});

export const recordShow = operation({
  name: 'record.show',
  summary: 'one record as this node holds it',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    raw: z.boolean().default(false),
    act: signedAct
      .optional()
      .describe('what an officer has signed who reads it, base64; else a user of the system does'),
  }),
  result: z.object({
    record: recordSummary,
    envelopeLabel: z.string(),
    supersedes: z.array(recordId),
    supersededBy: z.array(recordId),
    retracts: recordId.nullable(),
    retractedBy: z.array(recordId),
    orders: z.array(orderStatus).describe('what its issuer has taken back of it'),
    retainedBecause: z
      .string()
      .nullable()
      .describe('what obliges this state to keep it, where something does'),
    expiresAt: z.string().nullable(),
    receivedAt: z.string().nullable(),
    sources: z.array(z.string()).describe('peers from which this node received it; empty for own records'),
    parts: z.array(heldPart),
    mayBeWithheld: z
      .int()
      .describe('digests without a disclosure in sight: withheld parts and padding look alike'),
    raw: z.object({ cose: z.string(), disclosures: z.array(z.string()), diagnostic: z.string() }).optional(),
  }),
  run: async (sovereign: Sovereign, { act, ...args }) => {
    const shown = await showRecord(sovereign, args);
    const id = shown.record.id as RecordId;
    const by = readBy(sovereign, READ_RECORD, id, act === undefined ? undefined : bytesOf(act));
    await noteRead(sovereign, id, 'record.show', by);
    return shown;
  },
});

export const recordList = operation({
  name: 'record.list',
  summary: 'records held, newest first',
  needs: 'home',
  args: z.strictObject({
    type: z.string().optional(),
    issuer: stateCode.optional(),
    sinceSeconds: z.int().optional(),
    status: z.enum(RECORD_STATUSES).optional(),
    limit: z.int().min(1).max(10_000).default(50),
    after: z
      .string()
      .regex(RECORD_CURSOR, 'expected the cursor that an earlier page ended with')
      .optional()
      .describe('cursor of the page before'),
  }),
  result: z.object({ records: z.array(recordSummary), next: z.string().nullable() }),
  run: (sovereign: Sovereign, args) => listRecords(sovereign, args),
});

export const recordFind = operation({
  name: 'record.find',
  summary: 'records that hold a text in any part this node may see',
  needs: 'home',
  args: z.strictObject({
    text: z.string().min(1).max(1_000),
    type: z.string().optional(),
    limit: z.int().min(1).max(1_000).default(50),
  }),
  result: z.object({
    records: z.array(
      recordSummary.extend({ found: z.array(z.string()).describe('paths of the parts that hold the text') }),
    ),
  }),
  run: (sovereign: Sovereign, args, _emit, signal) => findRecords(sovereign, args, signal),
});

export const verdictResult = z.object({
  verdict: z.enum(['VALID', 'INVALID', 'INDETERMINATE']),
  id: recordId.nullable(),
  issuer: z.string().nullable(),
  steps: z.array(
    z.object({
      step: z.string(),
      result: z.enum(['passed', 'failed', 'not-done']),
      code: z.string().nullable(),
      detail: z.string(),
    }),
  ),
});

export const recordVerify = operation({
  name: 'record.verify',
  summary: 'checks a held record again from its stored bytes, step by step',
  needs: 'home',
  args: z.strictObject({ id: idPrefix }),
  result: verdictResult,
  run: (sovereign: Sovereign, { id }) => verifyHeld(sovereign, id),
});

export const previewResult = z.object({
  type: z.string(),
  isAuthorProven: z
    .boolean()
    .describe('whether its author has signed, or is going to; otherwise each rule asks for one officer more'),
  parts: z.array(z.object({ path: z.string(), label: z.string() })),
  peers: z.array(peerOutcome),
  relay: z.array(relayWarning),
});
