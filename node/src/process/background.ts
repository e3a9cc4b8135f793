import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, isFault } from '@comity/fault';
import type { Events } from '../events.ts';

/**
 * A job that ends when it is done; it is to look at the signal between its steps, and may throw the signal's reason. One that
 * goes on until the node stops tells `succeeded` whenever everything that there was to do is done.
 */
export type Job = (signal: AbortSignal, succeeded: () => void) => Promise<unknown>;

/**
 * First pause after a failure; doubled up to the longest with each that follows without a success in between. What fails on a
 * full disk or a fault of one peer may pass.
 */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Work that the node owes itself and that nobody waits for: made good at start, or begun by what a peer said. It never ends
 * the node, nor holds up whoever began it: a failure is an event, and it is tried again until it is done or the node stops.
 */
export class Background {
  readonly #events: Events;
  readonly #firstPauseMs: number;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(events: Events, firstPauseMs: number = FIRST_PAUSE_MS) {
    this.#events = events;
    this.#firstPauseMs = firstPauseMs;
  }

  run(what: string, job: Job): void {
    const running = this.#untilDone(what, job).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when no job is at work any more. What was not done is owed to the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Fault('exchange.stopping', 'the node is stopping'));
    await Promise.all(this.#running);
  }

  async #untilDone(what: string, job: Job): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = this.#firstPauseMs;
    const succeeded = (): void => {
      pauseMs = this.#firstPauseMs;
    };
    while (!signal.aborted) {
      try {
        await job(signal, succeeded);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const code = isFault(error) ? error.code : 'node.internal';
        this.#events.emit('work-failed', { what, code, retryInMs: pauseMs });
        if (!isFault(error))
          this.#events.emit('unexpected-error', {
            where: what,
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
        await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  }
}
