import { type CompiledPolicy, compilePolicy, parsePolicy } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { parseHumanDocument } from '../config/yaml-document.ts';
import { kindOf } from '../record-kinds.ts';
import { openStored } from '../stored-view.ts';
import { directoryOf } from './judge-keys.ts';
import type { JudgeKeys } from './judges.ts';

/** A record as far as it is needed to open it. */
export interface Sortable {
  readonly bytes: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
}

/** Everything by which a thread tells records apart, in a form that crosses to it. */
export interface SortingBasis {
  readonly keys: JudgeKeys;
  /** Texts of the policies, as they were parsed here. */
  readonly policies: readonly string[];
  /** The states that the policies name by their codes. */
  readonly states: readonly (readonly [code: string, state: StateId])[];
  /** UTC seconds. */
  readonly atSeconds: number;
}

/** Stands for a record that does not open: it is handed to nobody. */
export const UNREADABLE = -1;
/** Stands for a record that is to be decided about for itself. */
export const ON_ITS_OWN = -2;

/** Kinds remembered before beginning anew: tens of megabytes, reached by hostile variety only. */
const MAX_KINDS = 65_536;

/** Opens records and gives those of one kind the same number. */
export class Sorting {
  readonly #directory: KeyDirectory;
  readonly #policies: readonly CompiledPolicy[];
  readonly #atSeconds: number;
  readonly #numbers = new Map<string, number>();
  #next = 0;

  constructor(directory: KeyDirectory, policies: readonly CompiledPolicy[], atSeconds: number) {
    this.#directory = directory;
    this.#policies = policies;
    this.#atSeconds = atSeconds;
  }

  static on({ keys, policies, states, atSeconds }: SortingBasis): Sorting {
    const known = new Map(states);
    const compiled = policies.map((text) =>
      compilePolicy(
        parsePolicy(parseHumanDocument(text, 'policy').value, { stateOf: (code) => known.get(code) }),
      ),
    );
    return new Sorting(directoryOf(keys), compiled, atSeconds);
  }

  /** The number of the kind of each, in their order; `UNREADABLE` for one that does not open. */
  sort(records: readonly Sortable[]): Int32Array<ArrayBuffer> {
    return Int32Array.from(records, (record) => this.#numberOf(record));
  }

  #numberOf(record: Sortable): number {
    const view = this.#open(record);
    if (view === undefined) return UNREADABLE;
    const kind = kindOf(view, this.#policies, this.#atSeconds);
    if (kind === null) return ON_ITS_OWN;
    const known = this.#numbers.get(kind);
    if (known !== undefined) return known;
    if (this.#numbers.size >= MAX_KINDS) this.#numbers.clear();
    const number = this.#next++;
    this.#numbers.set(kind, number);
    return number;
  }

  #open(record: Sortable): View | undefined {
    try {
      return openStored({ directory: this.#directory, now: () => this.#atSeconds }, record);
    } catch (error) {
      if (isFault(error)) return undefined;
      throw error;
    }
  }
}
