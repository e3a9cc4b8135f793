import {
  type Account,
  type Embargo,
  pushPurposes,
  type RecordDecision,
  runningEmbargoes,
} from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { ReleaseMode } from '@comity/log';
import { isAboutRecord, type RecordId, recordAbout, type View } from '@comity/record';
import type { Peer } from '../peers/peers.ts';
import { givenBy, openReadable } from '../records/stored-view.ts';
import { type Grounds, groundsOf } from '../release/grounds.ts';
import { ReleaseDoor } from '../release.ts';
import type { PolicyInForce, Sovereign } from '../sovereign.ts';

/** What is decided when an embargo ends. */
export interface Later {
  readonly embargo: Embargo;
  readonly endSeconds: number;
  readonly decisions: readonly RecordDecision[];
}

/** Decisions about one view for one peer, those for when embargoes end, from the first to the last, and the account looked at. */
export interface Decided {
  readonly decisions: readonly RecordDecision[];
  readonly later: readonly Later[];
  readonly account: Account | undefined;
}

const NOTHING_DECIDED: Decided = { decisions: [], later: [], account: undefined };
const NOTHING_GIVEN: ReadonlySet<string> = new Set();
/** Reaches neither a limit nor a ratio. */
const UNREACHED: Account = { already: NOTHING_GIVEN, given: 0, received: 0, releasesSince: () => 0 };

/**
 * A node as it would be under a policy, at one time: it decides as the node does, by the same code. Nothing is handed over
 * by it.
 */
export class PolicyWorld {
  readonly #sovereign: Sovereign;
  readonly #atSeconds: number;
  readonly #queryPurposes: readonly string[];
  /** Releases beside those of the ledgers, to peers that are counted. */
  readonly #releases = new Map<StateId, number>();
  /** Of records that others withdraw or are about: whether a peer is handed any of them. */
  readonly #handed = new Map<string, Promise<boolean>>();

  constructor(sovereign: Sovereign, policy: PolicyInForce | undefined, atSeconds: number) {
    const world: Sovereign = { ...sovereign, policy, now: () => atSeconds };
    this.#sovereign = Object.assign(world, { door: new ReleaseDoor(world, sovereign.door.revision) });
    this.#atSeconds = atSeconds;
    this.#queryPurposes = policy === undefined ? [] : pushPurposes(policy.compiled.policy, 'query');
  }

  /**
   * Whether limits or reciprocity hold something from a peer, so that what it is handed of a record depends on what it was
   * handed of others.
   */
  isCounted({ state }: Peer): boolean {
    const { limits = [], reciprocity = [] } = this.#sovereign.policy?.compiled.policy ?? {};
    return [...limits, ...reciprocity].some(({ states }) => states.has(state));
  }

  /** Whether a rule or an entry asks for officers. */
  get asksOfficers(): boolean {
    const { rules = [], limits = [], reciprocity = [] } = this.#sovereign.policy?.compiled.policy ?? {};
    return limits.length + reciprocity.length > 0 || rules.some(({ approve }) => approve !== undefined);
  }

  /** Whether any rule is for what is handed over unasked and not for answers, or the other way round. */
  get tellsAnswersApart(): boolean {
    const { rules = [] } = this.#sovereign.policy?.compiled.policy ?? {};
    return rules.some(
      ({ modes }) => modes !== undefined && modes.includes('push') !== modes.includes('query'),
    );
  }

  /** What is decided about a view for a peer, for each purpose; nothing where it is handed none of it for any. */
  async decisionsOf(view: View, peer: Peer, mode: ReleaseMode): Promise<Decided> {
    const purposes =
      mode === 'query' ? this.#queryPurposes : this.#sovereign.door.purposes(mode, view.header.type);
    if (purposes.length === 0 || !(await this.#concerns(view, peer.state))) return NOTHING_DECIDED;
    const read = await groundsOf(this.#sovereign, view, peer.state);
    const grounds = read.account === undefined ? read : { ...read, account: this.#grown(read.account, peer) };
    return this.#decide(view, peer, mode, grounds);
  }

  /**
   * What would be decided if no limit were reached, of a record about which nothing else is known: whatever is withheld then
   * is withheld however much was handed over before.
   */
  unlimited(view: View, peer: Peer, mode: ReleaseMode): Decided {
    return this.#decide(view, peer, mode, { account: UNREACHED });
  }

  #decide(view: View, peer: Peer, mode: ReleaseMode, grounds: Grounds): Decided {
    const { door } = this.#sovereign;
    const given = grounds.account?.already ?? NOTHING_GIVEN;
    const decideAll = (atSeconds: number): RecordDecision[] =>
      mode === 'query'
        ? this.#queryPurposes.flatMap(
            (purpose) => door.decide(view, peer.state, mode, purpose, grounds, atSeconds) ?? [],
          )
        : [...door.standing(view, peer.state, grounds, given, atSeconds)].map(({ decision }) => decision);
    const decisions = decideAll(this.#atSeconds);
    const later = decisions.some(isEmbargoed)
      ? this.#embargoes(view).map((each) => ({ ...each, decisions: decideAll(each.endSeconds) }))
      : [];
    return { decisions, later, account: grounds.account };
  }

  /** One of those that end together. */
  #embargoes(view: View): readonly Omit<Later, 'decisions'>[] {
    const { policy } = this.#sovereign;
    if (policy === undefined) return [];
    const running = runningEmbargoes(view, policy.compiled, this.#atSeconds);
    return running.filter(({ endSeconds }, place) => running[place - 1]?.endSeconds !== endSeconds);
  }

  /**
   * Counts what is handed over to a peer unasked, for the records that follow, as planning does: of a peer that is counted,
   * all records are to be asked about in the order of their arrival.
   */
  async count(
    { header }: View,
    { state }: Peer,
    { decisions, account }: Decided,
    gave: ReadonlySet<string>,
  ): Promise<void> {
    if (account === undefined) return;
    const releases = freshReleases(decisions, new Set([...account.already, ...gave]));
    if (releases === 0) return;
    this.#releases.set(state, (this.#releases.get(state) ?? 0) + releases);
    // Asked when what tells of it is looked at, a limit may be reached.
    const { store, remarks } = this.#sovereign;
    const retractions = await store.records('real').retractionsOf(header.id);
    if (retractions.length > 0 || remarks.areAbout(header.id))
      this.#handed.set(`${header.id} ${state}`, Promise.resolve(true));
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

  /** As `ReleaseDoor.concerns`, also where the record that is told of is handed over only under this policy. */
  async #concerns(view: View, peer: StateId): Promise<boolean> {
    const named = view.header.retracts ?? recordAbout(view.header);
    if (named === undefined) return !isAboutRecord(view.header.type);
    return (await this.#sovereign.door.concerns(view, peer)) || this.#isHanded(named, peer);
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
    if (record === undefined || peer === undefined) return false;
    const gave = givenBy(record, state);
    if (gave === 'all') return false;
    const view = openReadable(this.#sovereign, record);
    if (view === undefined) return false;
    const { decisions } = await this.decisionsOf(view, peer, door.standingMode(view));
    return decisions.some(({ released }) => [...released].some((digest) => !gave.has(digest)));
  }
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
