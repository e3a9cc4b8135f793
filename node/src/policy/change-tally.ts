import { byPath } from '../release/by-path.ts';
import { FATES, type PartChange } from './policy-change.ts';
import { SHIFTS } from './policy-terms.ts';

/** Records named as examples of what is counted. */
const MAX_EXAMPLES = 3;

/** What becomes of parts, for one peer in one way of handing over. */
type Turn = Pick<PartChange, 'peer' | 'mode' | 'was' | 'becomes' | 'shift'>;

/** What changes alike for one peer: parts of one type of records, for one reason. */
export interface ChangeGroup extends Omit<PartChange, 'part'> {
  /** Counts up from 0 in one tally. */
  readonly number: number;
  /** Each record once, however many of its parts change so. */
  records: number;
  /** Parts of all records together, by path. */
  readonly parts: Map<string, number>;
  /** Ids of a few of the records. */
  readonly examples: string[];
}

/** One turn for one peer, over all types and reasons. */
export interface ChangeTotal extends Turn {
  /** Each record once. */
  records: number;
  parts: number;
}

/** Some parts of one record. */
interface Counted {
  readonly group: ChangeGroup;
  readonly part: string;
  count: number;
}

/** Everything that changes of one record for one peer: the same object for records of which the same changes. */
export class ChangeSet {
  readonly counted: readonly Counted[];
  readonly examples: string[] = [];
  records = 0;

  constructor(counted: readonly Counted[]) {
    this.counted = counted;
  }

  /** One more record changes so. */
  count(record: string): void {
    this.records += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(record);
  }
}

/** Stands for no changes at all, in the place of the number of a list of them. */
export const NO_CHANGES = 0;

/** Counts what changes, so that nothing is kept of the single record: a person reads groups, not a hundred thousand lines. */
export class ChangeTally {
  readonly #groups = new Map<string, ChangeGroup>();
  readonly #totals = new Map<string, ChangeTotal>();
  readonly #numbers = new Map<string, number>();
  readonly #lists: (readonly Counted[])[] = [[]];
  readonly #sets = new Map<string, ChangeSet>();

  /** Lists and sets of changes that are kept. */
  get size(): number {
    return this.#lists.length + this.#sets.size;
  }

  /** The number of a list of changes, of one record for one peer: equal for equal lists until `addUp`. */
  numberOf(changes: readonly PartChange[]): number {
    if (changes.length === 0) return NO_CHANGES;
    const counted = new Map<string, Counted>();
    for (const { part, ...change } of changes) {
      const group = this.#groupOf(change);
      const key = `${group.number} ${part}`;
      const known = counted.get(key) ?? { group, part, count: 0 };
      known.count += 1;
      counted.set(key, known);
    }
    const key = [...counted]
      .map(([each, { count }]) => `${each} ${count}`)
      .sort()
      .join('\n');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#lists.push([...counted.values()]) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** All changes of lists together, of one record for one peer; undefined where there are none. */
  setOf(lists: readonly number[]): ChangeSet | undefined {
    const some = lists.filter((list) => list !== NO_CHANGES);
    if (some.length === 0) return undefined;
    const key = some.sort((a, b) => a - b).join(' ');
    const known = this.#sets.get(key) ?? new ChangeSet(some.flatMap((list) => this.#lists[list] ?? []));
    this.#sets.set(key, known);
    return known;
  }

  /** Adds what the sets have counted to groups and totals, and forgets lists and sets: later ones are others. */
  addUp(): void {
    for (const { counted, records, examples } of this.#sets.values()) {
      if (records === 0) continue;
      for (const { group, part, count } of counted) {
        group.parts.set(part, (group.parts.get(part) ?? 0) + count * records);
        this.#totalOf(group).parts += count * records;
      }
      const groups = new Set(counted.map(({ group }) => group));
      for (const group of groups) {
        group.records += records;
        group.examples.push(...examples.slice(0, MAX_EXAMPLES - group.examples.length));
      }
      for (const total of new Set([...groups].map((group) => this.#totalOf(group)))) total.records += records;
    }
    this.#sets.clear();
    this.#numbers.clear();
    this.#lists.length = 1;
  }

  /** For people: by peer, what is handed over more before what is handed over less, then what concerns most records. */
  get groups(): ChangeGroup[] {
    this.addUp();
    return [...this.#groups.values()]
      .filter(({ records }) => records > 0)
      .sort((a, b) => byTurn(a, b) || byPath(a.type, b.type) || b.records - a.records || inOrder(a, b));
  }

  get totals(): ChangeTotal[] {
    this.addUp();
    return [...this.#totals.values()].sort(byTurn);
  }

  #groupOf(change: Omit<PartChange, 'part'>): ChangeGroup {
    const key = groupKey(change);
    const known = this.#groups.get(key) ?? {
      ...change,
      number: this.#groups.size,
      records: 0,
      parts: new Map(),
      examples: [],
    };
    this.#groups.set(key, known);
    return known;
  }

  #totalOf({ peer, mode, was, becomes, shift }: Turn): ChangeTotal {
    const key = `${peer} ${mode} ${was} ${becomes} ${shift}`;
    const known = this.#totals.get(key) ?? { peer, mode, was, becomes, shift, records: 0, parts: 0 };
    this.#totals.set(key, known);
    return known;
  }
}

function groupKey(change: Omit<PartChange, 'part'>): string {
  const { peer, mode, was, becomes, type, reason, rule, ruleBefore, shift, awaits, awaited } = change;
  return [peer, mode, was, becomes, type, reason, rule, ruleBefore, shift, awaits, awaited].join(' ');
}

function inOrder(a: ChangeGroup, b: ChangeGroup): number {
  return groupKey(a) < groupKey(b) ? -1 : 1;
}

function byTurn(a: Turn, b: Turn): number {
  return (
    byPath(a.peer, b.peer) ||
    byPath(a.mode, b.mode) ||
    FATES.indexOf(a.becomes) - FATES.indexOf(b.becomes) ||
    FATES.indexOf(a.was) - FATES.indexOf(b.was) ||
    placeOf(a.shift) - placeOf(b.shift)
  );
}

function placeOf(shift: Turn['shift']): number {
  return shift === null ? -1 : SHIFTS.indexOf(shift);
}
