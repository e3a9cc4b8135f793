import { type CborKey, type CborValue, Tagged } from '@comity/cbor';
import type { DocumentFault } from '@comity/fault';
import { hasRedaction } from './digest-group.ts';
import { type FieldPath, formatFieldPath, isFieldName } from './field-path.ts';
import { isMisleading } from './misleading-text.ts';
import { OVERALL } from './reserved-fields.ts';
import type { ValueForm } from './types/form.ts';
import type { FieldRule, RecordType } from './types/record-type.ts';
import { recordTypeOf } from './types/record-types.ts';
import type { View } from './view.ts';

/** What a reader should be told about the content of a record that was accepted. */
export interface Examination {
  /** Whether this version knows the type. */
  readonly typeKnown: boolean;
  /** Path texts of fields that the type does not have here: from a newer peer, shown as unknown and never dropped. */
  readonly unknownFields: readonly string[];
  /**
   * `record.misleading-text` where a text could change how what surrounds it is shown, `record.unexpected-content` where
   * a field has another form than its type gives it. The issuer has signed it so: it is shown with the flag, not dropped.
   */
  readonly faults: readonly DocumentFault[];
}

/** Examines everything a view discloses. Not part of accepting a record: content is the issuer's to answer for. */
export function examineView(view: View): Examination {
  const examiner = new Examiner(view.header.type);
  for (const [key, content] of view.record.claims)
    if (typeof key === 'string') examiner.examine([key], content);
  for (const { path, digest } of view.parts) {
    const disclosure = view.disclosed.get(digest);
    const isOverall = path.length === 1 && path[0] === OVERALL;
    if (disclosure?.decoy === false && !isOverall) examiner.examine(path, disclosure.content);
  }
  return examiner.examination;
}

/**
 * Examines fields that are in the clear, as those of a body whose parts are all disclosed; digests in them are passed over.
 * Keys that are no field names are not examined.
 */
export function examineFields(type: string, fields: ReadonlyMap<CborKey, CborValue>): Examination {
  const examiner = new Examiner(type);
  for (const [key, content] of fields) if (isFieldName(key)) examiner.examine([key], content);
  return examiner.examination;
}

class Examiner {
  private readonly type: RecordType | undefined;
  private readonly faults: DocumentFault[] = [];
  private readonly unknownFields: string[] = [];

  constructor(type: string) {
    this.type = recordTypeOf(type);
  }

  get examination(): Examination {
    const { type, unknownFields, faults } = this;
    return { typeKnown: type !== undefined, unknownFields, faults };
  }

  /** Content as signed of a field in the clear or of a part. */
  examine(path: FieldPath, content: CborValue): void {
    flagTexts(content, path, this.faults);
    if (this.type !== undefined) this.compare(this.type, path, content);
  }

  private compare(type: RecordType, [field, step, ...more]: FieldPath, content: CborValue): void {
    const rule =
      typeof field === 'string' && Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
    const path = [field, step, ...more].filter((each) => each !== undefined);
    if (rule === undefined || more.length > 0) this.unknownFields.push(formatFieldPath(path));
    else if (step !== undefined) this.compareInner(rule, path, step, content);
    else this.compareField(rule, path, content);
  }

  private compareField(rule: FieldRule, path: FieldPath, content: CborValue): void {
    if (rule.redaction === 'whole') {
      // Such a field is one part: a digest in it stands for nothing that its type knows.
      if (hasRedaction(content) || !rule.form.accepts(content)) this.flag(path, rule.form.expected);
    } else if (rule.redaction === 'fields') {
      if (!(content instanceof Map)) this.flag(path, 'a map');
      else
        for (const [key, inner] of content)
          if (isFieldName(key)) this.compareInner(rule, [...path, key], key, inner);
    } else if (Array.isArray(content)) {
      for (const [index, inner] of content.entries())
        if (!(inner instanceof Tagged)) this.compareInner(rule, [...path, index], index, inner);
    } else this.flag(path, 'a list');
  }

  /** An element, or a field of a map of fields. */
  private compareInner(rule: FieldRule, path: FieldPath, step: string | number, content: CborValue): void {
    const form = innerForm(rule, step);
    if (form === undefined) this.unknownFields.push(formatFieldPath(path));
    else if (!form.accepts(content)) this.flag(path, form.expected);
  }

  private flag(path: FieldPath, expected: string): void {
    this.faults.push({ code: 'record.unexpected-content', path, message: `expected ${expected}` });
  }
}

/** The form of what stands one step below a field; undefined where its type has nothing there. */
function innerForm(rule: FieldRule, step: string | number): ValueForm | undefined {
  if (rule.redaction === 'elements' && typeof step === 'number') return rule.element;
  if (rule.redaction !== 'fields' || typeof step !== 'string') return undefined;
  return Object.hasOwn(rule.fields, step) ? rule.fields[step] : undefined;
}

function flagTexts(content: CborValue, path: FieldPath, faults: DocumentFault[]): void {
  if (typeof content === 'string') {
    if (isMisleading(content)) {
      const message = 'the text holds control characters or bidirectional overrides';
      faults.push({ code: 'record.misleading-text', path, message });
    }
  } else if (Array.isArray(content)) {
    for (const [index, inner] of content.entries()) flagTexts(inner, [...path, index], faults);
  } else if (content instanceof Map) {
    for (const [key, inner] of content as ReadonlyMap<CborKey, CborValue>)
      flagEntry(key, inner, path, faults);
  }
}

function flagEntry(key: CborKey, inner: CborValue, path: FieldPath, faults: DocumentFault[]): void {
  if (typeof key === 'string') flagTexts(key, path, faults);
  if (typeof key === 'symbol' || inner instanceof Tagged) return;
  flagTexts(inner, [...path, key], faults);
}
