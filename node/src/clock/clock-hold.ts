import { setTimeout as sleep } from 'node:timers/promises';
import type { StateId } from '@comity/label';
import { type Store, TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import type { NodeStatus } from '../operations/node.ts';
import { formatTime } from '../operations/shapes.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import { relaySoon } from '../release/relay.ts';
import type { Sovereign } from '../sovereign.ts';
import type { ClockDeviation, ClockHold } from './clock-judgement.ts';
import type { ClockRecord } from './clock-watch.ts';

/** Setting: a time at which the node certainly was already. A start before it is by a clock that is wrong. */
const MARK_SETTING = 'clock-high-water';
/** Setting: why releases are held. A start does not end a hold. */
const HOLD_SETTING = 'clock-hold';
const MARK_EACH_SECONDS = 60;
const LOOK_EACH_MS = 1_000;

type HoldRow = [deviation: ClockDeviation, clockSeconds: number, trustedSeconds: number];

export async function readClockRecord(store: Store): Promise<ClockRecord> {
  const mark = await store.get(TABLES.settings, [MARK_SETTING]);
  const hold = (await store.get(TABLES.settings, [HOLD_SETTING])) as HoldRow | undefined;
  return {
    markSeconds: mark as number | undefined,
    hold: hold && { deviation: hold[0], clockSeconds: hold[1], trustedSeconds: hold[2] },
  };
}

/** Looks at the clock each second until the node stops. What was not released while it was held is made good afterwards. */
export async function keepClock(
  sovereign: Sovereign,
  afterHold: () => void,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await endReturned(sovereign)) afterHold();
    await noteClock(sovereign);
    sovereign.auditSeen.keepUp();
    succeeded();
    await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
  }
}

/** Writes down a hold that is new, and the time once a minute: a restart must not forget what was known. */
export function noteClock(sovereign: Sovereign): Promise<void> {
  const { clock, store, events } = sovereign;
  return clock.turns.take(async () => {
    const { hold, record } = clock;
    const reachedSeconds = clock.markSeconds;
    const { markSeconds } = record;
    const isNew = hold !== undefined && record.hold === undefined;
    if (!isNew && markSeconds !== undefined && reachedSeconds < markSeconds + MARK_EACH_SECONDS) return;
    const noted: ClockRecord = { markSeconds: Math.max(markSeconds ?? reachedSeconds, reachedSeconds), hold };
    const set = new WriteSet().put(TABLES.settings, [MARK_SETTING], noted.markSeconds as number);
    if (isNew) {
      const { deviation, clockSeconds, trustedSeconds: expected } = hold;
      const row: HoldRow = [deviation, clockSeconds, expected];
      set.put(TABLES.settings, [HOLD_SETTING], row).audit({
        atSeconds: clockSeconds,
        event: 'clock-held',
        fields: { deviation, clock: clockSeconds, trusted: expected },
      });
    }
    await store.commit(set);
    clock.record = noted;
    if (isNew) events.emit('clock-held', { deviation: hold.deviation, seconds: aheadBy(hold) });
  });
}

/** Seconds by which the clock was ahead; negative where it was behind. */
export function aheadBy({ clockSeconds, trustedSeconds }: ClockHold): number {
  return clockSeconds - trustedSeconds;
}

/** Ends a hold whose clock has come back. After it comes a run of `reconcile`. @returns whether it did */
export function endReturned(sovereign: Sovereign): Promise<boolean> {
  return sovereign.clock.turns.take(async () => {
    if (!sovereign.clock.hasReturned) return false;
    await endHold(sovereign, 'clock-returned');
    return true;
  });
}

/**
 * Goes by the clock as it is, whatever was expected of it, and makes good what was not released.
 *
 * @returns whether anything was held
 */
export async function acceptClock(sovereign: Sovereign, emit: Emit): Promise<boolean> {
  const { clock, peers } = sovereign;
  // One that was found by this very look is written down first: its line comes before that of its end.
  await noteClock(sovereign);
  const isEnded = await clock.turns.take(async () => {
    if (!clock.isHeld && clock.knownSeconds === undefined) return false;
    await endHold(sovereign, 'clock-accepted');
    return true;
  });
  if (isEnded) await reconcile(sovereign, peers.all(), emit);
  return isEnded;
}

/** Every decision is made anew: those of before the hold may have been made by a clock that was wrong already. */
async function endHold(sovereign: Sovereign, event: 'clock-returned' | 'clock-accepted'): Promise<void> {
  const { clock, events } = sovereign;
  const reading = clock.read();
  const { atSeconds } = reading;
  const { hold, knownSeconds, trustedSeconds } = clock;
  const deviation = hold?.deviation ?? 'unheard';
  const isAccepted = event === 'clock-accepted';
  // That the clock is no longer wrong in one way says not that it is right.
  const markSeconds = isAccepted ? atSeconds : (knownSeconds ?? atSeconds);
  const set = new WriteSet()
    .delete(TABLES.settings, [HOLD_SETTING])
    .put(TABLES.settings, [MARK_SETTING], markSeconds)
    .audit({
      atSeconds,
      event,
      fields: {
        deviation,
        clock: atSeconds,
        trusted: hold === undefined ? (knownSeconds ?? trustedSeconds) : trustedSeconds,
      },
    });
  await reviseDoor(sovereign, set, () => {
    clock.trust(reading, isAccepted);
    clock.record = { markSeconds, hold: undefined };
  });
  events.emit(event, { deviation });
  relaySoon(sovereign);
}

/** What a peer says of the time is compared with the clock; once enough of them agree, the clock is gone by again. */
export function hearTime(
  { clock, peers, now, events }: Pick<Sovereign, 'clock' | 'peers' | 'now' | 'events'>,
  peer: StateId,
  saidSeconds: number,
  isLive: boolean,
): void {
  const served = peers.servedAt(now());
  if (clock.hear(peer, saidSeconds, { served, isLive })) events.emit('clock-heard', {});
}

/** How the clock stands, as `node status` and `node clock` tell it. */
export function clockStatusOf({ clock }: Sovereign): NodeStatus['clock'] {
  const { hold, knownSeconds } = clock;
  return {
    held: hold !== undefined,
    deviation: hold?.deviation ?? null,
    heldAt: hold === undefined ? null : formatTime(hold.clockSeconds),
    unheardSince: knownSeconds === undefined ? null : formatTime(knownSeconds),
    clock: formatTime(clock.read().atSeconds),
    expected: formatTime(clock.trustedSeconds),
  };
}
