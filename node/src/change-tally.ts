import { byPath } from './by-path.ts';
import { FATES, type PartChange } from './policy-change.ts';

/** Records named as examples of what is counted. */
const MAX_EXAMPLES = 3;

/** What changes alike: one type, one path, one reason, for one peer. */
export interface ChangeGroup extends PartChange {
  /** Parts of all records. */
  parts: number;
  records: number;
  /** Ids of a few of the records. */
  readonly examples: string[];
}

/** One turn for one peer, over all types and parts. */
export interface ChangeTotal extends Pick<PartChange, 'peer' | 'mode' | 'was' | 'becomes'> {
  parts: number;
  /** Each record once, however many of its parts turn so. */
  records: number;
}

/** Everything that changes of one record for one peer: the same object for records of which the same changes. */
export class ChangeSet {
  /** With how many parts. */
  readonly groups: ReadonlyMap<ChangeGroup, number>;
  readonly examples: string[] = [];
  records = 0;

  constructor(groups: ReadonlyMap<ChangeGroup, number>) {
    this.groups = groups;
  }

  /** One more record changes so. */
  count(record: string): void {
    this.records += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(record);
  }
}

/** Counts what changes, so that nothing is kept of the single record: a person reads groups, not a hundred thousand lines. */
export class ChangeTally {
  readonly #groups = new Map<string, ChangeGroup>();
  readonly #numbers = new Map<ChangeGroup, number>();
  readonly #totals = new Map<string, ChangeTotal>();
  readonly #sets = new Map<string, ChangeSet>();

  /** @param changes of one record for one peer, at least one */
  setOf(changes: readonly PartChange[]): ChangeSet {
    const groups = new Map<ChangeGroup, number>();
    for (const change of changes) {
      const group = this.#groupOf(change);
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    const key = [...groups].map(([group, parts]) => `${this.#numbers.get(group)}×${parts}`).join(' ');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const fresh = new ChangeSet(groups);
    this.#sets.set(key, fresh);
    return fresh;
  }

  /** Different sets of changes that are kept. */
  get setCount(): number {
    return this.#sets.size;
  }

  /** Adds what the sets have counted to groups and totals, and forgets them: what is counted afterwards is for others. */
  addUp(): void {
    for (const set of this.#sets.values()) {
      const totals = new Set<ChangeTotal>();
      for (const [group, parts] of set.groups) {
        group.records += set.records;
        group.parts += parts * set.records;
        group.examples.push(...set.examples.slice(0, MAX_EXAMPLES - group.examples.length));
        const total = this.#totalOf(group);
        total.parts += parts * set.records;
        totals.add(total);
      }
      for (const total of totals) total.records += set.records;
    }
    this.#sets.clear();
  }

  /** For people: by peer, then what is handed over more before what is handed over less, then by type and path. */
  get groups(): ChangeGroup[] {
    this.addUp();
    return [...this.#groups.values()]
      .filter(({ records }) => records > 0)
      .sort(
        (a, b) =>
          order(a, b) || byPath(a.type, b.type) || byPath(a.part, b.part) || byPath(keyOf(a), keyOf(b)),
      );
  }

  get totals(): ChangeTotal[] {
    this.addUp();
    return [...this.#totals.values()].filter(({ records }) => records > 0).sort(order);
  }

  #groupOf(change: PartChange): ChangeGroup {
    const key = keyOf(change);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const fresh = { ...change, parts: 0, records: 0, examples: [] };
    this.#groups.set(key, fresh);
    this.#numbers.set(fresh, this.#numbers.size);
    return fresh;
  }

  #totalOf({ peer, mode, was, becomes }: PartChange): ChangeTotal {
    const key = `${peer} ${mode} ${was} ${becomes}`;
    const known = this.#totals.get(key) ?? { peer, mode, was, becomes, parts: 0, records: 0 };
    this.#totals.set(key, known);
    return known;
  }
}

function keyOf({ peer, mode, was, becomes, type, part, reason, rule, ruleBefore }: PartChange): string {
  return JSON.stringify([peer, mode, was, becomes, type, part, reason, rule, ruleBefore]);
}

function order(a: ChangeTotal, b: ChangeTotal): number {
  return (
    byPath(a.peer, b.peer) ||
    byPath(a.mode, b.mode) ||
    FATES.indexOf(a.becomes) - FATES.indexOf(b.becomes) ||
    FATES.indexOf(a.was) - FATES.indexOf(b.was)
  );
}
