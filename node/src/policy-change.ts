import {
  type Account,
  lastEmbargoEnd,
  type Mode,
  type PartDecision,
  pushPurposes,
  type RecordDecision,
} from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { type Grounds, groundsOf } from './grounds.ts';
import type { Peer } from './peers.ts';
import { ReleaseDoor } from './release.ts';
import type { PolicyInForce, Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';

/**
 * What becomes of a part for a peer: handed over, waiting for a person, handed over by itself when an embargo ends, kept. In
 * this order from most to least, where the purposes of a policy come to different outcomes.
 */
export const FATES = ['release', 'hold', 'embargo', 'withhold'] as const;
export type Fate = (typeof FATES)[number];

/** One part of one record that becomes another fate for a peer under another policy. */
export interface PartChange {
  /** Code of the peer. */
  readonly peer: string;
  readonly mode: Mode;
  readonly was: Fate;
  readonly becomes: Fate;
  readonly type: string;
  /** Path, with `[*]` for each element of a list. */
  readonly part: string;
  /** Why, under the other policy. */
  readonly reason: string;
  readonly rule: string | null;
  /** The rule under the policy of before. */
  readonly ruleBefore: string | null;
}

/** A change, with the part of the view that it is in. */
export interface FoundChange {
  /** Digest of the outermost part around it; its own where it stands in none. */
  readonly root: string;
  readonly change: PartChange;
}

interface PartFate {
  readonly fate: Fate;
  readonly reason: string;
  readonly rule: string | null;
}

/** Decisions about one view for one peer, those for the time when no embargo runs any more, and the account looked at. */
interface Decided {
  readonly decisions: readonly RecordDecision[];
  readonly later: readonly RecordDecision[];
  readonly account: Account | undefined;
}

const NOTHING_DECIDED: Decided = { decisions: [], later: [], account: undefined };
const NOTHING_GIVEN: ReadonlySet<string> = new Set();
/** Reaches neither a limit nor a ratio. */
const UNREACHED: Account = { already: NOTHING_GIVEN, given: 0, received: 0, releasesSince: () => 0 };
const NO_PERMIT: PartFate = { fate: 'withhold', reason: 'no-permit', rule: null };

/**
 * A node as it would be under a policy, at one time: it decides as the node does, by the same code. Nothing is handed over
 * by it.
 */
export class PolicyWorld {
  readonly #sovereign: Sovereign;
  readonly #atSeconds: number;
  readonly #purposes: Readonly<Record<Mode, readonly string[]>>;
  /** Releases beside those of the ledgers, to peers that are counted. */
  readonly #releases = new Map<StateId, number>();
  /** Of records that retractions withdraw: whether a peer is handed any of them. */
  readonly #handed = new Map<string, Promise<boolean>>();

  constructor(sovereign: Sovereign, policy: PolicyInForce | undefined, atSeconds: number) {
    const world: Sovereign = { ...sovereign, policy, now: () => atSeconds };
    this.#sovereign = Object.assign(world, { door: new ReleaseDoor(world, sovereign.door.revision) });
    this.#atSeconds = atSeconds;
    const { door } = this.#sovereign;
    this.#purposes = {
      push: door.purposes('push'),
      relay: door.purposes('relay'),
      query: policy === undefined ? [] : pushPurposes(policy.compiled.policy, 'query'),
    };
  }

  /**
   * Whether limits or reciprocity hold something from a peer, so that what it is handed of a record depends on what it was
   * handed of others.
   */
  isCounted({ state }: Peer): boolean {
    const { limits = [], reciprocity = [] } = this.#sovereign.policy?.compiled.policy ?? {};
    return [...limits, ...reciprocity].some(({ states }) => states.has(state));
  }

  /** Whether any rule is for what is handed over unasked and not for answers, or the other way round. */
  get tellsAnswersApart(): boolean {
    const { rules = [] } = this.#sovereign.policy?.compiled.policy ?? {};
    return rules.some(
      ({ modes }) => modes !== undefined && modes.includes('push') !== modes.includes('query'),
    );
  }

  /** What is decided about a view for a peer, for each purpose; nothing where it is handed none of it for any. */
  async decisionsOf(view: View, peer: Peer, mode: Mode): Promise<Decided> {
    const purposes = this.#purposes[mode];
    if (purposes.length === 0 || !(await this.#concerns(view, peer.state))) return NOTHING_DECIDED;
    const read = await groundsOf(this.#sovereign, view, peer.state);
    const grounds = read.account === undefined ? read : { ...read, account: this.#grown(read.account, peer) };
    return this.#decide(view, peer, mode, grounds);
  }

  /**
   * What would be decided if no limit were reached, of a record about which nothing else is known: whatever is withheld then
   * is withheld however much was handed over before.
   */
  unlimited(view: View, peer: Peer, mode: Mode): Decided {
    return this.#decide(view, peer, mode, { account: UNREACHED });
  }

  #decide(view: View, peer: Peer, mode: Mode, grounds: Grounds): Decided {
    const { door } = this.#sovereign;
    const given = grounds.account?.already ?? NOTHING_GIVEN;
    const decideAll = (atSeconds: number): RecordDecision[] =>
      mode === 'query'
        ? this.#purposes.query.flatMap(
            (purpose) => door.decide(view, peer.state, mode, purpose, grounds, atSeconds) ?? [],
          )
        : [...door.standing(view, peer.state, grounds, given, atSeconds)].map(({ decision }) => decision);
    const decisions = decideAll(this.#atSeconds);
    const laterSeconds = decisions.some(isEmbargoed) ? this.#lastEmbargoEnd(view) : undefined;
    const later = laterSeconds === undefined ? [] : decideAll(laterSeconds);
    return { decisions, later, account: grounds.account };
  }

  #lastEmbargoEnd(view: View): number | undefined {
    const { policy } = this.#sovereign;
    return policy && lastEmbargoEnd(view, policy.compiled, this.#atSeconds);
  }

  /**
   * Counts what is handed over to a peer unasked, for the records that follow, as planning does: of a peer that is counted,
   * all records are to be asked about in the order of their arrival.
   */
  async count({ header }: View, { state }: Peer, { decisions, account }: Decided): Promise<void> {
    if (account === undefined) return;
    const releases = freshReleases(decisions, account.already);
    if (releases === 0) return;
    this.#releases.set(state, (this.#releases.get(state) ?? 0) + releases);
    // Asked when the retraction is looked at, a limit may be reached.
    const retractions = await this.#sovereign.store.records('real').retractionsOf(header.id);
    if (retractions.length > 0) this.#handed.set(`${header.id} ${state}`, Promise.resolve(true));
  }

  /** An account with what is handed over under this policy besides. */
  #grown(account: Account, { state }: Peer): Account {
    const more = this.#releases.get(state) ?? 0;
    return {
      ...account,
      given: account.given + more,
      releasesSince: (fromSeconds) =>
        account.releasesSince(fromSeconds) + (this.#atSeconds > fromSeconds ? more : 0),
    };
  }

  /** As `ReleaseDoor.concerns`, also where what a retraction withdraws is handed over only under this policy. */
  async #concerns(view: View, peer: StateId): Promise<boolean> {
    const { retracts } = view.header;
    if (retracts === undefined) return true;
    return (await this.#sovereign.door.concerns(view, peer)) || this.#isHanded(retracts, peer);
  }

  #isHanded(record: RecordId, peer: StateId): Promise<boolean> {
    const key = `${record} ${peer}`;
    const known = this.#handed.get(key);
    if (known !== undefined) return known;
    const handed = this.#askWhetherHanded(record, peer);
    this.#handed.set(key, handed);
    return handed;
  }

  async #askWhetherHanded(id: RecordId, state: StateId): Promise<boolean> {
    const { store, peers, door } = this.#sovereign;
    const [record, peer] = [await store.records('real').get(id), peers.get(state)];
    if (record === undefined || peer === undefined || isSource(record, state)) return false;
    const view = openReadable(this.#sovereign, record);
    if (view === undefined) return false;
    const { decisions } = await this.decisionsOf(view, peer, door.standingMode(view));
    return decisions.some(({ outcome }) => outcome === 'release');
  }
}

/** Whether this node has a record from a peer, and so hands it none of it unasked. */
export function isSource({ sources }: Pick<StoredRecord, 'sources'>, state: StateId): boolean {
  return sources.some(({ peer }) => peer === state);
}

/** Entries that the ledger gets: one for each purpose under which something new is released. */
function freshReleases(decisions: readonly RecordDecision[], already: ReadonlySet<string>): number {
  const given = new Set(already);
  let releases = 0;
  for (const { released } of decisions) {
    const fresh = [...released].filter((digest) => !given.has(digest));
    if (fresh.length > 0) releases += 1;
    for (const digest of fresh) given.add(digest);
  }
  return releases;
}

function isEmbargoed({ envelope, parts }: RecordDecision): boolean {
  return envelope.reason === 'embargo' || parts.some(({ reason }) => reason === 'embargo');
}

/** Whether nothing is handed over or held, now or when the embargoes are over. */
function isNothing({ decisions, later }: Decided): boolean {
  return later.length === 0 && decisions.every(({ outcome }) => outcome === 'withhold');
}

/** The parts that are handed over, held or embargoed, each by the digest of the outermost around it. */
export function reachedRoots(view: View, { decisions, later }: Decided): ReadonlySet<string> {
  const reached = new Set([...decisions, ...later].flatMap(({ released, held }) => [...released, ...held]));
  const parts = view.parts.filter(({ digest }) => reached.has(digest));
  return new Set(parts.map(({ digest, ancestors }) => ancestors[0] ?? digest));
}

/** By digest of the part, the most that any of the decisions comes to. */
function fatesIn({ decisions, later }: Decided): ReadonlyMap<string, PartFate> {
  const fates = new Map<string, PartFate>();
  for (const decision of decisions) {
    for (const part of decision.parts) {
      const fate = fateOf(part, decision);
      if (isMore(fate, fates.get(part.digest))) fates.set(part.digest, fate);
    }
  }
  for (const { parts, released } of later) {
    for (const { digest, rule } of parts) {
      const fate: PartFate = { fate: 'embargo', reason: 'embargo', rule: rule ?? null };
      if (released.has(digest) && isMore(fate, fates.get(digest))) fates.set(digest, fate);
    }
  }
  return fates;
}

function isMore({ fate }: PartFate, known: PartFate | undefined): boolean {
  return known === undefined || FATES.indexOf(fate) < FATES.indexOf(known.fate);
}

function fateOf(part: PartDecision, { envelope, released, held }: RecordDecision): PartFate {
  // Nobody reaches a part whose envelope is withheld: then the envelope's reason is the one that helps.
  const { reason, rule, check } = envelope.outcome === 'withhold' ? envelope : part;
  const because = { reason: check === undefined ? reason : `${check} ${reason}`, rule: rule ?? null };
  if (released.has(part.digest)) return { fate: 'release', ...because };
  return { fate: held.has(part.digest) ? 'hold' : 'withhold', ...because };
}

/** What changes for a view and a peer from one policy to another, in one mode. */
export async function changesOf(
  { before, after }: { readonly before: PolicyWorld; readonly after: PolicyWorld },
  view: View,
  peer: Peer,
  mode: Mode,
): Promise<FoundChange[]> {
  const [old, fresh] = [
    await before.decisionsOf(view, peer, mode),
    await after.decisionsOf(view, peer, mode),
  ];
  if (mode !== 'query') {
    await before.count(view, peer, old);
    await after.count(view, peer, fresh);
  }
  // The usual case: a label keeps the record from the peer, whatever the policy.
  if (isNothing(old) && isNothing(fresh)) return [];
  const [fatesBefore, fatesAfter] = [fatesIn(old), fatesIn(fresh)];
  return view.parts.flatMap(({ digest, pathText, ancestors }) => {
    const was = fatesBefore.get(digest) ?? NO_PERMIT;
    const { fate, reason, rule } = fatesAfter.get(digest) ?? NO_PERMIT;
    if (fate === was.fate) return [];
    const change = {
      peer: peer.code,
      mode,
      was: was.fate,
      becomes: fate,
      type: view.header.type,
      part: pathText.replaceAll(/\[\d+\]/g, '[*]'),
      reason,
      rule,
      ruleBefore: was.rule,
    };
    return { root: ancestors[0] ?? digest, change };
  });
}
