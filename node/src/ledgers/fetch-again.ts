import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { perPeer } from '../peers/per-peer.ts';
import type { Sovereign } from '../sovereign.ts';
import { fetchMissing, isLive, type JudgeItems } from './missing.ts';

/** Shortest and longest time between two rounds of asking a peer for what is missing while it stays connected. */
const MIN_WAIT_MS = 5_000;
const MAX_WAIT_MS = 600_000;

/** When a peer is asked again. */
interface Schedule {
  /** A round is under way. */
  isRunning: boolean;
  /** Another round is wanted after the one that is under way. */
  isWanted: boolean;
  waitMs: number;
  timer: NodeJS.Timeout | undefined;
}

const scheduleOf = perPeer(
  (): Schedule => ({ isRunning: false, isWanted: false, waitMs: MIN_WAIT_MS, timer: undefined }),
);

/** Asks a peer that has become live for what is missing of its ledger: at once. */
export function fetchMissingLater(sovereign: Sovereign, peer: StateId, judge: JudgeItems): void {
  const schedule = scheduleOf(sovereign, peer);
  schedule.waitMs = MIN_WAIT_MS;
  clearTimeout(schedule.timer);
  schedule.timer = undefined;
  // One that still waits for a connection that is gone ends by itself; then comes this one.
  schedule.isWanted = schedule.isRunning;
  round(sovereign, peer, judge, schedule);
}

/**
 * Asks a peer that stays connected again, now that something new of it came: a policy that lets more out shows itself by
 * that. Not at once, and less often the longer it brings nothing.
 */
export function fetchMissingAfterBatch(sovereign: Sovereign, peer: StateId, judge: JudgeItems): void {
  const schedule = scheduleOf(sovereign, peer);
  if (schedule.isRunning) {
    schedule.isWanted = true;
    return;
  }
  if (schedule.timer !== undefined) return;
  schedule.timer = setTimeout(() => {
    schedule.timer = undefined;
    round(sovereign, peer, judge, schedule);
  }, schedule.waitMs);
  schedule.timer.unref();
}

function round(sovereign: Sovereign, peer: StateId, judge: JudgeItems, schedule: Schedule): void {
  const { events, peers } = sovereign;
  // Whoever is not connected is asked when it is.
  if (!isLive(sovereign, peer) || schedule.isRunning) return;
  schedule.isRunning = true;
  fetchMissing(sovereign, peer, judge)
    .then((found) => {
      schedule.waitMs = found > 0 ? MIN_WAIT_MS : Math.min(schedule.waitMs * 2, MAX_WAIT_MS);
    })
    .catch((error: unknown) => {
      schedule.waitMs = Math.min(schedule.waitMs * 2, MAX_WAIT_MS);
      const code = isFault(error) ? error.code : 'node.internal';
      events.emit('request-failed', { peer: peers.codeOf(peer) ?? peer, protocol: 'fetch', code });
    })
    .finally(() => {
      schedule.isRunning = false;
      if (!schedule.isWanted) return;
      schedule.isWanted = false;
      fetchMissingAfterBatch(sovereign, peer, judge);
    });
}
