import { setTimeout as sleep } from 'node:timers/promises';
import { formatTime } from '../operations/shapes.ts';
import type { Sovereign } from '../sovereign.ts';
import { type OpenDuty, openDuties } from './duties.ts';

/** Between two looks at the limits that are known, which are few. */
const LOOK_EACH_MS = 5_000;

/** What people are told of one thing that is to be done by a time. */
export interface Alert<Due> {
  readonly due: Due;
  readonly kind: 'due' | 'missed';
}

/**
 * Of which duties, or what else has a limit, people are to be told after a look at one time and until one at another: each when a lead time before its
 * limit begins, and when the limit has passed. At the first look, of all for which that is so already.
 *
 * @param leadSeconds how long before a limit, each of them
 */
export function alertsBetween<Due extends { readonly dueAtSeconds: number }>(
  all: readonly Due[],
  lookedSeconds: number | undefined,
  nowSeconds: number,
  leadSeconds: readonly number[],
): Alert<Due>[] {
  const begins = (atSeconds: number): boolean =>
    atSeconds <= nowSeconds && (lookedSeconds === undefined || atSeconds > lookedSeconds);
  return all.flatMap((due): Alert<Due>[] => {
    const { dueAtSeconds } = due;
    if (dueAtSeconds < nowSeconds) return begins(dueAtSeconds + 1) ? [{ due, kind: 'missed' }] : [];
    return leadSeconds.some((lead) => begins(dueAtSeconds - lead)) ? [{ due, kind: 'due' }] : [];
  });
}

/** Tells people of the duties of this state, before their limits and once these have passed, until the node stops. */
export async function watchDuties(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const { events, config } = sovereign;
  const leadSeconds = config.duties.alertMinutes.map((minutes) => minutes * 60);
  let isStale = true;
  let open: readonly OpenDuty[] = [];
  let lookedSeconds: number | undefined;
  const stopListening = events.on((event) => {
    if (event === 'record-issued') isStale = true;
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      if (isStale) {
        isStale = false;
        open = await openDuties(sovereign);
      }
      const nowSeconds = sovereign.now();
      for (const alert of alertsBetween(open, lookedSeconds, nowSeconds, leadSeconds))
        tell(sovereign, alert, nowSeconds);
      lookedSeconds = nowSeconds;
      succeeded();
      await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
    }
  } finally {
    stopListening();
  }
}

function tell({ events }: Sovereign, { due, kind }: Alert<OpenDuty>, nowSeconds: number): void {
  const { incident, profile, stage, dueAtSeconds } = due;
  const fields = { incident, profile, stage, dueAt: formatTime(dueAtSeconds) };
  if (kind === 'missed') events.emit('duty-missed', fields);
  else events.emit('duty-due', { ...fields, minutesLeft: Math.floor((dueAtSeconds - nowSeconds) / 60) });
}
