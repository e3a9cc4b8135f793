import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import { WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';

/** Refusals of one peer in a minute that have a line each. A peer that is refused without end would fill the disk with them. */
const LINES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

interface Minute {
  readonly endsAtMs: number;
  lines: number;
  /** Refusals beyond, which have one line together when the minute is over. The log has each of them. */
  beyond: number;
}

/** Writes in the audit chain whose questions were refused, and why: one line each, as long as they are not a flood. */
export class RefusedQuestions {
  readonly #sovereign: Pick<Sovereign, 'store' | 'now'>;
  readonly #nowMs: () => number;
  readonly #minutes = new Map<StateId, Minute>();

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(sovereign: Pick<Sovereign, 'store' | 'now'>, nowMs: () => number) {
    this.#sovereign = sovereign;
    this.#nowMs = nowMs;
  }

  /** Resolves when the line is on disk. */
  async note(peer: StateId, code: FaultCode): Promise<void> {
    const minute = this.#minuteOf(peer);
    if (minute.lines < LINES_PER_MINUTE) {
      minute.lines += 1;
      await this.#write('question-refused', { peer, code });
      return;
    }
    minute.beyond += 1;
    if (minute.beyond > 1) return;
    const tell = (): void => {
      // Where nothing can be written any more, the store has stopped, and the node ends.
      this.#write('questions-refused', { peer, count: minute.beyond }).catch(() => {});
    };
    setTimeout(tell, minute.endsAtMs - this.#nowMs()).unref();
  }

  #minuteOf(peer: StateId): Minute {
    const nowMs = this.#nowMs();
    const known = this.#minutes.get(peer);
    if (known !== undefined && nowMs < known.endsAtMs) return known;
    const minute = { endsAtMs: nowMs + MINUTE_MS, lines: 0, beyond: 0 };
    this.#minutes.set(peer, minute);
    return minute;
  }

  async #write(event: string, fields: Readonly<Record<string, string | number>>): Promise<void> {
    const { store, now } = this.#sovereign;
    await store.commit(new WriteSet().audit({ atSeconds: now(), event, fields }));
  }
}
