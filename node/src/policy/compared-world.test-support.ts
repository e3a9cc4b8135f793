import { deepStrictEqual } from 'node:assert/strict';
import type { RecordId, View } from '@comity/record';
import type { PlainDraft } from '@comity/testkit';
import type { PartOutcome } from '../operations/shapes.ts';
import { assertAllowed, assertMergeWidensNothing } from '../release/handing-on.test-support.ts';
import { previewView } from '../release/preview.ts';
import type { World, WorldNode } from '../world.test-support.ts';

/** What a preview says of one record and one peer: by the digests of the parts that its holder has. */
export type Foreseen = ReadonlyMap<string, PartOutcome>;

/** One record that a node hands to another, or does not. */
export interface Passage {
  readonly from: WorldNode;
  readonly to: WorldNode;
  readonly record: RecordId;
}

export type PassageKey = `${string} ${string} ${string}`;

export function keyOf({ from, to, record }: Passage): PassageKey {
  return `${from.code} ${to.code} ${record}`;
}

/** A record of a world as its issuer holds it. */
export interface WorldRecord {
  readonly id: RecordId;
  readonly issuer: WorldNode;
  readonly view: View;
  /** As it was written. */
  readonly draft: PlainDraft;
}

/** Parts that came over a passage. */
export type Arrivals = Map<PassageKey, Set<string>>;

/** What is expected to come besides what a preview taken just before says. */
export interface Expected {
  /** Parts that answered a question: they are in the ledger as well. */
  readonly answered?: ReadonlyMap<PassageKey, ReadonlySet<string>>;
  /** What earlier previews said would come now by itself; absent where something has happened since they were made. */
  readonly foretold?: ReadonlyMap<PassageKey, ReadonlySet<string>>;
}

/** Longest time between two looks at what a count holds. */
const LOOK_AGAIN_SECONDS = 3_600;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * A world in which whatever comes is compared with what was foreseen. Each node in turn previews what it holds, does its work
 * and hands over; then everything that came must be what it had previewed, and everything that it previews then must have come.
 */
export class ComparedWorld {
  readonly world: World;
  readonly records = new Map<RecordId, WorldRecord>();
  readonly arrived: Arrivals = new Map();
  /** The newest preview of each passage. */
  readonly foreseen = new Map<PassageKey, Foreseen>();
  readonly #letGo: Arrivals = new Map();
  readonly #lateSince = new Map<PassageKey, ReadonlyMap<string, number>>();
  /** Nodes that sent or got an entry when a ledger was handed over last. */
  readonly #touched = new Set<WorldNode>();
  readonly #counts: boolean;

  /** @param counts whether policies count what they release */
  constructor(world: World, counts: boolean) {
    this.world = world;
    this.#counts = counts;
  }

  get nodes(): readonly WorldNode[] {
    return this.world.nodes;
  }

  /** Lets all nodes work and hand over until nothing comes any more. */
  async settle({ answered, foretold }: Expected = {}): Promise<void> {
    /** Nodes that hold more than when what is foretold was foretold. */
    const grown = new Set<WorldNode>();
    /** What nodes preview that neither sent nor got anything since. */
    const previewed = new Map<WorldNode, Map<PassageKey, Foreseen>>();
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = true;
      for (const from of this.nodes) {
        const before = previewed.get(from) ?? (await this.previews(from));
        await this.world.work(from);
        this.#touched.clear();
        const came = await this.handAll(from);
        const after = this.#touched.has(from) ? await this.previews(from) : before;
        await this.#assertLaws(from, came);
        this.#compare(before, came, after, {
          ...(answered && { answered }),
          ...(foretold && !grown.has(from) && { foretold }),
        });
        for (const node of this.#touched) {
          isQuiet = false;
          previewed.delete(node);
          if (node !== from) grown.add(node);
        }
        previewed.set(from, after);
      }
    }
  }

  /** Notes parts that may come otherwise than unasked, as soon as nothing else keeps them. */
  letGoLater(key: PassageKey, digests: Iterable<string>): void {
    this.#letGo.set(key, new Set([...(this.#letGo.get(key) ?? []), ...digests]));
  }

  /** What a node foresees of everything it holds, for each of its peers. */
  async previews(from: WorldNode): Promise<Map<PassageKey, Foreseen>> {
    const found = new Map<PassageKey, Foreseen>();
    for (const record of this.records.keys()) {
      const view = await this.world.view(from, record);
      if (view === undefined) continue;
      const { peers } = await previewView(from.sovereign, view, undefined);
      for (const to of this.nodes) {
        const outcome = peers.find(({ peer }) => peer === to.code);
        if (outcome !== undefined) found.set(keyOf({ from, to, record }), byDigest(view, outcome.parts));
      }
    }
    return found;
  }

  /** Hands over what a node has released. Gives what was not handed over before: nothing of entries that come bare. */
  async handAll(from: WorldNode): Promise<Arrivals> {
    const came: Arrivals = new Map();
    for (const to of this.nodes) {
      if (to === from) continue;
      for (const { record, digests = [] } of await this.world.hand(from, to)) {
        this.#touched.add(from).add(to);
        if (record === undefined) continue;
        const key = keyOf({ from, to, record });
        const known = this.arrived.get(key) ?? new Set();
        const fresh = digests.filter((digest) => !known.has(digest));
        this.arrived.set(key, new Set([...known, ...fresh]));
        came.set(key, new Set([...(came.get(key) ?? []), ...fresh]));
      }
    }
    return came;
  }

  /** What holds of all that is handed on, whatever was previewed. */
  async #assertLaws(from: WorldNode, came: Arrivals): Promise<void> {
    const grants = [...this.records.values()]
      .filter(({ draft }) => draft.type === 'release-grant')
      .map(({ issuer, draft }) => ({ issuer: issuer.state, content: draft.content }));
    for (const [key, digests] of came) {
      const [, code, id] = key.split(' ') as [string, string, RecordId];
      const to = this.nodes.find((node) => node.code === code);
      const record = this.records.get(id);
      if (to === undefined || record === undefined || record.issuer === from || digests.size === 0) continue;
      const handedOn = { from, to, whole: record.view, digests, grants };
      assertAllowed(handedOn);
      // Whoever gave it is handed nothing unasked.
      if (this.#counts || this.arrived.has(keyOf({ from: to, to: from, record: id }))) continue;
      const ways = this.nodes.flatMap(
        (way) => this.arrived.get(keyOf({ from: way, to: from, record: id })) ?? [],
      );
      await assertMergeWidensNothing(handedOn, ways, this.arrived.get(key) ?? NOTHING);
    }
  }

  #compare(
    before: ReadonlyMap<PassageKey, Foreseen>,
    came: Arrivals,
    after: ReadonlyMap<PassageKey, Foreseen>,
    { answered, foretold }: Expected,
  ): void {
    for (const key of new Set([...before.keys(), ...came.keys()])) {
      const now = after.get(key) ?? new Map<string, PartOutcome>();
      const fresh = came.get(key) ?? NOTHING;
      // What tells of a record goes along with it, in the commit that hands that over.
      const along = this.aboutOf(key.split(' ')[2] as RecordId) !== undefined ? released(now) : NOTHING;
      const otherwise = [...(answered?.get(key) ?? []), ...(this.#letGo.get(key) ?? []), ...along];
      const permitted = new Set([...released(before.get(key)), ...otherwise]);
      this.#same(key, 'came without having been foreseen', beyond(fresh, permitted), now);
      const held = this.#held(key);
      const lacking = beyond(released(now), this.arrived.get(key) ?? NOTHING);
      this.#same(key, 'is foreseen and did not come', beyond(lacking, this.#late(key, lacking, held)));
      for (const digest of answered?.get(key) ?? [])
        if (!(this.arrived.get(key) ?? NOTHING).has(digest))
          this.#same(key, 'was let go and did not come', [digest]);
      if (foretold !== undefined) {
        const told = foretold.get(key) ?? NOTHING;
        const others = new Set([...told, ...otherwise]);
        // When a count holds it no longer is not foretold: the node looks again each hour.
        if (!this.#counts) this.#same(key, 'came at a time that was not foretold', beyond(fresh, others));
        const kept = beyond(told, this.arrived.get(key) ?? NOTHING);
        this.#same(
          key,
          'was foretold for now and did not come',
          beyond(kept, this.#counts ? holding(now) : NOTHING),
          now,
        );
      }
      this.foreseen.set(key, now);
    }
  }

  /** Parts that a policy which counts held when they were previewed last: they go when what was counted is long enough ago. */
  #held(key: PassageKey): ReadonlySet<string> {
    return this.#counts ? holding(this.foreseen.get(key)) : NOTHING;
  }

  /** Parts that a count does not hold any more: a node looks again each hour, and not at the second. */
  #late(key: PassageKey, lacking: readonly string[], held: ReadonlySet<string>): ReadonlySet<string> {
    const { atSeconds } = this.world;
    const before = this.#lateSince.get(key) ?? new Map<string, number>();
    const late = new Map<string, number>();
    for (const digest of lacking) {
      const since = before.get(digest) ?? (held.has(digest) ? atSeconds : undefined);
      if (since !== undefined && atSeconds < since + LOOK_AGAIN_SECONDS) late.set(digest, since);
    }
    this.#lateSince.set(key, late);
    return new Set(late.keys());
  }

  /** The record that another one tells of: withdraws it, or lets it go to somebody. */
  aboutOf(id: RecordId): RecordId | undefined {
    const { draft } = this.records.get(id) ?? {};
    return (draft?.retracts ?? (draft?.type === 'release-grant' ? draft.content.record : undefined)) as
      | RecordId
      | undefined;
  }

  /** The parts, said with their paths. */
  #same(key: PassageKey, what: string, digests: readonly string[], now?: Foreseen): void {
    const [from, to, id] = key.split(' ') as [string, string, RecordId];
    const record = this.records.get(id);
    const paths = digests.map(
      (digest) => record?.view.parts.find((part) => part.digest === digest)?.pathText,
    );
    const said = digests.map((digest) => [this.foreseen.get(key)?.get(digest), now?.get(digest)]);
    deepStrictEqual(
      paths,
      [],
      `${what}: ${from} to ${to}, ${id.slice(0, 12)} of ${record?.issuer.code} at ${new Date(this.world.atSeconds * 1000).toISOString()}: ${JSON.stringify(said)}`,
    );
  }
}

export function byDigest(view: View, parts: readonly PartOutcome[]): Foreseen {
  const digests = new Map(view.parts.map(({ pathText, digest }) => [pathText, digest]));
  return new Map(parts.map((part) => [digests.get(part.path) as string, part]));
}

export function released(foreseen: Foreseen = new Map()): ReadonlySet<string> {
  return new Set([...foreseen].flatMap(([digest, { outcome }]) => (outcome === 'release' ? [digest] : [])));
}

/** What is kept while officers are asked, or have rejected something, for what may be a count: with what stands around it. */
function holding(foreseen: Foreseen = new Map()): ReadonlySet<string> {
  const kept = [...foreseen].filter(([, { outcome }]) => outcome !== 'release');
  const isAsked = kept.some(([, { outcome, reason }]) => outcome === 'hold' || reason === 'rejected');
  return new Set(isAsked ? kept.map(([digest]) => digest) : []);
}

function beyond(digests: Iterable<string>, others: ReadonlySet<string>): string[] {
  return [...digests].filter((digest) => !others.has(digest));
}
