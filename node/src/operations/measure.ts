import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { listMeasures } from '../registry/measures.ts';
import type { Sovereign } from '../sovereign.ts';
import { asOf, recordId, stateName, timestamp } from './shapes.ts';

export const measureEntry = z.object({
  id: recordId,
  subject: z.string(),
  issuer: stateName,
  title: z.string().nullable().describe('null where it is withheld from this node'),
  status: z.enum(['proclaimed', 'active', 'renewed', 'expired', 'terminated']),
  since: timestamp,
  expiresAt: timestamp.nullable().describe('when it ends by itself; null where its issuer has stated none'),
  reviewBy: timestamp.nullable(),
  reviewOverdue: z.boolean().describe('its time for a review has passed, and its issuer has adopted none'),
  reviews: z
    .array(z.object({ id: recordId, issuer: stateName, at: timestamp }))
    .describe('that were adopted'),
  renewedBy: z.array(recordId),
  unknown: z.array(z.string()).describe('fields that are not shown here: the status is not certain'),
});

export const measureList = operation({
  name: 'measure.list',
  summary: 'the emergency measures that are held: active, due for review, ended',
  needs: 'home',
  args: z.strictObject({ atSeconds: asOf }),
  result: z.object({ measures: z.array(measureEntry) }),
  run: async (sovereign: Sovereign, { atSeconds = sovereign.now() }) => ({
    measures: await listMeasures(sovereign, atSeconds),
  }),
});
