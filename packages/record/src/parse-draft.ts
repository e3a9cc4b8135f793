import { dominates, type Label } from '@comity/label';
import type { RecordDraft } from './draft.ts';
import { type PlainContent, readContent } from './draft-content.ts';
import { DraftFaults, type DraftPath, isPlainMap } from './draft-faults.ts';
import {
  type InheritedLabel,
  type LabelContext,
  mergePlainLabels,
  overrideLabel,
  readLabelText,
  readPlainLabel,
} from './draft-label.ts';
import { PartLabeller } from './label-parts.ts';
import { readLabelRules } from './label-rule.ts';
import { MAX_LINKS } from './limits.ts';
import { isRecordId, type RecordId } from './record-id.ts';
import { isExerciseId, isSubjectId } from './subject.ts';
import { parseTimeText } from './time-text.ts';
import { requireCase } from './types/field-cases.ts';
import type { RecordType, TypeContext } from './types/record-type.ts';
import { recordTypeOf, recordTypes } from './types/record-types.ts';

/** What a draft is read with: the issuer's scheme and clock, and what it knows of other states and of norms. */
export interface DraftContext extends LabelContext, TypeContext {}

const KEYS: ReadonlySet<string> = new Set([
  'type',
  'subject',
  'exercise',
  'supersedes',
  'retracts',
  'expiresAt',
  'label',
  'envelope',
  'labels',
  'content',
]);

/**
 * Reads what a person wrote, as plain values from YAML or JSON:
 *
 * `type`, `content` by the type's fields, `label` of the record as a whole, `envelope` as an override of it (default: the
 * same label), `labels` from path to override of the inherited label, and optionally `subject`, `exercise`, `supersedes`,
 * `retracts`, `expiresAt`. In an override null drops what is inherited.
 *
 * @throws DocumentFaults with every fault and its path; codes `record.*` and `label.*`
 */
export function parseDraft(value: unknown, context: DraftContext): RecordDraft {
  const faults = new DraftFaults();
  const written = faults.readMap(value, [], KEYS) ?? {};
  const type = readType(written.type, faults);
  const links = readLinks(written, type, faults);
  const overall = readOverall(written.label, context, faults);
  const envelope = readEnvelope(written.envelope, overall, context, faults);
  const content =
    type === undefined ? NO_CONTENT : readContent(written.content, type, ['content'], faults, context);
  if (isPlainMap(written.content)) {
    if (type?.cases !== undefined) requireCase(type.cases, written.content, faults);
    const { expiresAtSeconds, supersedes } = links;
    const about = {
      isSuccessor: supersedes.length > 0,
      ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
    };
    type?.check?.(written.content, { ...context, ...about }, faults);
  }
  if (type?.confidential === true) requireConfidence(written, overall.label, type, faults);
  const rules = written.labels === undefined ? [] : readLabelRules(written.labels, type, ['labels'], faults);
  const labeller = new PartLabeller(rules, overall.label, context, faults);
  const fields = labeller.labelFields(content, overall);
  if (type !== undefined) labeller.finish(overall);
  faults.throwIfAny();
  return {
    type: (type as RecordType).id,
    ...links,
    envelope: envelope as Label,
    overall: overall.label as Label,
    fields,
  };
}

const NO_CONTENT: ReadonlyMap<string, PlainContent> = new Map();

function readType(value: unknown, faults: DraftFaults): RecordType | undefined {
  const type = typeof value === 'string' ? recordTypeOf(value) : undefined;
  if (type !== undefined) return type;
  return faults.add(
    'record.unknown-type',
    ['type'],
    `expected one of ${recordTypes.map(({ id }) => id).join(', ')}`,
  );
}

type Links = Pick<RecordDraft, 'subjectId' | 'exercise' | 'supersedes' | 'retracts' | 'expiresAtSeconds'>;

function readLinks(
  written: Readonly<Record<string, unknown>>,
  type: RecordType | undefined,
  faults: DraftFaults,
): Links {
  const subjectId = readSubjectId(written.subject, type, faults);
  const exercise = optional(written.exercise, isExerciseId, ['exercise'], 'an exercise id', faults);
  const retracts = optional(written.retracts, isRecordId, ['retracts'], 'a record id', faults);
  if (type?.retracts === true && written.retracts === undefined) {
    faults.add('record.retracts-missing', ['retracts'], 'expected the id of the record that is withdrawn');
  }
  if (type?.retracts === false && written.retracts !== undefined) {
    faults.add('record.retracts-unexpected', ['retracts'], 'only a retraction withdraws a record');
  }
  if (type?.inExercise === true && written.exercise === undefined) {
    faults.add(
      'record.missing-field',
      ['exercise'],
      `expected the name of the exercise: the record is one of it`,
    );
  }
  if (type?.expires === true && written.expiresAt === undefined) {
    faults.add(
      'record.missing-field',
      ['expiresAt'],
      `expected when it ends: a ${type.id} has an end always`,
    );
  }
  const expiresAtSeconds = readExpiry(written.expiresAt, faults);
  return {
    supersedes: readSupersedes(written.supersedes, faults),
    ...(subjectId === undefined ? undefined : { subjectId }),
    ...(exercise === undefined ? undefined : { exercise }),
    ...(retracts === undefined ? undefined : { retracts }),
    ...(expiresAtSeconds === undefined ? undefined : { expiresAtSeconds }),
  };
}

/** What is said in confidence is labelled for those alone whom the label names, and no part of it less. */
function requireConfidence(
  written: Readonly<Record<string, unknown>>,
  label: Label | undefined,
  { id }: RecordType,
  faults: DraftFaults,
): void {
  if (label !== undefined && !(CONFIDENTIAL.has(label.tlp ?? '') && label.releasableTo !== undefined)) {
    const message = `expected TLP AMBER+STRICT or RED, and the states to which the ${id} is releasable`;
    faults.add('record.label-too-open', ['label'], message);
  }
  for (const key of ['envelope', 'labels']) {
    if (written[key] === undefined) continue;
    faults.add('record.label-too-open', [key], `all of a ${id} has the label of the whole`);
  }
}

const CONFIDENTIAL: ReadonlySet<string> = new Set(['AMBER+STRICT', 'RED']);

function readSubjectId(
  value: unknown,
  type: RecordType | undefined,
  faults: DraftFaults,
): string | undefined {
  if (type?.aboutRecord !== true) return optional(value, isSubjectId, ['subject'], 'a subject id', faults);
  if (value === undefined) {
    faults.add(
      'record.missing-field',
      ['subject'],
      `expected the id of the record that the ${type.id} is about`,
    );
  }
  return optional(value, isRecordId, ['subject'], 'the id of the record that this is about', faults);
}

function optional<T extends string>(
  value: unknown,
  isValid: (text: unknown) => text is T,
  at: DraftPath,
  expected: string,
  faults: DraftFaults,
): T | undefined {
  if (value === undefined || isValid(value)) return value;
  return faults.add('record.bad-value', at, `expected ${expected}`);
}

function readSupersedes(value: unknown, faults: DraftFaults): readonly RecordId[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LINKS) {
    faults.add('record.bad-value', ['supersedes'], `expected a list of 1 to ${MAX_LINKS} record ids`);
    return [];
  }
  for (const [index, id] of value.entries()) {
    if (!isRecordId(id)) faults.add('record.bad-value', ['supersedes', index], 'expected a record id');
    else if (value.indexOf(id) !== index) {
      faults.add('record.duplicate-entry', ['supersedes', index], 'this record stands twice');
    }
  }
  return (value as RecordId[]).toSorted();
}

function readExpiry(value: unknown, faults: DraftFaults): number | undefined {
  if (value === undefined) return undefined;
  const parsed = typeof value === 'string' ? parseTimeText(value) : undefined;
  return (
    parsed ?? faults.add('record.bad-time', ['expiresAt'], 'expected a UTC time such as 2026-11-24T10:30:00Z')
  );
}

function readOverall(value: unknown, context: DraftContext, faults: DraftFaults): InheritedLabel {
  const plain = readPlainLabel(value, ['label'], faults);
  if (plain === undefined) return { plain: {}, label: undefined };
  const written = mergePlainLabels({}, plain);
  return { plain: written, label: readLabelText(written, ['label'], context, faults) };
}

function readEnvelope(
  value: unknown,
  overall: InheritedLabel,
  context: DraftContext,
  faults: DraftFaults,
): Label | undefined {
  if (value === undefined) return overall.label;
  const override = readPlainLabel(value, ['envelope'], faults);
  if (override === undefined) return undefined;
  const { label: envelope } = overrideLabel(overall, override, ['envelope'], context, faults);
  if (
    envelope !== undefined &&
    overall.label !== undefined &&
    !dominates(overall.label, envelope, context.scheme)
  ) {
    const message = 'the label of the record does not dominate the label of its envelope';
    faults.add('record.label-below-envelope', ['envelope'], message);
  }
  return envelope;
}
