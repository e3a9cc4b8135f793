/** Time as the exchange sees it: real in a node, virtual in tests. */
export interface Clock {
  /** UTC milliseconds. */
  nowMs(): number;
  /** Runs a task once after a delay. Returns what cancels it; cancelling twice, or late, does nothing. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The clock of the machine. Its timers are cleared by their owners, so that none outlives the request it guards. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** UTC seconds, rounded down. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1_000);
}
