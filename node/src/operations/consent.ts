import { z } from 'zod';
import { askRelease } from '../consents/ask-release.ts';
import { grantRelease, refuseRelease, revokeRelease } from '../consents/release-consent.ts';
import { listRequests } from '../consents/release-requests.ts';
import { operation } from '../control/operation.ts';
import type { Sovereign } from '../sovereign.ts';
import { issuedRecord } from './record.ts';
import { idPrefix, recordId, stateCode, timestamp } from './shapes.ts';

const text = z.string().min(1).max(4_000);
const language = z.string().default('en');

const issued = z.object({
  record: issuedRecord,
  notTold: z
    .array(z.object({ peer: stateCode, reason: z.string() }))
    .describe('peers that it is for and that label or policy keep it from, and why'),
});
export type ConsentResult = z.infer<typeof issued>;

const asked = issued.extend({
  onward: z
    .object({
      parts: z.int(),
      held: z.int().describe('parts that would wait for officers of this state'),
      reason: z.string().nullable().describe('why nothing would go even then'),
    })
    .describe('what this state itself would hand on if it had the consent'),
});

export const releaseAsk = operation({
  name: 'release.ask',
  summary: 'asks the originator of a record whether it may be handed on to another state',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    to: stateCode,
    purpose: z.string(),
    parts: z.array(z.string()).min(1).optional(),
    reason: text,
    language,
    replyBy: z.string().optional(),
  }),
  result: asked,
  run: (sovereign: Sovereign, args) => askRelease(sovereign, args),
});

const standing = z.object({
  grant: recordId,
  parts: z
    .array(z.string())
    .nullable()
    .describe('paths, or digests of parts that are not held here; null for all'),
  until: timestamp,
});

const granted = issued.extend({
  beside: z.array(standing).describe('consents to the same by earlier grants, which stay in force'),
  notHanded: z
    .array(z.string())
    .describe('paths of granted parts that this state has not released to the holder'),
});
export type GrantResult = z.infer<typeof granted>;

export const releaseGrant = operation({
  name: 'release.grant',
  summary: 'grants what a request for onward release asks, until a time',
  needs: 'home',
  args: z.strictObject({
    request: idPrefix,
    until: z.string(),
    parts: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('absent: all that is asked for and that this state has released to whoever asks'),
    conditions: text.optional(),
    language,
  }),
  result: granted,
  run: (sovereign: Sovereign, args) => grantRelease(sovereign, args),
});

export const releaseRefuse = operation({
  name: 'release.refuse',
  summary: 'refuses what a request for onward release asks',
  needs: 'home',
  args: z.strictObject({ request: idPrefix, reason: text, language }),
  result: issued,
  run: (sovereign: Sovereign, args) => refuseRelease(sovereign, args),
});

const revoked = issued.extend({
  notReached: z
    .array(stateCode)
    .describe('holders that are not connected: they may go on until they are, and are told then'),
  endsAt: timestamp.nullable().describe('when the consent ends by itself, told or not'),
});
export type RevokeResult = z.infer<typeof revoked>;

export const releaseRevoke = operation({
  name: 'release.revoke',
  summary: 'takes back a consent to onward release',
  needs: 'home',
  args: z.strictObject({ grant: idPrefix, reason: text.optional(), language }),
  result: revoked,
  run: (sovereign: Sovereign, args) => revokeRelease(sovereign, { ...args, reason: args.reason }),
});

const request = z.object({
  request: recordId,
  direction: z.enum(['asked', 'received']),
  by: z.string(),
  record: z.string().nullable(),
  title: z.string().nullable(),
  to: z.string().nullable().describe('the state to which it is to be handed on'),
  purpose: z.string().nullable(),
  parts: z
    .array(z.string())
    .nullable()
    .describe('paths, or digests of parts that are not held here; null for all'),
  partsHere: z
    .array(
      z.object({
        path: z.string(),
        label: z.string(),
        handed: z
          .boolean()
          .nullable()
          .describe('whether this state has released it to whoever asks; null for a record of another state'),
      }),
    )
    .describe('the parts held here that are asked for'),
  reason: z.string().nullable(),
  replyBy: timestamp.nullable(),
  at: timestamp,
  state: z
    .enum(['open', 'granted', 'refused', 'ending', 'ended', 'overdue'])
    .describe('ending: taken back by this state, and whoever holds it has not confirmed that it knows'),
  answer: recordId
    .nullable()
    .describe('of the consents in force the one that lasts longest; else the last answer'),
  until: timestamp.nullable(),
  answerText: z.string().nullable().describe('conditions of the grant, or why it was refused'),
  standing: z
    .array(standing)
    .describe('consents in force to this handing on, whichever request they answer, the longest first'),
  answers: z
    .array(
      z.object({
        answer: recordId,
        decision: z.string().nullable(),
        at: timestamp,
        until: timestamp.nullable(),
        text: z.string().nullable(),
      }),
    )
    .describe('everything that the originator has answered, the oldest first'),
});
export type ReleaseRequest = z.infer<typeof request>;

export const releaseRequests = operation({
  name: 'release.requests',
  summary: 'requests for onward release, of this state and of others, and what was answered',
  needs: 'home',
  args: z.strictObject({ request: idPrefix.optional().describe('only this one') }),
  result: z.object({ requests: z.array(request) }),
  run: async (sovereign: Sovereign, args) => ({ requests: await listRequests(sovereign, args.request) }),
});
