import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait for anything in a suite: far beyond what a slow machine needs, so that only a real fault reaches it. */
export const PATIENCE_MS = 90_000;

const POLL_MS = 25;

/**
 * Waits until a condition gives something other than undefined or false, and gives that. Says what was waited for when
 * it never does.
 */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs: number = PATIENCE_MS,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadlineMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(POLL_MS);
  }
}
