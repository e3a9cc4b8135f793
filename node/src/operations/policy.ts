import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { explainForPeer } from '../explain.ts';
import { applyPolicy, checkPolicy, showPolicy } from '../policy.ts';
import type { Sovereign } from '../sovereign.ts';
import { outcome, partOutcome, recordId, stateCode } from './shapes.ts';

const policyVersion = z.object({
  version: z.int(),
  digest: z.string(),
  rules: z.int(),
  appliedAt: z.string(),
});

export const policyText = z.string().max(1_048_576).describe('the policy file, YAML');

export const policyCheck = operation({
  name: 'policy.check',
  summary: 'checks a policy file against this node: syntax, states, levels, rule names',
  needs: 'home',
  args: z.strictObject({ text: policyText }),
  result: z.object({ digest: z.string(), rules: z.int() }),
  run: async (sovereign: Sovereign, { text }) => checkPolicy(sovereign, text),
});

export const policyShow = operation({
  name: 'policy.show',
  summary: 'the policy in force',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({ policy: policyVersion.nullable(), text: z.string().nullable() }),
  run: async (sovereign: Sovereign) => showPolicy(sovereign),
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
