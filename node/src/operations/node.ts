import { z } from 'zod';
import { acceptClock, clockStatusOf } from '../clock/clock-hold.ts';
import { CLOCK_DEVIATIONS } from '../clock/clock-judgement.ts';
import { operation } from '../control/operation.ts';
import type { Sovereign } from '../sovereign.ts';
import { statusOf } from '../status.ts';
import { restoredResult } from './put-back.ts';
import { connection, stateCode, timestamp } from './shapes.ts';

export const nodeStatus = operation<Sovereign, z.ZodObject, typeof statusResult>({
  name: 'node.status',
  summary: 'what this node is, whom it is connected to, and how far each ledger is',
  needs: 'home',
  args: z.strictObject({}),
  get result() {
    return statusResult;
  },
  run: (sovereign) => statusOf(sovereign),
});

const ledgerPosition = z.object({
  size: z.int().describe('entries'),
  receiptSize: z.int().describe('entries covered by the newest receipt'),
  receiptAt: z.string().nullable(),
});

export const peerNotice = z.object({
  notice: z.enum([
    'our-recognition-ends',
    'our-recognition-ended',
    'their-recognition-ends',
    'their-recognition-ended',
    'transport-key-ends',
    'transport-key-ended',
    'key-state-ended',
  ]),
  at: timestamp,
});

export const peerStatus = z.object({
  code: stateCode,
  name: z.string(),
  connection,
  lastFault: z.string().nullable(),
  lastContactAt: z.string().nullable(),
  recognisesUs: z.boolean().describe('whether the peer showed a recognition of this state that is in force'),
  notices: z.array(peerNotice).describe('what has ended, or ends within 30 days'),
  out: ledgerPosition.describe('what this node released to the peer'),
  in: ledgerPosition.describe('what the peer released to this node'),
});

export const clockResult = z.object({
  held: z.boolean().describe('whether all releases are held, because the clock deviates'),
  deviation: z
    .enum(CLOCK_DEVIATIONS)
    .nullable()
    .describe('how it was found to deviate: set while the node ran, or wrong when it was started'),
  heldAt: timestamp.nullable().describe('what the clock showed when it was found to deviate'),
  unheardSince: timestamp
    .nullable()
    .describe(
      'the time since which no other state was heard on it, after a long time off: what only time lets go waits',
    ),
  clock: timestamp.describe('what the clock shows now'),
  expected: timestamp.describe(
    'the time that the node goes by; at the earliest, where it has just been started',
  ),
});

export const nodeClock = operation({
  name: 'node.clock',
  summary: 'whether the clock of this machine shows what is expected of it, or all releases are held',
  needs: 'home',
  args: z.strictObject({}),
  result: clockResult,
  run: async (sovereign: Sovereign) => clockStatusOf(sovereign),
});

export const nodeClockAccept = operation({
  name: 'node.clock-accept',
  summary: 'goes by the clock as it is, and releases what was held because of it',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({ accepted: z.boolean().describe('false where nothing was held'), clock: clockResult }),
  run: async (sovereign: Sovereign, _args, emit) => {
    const accepted = await acceptClock(sovereign, emit);
    return { accepted, clock: clockStatusOf(sovereign) };
  },
});

export const statusResult = z.object({
  code: stateCode,
  name: z.string(),
  state: z.string(),
  federation: z.string(),
  running: z.boolean(),
  pid: z.int().nullable(),
  listen: z.array(z.string()),
  records: z.object({ own: z.int(), received: z.int(), quarantined: z.int() }),
  registry: z
    .object({ records: z.int(), digest: z.string() })
    .describe('records that are held and open, without those of exercises; and what they add up to'),
  originLogSize: z.int().describe('leaves of the log of what this state has issued, padding included'),
  orders: z
    .object({ waiting: z.int(), open: z.int(), overdue: z.int() })
    .describe(
      'orders: those that wait for a person here, those that a peer has not obeyed or refused yet, those of which the time is over',
    ),
  duties: z
    .object({
      soon: z.int().describe('reports that are due within the longest lead time of duties.alertMinutes'),
      missed: z.int().describe('reports whose limit has passed, and that were not made'),
      nextAt: timestamp.nullable().describe('the next limit'),
    })
    .describe('reports that laws ask for about incidents of this state'),
  logAlarms: z
    .array(
      z.object({
        kind: z.enum([
          'two-histories',
          'rolled-back',
          'does-not-continue',
          'frozen',
          'witness-lost',
          'own-log-lost',
          'keys-not-logged',
          'ended-otherwise',
        ]),
        state: z.string().describe('code of the state whose log it is about'),
        size: z.int(),
        at: timestamp,
      }),
    )
    .describe('logs of states that are not what they should be, and what people have to look at'),
  undeliverableLetters: z
    .int()
    .describe('letters to officers that this state does not have, or no longer: nobody can open them here'),
  policy: z.object({ version: z.int(), digest: z.string() }).nullable(),
  clock: clockResult,
  restored: restoredResult,
  peers: z.array(peerStatus),
});
export type NodeStatus = z.infer<typeof statusResult>;

export const nodeStop = operation({
  name: 'node.stop',
  summary: 'stops the running node after what it is writing is on disk',
  needs: 'running',
  args: z.strictObject({}),
  result: z.object({ stopped: z.literal(true) }),
  run: async (sovereign: Sovereign) => {
    sovereign.requestStop();
    return { stopped: true as const };
  },
});
