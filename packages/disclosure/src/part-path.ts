import { recordTypes } from '@comity/record';

/** Field to the fields inside it that are parts of their own, over all record types. */
const FIELDS_WITHIN: ReadonlyMap<string, readonly string[]> = fieldsWithin();

function fieldsWithin(): Map<string, string[]> {
  // The part that carries the label of the record as a whole; every type has it.
  const within = new Map<string, string[]>([['overall', []]]);
  for (const [name, rule] of recordTypes.flatMap(({ fields }) => Object.entries(fields))) {
    const known = within.get(name) ?? [];
    const inner = rule.redaction === 'fields' ? Object.keys(rule.fields) : [];
    within.set(name, [...known, ...inner.filter((field) => !known.includes(field))]);
  }
  return within;
}

/**
 * Whether a text names parts that some record type has; otherwise what was expected. A path that names nothing is
 * refused because a misspelled path under `drop` would drop nothing.
 */
export function checkPartPath(text: string): 'known' | { readonly expected: string } {
  if (text.includes('[')) return { expected: 'field names joined by dots' };
  const [field = '', ...inner] = text.split('.');
  const within = FIELDS_WITHIN.get(field);
  if (within === undefined) return { expected: 'a field of a record type' };
  if (inner.length === 0) return 'known';
  if (within.length === 0)
    return { expected: `${field} as a whole, which is how it is released or withheld` };
  if (inner.length === 1 && within.includes(inner[0] as string)) return 'known';
  return { expected: `one of ${within.map((name) => `${field}.${name}`).join(', ')}` };
}

/** Every path that a policy may name. */
export function partPaths(): string[] {
  return [...FIELDS_WITHIN].flatMap(([field, within]) => [
    field,
    ...within.map((inner) => `${field}.${inner}`),
  ]);
}
