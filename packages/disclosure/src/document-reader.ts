import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';

/** Keys and indexes from the root of the document. */
export type DocumentPath = readonly (string | number)[];

/** Longest list in a policy: no federation of states, and no set of rules that people oversee, comes near it. */
export const MAX_ENTRIES = 1_000;

/** Reads a plain value that a person wrote and collects every fault, so that its author corrects them in one go. */
export class DocumentReader {
  readonly #faults: DocumentFault[] = [];

  fault(code: FaultCode, path: DocumentPath, message: string): undefined {
    this.#faults.push({ code, path, message });
    return undefined;
  }

  /** @throws DocumentFaults where anything was found */
  finish(): void {
    if (this.#faults.length > 0) throw new DocumentFaults(this.#faults);
  }

  /** A mapping with none but these keys; undefined, with a fault, where it is none. */
  mapping<K extends string>(
    value: unknown,
    path: DocumentPath,
    keys: { readonly required: readonly K[]; readonly optional: readonly K[] },
  ): Partial<Record<K, unknown>> | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fault('policy.wrong-type', path, `expected a mapping, got ${kindOf(value)}`);
    }
    const known: readonly string[] = [...keys.required, ...keys.optional];
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) {
        this.fault(
          'policy.unknown-key',
          [...path, key],
          `there is no such key; expected one of ${known.join(', ')}`,
        );
      }
    }
    for (const key of keys.required) {
      if (!Object.hasOwn(value, key)) this.fault('policy.missing-key', path, `expected a key "${key}"`);
    }
    const found: Partial<Record<K, unknown>> = {};
    for (const key of [...keys.required, ...keys.optional]) {
      if (Object.hasOwn(value, key)) found[key] = (value as Record<string, unknown>)[key];
    }
    return found;
  }

  /** The entries of a mapping from names to anything. */
  named(value: unknown, path: DocumentPath): [name: string, entry: unknown, path: DocumentPath][] {
    if (value === undefined) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fault('policy.wrong-type', path, `expected a mapping, got ${kindOf(value)}`);
      return [];
    }
    const entries = Object.entries(value);
    if (entries.length > MAX_ENTRIES) this.#tooMany(path, entries.length);
    return entries.slice(0, MAX_ENTRIES).map(([name, entry]) => [name, entry, [...path, name]]);
  }

  text(value: unknown, path: DocumentPath): string | undefined {
    if (typeof value === 'string') return value;
    return this.fault('policy.wrong-type', path, `expected a text, got ${kindOf(value)}`);
  }

  /** A whole number from 1 on. */
  count(
    value: unknown,
    path: DocumentPath,
    { max, bad }: { readonly max: number; readonly bad: FaultCode },
  ): number | undefined {
    if (typeof value !== 'number')
      return this.fault('policy.wrong-type', path, `expected a number, got ${kindOf(value)}`);
    if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
    return this.fault(bad, path, `expected a whole number from 1 to ${max}, got ${value}`);
  }

  /** The entries of a list, with their places. */
  list(
    value: unknown,
    path: DocumentPath,
    empty: 'may be empty' | 'not empty' = 'not empty',
  ): [entry: unknown, path: DocumentPath][] {
    if (!Array.isArray(value)) {
      this.fault('policy.wrong-type', path, `expected a list, got ${kindOf(value)}`);
      return [];
    }
    if (value.length === 0 && empty === 'not empty')
      this.fault('policy.empty-list', path, 'expected at least one entry');
    if (value.length > MAX_ENTRIES) this.#tooMany(path, value.length);
    return value.slice(0, MAX_ENTRIES).map((entry, index) => [entry, [...path, index]]);
  }

  /** A non-empty list of different texts. `scalar`: one text may stand for a list of one. */
  texts(
    value: unknown,
    path: DocumentPath,
    scalar: 'scalar-or-list' | 'list',
  ): [text: string, path: DocumentPath][] {
    if (scalar === 'scalar-or-list' && typeof value === 'string') return [[value, path]];
    const found = new Map<string, DocumentPath>();
    for (const [entry, at] of this.list(value, path)) {
      const text = this.text(entry, at);
      if (text === undefined) continue;
      if (found.has(text))
        this.fault('policy.duplicate-entry', at, `"${shown(text)}" stands in the list twice`);
      else found.set(text, at);
    }
    return [...found];
  }

  #tooMany(path: DocumentPath, count: number): void {
    this.fault('policy.too-many', path, `expected at most ${MAX_ENTRIES} entries, got ${count}`);
  }
}

/** What a value is, in the words of the person who wrote the document. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** A text of the document for a message: never a screenful of it. */
export function shown(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 63)}…`;
}
