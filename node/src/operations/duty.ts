import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { listDuties } from '../registry/duties.ts';
import type { Sovereign } from '../sovereign.ts';
import { idPrefix, recordId, stateCode, timestamp } from './shapes.ts';

const duty = z.object({
  profile: z.string().describe('id of the deadline profile'),
  title: z.string(),
  instrument: z.string().describe('the law'),
  jurisdiction: z.string(),
  checked: z
    .enum(['read', 'secondary', 'to-be-checked'])
    .describe('how the profile came to be known: from the instrument, from a text about it, or not checked'),
  stage: z.string().describe('the report that the law asks for'),
  status: z.enum(['pending', 'met', 'late-explained', 'missed', 'not-started', 'anchor-unknown', 'no-clock']),
  reason: z.string().nullable().describe('why there is no clock'),
  event: z.string().describe('what the law counts from'),
  countedFrom: timestamp.nullable().describe('when that was, as the incident says'),
  restated: z.boolean().describe('an earlier record has said another time'),
  dueAt: timestamp.nullable(),
  secondsLeft: z.int().nullable().describe('negative where the limit is past'),
  capAt: timestamp
    .nullable()
    .describe('by when the event has to be followed up in any case, where it is still to come'),
  report: z
    .object({ record: recordId, at: timestamp })
    .nullable()
    .describe('the record that is the report, also where it came late'),
  explanation: recordId.nullable().describe('the record that explains the delay as this law wants it'),
  modifiers: z.array(z.string()),
  told: z
    .array(
      z.object({
        peer: stateCode,
        at: timestamp,
        entry: z.int().describe('of the release ledger'),
        receipted: z.boolean().describe('whether a receipt of the peer covers that entry'),
      }),
    )
    .describe('peers that were told by that report, and whether they have given a receipt'),
});

export const dutyResult = z.object({
  incidents: z.array(
    z.object({
      issuer: z.string().describe('code of the issuing state as known here, or its id'),
      incident: z.string().describe('subject of its records'),
      newest: recordId,
      title: z.string().nullable(),
      records: z.array(recordId).describe('that are held of it, oldest first'),
      profiles: z.array(
        z.object({
          profile: z.string(),
          title: z.string().nullable().describe('null where the profile is not registered'),
          standing: z.string().describe('whether it applies, and why not'),
          named: z.boolean().describe('the incident names it'),
          assumed: z.array(z.string()).describe('what the incident does not say and was taken for so'),
          by: z.string().nullable().describe('the profile that takes its place'),
        }),
      ),
      duties: z.array(duty),
      unknown: z
        .array(z.string())
        .describe('fields of which not everything is shown here: the duties are not certain'),
    }),
  ),
});

export const dutyList = operation({
  name: 'duty.list',
  summary: 'what laws ask to be reported about incidents, by when, and how far that is',
  needs: 'home',
  args: z.strictObject({
    incident: idPrefix.optional().describe('a record of the incident'),
    state: stateCode.optional().describe('whose incidents; default: those of this state'),
  }),
  result: dutyResult,
  run: async (sovereign: Sovereign, args) => ({ incidents: await listDuties(sovereign, args) }),
});
