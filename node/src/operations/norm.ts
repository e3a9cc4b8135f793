import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { listNorms, showNorm } from '../registry/norms.ts';
import type { Sovereign } from '../sovereign.ts';
import { asOf, recordId, stateCode, stateName, timestamp } from './shapes.ts';

const _state = z.string().describe('code of the state as known here, or its id');
const standing = z
  .enum(['none', 'endorsed', 'signed', 'withdrawn', 'consented', 'bound'])
  .describe('endorsed is of a voluntary norm alone; the others but none are of a treaty');

export const normEntry = z.object({
  id: recordId,
  subject: z.string(),
  issuer: stateName,
  title: z.string().nullable(),
  kind: z.enum(['voluntary', 'treaty']).nullable().describe('null where it is not shown here'),
  ceased: z.enum(['retracted', 'superseded', 'expired']).nullable(),
  inForce: z.boolean().nullable().describe('of a treaty'),
  inForceFrom: timestamp.nullable(),
  states: z.record(z.string(), z.int()).describe('how many states have which standing'),
  own: standing.describe('the standing of this state'),
});

const act = z.object({
  id: recordId,
  act: z.string(),
  from: timestamp,
  provisions: z.array(z.string()).nullable().describe('null where it is about the whole'),
  legalBasis: z.string().nullable(),
  ceased: z.string().nullable(),
  unknown: z.array(z.string()),
});

const reservation = z.object({
  id: recordId,
  state: stateName,
  outcome: z.enum(['accepted', 'open', 'objected', 'unconfirmed', 'late-open', 'late-opposed']),
  since: timestamp.nullable().describe('of accepted: since when silence is acceptance'),
  until: timestamp.nullable().describe('of open: until when silence is none'),
  objections: z.array(recordId),
  tooLate: z.array(recordId),
});

export const betweenTwo = z.object({
  states: z.array(z.object({ state: stateName, standing, since: timestamp.nullable() })),
  treaty: z
    .object({
      relation: z.enum(['bound', 'entry-opposed', 'not-both-bound', 'not-in-force', 'entry-not-stated']),
      since: timestamp.nullable(),
      inForceFrom: timestamp.nullable(),
      opposedBy: z.array(recordId),
      aboutNoReservation: z.array(recordId),
      provisions: z.array(
        z.object({
          provision: z.string(),
          binds: z.enum(['applies', 'modified', 'open', 'excluded', 'not-consented', 'nothing']),
          reservations: z.array(reservation),
          interpretations: z.array(recordId),
        }),
      ),
    })
    .nullable(),
  voluntary: z
    .array(
      z.object({
        provision: z.string(),
        stands: z.enum(['shared', 'difference', 'one-sided', 'not-endorsed']),
        stances: z.array(
          z.object({
            state: stateName,
            endorsedSince: timestamp.nullable(),
            positions: z.array(recordId),
            variances: z.array(z.object({ id: recordId, legalBasis: z.string().nullable() })),
          }),
        ),
      }),
    )
    .nullable(),
  unknown: z
    .array(z.object({ id: recordId, fields: z.array(z.string()) }))
    .describe('what records do not show here: the result is not certain where there is any'),
});

export const normResult = normEntry.extend({
  at: timestamp,
  provisions: z.array(z.object({ id: z.string(), text: z.record(z.string(), z.string()).nullable() })),
  unknown: z.array(z.string()).describe('fields of the norm that are not shown here'),
  standings: z.array(
    z.object({
      state: stateName,
      standing,
      since: timestamp.nullable(),
      leavesAt: timestamp.nullable(),
      acts: z.array(act),
      pending: z.array(act),
    }),
  ),
  ignored: z.array(z.object({ id: recordId, reason: z.string() })),
  between: betweenTwo.nullable(),
});

export const normList = operation({
  name: 'norm.list',
  summary: 'the norms that are held, and who stands where',
  needs: 'home',
  args: z.strictObject({ atSeconds: asOf }),
  result: z.object({ norms: z.array(normEntry) }),
  run: async (sovereign: Sovereign, { atSeconds = sovereign.now() }) => ({
    norms: await listNorms(sovereign, atSeconds),
  }),
});

export const normStatusOf = operation({
  name: 'norm.status',
  summary: 'who stands where about a norm, and what binds two states or how they differ',
  needs: 'home',
  args: z.strictObject({
    norm: z
      .string()
      .min(4)
      .max(256)
      .describe('record id, its first characters, or a subject such as norm/hospitals'),
    atSeconds: asOf,
    between: z.tuple([stateCode, stateCode]).optional(),
  }),
  result: normResult,
  run: async (sovereign: Sovereign, { norm, atSeconds = sovereign.now(), between }) =>
    showNorm(sovereign, norm, { atSeconds, between }),
});
