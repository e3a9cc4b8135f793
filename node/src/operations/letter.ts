import { MAX_NOTE_BYTES } from '@comity/letter';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { writeLetter } from '../letters/letters.ts';
import type { Sovereign } from '../sovereign.ts';
import { idPrefix, officerId, outcome, partOutcome, recordId, stateCode } from './shapes.ts';

export const letterResult = z.object({
  letter: z.string().nullable().describe('SHA-256 of the letter as sealed; null where it was not written'),
  record: recordId,
  title: z.string().nullable(),
  peer: stateCode,
  officer: z.object({
    id: z.string(),
    name: z.string(),
    kid: z.string().describe('thumbprint of the key in the certificate that it is sealed under'),
  }),
  purpose: z.string(),
  note: z.string().nullable(),
  outcome: outcome.describe('of the record, for this officer'),
  envelope: partOutcome.omit({ path: true, label: true }),
  parts: z.array(partOutcome.extend({ shown: z.boolean().describe('whether the letter shows it') })),
});
export type LetterWritten = z.input<typeof letterResult>;

export const releaseLetter = operation({
  name: 'release.letter',
  summary: 'writes parts of a record of this state to one officer of a peer, who alone can read them',
  needs: 'home',
  args: z.strictObject({
    id: idPrefix,
    to: stateCode,
    officer: officerId,
    purpose: z.string(),
    parts: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('paths; each has to go. Absent: everything that may go'),
    note: z
      .string()
      .min(1)
      .refine((text) => Buffer.byteLength(text) <= MAX_NOTE_BYTES, `expected at most ${MAX_NOTE_BYTES} bytes`)
      .optional(),
    dryRun: z.boolean().default(false),
  }),
  result: letterResult,
  run: (sovereign: Sovereign, args) => writeLetter(sovereign, args),
});
