import type { RecordDecision } from '@comity/disclosure';
import type { QueryAnswer } from '@comity/exchange';
import type { StateId } from '@comity/label';
import { matchesFilter, matchesHeader, type Question } from '@comity/query';
import { closeUpward, narrowView, type View } from '@comity/record';
import { type StoredRecord, WriteSet } from '@comity/store';
import type { WorkSlices } from '../process/work-slices.ts';
import { sameDisclosures } from '../records/stored-view.ts';
import type { ViewCache } from '../records/view-cache.ts';
import { type Grounds, groundsOf } from '../release/grounds.ts';
import { type HeldParts, heldIn, waiting } from '../release/held-parts.ts';
import { noteHeld } from '../release/holds.ts';
import type { PlannedRelease, ReleaseNote } from '../release/planned-release.ts';
import { addReleases, commitReleases, planTellingOf } from '../release/planned-releases.ts';
import type { Sovereign } from '../sovereign.ts';

/** Records whose release is written down in one commit. */
const RECORDS_PER_COMMIT = 32;

/** A record that is to be handed over, as it was decided. */
export interface Answer {
  readonly record: StoredRecord;
  readonly view: View;
  /** Digests of the parts to hand over, closed upward. */
  readonly released: ReadonlySet<string>;
  readonly decision: RecordDecision;
  /** What it was decided on. */
  readonly grounds: Grounds;
  readonly note: ReleaseNote;
}

/**
 * Decides what answers one question, and hands it over: first the decision, part by part, then the filter, on what was
 * released and on nothing else, so that a question cannot feel for what is withheld. Each answer is in the release ledger
 * before it leaves.
 */
export class AnswerRelease {
  readonly #sovereign: Sovereign;
  readonly #views: ViewCache;
  readonly #peer: StateId;
  readonly #question: Question;
  readonly #slices: WorkSlices;
  readonly #held = new Map<View, readonly HeldParts[]>();

  constructor(
    sovereign: Sovereign,
    views: ViewCache,
    { peer, question, slices }: { peer: StateId; question: Question; slices: WorkSlices },
  ) {
    this.#sovereign = sovereign;
    this.#views = views;
    this.#peer = peer;
    this.#question = question;
    this.#slices = slices;
  }

  /** What would be handed over of one record; undefined where nothing is, for whatever reason. */
  async consider(record: StoredRecord, planned: readonly PlannedRelease[] = []): Promise<Answer | undefined> {
    const { door } = this.#sovereign;
    const [peer, question] = [this.#peer, this.#question];
    const view = this.#views.open(record);
    if (view === undefined || !matchesHeader(view.header, question)) return undefined;
    const grounds = await groundsOf(this.#sovereign, view, peer, { planned });
    const decision = door.decide(view, peer, door.answerMode(view), question.purpose, grounds);
    if (decision === undefined || !(await door.concerns(view, peer))) return undefined;
    if (decision.held.size > 0) this.#keepHeld(view, decision);
    if (decision.outcome !== 'release') return undefined;
    const { released } = decision;
    if (!matchesFilter(narrowView(view, released), question)) return undefined;
    return { record, view, released, decision, grounds, note: door.noteFor(view, peer, grounds) };
  }

  /** Parts that a person may still let go, of records that would answer the question then: for the queue, not for the peer. */
  #keepHeld(view: View, decision: RecordDecision): void {
    const { door } = this.#sovereign;
    const { purpose } = this.#question;
    const wouldGo = closeUpward(view, [...decision.released, ...decision.held]);
    if (!matchesFilter(narrowView(view, wouldGo), this.#question)) return;
    this.#held.set(view, heldIn(view, decision, { mode: door.answerMode(view), purpose }));
  }

  /**
   * Writes down what waits for a person. Behind the answer, never before it: how long that takes must not tell the peer that
   * something was held back.
   */
  async noteHeld(): Promise<void> {
    const sovereign = this.#sovereign;
    if (this.#held.size === 0) return;
    await sovereign.releases.take(async () => {
      const set = new WriteSet();
      for (const [view, held] of this.#held) {
        const look = { mode: sovereign.door.answerMode(view), purpose: this.#question.purpose };
        const { digests } = await sovereign.store.released(this.#peer, view.header.id);
        await noteHeld(sovereign, set, view, this.#peer, waiting(held, digests), { look });
      }
      await sovereign.store.commit(set);
    });
  }

  /** Hands over what was found. A peer may take its time: what no longer stands by its turn is decided again. */
  async *handAll(found: readonly Answer[]): AsyncGenerator<QueryAnswer, number, undefined> {
    const { door } = this.#sovereign;
    let count = 0;
    for (let from = 0; from < found.length; from += RECORDS_PER_COMMIT) {
      for (const answer of await this.#account(found.slice(from, from + RECORDS_PER_COMMIT))) {
        const [current] = door.stillStands(this.#peer, answer.note)
          ? [answer]
          : await this.#account([answer]);
        if (current === undefined) continue;
        count += 1;
        yield door.hand(current.view, current.released);
      }
    }
    return count;
  }

  /**
   * Writes down in the ledger what of the answers was not released to the peer before, and gives those that may be handed
   * over. Only this takes a turn among whatever releases, and what has changed since it was decided is decided anew in it.
   */
  async #account(found: readonly Answer[]): Promise<readonly Answer[]> {
    const { releases, door } = this.#sovereign;
    const plans = await Promise.all(found.map((answer) => this.#plan(answer)));
    const isAllKnown = plans.every((plan) => plan === undefined);
    if (isAllKnown && found.every(({ note }) => door.stillStands(this.#peer, note))) return found;
    return this.#slices.during(releases.take(() => this.#accountInTurn(found)));
  }

  async #accountInTurn(found: readonly Answer[]): Promise<readonly Answer[]> {
    const sovereign = this.#sovereign;
    const peer = this.#peer;
    const { door, store } = sovereign;
    const stored = await store.records('real').getMany(found.map(({ record }) => record.id));
    const current: Answer[] = [];
    const planned: PlannedRelease[] = [];
    for (const [place, answer] of found.entries()) {
      const record = stored[place];
      if (record === undefined) continue;
      const stands =
        door.stillStands(peer, answer.note) &&
        // What counts releases looks at those that came before it in this turn.
        answer.grounds.account === undefined &&
        sameDisclosures(record.disclosures, answer.record.disclosures);
      const decided = stands ? answer : await this.consider(record, planned);
      if (decided === undefined) continue;
      const plan = await this.#plan(decided);
      if (plan !== undefined) planned.push(plan);
      current.push(decided);
    }
    if (planned.length > 0) {
      const set = new WriteSet();
      addReleases(sovereign, set, planned);
      const asker = sovereign.peers.get(peer);
      if (asker !== undefined) planned.push(...(await planTellingOf(sovereign, set, asker, planned)));
      await commitReleases(sovereign, set, planned);
    }
    return current;
  }

  /** The ledger entry for what of an answer was not released to the peer before; undefined where all of it was. */
  async #plan({ view, released, decision, grounds }: Answer): Promise<PlannedRelease | undefined> {
    const { door, store } = this.#sovereign;
    const peer = this.#peer;
    const before = await store.released(peer, view.header.id);
    const fresh = [...released].filter((digest) => !before.digests.has(digest));
    if (fresh.length === 0) return undefined;
    const { purpose } = this.#question;
    const digests = [...closeUpward(view, fresh)];
    return door.entryFor(view, peer, { digests, mode: door.answerMode(view), purpose, grounds, decision });
  }
}
