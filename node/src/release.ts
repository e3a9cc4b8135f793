import type { KnownOfficer } from '@comity/approval';
import { fromHex, sha256, toHex } from '@comity/digest';
import {
  type CompiledPolicy,
  decideRecord,
  explainRecord,
  type Mode,
  permittedTypes,
  type Recipient,
  type RecordDecision,
  type RecordTrace,
  type RecordTypes,
  type Situation,
} from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { sealLetter } from '@comity/letter';
import { encodeLedgerEntry, type LetterEntry, type ReleaseEntry } from '@comity/log';
import { disclosuresFor, isAboutRecord, type RecordId, type View } from '@comity/record';
import type { SentLetterRow } from '@comity/store';
import type { LetterRelease, PlannedLetter } from './letters/planned-letter.ts';
import { changeAfter } from './release/due.ts';
import { type Grounds, groundsOf, withRelease } from './release/grounds.ts';
import { beyond } from './release/plan-release.ts';
import type { AskedFor, PlannedRelease, Release, ReleaseNote, Standing } from './release/planned-release.ts';
import { releasedBy } from './release/released-by.ts';
import { standingPurposes } from './release/standing-purposes.ts';
import { hasOtherwise, isOwnOf, toldOf } from './release/tells-of.ts';
import type { Sovereign } from './sovereign.ts';

const NO_TYPES: RecordTypes = new Set();
const NONE: ReadonlySet<RecordId> = new Set();

/** What leaves the node for one recipient. */
export interface Handover {
  readonly record: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
}

/** A decision, and all that it was made from. */
interface Decided {
  readonly decision: RecordDecision;
  readonly left: View;
  readonly recipient: Recipient;
  readonly situation: Situation;
  readonly policy: CompiledPolicy;
}

/**
 * The one door out (ARCHITECTURE §1.1): the only place where content of a record becomes bytes for somebody else. What it
 * hands over, `decideRecord` has allowed, now or under rules that have not changed since.
 */
export class ReleaseDoor {
  readonly #sovereign: Sovereign;
  readonly #now: () => number;
  #doubts = 0;
  /** Grows with every change that could change a decision: policy, recognition, suspension. */
  revision: number;

  constructor(sovereign: Sovereign, revision: number) {
    this.#sovereign = sovereign;
    this.#now = () => sovereign.now();
    this.revision = revision;
  }

  /**
   * Whether nothing of a record goes to anybody for now: the clock deviates, or the store was put back and not all is known again
   * that this state has taken back. What would have been released is made good afterwards.
   */
  get isShut(): boolean {
    const { clock, putBack, peers } = this.#sovereign;
    return clock.isHeld || putBack.isShut((peer) => peers.isShutOut(peer));
  }

  /** Whether nothing goes to a peer for now: as `isShut`, or the end of the ledger for it is lost. */
  isHeld(peer: StateId): boolean {
    return this.isShut || this.#sovereign.putBack.lacksLedger(peer);
  }

  /** @throws Fault node.clock-held, node.put-back-held */
  assertOpen(peer: StateId): void {
    this.#sovereign.clock.assertTrusted();
    if (!this.isHeld(peer)) return;
    throw new Fault(
      'node.put-back-held',
      'the store was put back to an older copy, and not all is known again: nothing is released',
    );
  }

  /** The mode in which a record goes to a peer unasked. */
  standingMode(view: View): 'push' | 'relay' {
    return view.header.issuer === this.#sovereign.self.state ? 'push' : 'relay';
  }

  /** The mode in which a record answers a question: of what others issued, relaying is all this state may do. */
  answerMode(view: View): 'query' | 'relay' {
    return view.header.issuer === this.#sovereign.self.state ? 'query' : 'relay';
  }

  situation(mode: Mode, purpose: string, grounds: Grounds = {}, atSeconds: number = this.#now()): Situation {
    const { self, peers, orders } = this.#sovereign;
    return {
      holder: self.state,
      holderScheme: self.charter.scheme,
      inboundOf: (originator) => peers.inboundOf(originator, atSeconds),
      barredBy: (originator) => orders.barredBy(originator),
      atSeconds,
      mode,
      purpose,
      ...grounds,
    };
  }

  /**
   * Decides about one record and one peer. No policy, no recognition in force, suspended, recalled, a clock that deviates:
   * nothing.
   *
   * @param grounds as `groundsOf` gives them
   * @param atSeconds another time than now only to say what will be
   */
  decide(
    view: View,
    peer: StateId,
    mode: Mode,
    purpose: string,
    grounds: Grounds,
    atSeconds?: number,
  ): RecordDecision | undefined {
    return this.decideAsked(view, peer, { mode, purpose }, grounds, atSeconds);
  }

  /** As `decide`, also about a letter to one officer of the peer. */
  decideAsked(
    view: View,
    peer: StateId,
    asked: AskedFor,
    grounds: Grounds,
    atSeconds?: number,
  ): RecordDecision | undefined {
    return this.#decide(view, peer, asked, grounds, atSeconds)?.decision;
  }

  explain(view: View, peer: StateId, mode: Mode, purpose: string, grounds: Grounds): RecordTrace | undefined {
    const decided = this.#decide(view, peer, { mode, purpose }, grounds);
    if (decided === undefined) return undefined;
    const { left, recipient, situation, policy } = decided;
    return explainRecord(left, recipient, situation, policy);
  }

  #decide(
    view: View,
    peer: StateId,
    { mode, purpose, addressee }: AskedFor,
    grounds: Grounds,
    atSeconds?: number,
  ): Decided | undefined {
    // The clock is read before it is judged: what is decided by has passed.
    const timeSeconds = atSeconds ?? this.#now();
    if (atSeconds === undefined && this.isHeld(peer)) return undefined;
    const policy = this.#policyFor(view, peer, timeSeconds);
    const left = policy && this.#sovereign.orders.remainderOf(view);
    if (policy === undefined || left === undefined) return undefined;
    const state = this.#sovereign.peers.recipientOf(peer);
    const recipient = addressee === undefined ? state : { ...state, officer: addressee };
    const decideAt = (seconds: number, given: Grounds): Decided => {
      const situation = this.situation(mode, purpose, given, seconds);
      return {
        decision: decideRecord(left, recipient, situation, policy),
        left,
        recipient,
        situation,
        policy,
      };
    };
    const decided = decideAt(timeSeconds, grounds);
    const knownSeconds = atSeconds === undefined ? this.#knownFor(peer) : undefined;
    if (knownSeconds === undefined || knownSeconds >= timeSeconds || keepsAll(decided)) return decided;
    return lesser(decided, decideAt(knownSeconds, asOf(grounds, knownSeconds, timeSeconds)));
  }

  /** The time that is certain for what goes to a peer; undefined where that is what the clock shows. */
  #knownFor(peer: StateId): number | undefined {
    const { clock, peers } = this.#sovereign;
    if (clock.knownSeconds === undefined) return undefined;
    return clock.knownFor(peer, peers.servedAt(this.#now()));
  }

  /** Record types of which a peer may be handed anything at all in a mode and for a purpose, before any record is looked at. */
  reach(peer: StateId, mode: Mode, purpose: string): RecordTypes {
    const { policy, peers } = this.#sovereign;
    if (policy === undefined || !peers.isServed(peer, this.#now())) return NO_TYPES;
    return permittedTypes(policy.compiled, peers.recipientOf(peer), { mode, purpose });
  }

  /** Purposes for which the policy hands records over unasked, those of a type where it is said. */
  purposes(mode: 'push' | 'relay', type?: string): readonly string[] {
    const { policy } = this.#sovereign;
    return policy === undefined ? [] : standingPurposes(policy.compiled.policy, mode, type);
  }

  /**
   * What is decided about a record and a peer for each purpose for which the policy hands over unasked, in their order. Each
   * counts what those before it release: a limit holds what comes after the entry that reaches it.
   *
   * @param given digests that the peer has
   * @param atSeconds another time than now only to say what will be
   */
  *standing(
    view: View,
    peer: StateId,
    grounds: Grounds,
    given: ReadonlySet<string>,
    atSeconds?: number,
  ): Generator<Standing, void, undefined> {
    const mode = this.standingMode(view);
    const known = new Set(given);
    let current = grounds;
    for (const purpose of this.purposes(mode, view.header.type)) {
      const decision = this.decide(view, peer, mode, purpose, current, atSeconds);
      if (decision === undefined) continue;
      const fresh = beyond(decision.released, known);
      if (fresh.length > 0) current = withRelease(current, fresh, atSeconds ?? this.#now());
      for (const digest of fresh) known.add(digest);
      yield { purpose, decision, fresh, after: current };
    }
  }

  /**
   * Whether a peer may be told of a record at all, before any label is looked at: what names another record goes only to those
   * who were released some of that (ARCHITECTURE §1.10).
   *
   * @param now records that are released to the peer in the same step
   */
  async concerns(view: View, peer: StateId, now: ReadonlySet<RecordId> = NONE): Promise<boolean> {
    const told = toldOf(this.#sovereign, view, peer);
    if (told === 'nothing') return true;
    if (told === 'unknown' || !(await isOwnOf(this.#sovereign, view, told))) return false;
    if (now.has(told)) return true;
    const { ledgerIndexes } = await this.#sovereign.store.released(peer, told);
    if (ledgerIndexes.length > 0) return true;
    return isAboutRecord(view.header.type) && (await hasOtherwise(this.#sovereign, told, peer));
  }

  /** The ledger entry for digests that a decision has just released. */
  entryFor(view: View, peer: StateId, release: Release): PlannedRelease {
    const { digests, mode, purpose, grounds } = release;
    const atSeconds = this.#now();
    const entry: ReleaseEntry = {
      kind: 'release',
      recordId: fromHex(view.header.id),
      disclosures: digests.toSorted().map(fromHex),
      atSeconds,
      mode,
      purpose,
    };
    return {
      peer,
      recordId: view.header.id,
      entry,
      leaf: encodeLedgerEntry(entry),
      note: this.noteFor(view, peer, grounds, atSeconds),
      by: releasedBy(view, release, atSeconds),
    };
  }

  /** How long a decision that is made now about a view can stand unexamined. */
  noteFor(view: View, peer: StateId, grounds: Grounds, atSeconds: number = this.#now()): ReleaseNote {
    const { self, peers, policy } = this.#sovereign;
    const { issuer } = view.header;
    const { approvals = [], consents = [] } = grounds;
    const passing = { recipient: peer, approvals, consents, ...(policy && { policy: policy.compiled }) };
    const changeSeconds = changeAfter(view, atSeconds, passing) ?? Number.POSITIVE_INFINITY;
    // What is handed on is read by the equivalence with its originator, which ends by itself.
    const inboundSeconds = issuer === self.state ? Number.POSITIVE_INFINITY : peers.inboundUntil(issuer);
    const untilSeconds = Math.min(changeSeconds, inboundSeconds);
    return { revision: this.revision, untilSeconds: Number.isFinite(untilSeconds) ? untilSeconds : null };
  }

  /**
   * From now on, until what is given back is called, nothing stands as it was decided: something is about to change that
   * decisions depend on, and the next revision waits for its turn.
   */
  doubt(): () => void {
    this.#doubts += 1;
    return () => {
      this.#doubts -= 1;
    };
  }

  /** Another text whenever something has changed, or is about to, that decisions depend on. */
  get state(): string {
    return `${this.revision} ${this.#doubts} ${this.#sovereign.orders.isUnsettled}`;
  }

  /** Whether an entry may be served as it was decided, without looking at the record again. */
  stillStands(peer: StateId, note: ReleaseNote): boolean {
    const atSeconds = this.#now();
    if (this.#doubts > 0 || this.#sovereign.orders.isUnsettled) return false;
    if (this.isHeld(peer) || !this.#sovereign.peers.isServed(peer, atSeconds)) return false;
    return note.revision === this.revision && (note.untilSeconds === null || atSeconds < note.untilSeconds);
  }

  /**
   * Content for a ledger entry, decided again: the record with exactly the entry's disclosures, or undefined where today's
   * rules no longer allow one of them. Then the entry goes out bare; nothing is handed over by half.
   */
  async recheck(view: View, peer: StateId, entry: ReleaseEntry): Promise<Handover | undefined> {
    const grounds = await groundsOf(this.#sovereign, view, peer, { releasedAtSeconds: entry.atSeconds });
    // That its time had come was known when it was released.
    const decision = this.isHeld(peer)
      ? undefined
      : this.decide(view, peer, entry.mode, entry.purpose, grounds, this.#now());
    if (decision?.outcome !== 'release') return undefined;
    const digests = entry.disclosures.map(toHex);
    if (!digests.every((digest) => decision.released.has(digest))) return undefined;
    return this.hand(view, new Set(digests));
  }

  /** The bytes for a set of digests that a decision has released. */
  hand(view: View, digests: ReadonlySet<string>): Handover {
    return { record: view.bytes, disclosures: disclosuresFor(view, digests) };
  }

  /**
   * Seals for one officer of a peer what a decision in mode letter has just released, with its entry for the ledger.
   *
   * @throws Fault officer.*, letter.*, cbor.shape
   */
  async letter(view: View, to: KnownOfficer, release: LetterRelease): Promise<PlannedLetter> {
    const { self, entropy } = this.#sovereign;
    const { digests, purpose, grounds, note } = release;
    const { state: peer, id: officer, notAfterSeconds } = to.officer;
    const atSeconds = this.#now();
    const { record, disclosures } = this.hand(view, new Set(digests));
    const content = { record, disclosures, atSeconds, purpose, ...(note !== undefined && { note }) };
    const bytes = await sealLetter(content, self.state, to, entropy);
    const letterDigest = sha256(bytes);
    const entry: LetterEntry = { kind: 'letter', officer, letterDigest, atSeconds };
    const stands = this.noteFor(view, peer, grounds, atSeconds);
    return {
      id: toHex(letterDigest),
      entry,
      leaf: encodeLedgerEntry(entry),
      bytes,
      note: { ...stands, untilSeconds: Math.min(stands.untilSeconds ?? notAfterSeconds, notAfterSeconds) },
    };
  }

  /** Whether everything that a letter shows would be released to its officer by today's rules. */
  async recheckLetter(view: View, sent: SentLetterRow): Promise<boolean> {
    const { peer, officer, purpose, digests, atSeconds } = sent;
    const grounds = await groundsOf(this.#sovereign, view, peer, { releasedAtSeconds: atSeconds });
    const asked = { mode: 'letter', purpose, addressee: officer } as const;
    const decision = this.isHeld(peer)
      ? undefined
      : this.decideAsked(view, peer, asked, withShown(grounds, digests), this.#now());
    return decision?.outcome === 'release' && digests.every((digest) => decision.released.has(digest));
  }

  #policyFor(view: View, peer: StateId, atSeconds: number = this.#now()): CompiledPolicy | undefined {
    const { policy, peers } = this.#sovereign;
    // Nobody is handed his own record, and nobody whom we do not serve is handed anything.
    if (policy === undefined || view.header.issuer === peer || !peers.isServed(peer, atSeconds))
      return undefined;
    return policy.compiled;
  }
}

/** Grounds for a time before now: that officers have said something since, no clock has made up. */
function asOf(grounds: Grounds, seconds: number, nowSeconds: number): Grounds {
  const { approvals } = grounds;
  if (approvals === undefined) return grounds;
  return {
    ...grounds,
    approvals: approvals.map((fact) =>
      fact.atSeconds > seconds && fact.atSeconds <= nowSeconds ? { ...fact, atSeconds: seconds } : fact,
    ),
  };
}

function keepsAll({ decision: { released, held } }: Decided): boolean {
  return released.size === 0 && held.size === 0;
}

/** Of decisions for two times that which releases less; undefined, so nothing, where each releases something else. */
function lesser(now: Decided, known: Decided): Decided | undefined {
  if (isWithin(now.decision.released, known.decision.released)) return now;
  return isWithin(known.decision.released, now.decision.released) ? known : undefined;
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((digest) => all.has(digest));
}

/** A limit that a letter has reached by itself does not hold it back. */
function withShown(grounds: Grounds, digests: readonly string[]): Grounds {
  const { account } = grounds;
  if (account === undefined) return grounds;
  return { ...grounds, account: { ...account, already: new Set([...account.already, ...digests]) } };
}
