/** A clock that a test moves. It has the methods that the exchange and the node ask a clock for. */
export interface VirtualClock {
  /** UTC milliseconds. */
  nowMs(): number;
  /** UTC seconds, rounded down. */
  nowSeconds(): number;
  /** Runs a task once, when the clock has moved this far. Returns what cancels it; cancelling late does nothing. */
  schedule(delayMs: number, task: () => void): () => void;
  /** Moves the clock forward and runs what falls due on the way, in order, each at its own time. */
  advanceMs(byMs: number): void;
  /** As `advanceMs`. */
  advanceSeconds(bySeconds: number): void;
  /** How many tasks are still to come. */
  pending(): number;
}

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until it is moved, so that no test waits or depends on the speed of the machine. It never
 * goes back: a test that needs another time takes another clock.
 */
export function virtualClock(startSeconds: number): VirtualClock {
  let nowMs = startSeconds * 1_000;
  let tasks: Task[] = [];

  function advanceMs(byMs: number): void {
    if (!(byMs >= 0)) throw new RangeError(`a clock moves forward, not by ${byMs} ms`);
    const untilMs = nowMs + byMs;
    for (let next = firstDue(tasks, untilMs); next !== undefined; next = firstDue(tasks, untilMs)) {
      const task = next;
      tasks = tasks.filter((other) => other !== task);
      nowMs = task.atMs;
      task.run();
    }
    nowMs = untilMs;
  }

  return {
    nowMs: () => nowMs,
    nowSeconds: () => Math.floor(nowMs / 1_000),
    schedule: (delayMs, run) => {
      const task: Task = { atMs: nowMs + Math.max(0, delayMs), run };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((other) => other !== task);
      };
    },
    advanceMs,
    advanceSeconds: (bySeconds) => advanceMs(bySeconds * 1_000),
    pending: () => tasks.length,
  };
}

/** The earliest task that is due; of several at one time, the one scheduled first. */
function firstDue(tasks: readonly Task[], untilMs: number): Task | undefined {
  let first: Task | undefined;
  for (const task of tasks) {
    if (task.atMs <= untilMs && (first === undefined || task.atMs < first.atMs)) first = task;
  }
  return first;
}
