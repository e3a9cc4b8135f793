import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { FATES } from '../policy/policy-change.ts';
import { diffPolicies } from '../policy/policy-diff.ts';
import { SHIFTS } from '../policy/policy-terms.ts';
import type { Sovereign } from '../sovereign.ts';
import { policyText } from './policy.ts';
import { recordId, stateCode } from './shapes.ts';

const fate = z
  .enum(FATES)
  .describe(
    'what becomes of a part for a peer: handed over, waiting for a person (hold), waiting for a time (embargo), or kept',
  );

const mode = z
  .enum(['push', 'query', 'relay'])
  .describe('push: own records, unasked; relay: those of others, handed on; query: own records, when asked');

const shift = z
  .enum(SHIFTS)
  .nullable()
  .describe(
    'how what a part waits for changes, where its fate does not: the embargo ends sooner or later, fewer or more officers of a role, or anything else; null where its fate changes',
  );

const turn = { peer: stateCode, mode, was: fate, becomes: fate, shift };

export const diffResult = z.object({
  old: z
    .object({ version: z.int().nullable(), digest: z.string(), rules: z.int() })
    .nullable()
    .describe('null where no policy is in force; its version is null where it was given'),
  new: z.object({ digest: z.string(), rules: z.int() }),
  peers: z.array(stateCode).describe('those that were compared'),
  records: z.int().describe('records that were looked at'),
  changedRecords: z.int().describe('records of which something changes for a peer'),
  unreadable: z.int().describe('records that do not open as they are stored: they are handed to nobody'),
  totals: z
    .array(z.object({ ...turn, records: z.int(), parts: z.int().describe('of all records together') }))
    .describe('each turn for each peer; a record counts once, however many of its parts turn so'),
  groups: z
    .array(
      z.object({
        ...turn,
        type: z.string(),
        reason: z.string().describe('why, under the new policy'),
        rule: z.string().nullable().describe('of the new policy'),
        ruleBefore: z.string().nullable().describe('of the old policy'),
        awaits: z.string().nullable().describe('what is waited for under the new policy'),
        awaited: z.string().nullable().describe('what was waited for under the old policy'),
        records: z.int(),
        parts: z.array(
          z.object({
            part: z.string().describe('path, with [*] for each element of a list'),
            count: z.int().describe('of all records together'),
          }),
        ),
        examples: z.array(recordId).describe('a few of the records'),
      }),
    )
    .describe('what changes alike, by peer'),
});

export const policyDiff = operation({
  name: 'policy.diff',
  summary: 'what becomes of which records and parts for which peers under another policy; nothing is applied',
  needs: 'home',
  args: z.strictObject({
    text: policyText,
    oldText: policyText.optional().describe('compare with this policy instead of the one in force'),
    peers: z.array(stateCode).optional().describe('only these'),
  }),
  result: diffResult,
  run: (sovereign: Sovereign, args, emit, signal) => diffPolicies(sovereign, args, emit, signal),
});
