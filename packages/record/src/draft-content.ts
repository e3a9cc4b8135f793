import type { CborValue } from '@comity/cbor';
import type { DraftFaults, DraftPath } from './draft-faults.ts';
import type { KnownStates } from './known-states.ts';
import type { FieldRule, RecordType } from './types/record-type.ts';

/** What a person wrote under `content`, in the forms to sign, before labels are put on the parts. */
export type PlainContent =
  | { readonly kind: 'value'; readonly value: CborValue }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, PlainContent> }
  | { readonly kind: 'elements'; readonly elements: readonly PlainContent[] };

/** Reads the body of a draft by the rules of its type. Faulty parts are left out; their faults are gathered. */
export function readContent(
  value: unknown,
  type: RecordType,
  at: DraftPath,
  faults: DraftFaults,
  states: KnownStates,
): ReadonlyMap<string, PlainContent> {
  const fields = new Map<string, PlainContent>();
  const written = faults.readMap(value, at, new Set(Object.keys(type.fields)));
  if (written === undefined) return fields;
  for (const [name, rule] of Object.entries(type.fields)) {
    const path = [...at, name];
    const content = readField(written[name] ?? undefined, rule, path, faults, states);
    if (content !== undefined) fields.set(name, content);
    else if (rule.required === true && (written[name] ?? undefined) === undefined) {
      faults.add('record.missing-field', path, 'this field is required');
    }
  }
  return fields;
}

function readField(
  value: unknown,
  rule: FieldRule,
  at: DraftPath,
  faults: DraftFaults,
  states: KnownStates,
): PlainContent | undefined {
  switch (rule.redaction) {
    case 'whole':
      return value === undefined ? undefined : readValue(rule.form.read(value, at, faults, states));
    case 'fields':
      if (value !== undefined) return readFields(value, rule.fields, at, faults, states);
      return rule.always === true ? { kind: 'fields', fields: new Map() } : undefined;
    case 'elements':
      return value === undefined ? undefined : readElements(value, rule.element, at, faults, states);
  }
}

function readValue(value: CborValue | undefined): PlainContent | undefined {
  return value === undefined ? undefined : { kind: 'value', value };
}

function readFields(
  value: unknown,
  forms: (FieldRule & { redaction: 'fields' })['fields'],
  at: DraftPath,
  faults: DraftFaults,
  states: KnownStates,
): PlainContent | undefined {
  const written = faults.readMap(value, at, new Set(Object.keys(forms)));
  if (written === undefined) return undefined;
  const fields = new Map<string, PlainContent>();
  for (const [name, form] of Object.entries(forms)) {
    const each = written[name] ?? undefined;
    const content =
      each === undefined ? undefined : readValue(form.read(each, [...at, name], faults, states));
    if (content !== undefined) fields.set(name, content);
  }
  return { kind: 'fields', fields };
}

function readElements(
  value: unknown,
  form: (FieldRule & { redaction: 'elements' })['element'],
  at: DraftPath,
  faults: DraftFaults,
  states: KnownStates,
): PlainContent | undefined {
  if (!Array.isArray(value)) return faults.add('record.bad-value', at, 'expected a list');
  const elements = value.map((each: unknown, index): PlainContent => {
    // A faulty element keeps its place, so that paths of later ones are right.
    return readValue(form.read(each, [...at, index], faults, states)) ?? { kind: 'value', value: null };
  });
  return { kind: 'elements', elements };
}
