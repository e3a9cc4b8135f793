import { z } from 'zod';
import { recordId, stateCode, timestamp } from './shapes.ts';

/** What `comity verify --json` prints (dossier.md §10, with what the file shows). */

const stateId = z.string().regex(/^[0-9a-f]{64}$/);
const seconds = z.int().describe('UTC seconds since 1970');
const verdict = z.enum(['VALID', 'INVALID', 'INDETERMINATE']);
const outcome = {
  status: z.enum(['done', 'failed', 'not-done']),
  code: z.string().optional().describe('why it failed: an entry of protocol/registries/codes'),
  why: z.string().optional().describe('why it was not done: a reason of dossier.md 3.4'),
};
const steps = z
  .array(z.strictObject({ step: z.string(), ...outcome }))
  .describe('in the order of dossier.md');

const shownPart = z.strictObject({
  path: z.string(),
  label: z.string(),
  value: z.json(),
  redactedElements: z.int().optional(),
});

export const verification = z.strictObject({
  version: z.literal(1),
  file: z.strictObject({ sha256: z.string(), bytes: z.int() }),
  asked: z.strictObject({
    at: timestamp,
    federation: z.string().nullable().describe('null where the file is believed'),
    policySha256: z.string().nullable().describe('null where no policy was given: then no time is trusted'),
    trust: z.array(
      z.strictObject({
        state: stateId,
        given: z.enum(['id', 'charter', 'card']),
        code: stateCode.nullable().describe('null where no charter of it could be verified'),
      }),
    ),
  }),
  verdict,
  federation: z.string(),
  documents: z.array(
    z.strictObject({
      document: z.enum(['charter', 'certificate', 'key-state']),
      ...outcome,
      state: stateId.optional(),
      usage: z.string().optional(),
    }),
  ),
  known: z.strictObject({ status: z.enum(['done', 'failed']), code: z.string().optional() }),
  records: z.array(
    z.strictObject({
      id: recordId,
      verdict,
      retractedBy: z.array(recordId),
      supersededBy: z.array(recordId),
      steps,
      cosignatures: z.array(z.strictObject({ state: stateId, timeSeconds: seconds })),
      issuer: stateId.optional(),
      subject: z.string().optional(),
      issuedAtSeconds: seconds.optional(),
      exercise: z.string().optional(),
      expiresAtSeconds: seconds.optional(),
      disclosed: z.int().optional(),
      undisclosed: z.int().optional(),
      index: z.int().optional(),
      size: z.int().optional(),
      trustedSeconds: seconds.optional().describe('when it was there, by the witnesses of the policy'),
      keyState: z.strictObject({ version: z.int(), ageSeconds: z.int(), stale: z.boolean() }).optional(),
      remarks: z.array(
        z.enum([
          'retracted',
          'superseded',
          'redacted',
          'delegated',
          'key-superseded',
          'revoked-later',
          'stale-key-state',
        ]),
      ),
      issuerCode: stateCode.optional(),
      type: z.string().optional(),
      label: z.string().optional().describe('marking of what is shown; absent where nothing verifies it'),
      parts: z.array(shownPart).optional(),
    }),
  ),
  notifications: z.array(
    z.strictObject({
      sender: stateId,
      recipient: stateId,
      verdict,
      steps,
      recordId: recordId.optional(),
      digests: z.array(z.string()).optional(),
      told: z.array(z.strictObject({ digest: z.string(), shown: z.boolean() })).optional(),
      timeSeconds: seconds.optional(),
      mode: z.string().optional(),
      purpose: z.string().optional(),
      receivedAtSeconds: seconds.optional(),
    }),
  ),
  labels: z.array(z.string()).describe('dominant markings of what the file shows'),
  hasUnverifiedLabel: z.boolean(),
  exercises: z.array(z.string()),
});
