import { toHex } from '@comity/digest';
import type { RecordDecision } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { ReleaseMode } from '@comity/log';
import { closeUpward, headerOf, type RecordId, type View } from '@comity/record';
import { type StoredRecord, WriteSet } from '@comity/store';
import { wordIn } from '../consents/release-terms.ts';
import type { Emit } from '../control/operation.ts';
import type { Peer } from '../peers/peers.ts';
import { findRecord, type HeldRecord } from '../records/find-record.ts';
import { openReadable } from '../records/stored-view.ts';
import { type Grounds, groundsOf } from '../release/grounds.ts';
import { heldIn } from '../release/held-parts.ts';
import { viewsOfType } from '../release/held-views.ts';
import { noteHeld } from '../release/holds.ts';
import { nothingApplies, told } from '../release/outcomes.ts';
import type { PlannedRelease } from '../release/planned-release.ts';
import { addReleases, planTellingOf } from '../release/planned-releases.ts';
import type { Sovereign } from '../sovereign.ts';
import { assertFits, MAX_RECORDS_ASKED } from './dossier-limits.ts';

/** A record that is to stand in a dossier, as it was decided. */
export interface ChosenRecord {
  readonly stored: StoredRecord;
  readonly view: View;
  readonly why: 'asked' | 'retraction' | 'successor' | 'consent';
  readonly decision: RecordDecision;
  /** Digests of the parts that are shown, closed upward. */
  readonly shown: ReadonlySet<string>;
  readonly isNew: boolean;
}

/** What might be looked for in a dossier and is not in it. */
export interface LeftOut {
  readonly record: RecordId;
  readonly what: 'successor' | 'notification' | 'keys' | 'consent';
  /** Code of the state that it is about. */
  readonly state: string | null;
  readonly reason: string;
}

/** As what, and for what, a record would be handed over. */
interface Way {
  readonly mode: ReleaseMode;
  readonly purpose: string;
}

interface Decided {
  readonly decision: RecordDecision;
  readonly asked: Way;
  readonly grounds: Grounds;
}

/**
 * Chooses what of records stands in a dossier for readers of a state: each as if that state had asked for it by a question
 * (disclosure.md 8.9), with the records that withdraw it or take its place. What the state was not released before gets an
 * entry in its ledger. One turn of whatever releases.
 */
export class DossierRecords {
  readonly chosen = new Map<RecordId, ChosenRecord>();
  readonly leftOut: LeftOut[] = [];
  /** Entries for the ledger of the reader, and what waits for officers. */
  readonly set: WriteSet = new WriteSet();
  readonly planned: PlannedRelease[] = [];
  /** What waits alone, to be written down also where nothing is exported. */
  readonly waiting: WriteSet = new WriteSet();
  readonly #sovereign: Sovereign;
  readonly #reader: Peer;
  readonly #purpose: string;

  constructor(sovereign: Sovereign, reader: Peer, purpose: string) {
    this.#sovereign = sovereign;
    this.#reader = reader;
    this.#purpose = purpose;
  }

  /**
   * @throws Fault record.not-found, record.ambiguous-id, dossier.not-released, dossier.retraction-withheld, dossier.too-large
   */
  async choose(ids: readonly string[], emit: Emit): Promise<void> {
    const refused: { readonly id: RecordId; readonly reason: string }[] = [];
    const found: HeldRecord[] = [];
    for (const id of ids) found.push(await findRecord(this.#sovereign, id));
    // What tells of another record goes only where that one goes: it is decided about behind it.
    const tells = ({ view: { header } }: HeldRecord): number =>
      Number(header.retracts !== undefined || header.type === 'release-grant');
    found.sort((a, b) => tells(a) - tells(b));
    for (const [place, { stored, view }] of found.entries()) {
      emit({ progress: 'deciding', done: place + 1, total: ids.length });
      if (this.chosen.has(stored.id)) continue;
      const reason = await this.#take(stored, view, 'asked');
      if (reason !== undefined) refused.push({ id: stored.id, reason });
    }
    const [first] = refused;
    if (first !== undefined) {
      const named = refused.map(({ id, reason }) => `${id.slice(0, 12)} (${reason})`).join(', ');
      throw new Fault('dossier.not-released', `not released to ${this.#reader.code}: ${named}`, {
        fields: { record: first.id, reason: first.reason, records: refused.length },
      });
    }
    // What withdraws a record goes along in the ledger as well, where the policy hands it over unasked.
    const telling = await planTellingOf(this.#sovereign, this.set, this.#reader, this.planned);
    this.planned.push(...telling);
    await this.#followLinks();
    await this.#followConsents();
  }

  /** Retractions and successors of everything chosen, and theirs. */
  async #followLinks(): Promise<void> {
    const records = this.#sovereign.store.records('real');
    // Grows while it is gone through.
    for (const [id, { view }] of this.chosen) {
      const { issuer } = view.header;
      for (const stored of await records.retractionsOf(id)) {
        if (headerOf(stored.bytes).issuer !== issuer) continue;
        const reason = await this.#takeLinked(stored, 'retraction');
        if (reason === undefined) continue;
        throw new Fault('dossier.retraction-withheld', `${id.slice(0, 12)} is withdrawn (${reason})`, {
          fields: { record: id, retraction: stored.id },
        });
      }
      for (const stored of await records.successorsOf(id)) {
        if (headerOf(stored.bytes).issuer !== issuer) continue;
        const reason = await this.#takeLinked(stored, 'successor');
        if (reason !== undefined) this.leftOut.push({ record: id, what: 'successor', state: null, reason });
      }
      assertFits('records', this.chosen.size, MAX_RECORDS_ASKED);
    }
  }

  /** What their originators say about handing these records on, to this state and by it to the reader, given or taken back. */
  async #followConsents(): Promise<void> {
    const { self } = this.#sovereign;
    const { state } = this.#reader;
    const others = [...this.chosen.values()]
      .map(({ view }) => view.header)
      .filter(({ issuer }) => issuer !== self.state && issuer !== state);
    for (const issuer of new Set(others.map((header) => header.issuer))) {
      // By which this state hands it on, and by which it got it.
      const said = (await viewsOfType(this.#sovereign, 'release-grant', issuer)).filter((view) =>
        wordIn(view, 'holder') === self.state
          ? wordIn(view, 'thirdParty') === state
          : wordIn(view, 'thirdParty') === self.state,
      );
      for (const { id } of others.filter((header) => header.issuer === issuer)) {
        for (const { header } of said.filter((view) => wordIn(view, 'record') === id)) {
          const stored = await this.#sovereign.store.records('real').get(header.id);
          const reason = stored && (await this.#takeConsent(stored));
          if (reason !== undefined) this.leftOut.push({ record: id, what: 'consent', state: null, reason });
        }
      }
    }
    assertFits('records', this.chosen.size, MAX_RECORDS_ASKED);
  }

  /** One that was withdrawn goes along with what withdraws it, or not at all. */
  async #takeConsent(stored: StoredRecord): Promise<string | undefined> {
    const refused = await this.#takeLinked(stored, 'consent');
    if (refused !== undefined) return refused;
    for (const retraction of await this.#sovereign.store.records('real').retractionsOf(stored.id)) {
      if (headerOf(retraction.bytes).issuer !== headerOf(stored.bytes).issuer) continue;
      const reason = await this.#takeLinked(retraction, 'retraction');
      if (reason === undefined) continue;
      this.chosen.delete(stored.id);
      return reason;
    }
    return undefined;
  }

  async #takeLinked(
    stored: StoredRecord,
    why: 'retraction' | 'successor' | 'consent',
  ): Promise<string | undefined> {
    if (this.chosen.has(stored.id)) return undefined;
    const view = openReadable(this.#sovereign, stored);
    return view === undefined ? 'unreadable' : this.#take(stored, view, why);
  }

  /** Chooses a record. @returns why it is not released, where it is not */
  async #take(stored: StoredRecord, view: View, why: ChosenRecord['why']): Promise<string | undefined> {
    const { door, store } = this.#sovereign;
    const peer = this.#reader.state;
    const decided = await this.#decide(view, why);
    if (decided === undefined) return nothingApplies(this.#sovereign, view, this.#reader);
    const { decision, asked, grounds } = decided;
    const held = heldIn(view, decision, asked);
    const goes = decision.released;
    await noteHeld(this.#sovereign, this.set, view, peer, held, { look: asked, goes });
    if (held.length > 0) await noteHeld(this.#sovereign, this.waiting, view, peer, held, { look: asked });
    if (decision.outcome !== 'release') {
      const { envelope, outcome, parts } = decision;
      // Where the envelope could go, no part of it may: then the reason is that of a part.
      return told([envelope, ...parts].find((each) => each.outcome === outcome) ?? envelope).reason;
    }
    const shown = closeUpward(view, decision.released);
    const before = await store.released(peer, view.header.id);
    const now = this.planned.filter(({ recordId }) => recordId === view.header.id);
    const given = new Set([...before.digests, ...now.flatMap(({ entry }) => entry.disclosures.map(toHex))]);
    const fresh = [...shown].filter((digest) => !given.has(digest));
    if (fresh.length > 0) {
      const digests = [...closeUpward(view, fresh)];
      const { mode, purpose } = asked;
      const release = door.entryFor(view, peer, { digests, mode, purpose, grounds, decision });
      addReleases(this.#sovereign, this.set, [release]);
      this.planned.push(release);
    }
    this.chosen.set(view.header.id, {
      stored,
      view,
      why,
      decision,
      shown,
      isNew: fresh.length > 0 || now.length > 0,
    });
    return undefined;
  }

  /** As a question for this purpose would be answered; what tells of a chosen record also as it goes unasked. */
  async #decide(view: View, why: ChosenRecord['why']): Promise<Decided | undefined> {
    const { door } = this.#sovereign;
    const { state } = this.#reader;
    if (!(await door.concerns(view, state, new Set(this.chosen.keys())))) return undefined;
    const grounds = await groundsOf(this.#sovereign, view, state, { planned: this.planned });
    const mode = door.standingMode(view);
    const ways: Way[] = [{ mode: door.answerMode(view), purpose: this.#purpose }];
    if (why !== 'asked') ways.push(...door.purposes(mode).map((purpose) => ({ mode, purpose })));
    let first: Decided | undefined;
    for (const asked of ways) {
      const decision = door.decideAsked(view, state, asked, grounds);
      if (decision === undefined) return undefined;
      const decided = { decision, asked, grounds };
      if (decision.outcome === 'release') return decided;
      first ??= decided;
    }
    return first;
  }
}
