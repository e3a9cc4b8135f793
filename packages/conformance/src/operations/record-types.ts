import { type CborKey, type CborValue, decode, encode } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { type DocumentFault, Fault } from '@comity/fault';
import { textMapShape } from '@comity/label';
import {
  examineFields,
  type FieldPath,
  factOf,
  formatFieldPath,
  isFieldName,
  isRecordType,
  recordTypeOf,
} from '@comity/record';
import {
  type Act,
  type Between,
  type Consent,
  clarificationStatus,
  consentsOf,
  measureStatus,
  type NormRecords,
  normStatus,
  whatBinds,
} from '@comity/registry';
import type { Input } from '../input.ts';
import { knownStatesIn, stateIdIn, viewOf } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

/** record-types.md §10. */
export const recordTypesOperations: Operations = {
  'record.content': (input) => {
    const type = input.text('type');
    const fields = fieldsIn(input);
    if (!isRecordType(type)) throw new Fault('conformance.bad-input', 'in.type is no record type');
    const { typeKnown, unknownFields, faults } = examineFields(type, fields);
    const flagged = (code: DocumentFault['code']): Json =>
      eachOnce(
        faults.filter((fault) => fault.code === code).map(({ path }) => examinedAt(type, fields, path)),
      );
    return {
      known: typeKnown,
      unknownFields: eachOnce(unknownFields),
      unexpected: flagged('record.unexpected-content'),
      misleading: flagged('record.misleading-text'),
    };
  },

  'norm.status': (input) => {
    const { records, atSeconds } = normRecordsIn(input);
    const { states, ignored, ...status } = normStatus(records, atSeconds);
    return {
      ...status,
      states: states.map(({ acts, pending, ...state }) => ({
        ...state,
        acts: acts.map(actAsJson),
        pending: pending.map(actAsJson),
      })),
      ignored: ignored.map((each) => ({ ...each })),
    };
  },

  'norm.between': (input) => {
    const { records, atSeconds } = normRecordsIn(input);
    const [stateA, stateB] = [stateIdIn(input.hex('stateA')), stateIdIn(input.hex('stateB'))];
    if (stateA === stateB) throw new Fault('conformance.bad-input', 'in.stateB is in.stateA');
    return betweenAsJson(whatBinds(records, stateA, stateB, atSeconds));
  },

  'measure.status': (input) => {
    const { directory } = knownStatesIn(input);
    const measure = viewOf(input.hex('measure'), directory);
    const others = input.hexes('others').map((bytes) => viewOf(bytes, directory));
    const atSeconds = input.seconds('atSeconds');
    if (measure.header.type !== 'measure')
      throw new Fault('conformance.bad-input', 'in.measure is no measure');
    const { reviews, renewedBy, unknown, ...status } = measureStatus({ measure, others }, atSeconds);
    return {
      ...status,
      reviews: reviews.map((each) => ({ ...each })),
      ...{ renewedBy: [...renewedBy], unknown: [...unknown] },
    };
  },

  'clarification.status': (input) => {
    const { directory } = knownStatesIn(input);
    const question = viewOf(input.hex('question'), directory);
    const others = input.hexes('others').map((bytes) => viewOf(bytes, directory));
    const atSeconds = input.seconds('atSeconds');
    const kind = factOf(question, 'kind', String);
    if (question.header.type !== 'clarification' || (kind.status === 'known' && kind.value !== 'question'))
      throw new Fault('conformance.bad-input', 'in.question is no question');
    const { reply, unknown, ...status } = clarificationStatus({ question, others }, atSeconds);
    return { ...status, ...(reply !== undefined && { reply: { ...reply } }), unknown: [...unknown] };
  },

  'consent.status': (input) => {
    const { directory } = knownStatesIn(input);
    const { header } = viewOf(input.hex('record'), directory);
    const grants = input.hexes('grants').map((bytes) => viewOf(bytes, directory));
    const retractions = input.hexes('retractions').map((bytes) => viewOf(bytes, directory));
    const recordOf = (id: string) => (id === header.id ? header : undefined);
    const { consents, ignored } = consentsOf({ grants, retractions, recordOf });
    return { consents: consents.map(consentAsJson), ignored: ignored.map((each) => ({ ...each })) };
  },
};

function fieldsIn(input: Input): ReadonlyMap<CborKey, CborValue> {
  const fields = decode(input.hex('fields'));
  if (!(fields instanceof Map)) throw new Fault('conformance.bad-input', 'in.fields is no map');
  return fields;
}

/** The smallest that is examined around a place (record-types.md 10.1). */
function examinedAt(type: string, fields: ReadonlyMap<CborKey, CborValue>, [field, step]: FieldPath): string {
  const rule = recordTypeOf(type)?.fields[field as string];
  const content = fields.get(field as string);
  const isInner =
    (rule?.redaction === 'elements' && Array.isArray(content)) ||
    (rule?.redaction === 'fields' && content instanceof Map && isFieldName(step));
  return formatFieldPath(isInner && step !== undefined ? [field as string, step] : [field as string]);
}

function eachOnce(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}

function normRecordsIn(input: Input): { readonly records: NormRecords; readonly atSeconds: number } {
  const { directory } = knownStatesIn(input);
  const norm = viewOf(input.hex('norm'), directory);
  const commitments = input.hexes('commitments').map((bytes) => viewOf(bytes, directory));
  const retractions = input.hexes('retractions').map((bytes) => viewOf(bytes, directory));
  const atSeconds = input.seconds('atSeconds');
  if (norm.header.type !== 'norm') throw new Fault('conformance.bad-input', 'in.norm is no norm');
  return { records: { norm, commitments, retractions }, atSeconds };
}

function betweenAsJson({ states, treaty, voluntary, unknown, ...norm }: Between): Json {
  return {
    ...norm,
    states: states.map((each) => ({ ...each })),
    unknown: unknown.map((each) => ({ ...each })),
    ...(treaty !== undefined && {
      treaty: {
        ...treaty,
        provisions: treaty.provisions.map(({ reservations, ...row }) => ({
          ...row,
          reservations: reservations.map((each) => ({ ...each })),
        })),
      },
    }),
    ...(voluntary !== undefined && {
      voluntary: voluntary.map(({ stances, ...row }) => ({
        ...row,
        stances: stances.map(({ variances, ...stance }) => ({
          ...stance,
          variances: variances.map(({ id, legalBasis }) => ({ id, ...basisAsJson(legalBasis) })),
        })),
      })),
    }),
  };
}

function basisAsJson(legalBasis: Act['legalBasis']): { readonly legalBasis?: string } {
  return legalBasis === undefined ? {} : { legalBasis: toHex(encode(textMapShape.encode(legalBasis))) };
}

function consentAsJson({ recordId: _, parts, purposes, ...consent }: Consent): Json {
  return { ...consent, parts: parts === 'all' ? parts : [...parts].sort(), purposes: [...purposes] };
}

function actAsJson({ issuer: _, legalBasis, ...act }: Act): Json {
  return {
    ...act,
    ...basisAsJson(legalBasis),
  };
}
