import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type StoredRecord, TABLES } from '@comity/store';
import type { z } from 'zod';
import { byPath } from './by-path.ts';
import { type ChangeSet, ChangeTally } from './change-tally.ts';
import type { Emit } from './control/operation.ts';
import { keysOf } from './jobs/judge-keys.ts';
import { type RecordKind, RecordSorter } from './jobs/record-sorter.ts';
import type { diffResult } from './operations/policy-diff.ts';
import type { Peer } from './peers.ts';
import { statesByCode, supposedPolicy } from './policy.ts';
import { changesOf, isSource, PolicyWorld } from './policy-change.ts';
import type { PolicyInForce, Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { WorkSlices } from './work-slices.ts';

/** What is compared. */
export interface DiffQuestion {
  /** Text of the policy that might be applied. */
  readonly text: string;
  /** Text of what it is compared with; default: the policy in force. */
  readonly oldText?: string | undefined;
  /** Codes of peers; default: all. */
  readonly peers?: readonly string[] | undefined;
}

type Diff = z.input<typeof diffResult>;

/** Kinds of records, and sets of changes, that are kept: tens of megabytes, reached by hostile variety only. */
const MAX_KEPT = 65_536;

/**
 * Every record, part and peer of which the outcome changes from one policy to another, counted in groups that a person can
 * read. Nothing is applied. It is decided by the code that plans releases, about the records as they are stored, as of the
 * moment of the call.
 *
 * @throws DocumentFaults document.syntax, policy.* with paths; Fault peer.unknown, peer.faulty; the reason of the signal
 */
export async function diffPolicies(
  sovereign: Sovereign,
  { text, oldText, peers: codes }: DiffQuestion,
  emit: Emit,
  signal: AbortSignal,
): Promise<Diff> {
  const { peers, policy } = sovereign;
  const atSeconds = sovereign.now();
  const given = oldText ?? policy?.text;
  const [before, after] = [
    given === undefined ? undefined : supposedPolicy(sovereign, given),
    supposedPolicy(sovereign, text),
  ];
  const compared = codes === undefined ? peers.all() : [...new Set(codes)].map((code) => peers.byCode(code));
  const comparison = new Comparison(sovereign, { before, after, atSeconds }, compared);
  await using sorter = new RecordSorter({
    keys: keysOf(sovereign),
    policies: [before, after].flatMap((each) => (each === undefined ? [] : [each.text])),
    states: statesByCode(sovereign),
    atSeconds,
  });
  await comparison.readAll(sorter, emit, signal);
  return {
    old:
      before === undefined
        ? null
        : { ...describe(before), version: oldText === undefined ? (policy?.version ?? null) : null },
    new: describe(after),
    peers: compared.map(({ code }) => code),
    ...comparison.result(),
  };
}

function describe({ digest, compiled }: PolicyInForce): { digest: string; rules: number } {
  return { digest, rules: compiled.policy.rules.length };
}

/** Records of one kind that this node has from the same peers: of each of them the same changes. */
interface Known {
  readonly issuer: StateId;
  readonly sets: readonly ChangeSet[];
}

class Comparison {
  readonly #sovereign: Sovereign;
  readonly #worlds: { readonly before: PolicyWorld; readonly after: PolicyWorld };
  /** Peers that are handed the same of all records of one kind … */
  readonly #alike: readonly Peer[];
  /** … and those of which limits count what they are handed. */
  readonly #counted: readonly Peer[];
  readonly #tally = new ChangeTally();
  readonly #known = new Map<string, Known>();
  readonly #slices = new WorkSlices(() => performance.now());
  /** Records about which something is known beside what they say themselves. */
  #particular: ReadonlySet<RecordId> = new Set();
  #records = 0;
  #changedRecords = 0;
  #unreadable = 0;

  constructor(
    sovereign: Sovereign,
    {
      before,
      after,
      atSeconds,
    }: {
      readonly before: PolicyInForce | undefined;
      readonly after: PolicyInForce;
      readonly atSeconds: number;
    },
    peers: readonly Peer[],
  ) {
    this.#sovereign = sovereign;
    this.#worlds = {
      before: new PolicyWorld(sovereign, before, atSeconds),
      after: new PolicyWorld(sovereign, after, atSeconds),
    };
    const isCounted = (peer: Peer): boolean =>
      this.#worlds.before.isCounted(peer) || this.#worlds.after.isCounted(peer);
    this.#alike = peers.filter((peer) => !isCounted(peer));
    this.#counted = peers.filter(isCounted);
  }

  /** Exercise records are released in exercise mode only, whatever the policy: the real realm is all there is to compare. */
  async readAll(sorter: RecordSorter, emit: Emit, signal: AbortSignal): Promise<void> {
    this.#particular = await particularRecords(this.#sovereign);
    const underWay: {
      readonly records: readonly StoredRecord[];
      readonly kinds: Promise<readonly RecordKind[]>;
    }[] = [];
    const takeFirst = async (): Promise<void> => {
      const first = underWay.shift();
      if (first === undefined) return;
      const kinds = await this.#slices.during(first.kinds);
      for (const [place, record] of first.records.entries()) {
        signal.throwIfAborted();
        await this.#add(record, kinds[place]);
        await this.#slices.rest();
      }
      emit({ progress: 'comparing', done: this.#records });
    };
    for await (const records of this.#sovereign.store.records('real').byArrival()) {
      const kinds = sorter.sort(records);
      // It is awaited later: until then a failure is nobody's.
      kinds.catch(() => {});
      underWay.push({ records, kinds });
      if (underWay.length >= sorter.width) await takeFirst();
    }
    while (underWay.length > 0) await takeFirst();
    emit({ progress: 'comparing', done: this.#records, total: this.#records });
  }

  result(): Pick<Diff, 'records' | 'changedRecords' | 'unreadable' | 'totals' | 'groups'> {
    return {
      records: this.#records,
      changedRecords: this.#changedRecords,
      unreadable: this.#unreadable,
      totals: this.#tally.totals,
      groups: this.#tally.groups.map(({ parts, ...group }) => ({
        ...group,
        parts: [...parts].map(([part, count]) => ({ part, count })).sort((a, b) => byPath(a.part, b.part)),
      })),
    };
  }

  async #add(record: StoredRecord, kind: RecordKind): Promise<void> {
    this.#records += 1;
    if (kind === undefined) {
      // Told of in the log, as wherever a record does not open.
      openReadable(this.#sovereign, record);
      this.#unreadable += 1;
      return;
    }
    const sets = [
      ...(await this.#setsOfKind(record, kind)),
      ...(this.#counted.length === 0 ? [] : await this.#setsOf(this.#open(record), record, this.#counted)),
    ];
    for (const set of sets) set.count(record.id);
    if (sets.length > 0) this.#changedRecords += 1;
  }

  async #setsOfKind(record: StoredRecord, kind: string | null): Promise<readonly ChangeSet[]> {
    if (kind === null || this.#particular.has(record.id))
      return this.#setsOf(this.#open(record), record, this.#alike);
    const sources = new Set(record.sources.map(({ peer }) => peer));
    const key = `${kind} ${[...sources].sort().join(' ')}`;
    const known = this.#known.get(key);
    if (known === undefined) return this.#meet(key, record);
    // Consents are to single records, and only to those of others.
    const { issuer } = known;
    if (this.#sovereign.consents.of({ id: record.id, issuer }).length === 0) return known.sets;
    return this.#setsOf(this.#open(record), record, this.#alike);
  }

  /** The first record of a kind stands for those that follow, unless there is something particular about it. */
  async #meet(key: string, record: StoredRecord): Promise<readonly ChangeSet[]> {
    const view = this.#open(record);
    const sets = await this.#setsOf(view, record, this.#alike);
    if (view === undefined || this.#sovereign.consents.of(view.header).length > 0) return sets;
    if (this.#known.size >= MAX_KEPT || this.#tally.setCount >= MAX_KEPT) {
      this.#known.clear();
      this.#tally.addUp();
      return this.#meet(key, record);
    }
    this.#known.set(key, { issuer: view.header.issuer, sets });
    return sets;
  }

  async #setsOf(view: View | undefined, record: StoredRecord, peers: readonly Peer[]): Promise<ChangeSet[]> {
    if (view === undefined) return [];
    const { door, self } = this.#sovereign;
    const sets: ChangeSet[] = [];
    for (const peer of peers) {
      const standing = isSource(record, peer.state) ? [] : [door.standingMode(view)];
      // Of what others issued, relaying is all this state may do, asked or not.
      const modes = view.header.issuer === self.state ? [...standing, 'query' as const] : standing;
      const changes = [];
      for (const mode of modes) changes.push(...(await changesOf(this.#worlds, view, peer, mode)));
      if (changes.length > 0) sets.push(this.#tally.setOf(changes));
    }
    return sets;
  }

  #open(record: StoredRecord): View | undefined {
    return openReadable(this.#sovereign, record);
  }
}

/** Records about which officers said something, or about which an order is in force. */
async function particularRecords({ store, orders }: Sovereign): Promise<ReadonlySet<RecordId>> {
  const statements = await store.list(TABLES.approvals, []);
  const ordered = orders.all().flatMap(({ order }) => ('record' in order ? [order.record] : []));
  return new Set([...statements.map(({ key: [record] }) => record), ...ordered]);
}
