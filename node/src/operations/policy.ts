import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { checkPolicy } from '../policy/check-policy.ts';
import { applyPolicy } from '../policy/policy.ts';
import { listPolicies, showPolicy } from '../policy/policy-versions.ts';
import { explainForPeer } from '../release/explain.ts';
import type { Sovereign } from '../sovereign.ts';
import { outcome, partOutcome, recordId, stateCode, timestamp } from './shapes.ts';

const policyVersion = z.object({
  version: z.int(),
  digest: z.string(),
  rules: z.int(),
  appliedAt: z.string(),
});

export const policyText = z.string().max(1_048_576).describe('the policy file, YAML');

export const policyCheck = operation({
  name: 'policy.check',
  summary: 'checks a policy file against this node, and says what in it is probably not meant',
  needs: 'home',
  args: z.strictObject({ text: policyText }),
  result: z.object({
    digest: z.string(),
    rules: z.int(),
    warnings: z
      .array(
        z.object({
          kind: z.string(),
          path: z.string(),
          line: z.int(),
          column: z.int(),
          message: z.string(),
        }),
      )
      .describe('what is allowed and probably not meant (disclosure 6.16)'),
  }),
  run: async (sovereign: Sovereign, { text }) => checkPolicy(sovereign, text),
});

const versionNumber = z
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER - 1);

const appliedPolicy = policyVersion.extend({
  appliedBy: z.string().describe('the local user'),
  signedAt: timestamp.nullable().describe('null where nothing that was signed verifies, or it does not say'),
  key: z.string().nullable().describe('thumbprint of the record key that has signed it'),
  signature: z.string().describe('valid, or why it does not count'),
  inForce: z.boolean(),
  replacedAt: timestamp.nullable().describe('when the next one took its place'),
});
export type AppliedPolicy = z.infer<typeof appliedPolicy>;

export const policyShow = operation({
  name: 'policy.show',
  summary: 'the policy in force, or one that was',
  needs: 'home',
  args: z.strictObject({ version: versionNumber.optional() }),
  result: z.object({ policy: appliedPolicy.nullable(), text: z.string().nullable() }),
  run: (sovereign: Sovereign, args) => showPolicy(sovereign, args),
});

export const policyList = operation({
  name: 'policy.list',
  summary: 'the policies that were applied, the newest first',
  needs: 'home',
  args: z.strictObject({
    limit: z.int().min(1).max(1_000).default(50),
    before: versionNumber.optional().describe('only versions below this one: `next` of the answer before'),
  }),
  result: z.object({ versions: z.array(appliedPolicy), next: z.int().nullable() }),
  run: (sovereign: Sovereign, args) => listPolicies(sovereign, args),
});

export const policyApply = operation({
  name: 'policy.apply',
  summary: 'puts a policy in force as a whole, signed, and releases what it newly allows',
  needs: 'home',
  args: z.strictObject({ text: policyText }),
  result: z.object({
    policy: policyVersion,
    released: z.array(z.object({ peer: stateCode, entries: z.int() })),
  }),
  run: (sovereign: Sovereign, args, emit) => applyPolicy(sovereign, args, emit),
});

export const policyExplain = operation({
  name: 'policy.explain',
  summary: 'why a peer would or would not receive each part of a record',
  needs: 'home',
  args: z.strictObject({
    record: z.string(),
    peer: stateCode,
    mode: z.enum(['push', 'query', 'relay']).optional(),
    purpose: z.string().optional(),
    part: z.string().optional(),
  }),
  result: z.object({
    record: recordId,
    peer: stateCode,
    mode: z.string(),
    purpose: z.string(),
    outcome,
    policy: z.string().nullable(),
    parts: z.array(
      partOutcome.extend({
        trace: z.array(z.object({ step: z.string(), result: z.string(), why: z.string() })),
      }),
    ),
  }),
  run: (sovereign: Sovereign, args) => explainForPeer(sovereign, args),
});
