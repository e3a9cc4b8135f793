import type { CborKey, CborValue } from '@comity/cbor';
import type { StateId, TextMap } from '@comity/label';
import { hasRedaction } from './digest-group.ts';
import type { Part } from './part.ts';
import type { RecordType } from './types/record-type.ts';
import { recordTypeOf } from './types/record-types.ts';
import { severityOrdinal } from './types/registries.ts';
import type { View } from './view.ts';

/**
 * What a view says about one fact. `unknown`: withheld, or signed in a form that is not understood; it may have any
 * value. `absent`: the record does not state it.
 */
export type Fact<T> =
  | { readonly status: 'known'; readonly value: T }
  | { readonly status: 'unknown' }
  | { readonly status: 'absent' };

export interface Severity {
  readonly scale: string;
  readonly value: string;
  /** Rises with severity inside the scale; numbers of two scales say nothing about each other. */
  readonly ordinal: number;
}

/** What policies and lists may look at. */
export interface RecordFacts {
  readonly type: Fact<string>;
  readonly issuer: Fact<string>;
  readonly subject: Fact<string>;
  readonly exercise: Fact<string>;
  /** Sectors and sub-sectors as stated; a sub-sector `energy/oil` does not bring its sector `energy` with it. */
  readonly sectors: Fact<readonly string[]>;
  readonly severity: Fact<Severity>;
  /** Class of the Reference Security Incident Taxonomy. */
  readonly rsitClass: Fact<string>;
  /** Of a release-grant: to whom the holder may hand the record on. Absent for every other type. */
  readonly thirdParty: Fact<StateId>;
  /** Of a release-grant: the state whose handing on it decides about. Absent for every other type. */
  readonly holder: Fact<StateId>;
}

const UNKNOWN = Object.freeze({ status: 'unknown' });
const ABSENT = Object.freeze({ status: 'absent' });

/** The facts of a record as far as this view shows them. */
export function factsOf(view: View): RecordFacts {
  const { type, issuer, subject, exercise } = view.header;
  return {
    type: known(type),
    issuer: known(issuer),
    subject: known(subject),
    exercise: exercise === undefined ? ABSENT : known(exercise),
    sectors: factOf(view, 'sectors', (value) => value as readonly string[]),
    severity: factOf(view, 'severity', readSeverity),
    rsitClass: factOf(view, 'classification', (value) => (value as SignedMap).get('rsitClass') as string),
    thirdParty: type === 'release-grant' ? stateIn(view, 'thirdParty') : ABSENT,
    holder: type === 'release-grant' ? stateIn(view, 'holder') : ABSENT,
  };
}

function stateIn(view: View, field: string): Fact<StateId> {
  return factOf(view, field, (value) => value as StateId);
}

/** The text that names a record in a list, in the languages it was written in. */
export function titleOf(view: View): Fact<TextMap> {
  const type = recordTypeOf(view.header.type);
  return type === undefined ? UNKNOWN : factOf(view, type.titleField, (value) => value as TextMap);
}

type SignedMap = ReadonlyMap<CborKey, CborValue>;

/** What a view says about a field of a known type that is one part, in the form that the type gives it. */
export function factOf<T>(view: View, field: string, read: (value: CborValue) => T): Fact<T> {
  const type = recordTypeOf(view.header.type);
  // Nothing is known about the fields of a type that is not known here.
  if (type === undefined) return UNKNOWN;
  const form = formOf(type, field);
  if (form === undefined) return ABSENT;
  const found = view.field([field]);
  if (found.status !== 'known') return found;
  // Pitfall formats §7.7: what cannot be read is not read as "none". A digest inside is another form too: the field is one
  // part, and what is left of it without the digest could mean something else.
  const value = signedContent(view, field, found.part);
  return form.accepts(value) && !hasRedaction(value) ? known(read(value)) : UNKNOWN;
}

function signedContent(view: View, field: string, part: Part | undefined): CborValue {
  const disclosure = part === undefined ? undefined : view.disclosed.get(part.digest);
  return (disclosure?.decoy === false ? disclosure.content : view.record.claims.get(field)) as CborValue;
}

function formOf(type: RecordType, field: string) {
  const rule = Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
  return rule?.redaction === 'whole' ? rule.form : undefined;
}

function readSeverity(signed: CborValue): Severity {
  const scale = (signed as SignedMap).get('scale') as string;
  const value = (signed as SignedMap).get('value') as string;
  return { scale, value, ordinal: severityOrdinal(scale, value) as number };
}

function known<T>(value: T): Fact<T> {
  return { status: 'known', value };
}
