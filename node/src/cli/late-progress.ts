import type { Emit } from '../control/operation.ts';

const SHOWN_AFTER_MS = 1_000;
const SHOWN_EACH_MS = 250;

/**
 * Progress of what mostly takes no time: shown once it has taken a second, then four times a second, and taken away at its end.
 *
 * @param nowMs milliseconds from any moment
 */
export function lateProgress(
  show: Emit,
  progress: string,
  nowMs: () => number,
): (done: number, total: number) => void {
  const startedMs = nowMs();
  let shownMs: number | undefined;
  return (done, total) => {
    const now = nowMs();
    const isDue =
      shownMs === undefined
        ? now - startedMs >= SHOWN_AFTER_MS && done < total
        : done === total || now - shownMs >= SHOWN_EACH_MS;
    if (!isDue) return;
    shownMs = now;
    show({ progress, done, total });
  };
}
