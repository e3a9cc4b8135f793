import type { KnownOfficer } from '@comity/approval';
import { fromHex, sha256, toHex } from '@comity/digest';
import {
  type CompiledPolicy,
  decideRecord,
  explainRecord,
  type Mode,
  permittedTypes,
  type RecordDecision,
  type RecordTrace,
  type RecordTypes,
  type Situation,
} from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { sealLetter } from '@comity/letter';
import { encodeLedgerEntry, type LetterEntry, type ReleaseEntry, type ReleaseMode } from '@comity/log';
import { closeUpward, disclosuresFor, isAboutRecord, type RecordId, type View } from '@comity/record';
import type { SentLetterRow } from '@comity/store';
import { changeAfter } from './due.ts';
import { type Grounds, groundsOf, withRelease } from './grounds.ts';
import { type HeldParts, heldIn, waiting } from './held-parts.ts';
import type { LetterRelease, PlannedLetter } from './planned-letter.ts';
import type { Sovereign } from './sovereign.ts';
import { standingPurposes } from './standing-purposes.ts';
import { hasOtherwise, isOwnOf, toldOf } from './tells-of.ts';

/** What is to be handed to one peer of one record: an entry for its release ledger. */
export interface PlannedRelease {
  readonly peer: StateId;
  readonly recordId: RecordId;
  readonly entry: ReleaseEntry;
  /** Leaf data of the ledger. */
  readonly leaf: Uint8Array;
  /** Under which revision of policy and recognitions it was decided, and until when that decision can stand unexamined. */
  readonly note: ReleaseNote;
  /** What it went by, for the audit log. */
  readonly by: ReleasedBy;
}

/** What lets parts go, besides the policy as a whole. */
export interface ReleasedBy {
  /** Names of the rules that are cited for the parts, ascending. */
  readonly rules: readonly string[];
  /** Ids of release-grants that the parts need, ascending. */
  readonly grants: readonly string[];
  /** Officers who have approved parts of it, ascending. */
  readonly officers: readonly string[];
}

/** Kept beside a ledger entry, unsigned: lets the door serve it again without deciding again while nothing has changed. */
export interface ReleaseNote {
  readonly revision: number;
  readonly untilSeconds: number | null;
}

/** What is to be handed to one peer of one record unasked, and what waits for a person. */
export interface Plan {
  readonly releases: readonly PlannedRelease[];
  readonly held: readonly HeldParts[];
}

/** What was asked for, by a question or by whoever writes a letter: what is handed over unasked is nobody's question. */
export interface AskedFor {
  readonly mode: Mode;
  readonly purpose: string;
  /** The officer of the peer whom a letter is for. */
  readonly addressee?: string;
}

/** What is decided about a record and a peer for one of the purposes for which records are handed over unasked. */
export interface Standing {
  readonly purpose: string;
  readonly decision: RecordDecision;
  /** Digests that are released and that the peer does not have, nor gets for a purpose before. */
  readonly fresh: readonly string[];
  /** On what is decided after their release. */
  readonly after: Grounds;
}

/** What was decided, as far as an entry says it. */
export interface Release {
  readonly digests: readonly string[];
  readonly mode: ReleaseMode;
  readonly purpose: string;
  readonly grounds: Grounds;
  readonly decision: Pick<RecordDecision, 'parts'>;
}

const NO_TYPES: RecordTypes = new Set();
const NONE: ReadonlySet<RecordId> = new Set();

/** What leaves the node for one recipient. */
export interface Handover {
  readonly record: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
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
    { mode, purpose, addressee }: AskedFor,
    grounds: Grounds,
    atSeconds?: number,
  ): RecordDecision | undefined {
    // The clock is read before it is judged: what is decided by has passed.
    const timeSeconds = atSeconds ?? this.#now();
    if (atSeconds === undefined && this.#sovereign.clock.isHeld) return undefined;
    const policy = this.#policyFor(view, peer, timeSeconds);
    const left = policy && this.#sovereign.orders.remainderOf(view);
    if (policy === undefined || left === undefined) return undefined;
    const state = this.#sovereign.peers.recipientOf(peer);
    const recipient = addressee === undefined ? state : { ...state, officer: addressee };
    return decideRecord(left, recipient, this.situation(mode, purpose, grounds, timeSeconds), policy);
  }

  explain(view: View, peer: StateId, mode: Mode, purpose: string, grounds: Grounds): RecordTrace | undefined {
    const policy = this.#sovereign.clock.isHeld ? undefined : this.#policyFor(view, peer);
    const left = policy && this.#sovereign.orders.remainderOf(view);
    if (policy === undefined || left === undefined) return undefined;
    const recipient = this.#sovereign.peers.recipientOf(peer);
    return explainRecord(left, recipient, this.situation(mode, purpose, grounds), policy);
  }

  /** Record types of which a peer may be handed anything at all in a mode and for a purpose, before any record is looked at. */
  reach(peer: StateId, mode: Mode, purpose: string): RecordTypes {
    const { policy, peers } = this.#sovereign;
    if (policy === undefined || !peers.isServed(peer, this.#now())) return NO_TYPES;
    return permittedTypes(policy.compiled, peers.recipientOf(peer), { mode, purpose });
  }

  /** Purposes for which the policy hands records over unasked. */
  purposes(mode: 'push' | 'relay'): readonly string[] {
    const { policy } = this.#sovereign;
    return policy === undefined ? [] : standingPurposes(policy.compiled.policy, mode);
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
    for (const purpose of this.purposes(mode)) {
      const decision = this.decide(view, peer, mode, purpose, current, atSeconds);
      if (decision === undefined) continue;
      const fresh = beyond(decision.released, known);
      if (fresh.length > 0) current = withRelease(current, fresh, atSeconds ?? this.#now());
      for (const digest of fresh) known.add(digest);
      yield { purpose, decision, fresh, after: current };
    }
  }

  /**
   * What a peer is still to be given of a record: one entry for each purpose under which something new is released; and what
   * of it waits for a person. Unasked, and in answer to questions what officers have let go since.
   *
   * @param already digests released to the peer so far
   * @param asked modes and purposes of questions that parts of the record wait to answer
   * @param unasked whether it is given anything unasked
   */
  plan(
    view: View,
    peer: StateId,
    grounds: Grounds,
    already: ReadonlySet<string>,
    { asked = [], unasked = true }: { readonly asked?: readonly AskedFor[]; readonly unasked?: boolean } = {},
  ): Plan {
    const mode = this.standingMode(view);
    const given = new Set(already);
    const releases: PlannedRelease[] = [];
    let current = grounds;
    const release = (
      mode: ReleaseMode,
      purpose: string,
      decision: RecordDecision,
      fresh: readonly string[],
    ): void => {
      if (fresh.length === 0) return;
      // With what the fresh parts stand in, also where that went out before: an entry can be opened by itself.
      const digests = [...closeUpward(view, fresh)];
      releases.push(this.entryFor(view, peer, { digests, mode, purpose, grounds: current, decision }));
      for (const digest of fresh) given.add(digest);
      current = withRelease(current, fresh, this.#now());
    };
    const standing: HeldParts[] = [];
    for (const { purpose, decision, fresh } of unasked ? this.standing(view, peer, grounds, already) : []) {
      release(mode, purpose, decision, fresh);
      standing.push(...heldIn(view, decision, { mode, purpose }));
    }
    const purposes = this.purposes(mode);
    const answers = asked
      .filter((each) => !unasked || each.mode !== mode || !purposes.includes(each.purpose))
      .map((each) => {
        const decision = this.decideAsked(view, peer, each, current);
        if (decision === undefined) return [];
        const { mode, purpose } = each;
        const letGo = approvedIn(grounds, each);
        const fresh = beyond(decision.released, given).filter((digest) => letGo.has(digest));
        // A letter is written by somebody, and never by itself.
        if (mode !== 'letter') release(mode, purpose, decision, fresh);
        return heldIn(view, decision, each);
      });
    const held = [standing, ...answers].flatMap((each) => waiting(each, given));
    return { releases, held };
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
      by: releasedBy(release, atSeconds),
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
    if (this.#sovereign.clock.isHeld || !this.#sovereign.peers.isServed(peer, atSeconds)) return false;
    return note.revision === this.revision && (note.untilSeconds === null || atSeconds < note.untilSeconds);
  }

  /**
   * Content for a ledger entry, decided again: the record with exactly the entry's disclosures, or undefined where today's
   * rules no longer allow one of them. Then the entry goes out bare; nothing is handed over by half.
   */
  async recheck(view: View, peer: StateId, entry: ReleaseEntry): Promise<Handover | undefined> {
    const grounds = await groundsOf(this.#sovereign, view, peer, { releasedAtSeconds: entry.atSeconds });
    const decision = this.decide(view, peer, entry.mode, entry.purpose, grounds);
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
    const decision = this.decideAsked(view, peer, asked, withShown(grounds, digests));
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

/** @throws Fault peer.suspended, peer.unknown, peer.not-confirmed */
export function assertServed(sovereign: Sovereign, peer: StateId): void {
  assertRecognised(sovereign, peer);
  if (sovereign.peers.isConfirmed(peer)) return;
  throw new Fault('peer.not-confirmed', 'the peer has not confirmed what this state has signed about both', {
    fields: { peer },
  });
}

/** For what two nodes say to each other before both sides have confirmed. @throws Fault peer.suspended, peer.unknown */
export function assertRecognised({ peers, now }: Sovereign, peer: StateId): void {
  if (peers.isRecognised(peer, now())) return;
  throw new Fault(
    peers.get(peer)?.suspended === true ? 'peer.suspended' : 'peer.unknown',
    'the peer is not served',
  );
}

/** A limit that a letter has reached by itself does not hold it back. */
function withShown(grounds: Grounds, digests: readonly string[]): Grounds {
  const { account } = grounds;
  if (account === undefined) return grounds;
  return { ...grounds, account: { ...account, already: new Set([...account.already, ...digests]) } };
}

/** What is cited for these parts: rules, consents where the label alone would not do, and officers who let them go. */
function releasedBy({ digests, mode, purpose, grounds, decision }: Release, atSeconds: number): ReleasedBy {
  const going = new Set(digests);
  const { approvals = [], consents = [] } = grounds;
  const isAbout = (parts: ReadonlySet<string> | 'all'): boolean =>
    parts === 'all' || digests.some((digest) => parts.has(digest));
  const rules = decision.parts.flatMap(({ digest, rule }) =>
    rule !== undefined && going.has(digest) ? [rule] : [],
  );
  const approving = approvals.filter(
    (fact) =>
      fact.decision === 'approve' &&
      fact.mode === mode &&
      fact.purpose === purpose &&
      fact.atSeconds <= atSeconds &&
      atSeconds < fact.notAfterSeconds &&
      isAbout(fact.parts),
  );
  const granting = consents.filter(
    (consent) =>
      consent.purposes.includes(purpose) &&
      consent.fromSeconds <= atSeconds &&
      atSeconds < consent.untilSeconds &&
      isAbout(consent.parts),
  );
  return {
    rules: [...new Set(rules)].sort(),
    grants: [...new Set(granting.map(({ grant }) => grant))].sort(),
    officers: [...new Set(approving.map(({ officer }) => officer))].sort(),
  };
}

function beyond(digests: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...digests].filter((digest) => !known.has(digest));
}

/** Parts of what was asked for that officers have approved. What may go for another reason is asked for again. */
function approvedIn({ approvals = [] }: Grounds, { mode, purpose }: AskedFor): ReadonlySet<string> {
  const facts = approvals.filter(
    (fact) => fact.decision === 'approve' && fact.mode === mode && fact.purpose === purpose,
  );
  return new Set(facts.flatMap(({ parts }) => [...parts]));
}
