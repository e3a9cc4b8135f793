import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordId } from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { Bell } from '../process/bell.ts';
import type { Sovereign } from '../sovereign.ts';
import { type HeldQuestion, questionsHeld, waitsFor } from './clarifications.ts';
import { type Alert, alertsBetween } from './duty-watch.ts';

/** Longest time between two looks at the times for replies that are known, which are few. */
const LOOK_EACH_MS = 5_000;
/** Shortest time between two looks: while many records come in, they are not looked at one by one. */
const REST_MS = 1_000;

/** A question that waits for this state, or for which this state waits, and that has a time for a reply. */
export interface Awaited {
  readonly held: HeldQuestion;
  readonly waitsFor: 'this-state' | 'peer';
  readonly dueAtSeconds: number;
}

/**
 * Tells people of questions to this state as soon as they come, of replies to its own, and of what is to be answered before its
 * time and once that has passed, until the node stops. At the first look, of all questions that wait for this state.
 */
export async function watchClarifications(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const { registry, store } = sovereign;
  const leadSeconds = sovereign.config.duties.alertMinutes.map((minutes) => minutes * 60);
  const bell = new Bell();
  const changed = new Set<RecordId>();
  const stopListening = store.onRecords((ids) => {
    for (const id of ids) changed.add(id);
    bell.ring();
  });
  const teller = new Teller(sovereign);
  let listed = -1;
  let lookedSeconds: number | undefined;
  let awaited: readonly Awaited[] = [];
  try {
    for (;;) {
      signal.throwIfAborted();
      const nowSeconds = sovereign.now();
      const ids = [...changed];
      for (const id of ids) changed.delete(id);
      // One that is dated ahead of the clock opens by and by: nothing changes then but how many there are.
      const count = (await registry.idsOfType('clarification')).length;
      const isStale = count !== listed || (await concernQuestions(sovereign, ids));
      listed = count;
      if (isStale) {
        const held = await questionsHeld(sovereign, nowSeconds);
        for (const each of held) teller.tellOf(each);
        awaited = held.flatMap((each) => awaitedIn(sovereign, each));
      }
      for (const alert of alertsBetween(awaited, lookedSeconds, nowSeconds, leadSeconds))
        teller.alert(alert, nowSeconds);
      lookedSeconds = nowSeconds;
      teller.isFirst = false;
      succeeded();
      await sleep(REST_MS, undefined, { signal, ref: false });
      await bell.rung(AbortSignal.any([signal, AbortSignal.timeout(LOOK_EACH_MS - REST_MS)]));
    }
  } finally {
    stopListening();
  }
}

/** Whether any of these records can change where a question stands. One that has gone may have been anything. */
async function concernQuestions({ registry }: Sovereign, ids: readonly RecordId[]): Promise<boolean> {
  for (const id of ids) {
    const type = await registry.typeOf(id);
    if (type === undefined || type === 'clarification' || type === 'retraction') return true;
  }
  return false;
}

function awaitedIn(sovereign: Sovereign, held: HeldQuestion): Awaited[] {
  const whom = waitsFor(sovereign, held);
  const dueAtSeconds = held.status.replyBySeconds;
  if (dueAtSeconds === undefined || whom === null || whom === 'others') return [];
  return [{ held, waitsFor: whom, dueAtSeconds }];
}

/** Says each thing once. */
class Teller {
  isFirst = true;
  readonly #sovereign: Sovereign;
  /** What was last seen of each question. */
  readonly #seen = new Map<RecordId, string>();

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  tellOf(held: HeldQuestion): void {
    const { id, issuer } = held.question.header;
    const { status, to, reply, replyBySeconds } = held.status;
    const now = `${status} ${reply?.id ?? ''}`;
    const before = this.#seen.get(id);
    this.#seen.set(id, now);
    const { events, self } = this.#sovereign;
    if (before === undefined && waitsFor(this.#sovereign, held) === 'this-state')
      events.emit('clarification-asked', {
        ...{ question: id, peer: codeOrId(this.#sovereign, issuer) },
        replyBy: replyBySeconds === undefined ? null : formatTime(replyBySeconds),
      });
    const isReply = status === 'acknowledged' || reply !== undefined;
    if (issuer === self.state && to !== undefined && isReply && before !== now && !this.isFirst)
      events.emit('clarification-replied', {
        ...{ question: id, peer: codeOrId(this.#sovereign, to), status },
      });
  }

  alert({ due, kind }: Alert<Awaited>, nowSeconds: number): void {
    const { held, waitsFor: whom, dueAtSeconds } = due;
    const { id, issuer } = held.question.header;
    const other = whom === 'this-state' ? issuer : held.status.to;
    if (other === undefined) return;
    const fields = {
      ...{ question: id, peer: codeOrId(this.#sovereign, other), replyBy: formatTime(dueAtSeconds) },
    };
    const { events } = this.#sovereign;
    if (kind === 'missed') events.emit('clarification-overdue', { ...fields, waitsFor: whom });
    else if (whom === 'this-state')
      events.emit('clarification-due', {
        ...fields,
        minutesLeft: Math.floor((dueAtSeconds - nowSeconds) / 60),
      });
  }
}
