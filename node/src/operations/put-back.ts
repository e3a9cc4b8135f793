import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { confirmRestored, restoredStatus, stopAwaiting } from '../recovery/restored.ts';
import type { Sovereign } from '../sovereign.ts';
import { timestamp } from './shapes.ts';

export const restoredResult = z.object({
  since: timestamp
    .nullable()
    .describe('when it was found that the store was put back; null where it never was'),
  held: z.boolean().describe('whether nothing is released to anybody because of that'),
  confirmed: z
    .boolean()
    .describe('whether somebody has said that what no peer can give back is as it should be'),
  policy: z.object({ version: z.int(), digest: z.string() }).nullable(),
  suspended: z.array(z.string()).describe('codes of the peers that are suspended'),
  rejections: z
    .int()
    .nullable()
    .describe('rejections of officers that are in force, up to 1,000; null where nothing is to be confirmed'),
  unheard: z
    .array(
      z.object({
        peer: z.string().describe('code, or id of a state that is no peer'),
        awaited: z.boolean().describe('whether releases to others wait for it'),
        returned: z.boolean().describe('whether it has given back its copy of the ledger'),
      }),
    )
    .describe('peers that have not given back yet what they hold, or whose ledger is not held again'),
});
export type RestoredStatus = z.infer<typeof restoredResult>;

export const logRestored = operation({
  name: 'log.restored',
  summary: 'what is still to be known again after the store was put back to an older copy',
  needs: 'home',
  args: z.strictObject({}),
  result: restoredResult,
  run: (sovereign: Sovereign) => restoredStatus(sovereign),
});

export const logRestoredWithout = operation({
  name: 'log.restored-without',
  summary: 'says that releases to others do not wait for peers, until these are heard',
  needs: 'home',
  args: z.strictObject({ peers: z.array(z.string()).min(1) }),
  result: restoredResult,
  run: (sovereign: Sovereign, { peers }) => stopAwaiting(sovereign, peers),
});

export const logRestoredConfirm = operation({
  name: 'log.restored-confirm',
  summary: 'says that policy, suspensions and rejections are as they should be',
  needs: 'home',
  args: z.strictObject({}),
  result: restoredResult,
  run: (sovereign: Sovereign) => confirmRestored(sovereign),
});
