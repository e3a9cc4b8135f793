import { setTimeout as delay } from 'node:timers/promises';
import { isFault } from '@comity/fault';

/** Longest wait for another process of the same home: a command without a node, or a node that is just starting. */
const LONGEST_WAIT_MS = 10_000;
const PAUSE_MS = 100;

/**
 * Repeats what opens a store while another process has it open, for a while: a node that is started and a command that is
 * given in the same moment come one after the other, in either order.
 *
 * @throws Fault store.locked, where it stays so
 */
export async function openWhenFree<T>(open: () => Promise<T>): Promise<T> {
  const until = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isFault(error, 'store.locked') || performance.now() > until) throw error;
    }
    await delay(PAUSE_MS);
  }
}
