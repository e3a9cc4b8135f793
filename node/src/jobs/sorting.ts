import { compilePolicy, parsePolicy } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import type { RecordSource, RowValue } from '@comity/store';
import { KindBook } from '../policy/record-kinds.ts';
import { sketchToNote } from '../policy/record-sketch.ts';
import { openForCounting } from '../records/stored-view.ts';
import { directoryOf } from './judge-keys.ts';
import type { JudgeKeys } from './judges.ts';

/** A record as far as it is needed to open it. */
export interface Sortable {
  readonly bytes: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
  readonly sources: readonly RecordSource[];
  /** Whether it is noted already what can be told of it without opening it. */
  readonly isNoted: boolean;
}

/** Everything by which a thread tells records apart, in a form that crosses to it. */
export interface SortingBasis {
  readonly keys: JudgeKeys;
  /** The policies as plain values, which were parsed here before. */
  readonly policies: readonly unknown[];
  /** The states that the policies name, by their codes. */
  readonly states: readonly (readonly [code: string, state: StateId])[];
  /** UTC seconds. */
  readonly atSeconds: number;
}

/** Kinds of records as numbers, and what the new ones among the numbers stand for. */
export interface Sorted {
  /**
   * For each record how many numbers follow, then these: its kind, its context and its roots. In the place of how many, what
   * stands for a record that has no kind.
   */
  readonly numbers: Int32Array<ArrayBuffer>;
  /** Digests that the numbers of contexts and roots from `firstFresh` on stand for, the same in any thread. */
  readonly fresh: readonly string[];
  readonly firstFresh: number;
  /** What to note of each record, where there is anything. */
  readonly sketches: readonly (RowValue | undefined)[];
}

/** Stands for a record that does not open: it is handed to nobody. */
export const UNREADABLE = -1;
/** Stands for a record that is to be decided about for itself. */
export const ON_ITS_OWN = -2;

/** Digests remembered before beginning anew: tens of megabytes, reached by hostile variety only. */
const MAX_DIGESTS = 131_072;

/** Opens records and says of what kind they are. Nothing of a record leaves it but that. */
export class Sorting {
  readonly #directory: KeyDirectory;
  readonly #book: KindBook;
  readonly #atSeconds: number;
  readonly #numbers = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  #next = 0;
  #nextKind = 0;
  #fresh: string[] = [];
  #sketches: (RowValue | undefined)[] = [];

  constructor({ keys, policies, states, atSeconds }: SortingBasis) {
    const known = new Map(states);
    const compiled = policies.map((value) =>
      compilePolicy(parsePolicy(value, { stateOf: (code) => known.get(code) })),
    );
    this.#directory = directoryOf(keys);
    this.#book = new KindBook(compiled, atSeconds);
    this.#atSeconds = atSeconds;
  }

  sort(records: readonly Sortable[]): Sorted {
    const firstFresh = this.#next;
    this.#fresh = [];
    this.#sketches = [];
    const numbers = Int32Array.from(records.flatMap((record) => this.#numbersOf(record)));
    return { numbers, fresh: this.#fresh, firstFresh, sketches: this.#sketches };
  }

  #numbersOf(record: Sortable): number[] {
    const view = this.#open(record);
    this.#sketches.push(
      view === undefined || record.isNoted ? undefined : sketchToNote(view, record.sources),
    );
    if (view === undefined) return [UNREADABLE];
    const kind = this.#book.of(view);
    if (kind === null) return [ON_ITS_OWN];
    if (this.#numbers.size > MAX_DIGESTS) this.#numbers.clear();
    const numbers = [this.#numberOf(kind.context), ...kind.roots.map((root) => this.#numberOf(root))];
    return [numbers.length + 1, this.#kindOf(numbers), ...numbers];
  }

  /** Of this sorting alone: of the same context with as many roots of each sort. */
  #kindOf([context, ...roots]: readonly number[]): number {
    const key = `${context} ${roots.sort((a, b) => a - b).join(' ')}`;
    if (this.#kinds.size > MAX_DIGESTS) this.#kinds.clear();
    const kind = this.#kinds.get(key) ?? this.#nextKind++;
    this.#kinds.set(key, kind);
    return kind;
  }

  #numberOf(digest: string): number {
    let number = this.#numbers.get(digest);
    if (number === undefined) {
      number = this.#next++;
      this.#numbers.set(digest, number);
      this.#fresh.push(digest);
    }
    return number;
  }

  #open(record: Sortable): View | undefined {
    try {
      return openForCounting({ directory: this.#directory, now: () => this.#atSeconds }, record);
    } catch (error) {
      if (isFault(error)) return undefined;
      throw error;
    }
  }
}
