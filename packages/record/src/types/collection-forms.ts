import type { CborKey, CborValue } from '@comity/cbor';
import type { DraftFaults, DraftPath } from '../draft-faults.ts';
import type { KnownStates } from '../known-states.ts';
import { type ValueForm, writtenIn } from './form.ts';

/** A list without repetitions, as one value: it is withheld or disclosed as a whole. */
export function listOf(element: ValueForm, max: number): ValueForm {
  return {
    expected: `a list of 1 to ${max}, each ${element.expected}`,
    read(value, at, faults, states) {
      if (!Array.isArray(value) || value.length === 0 || value.length > max) {
        return faults.add('record.bad-value', at, `expected a list of 1 to ${max} entries`);
      }
      const before = faults.count;
      const read = value.map((each, index) => element.read(each, [...at, index], faults, states));
      for (const [index, each] of read.entries()) {
        if (each !== undefined && read.indexOf(each) !== index) {
          faults.add('record.duplicate-entry', [...at, index], 'this entry stands twice');
        }
      }
      return faults.count > before ? undefined : (read as CborValue[]);
    },
    write: (value, codeOf) => (value as CborValue[]).map((each) => writtenIn(element, each, codeOf)),
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= max &&
      value.every((each) => element.accepts(each)),
  };
}

/** A map with named entries, as one value. Names in `required` must be there. */
export function mapOf(entries: Readonly<Record<string, ValueForm>>, required: readonly string[]): ValueForm {
  const names = new Set(Object.keys(entries));
  return {
    expected: `a map of ${[...names].join(', ')}`,
    read: (value, at, faults, states) => readEntries(value, at, faults, states, entries, names, required),
    write: (value, codeOf) =>
      Object.fromEntries(
        [...(value as ReadonlyMap<string, CborValue>)].map(([name, entry]) => {
          const form = Object.hasOwn(entries, name) ? entries[name] : undefined;
          return [name, form === undefined ? entry : writtenIn(form, entry, codeOf)];
        }),
      ),
    accepts(value) {
      if (!(value instanceof Map)) return false;
      const map = value as ReadonlyMap<CborKey, CborValue>;
      return Object.entries(entries).every(([name, form]) => {
        const entry = map.get(name);
        return entry === undefined ? !required.includes(name) : form.accepts(entry);
      });
    },
  };
}

function readEntries(
  value: unknown,
  at: DraftPath,
  faults: DraftFaults,
  states: KnownStates,
  entries: Readonly<Record<string, ValueForm>>,
  names: ReadonlySet<string>,
  required: readonly string[],
): CborValue | undefined {
  const before = faults.count;
  const map = faults.readMap(value, at, names);
  if (map === undefined) return undefined;
  const read = new Map<string, CborValue>();
  for (const [name, form] of Object.entries(entries)) {
    const entry = map[name];
    if (entry === undefined || entry === null) {
      if (required.includes(name))
        faults.add('record.missing-field', [...at, name], `expected ${form.expected}`);
      continue;
    }
    const signed = form.read(entry, [...at, name], faults, states);
    if (signed !== undefined) read.set(name, signed);
  }
  return faults.count > before ? undefined : read;
}

/** A form with a condition that spans several entries; `check` returns what was expected where it does not hold. */
export function holding(
  form: ValueForm,
  entry: string,
  check: (map: ReadonlyMap<CborKey, CborValue>) => string | undefined,
): ValueForm {
  return {
    expected: form.expected,
    read(value, at, faults, states) {
      const read = form.read(value, at, faults, states);
      const expected = read instanceof Map ? check(read) : undefined;
      if (expected === undefined) return read;
      return faults.add('record.unknown-value', [...at, entry], `expected ${expected}`);
    },
    ...(form.write !== undefined && { write: form.write }),
    accepts: (value) => form.accepts(value) && check(value as ReadonlyMap<CborKey, CborValue>) === undefined,
  };
}
