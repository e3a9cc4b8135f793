import { isExerciseId } from '@comity/record';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { importMisp } from '../records/import-misp.ts';
import type { Sovereign } from '../sovereign.ts';
import { acceptRelay, authorship, issuedRecord } from './record.ts';
import { recordId, timestamp } from './shapes.ts';

export const importMispEvents = operation({
  name: 'import.misp',
  summary: 'issues MISP events as incident records, every attribute a part of its own, with a loss report',
  needs: 'home',
  args: z.strictObject({
    events: z
      .array(z.strictObject({ name: z.string(), event: z.unknown() }))
      .min(1)
      .max(1_000),
    labelling: z
      .unknown()
      .optional()
      .describe('label, envelope, labels: as in a draft; default: unclassified, this state only'),
    overrule: z
      .array(z.enum(['tlp', 'pap']))
      .default([])
      .describe('markings that the labelling states though tags of the events are stricter'),
    exercise: z
      .string()
      .refine(isExerciseId, 'expected the id of an exercise, such as cyber-europe-2026')
      .optional()
      .describe('exercise that all of the events belong to; their records are kept apart from real ones'),
    acceptRelay,
    ...authorship,
    again: z
      .boolean()
      .default(false)
      .describe('import also events that are held already: new, separate records beside those held'),
    dryRun: z.boolean().default(false),
  }),
  result: z.object({
    events: z.array(
      z.object({
        name: z.string(),
        uuid: z.string(),
        attributes: z.int(),
        drafts: z.int().describe('records that the event becomes; with a dry run none of them is issued'),
        records: z.array(issuedRecord),
        held: z
          .array(z.object({ id: recordId, issuedAt: timestamp }))
          .describe('current records that this state has issued from the same event before'),
        losses: z.array(z.object({ path: z.string(), reason: z.string(), detail: z.string() })),
      }),
    ),
  }),
  run: (sovereign: Sovereign, args, emit) => importMisp(sovereign, args, emit),
});
