import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { registryDigest } from '../registry/registry-digest.ts';
import type { Sovereign } from '../sovereign.ts';
import { recordId } from './shapes.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const registryResult = z.object({
  records: z.int().describe('that are held and open; those of exercises are not among them'),
  subjects: z.int(),
  digest: digest.describe('the same at every node that holds the same (registry.md 3.2)'),
  subject: digest.nullable().describe('of the subject that was named; zeros where no record is about it'),
  subjectRecords: z.array(recordId),
  kept: digest.nullable().describe('with rebuild: the digest of what was kept until then'),
  builtMs: z.int().describe('how long this process took to build it, in milliseconds'),
});

export const registryDigestOf = operation({
  name: 'registry.digest',
  summary: 'what the records held here add up to, as a digest that does not depend on their order',
  needs: 'home',
  args: z.strictObject({
    subject: z
      .string()
      .max(1_024)
      .regex(/^(?:subject|record|norm|state) \S/)
      .optional()
      .describe('as in registry.md 2.2, such as "norm norm/hospitals"'),
    rebuild: z.boolean().default(false).describe('opens every record anew'),
  }),
  result: registryResult,
  run: async (sovereign: Sovereign, args) => registryDigest(sovereign, args),
});
