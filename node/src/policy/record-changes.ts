import type { ReleaseMode } from '@comity/log';
import type { RecordId, View } from '@comity/record';
import { type StoredRecord, TABLES } from '@comity/store';
import type { NumberedKind } from '../jobs/record-sorter.ts';
import { claimedRecords } from '../officers/authorship.ts';
import type { Peer } from '../peers/peers.ts';
import { givenBy, NONE_GIVEN, openReadable, partsGiven } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';
import { type ChangeSet, type ChangeTally, NO_CHANGES } from './change-tally.ts';
import type { ComparedRecord } from './compared-records.ts';
import { changesOf, type FoundChange, reachedRoots } from './policy-change.ts';
import type { PolicyWorld } from './policy-world.ts';

/** What changes of one root of a view. */
interface RootChanges {
  /** For each of the peers that are alike, the number of the list of its changes. */
  readonly lists: readonly number[];
  /** Those of the peers that are counted who could be handed any of it under one of the policies. */
  readonly within: readonly Peer[];
}

/** What changes of records of one kind. */
interface KindChanges {
  /** For the peers that are alike. */
  readonly sets: readonly ChangeSet[];
  /** Those of the peers that are counted about whom is to be decided record by record. */
  readonly within: readonly Peer[];
}

/** Roots, kinds and lists of changes that are remembered: tens of megabytes, reached by hostile variety only. */
const MAX_KEPT = 131_072;

/**
 * What changes of records from one policy to another. A record is decided about where it has a part, with what is inside it,
 * of which nothing like it was decided about in a record with the same issuer, facts, envelope and sources: some hundreds of a
 * hundred thousand. All others follow from those.
 */
export class RecordChanges {
  readonly #sovereign: Sovereign;
  readonly #worlds: { readonly before: PolicyWorld; readonly after: PolicyWorld };
  readonly #tally: ChangeTally;
  /** Peers that are handed the same of all records of one kind … */
  readonly #alike: readonly Peer[];
  /** … and those of which limits count what they are handed. */
  readonly #counted: readonly Peer[];
  readonly #tellsAnswersApart: boolean;
  /** Records about which something is known beside what they say themselves. */
  readonly #particular: ReadonlySet<RecordId>;
  /** Records of which an officer has signed that he wrote them. */
  readonly #claimed: ReadonlySet<RecordId>;
  readonly #forgotten: () => void;
  /** By context, root and sources. */
  readonly #roots = new Map<string, RootChanges>();
  readonly #kinds = new Map<string, KindChanges>();

  private constructor(
    sovereign: Sovereign,
    worlds: { readonly before: PolicyWorld; readonly after: PolicyWorld },
    peers: readonly Peer[],
    tally: ChangeTally,
    { particular, claimed }: Record<'particular' | 'claimed', ReadonlySet<RecordId>>,
    forgotten: () => void,
  ) {
    this.#forgotten = forgotten;
    this.#sovereign = sovereign;
    this.#worlds = worlds;
    this.#tally = tally;
    this.#particular = particular;
    this.#claimed = claimed;
    const isCounted = (peer: Peer): boolean => worlds.before.isCounted(peer) || worlds.after.isCounted(peer);
    this.#alike = peers.filter((peer) => !isCounted(peer));
    this.#counted = peers.filter(isCounted);
    this.#tellsAnswersApart = worlds.before.tellsAnswersApart || worlds.after.tellsAnswersApart;
  }

  /** @param forgotten called when what was decided about kinds is not known any more */
  static async between(
    sovereign: Sovereign,
    worlds: { readonly before: PolicyWorld; readonly after: PolicyWorld },
    peers: readonly Peer[],
    tally: ChangeTally,
    forgotten: () => void,
  ): Promise<RecordChanges> {
    const isAsking = worlds.before.asksOfficers || worlds.after.asksOfficers;
    const known = {
      particular: await particularRecords(sovereign),
      claimed: isAsking ? await claimedRecords(sovereign) : new Set<RecordId>(),
    };
    return new RecordChanges(sovereign, worlds, peers, tally, known, forgotten);
  }

  /** Whether something is known of a record beside what it says itself. */
  isParticular(record: RecordId): boolean {
    return this.#particular.has(record);
  }

  /**
   * What changes of a record: for each peer for which something does, one set; undefined where it does not open. Records are to
   * be asked about in the order of their arrival.
   */
  async of(compared: ComparedRecord): Promise<readonly ChangeSet[] | undefined> {
    const { id, kind } = compared;
    if (kind === undefined) return undefined;
    // Of what several gave, each has other parts.
    if (
      kind === null ||
      this.#particular.has(id) ||
      compared.sources.some(({ parts }) => parts !== undefined)
    )
      return this.#decide(compared, [...this.#alike, ...this.#counted]);
    const changes = await this.#byKind(compared, kind);
    if (changes === undefined || changes.within.length === 0) return changes?.sets;
    const counted = await this.#decide(compared, changes.within);
    return counted && [...changes.sets, ...counted];
  }

  async #byKind(
    compared: ComparedRecord,
    { kind, context, roots }: NumberedKind,
  ): Promise<KindChanges | undefined> {
    // Of a record whose author is proven fewer officers have to approve.
    const sources = `${sourcesText(compared)}${this.#claimed.has(compared.id) ? ' claimed' : ''}`;
    const key = `${kind} ${sources}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    if (this.#roots.size + this.#kinds.size + this.#tally.size > MAX_KEPT) this.#forget();
    const keys = roots.map((root) => `${context} ${root} ${sources}`);
    if (keys.some((each) => !this.#roots.has(each)) && !(await this.#decideRoots(compared, keys)))
      return undefined;
    const found = keys.flatMap((each) => this.#roots.get(each) ?? []);
    const sets = this.#alike
      .map((_, place) => this.#tally.setOf(found.map(({ lists }) => lists[place] ?? NO_CHANGES)))
      .filter((set) => set !== undefined);
    const changes = { sets, within: [...new Set(found.flatMap(({ within }) => within))] };
    this.#kinds.set(key, changes);
    return changes;
  }

  /**
   * @param keys of the roots, in the order of the view
   * @returns whether the record opens
   */
  async #decideRoots(compared: ComparedRecord, keys: readonly string[]): Promise<boolean> {
    const record = await compared.read();
    const view = record && openReadable(this.#sovereign, record);
    if (record === undefined || view === undefined) return false;
    const digests = view.parts.filter(({ ancestors }) => ancestors.length === 0).map(({ digest }) => digest);
    const found: Map<string, FoundChange[]>[] = [];
    for (const peer of this.#alike)
      found.push(Map.groupBy(await this.#commonChanges(view, record, peer), ({ root }) => root));
    const reached = this.#counted.map((peer) => this.#reachedRoots(view, record, peer));
    for (const [place, key] of keys.entries()) {
      const digest = digests[place] ?? '';
      const lists = found.map((changes) =>
        this.#tally.numberOf((changes.get(digest) ?? []).map(({ change }) => change)),
      );
      const within = this.#counted.filter((_, index) => reached[index]?.has(digest));
      this.#roots.set(key, { lists, within });
    }
    return true;
  }

  #reachedRoots(view: View, record: StoredRecord, peer: Peer): ReadonlySet<string> {
    const { before, after } = this.#worlds;
    const reached = this.#modesFor(view, record, peer).flatMap((mode) =>
      [before, after].flatMap((world) => [...reachedRoots(view, world.unlimited(view, peer, mode))]),
    );
    return new Set(reached);
  }

  /** Decides about one record for itself. */
  async #decide(compared: ComparedRecord, peers: readonly Peer[]): Promise<ChangeSet[] | undefined> {
    const record = await compared.read();
    const view = record && openReadable(this.#sovereign, record);
    if (record === undefined || view === undefined) return undefined;
    const sets: ChangeSet[] = [];
    for (const peer of peers) {
      const changes = await this.#changesFor(view, record, peer);
      const set = this.#tally.setOf([this.#tally.numberOf(changes.map(({ change }) => change))]);
      if (set !== undefined) sets.push(set);
    }
    return sets;
  }

  /** As `#changesFor`, of a record about which nothing else is known. */
  async #commonChanges(view: View, record: StoredRecord, peer: Peer): Promise<FoundChange[]> {
    const modes = this.#modesFor(view, record, peer);
    if (this.#tellsAnswersApart || !(modes.includes('push') && modes.includes('query')))
      return this.#changesFor(view, record, peer);
    // No label tells the two apart, and here no rule either.
    const unasked = await changesOf(this.#worlds, view, peer, 'push', NONE_GIVEN);
    const asked = unasked.map(({ root, change }) => ({
      root,
      change: { ...change, mode: 'query' as const },
    }));
    return [...unasked, ...asked];
  }

  async #changesFor(view: View, record: StoredRecord, peer: Peer): Promise<FoundChange[]> {
    const changes: FoundChange[] = [];
    for (const mode of this.#modesFor(view, record, peer))
      changes.push(...(await changesOf(this.#worlds, view, peer, mode, givenParts(record, peer, mode))));
    return changes;
  }

  /** Of what others issued, relaying is all that this state may do, asked or not; who gave a record is not handed it. */
  #modesFor(view: View, record: StoredRecord, { state }: Peer): readonly ReleaseMode[] {
    const { door, self } = this.#sovereign;
    const standing = givenBy(record, state) === 'all' ? [] : [door.standingMode(view)];
    return view.header.issuer === self.state ? [...standing, 'query'] : standing;
  }

  #forget(): void {
    this.#roots.clear();
    this.#kinds.clear();
    this.#tally.addUp();
    this.#forgotten();
  }
}

/** What a peer gave itself of what it is handed unasked. */
function givenParts(record: StoredRecord, { state }: Peer, mode: ReleaseMode): ReadonlySet<string> {
  return mode === 'query' ? NONE_GIVEN : partsGiven(givenBy(record, state));
}

function sourcesText({ sources }: Pick<ComparedRecord, 'sources'>): string {
  if (sources.length === 1 && sources[0]?.peer === null) return '';
  return [...new Set(sources.map(({ peer }) => peer ?? 'own'))].sort().join();
}

/** Records about which officers said something, to which there are consents, or about which there are orders. */
async function particularRecords({ store, orders, consents }: Sovereign): Promise<ReadonlySet<RecordId>> {
  const statements = await store.list(TABLES.approvals, []);
  const ordered = orders.all().flatMap(({ order }) => ('record' in order ? [order.record] : []));
  return new Set([...statements.map(({ key: [record] }) => record), ...consents.records, ...ordered]);
}
