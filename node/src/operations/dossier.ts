import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { MAX_RECORDS_ASKED } from '../dossiers/dossier-limits.ts';
import { exportDossier } from '../dossiers/export-dossier.ts';
import type { Sovereign } from '../sovereign.ts';
import {
  bytesOf,
  idPrefix,
  outcome,
  partOutcome,
  recordId,
  signedAct,
  stateCode,
  timestamp,
} from './shapes.ts';

const exportedRecord = z.object({
  record: recordId,
  title: z.string().nullable(),
  issuer: z.string().describe('code of the issuing state'),
  why: z
    .enum(['asked', 'retraction', 'successor', 'consent'])
    .describe('retractions and successors of records in the file go along'),
  outcome: outcome.describe('of the record, for this reader'),
  envelope: partOutcome.omit({ path: true, label: true }),
  parts: z.array(partOutcome.extend({ shown: z.boolean() })),
  isNew: z
    .boolean()
    .describe('whether the reader has not been released all of this before: it gets an entry in its ledger'),
  proof: z
    .enum(['logged', 'not-logged-yet', 'log-of-another'])
    .describe('whether the proof goes along that the record is in the log of its issuer, and why not'),
});

export const dossierResult = z.object({
  to: stateCode,
  purpose: z.string(),
  records: z.array(exportedRecord),
  notifications: z.array(
    z.object({
      record: recordId,
      sender: z.string().describe('code of the state that told'),
      recipient: z.string().describe('code of the state that was told'),
      at: timestamp.describe('when the sender says it released'),
      receivedAt: timestamp.describe('when the recipient says it held that'),
    }),
  ),
  leftOut: z
    .array(
      z.object({
        record: recordId,
        what: z.enum(['successor', 'notification', 'keys', 'consent']),
        state: z.string().nullable(),
        reason: z.string(),
      }),
    )
    .describe('what might be looked for in the file and is not there'),
  bytes: z.int(),
  sha256: z.string().describe('of the file'),
  content: z.string().nullable().describe('base64 of the file; null where it is not given out here'),
});
export type DossierExported = z.input<typeof dossierResult>;

export const dossierExport = operation({
  name: 'dossier.export',
  summary: 'a file with records as a state may be shown them, with all that they are verified with',
  needs: 'home',
  args: z.strictObject({
    ids: z.array(idPrefix).min(1).max(MAX_RECORDS_ASKED),
    to: stateCode.describe('whose readers the file is for'),
    purpose: z.string(),
    notified: z
      .array(stateCode)
      .max(64)
      .default([])
      .describe('also shows what these states were told, or have told'),
    dryRun: z.boolean().default(false),
    confirmed: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('SHA-256 of the file that a person has been shown; another one is not exported'),
    act: signedAct
      .optional()
      .describe('what an officer has signed who makes it, about the digest of the file, base64'),
  }),
  result: dossierResult,
  run: (sovereign: Sovereign, { act, ...args }, emit) =>
    exportDossier(sovereign, { ...args, ...(act !== undefined && { act: bytesOf(act) }) }, emit),
});
