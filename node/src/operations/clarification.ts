import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { listClarifications } from '../registry/clarifications.ts';
import type { Sovereign } from '../sovereign.ts';
import { asOf, recordId, stateName, timestamp } from './shapes.ts';

export const clarificationEntry = z.object({
  id: recordId,
  subject: z.string(),
  issuer: stateName,
  to: stateName.nullable().describe('the state that is asked; null where it is withheld from this node'),
  text: z.string().nullable().describe('null where it is withheld from this node'),
  about: recordId.nullable(),
  status: z
    .enum(['open', 'acknowledged', 'answered', 'declined', 'withdrawn', 'superseded', 'expired'])
    .describe('acknowledged says that the question has arrived: it is no concurrence'),
  since: timestamp,
  waitsFor: z
    .enum(['this-state', 'peer', 'others'])
    .nullable()
    .describe(
      'who has to reply: this state, the one that it has asked, another one that was asked by another; null: nobody',
    ),
  replyBy: timestamp.nullable(),
  overdue: z.boolean().describe('nobody has replied, and the time for that has passed'),
  late: z.boolean().describe('there is a reply, and the first one came after its time'),
  acknowledgedAt: timestamp.nullable(),
  reply: z
    .object({
      id: recordId,
      kind: z.enum(['answer', 'decline']),
      at: timestamp,
      reason: z.string().nullable().describe('why it declines'),
      text: z.string().nullable(),
    })
    .nullable(),
  unknown: z.array(z.string()).describe('fields that are not shown here: the status is not certain'),
});

export const clarificationList = operation({
  name: 'clarification.list',
  summary: 'questions between states: who waits for whom, until when, what was replied',
  needs: 'home',
  args: z.strictObject({ atSeconds: asOf }),
  result: z.object({ clarifications: z.array(clarificationEntry) }),
  run: async (sovereign: Sovereign, { atSeconds = sovereign.now() }) => ({
    clarifications: await listClarifications(sovereign, atSeconds),
  }),
});
