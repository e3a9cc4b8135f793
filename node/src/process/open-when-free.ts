import { setTimeout as delay } from 'node:timers/promises';
import { type FaultCode, isFault } from '@comity/fault';
import type { Home } from '../home.ts';
import { isNodeAlive } from './pid-file.ts';

/** Longest wait for another process of the same home: a command without a node, or a node that is just starting. */
const LONGEST_WAIT_MS = 10_000;
const PAUSE_MS = 100;

/** How long a node that is started in the same moment as a command may take to say that it is starting. */
const UNANNOUNCED_MS = 500;

/**
 * Repeats what opens a store while another process has it open, for a while: a node that is started and a command that is
 * given in the same moment come one after the other, in either order.
 *
 * @throws Fault store.locked, where it stays so
 */
export function openWhenFree<T>(open: () => Promise<T>): Promise<T> {
  return repeatWhile('store.locked', () => LONGEST_WAIT_MS, open);
}

/**
 * Repeats what calls the node of a home while that is just starting, for a while: a command may be given in the same moment.
 *
 * @throws Fault node.not-running, where none is starting or it takes too long
 */
export function callWhenServed<T>(home: Home, call: () => Promise<T>): Promise<T> {
  return repeatWhile('node.not-running', () => (isNodeAlive(home) ? LONGEST_WAIT_MS : UNANNOUNCED_MS), call);
}

/** Repeats what fails with this code, until it has been tried for so long as there is a reason to. */
async function repeatWhile<T>(
  code: FaultCode,
  longestMs: () => number,
  attempt: () => Promise<T>,
): Promise<T> {
  const sinceMs = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFault(error, code) || performance.now() - sinceMs > longestMs()) throw error;
    }
    await delay(PAUSE_MS);
  }
}
