import { type CborKey, type CborValue, Tagged } from '@comity/cbor';
import type { DocumentFault } from '@comity/fault';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { isMisleading } from './misleading-text.ts';
import type { Part } from './part.ts';
import { OVERALL } from './reserved-fields.ts';
import type { ValueForm } from './types/form.ts';
import type { RecordType } from './types/record-type.ts';
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
  const type = recordTypeOf(view.header.type);
  const faults: DocumentFault[] = [];
  const unknownFields: string[] = [];
  for (const { path, content } of disclosedContents(view)) {
    if (path.length === 1 && path[0] === OVERALL) continue;
    flagTexts(content, path, faults);
    if (type === undefined) continue;
    const expectation = expectationAt(type, path);
    if (expectation === undefined) unknownFields.push(formatFieldPath(path));
    else if (!expectation.accepts(content)) {
      faults.push({ code: 'record.unexpected-content', path, message: `expected ${expectation.expected}` });
    }
  }
  return { typeKnown: type !== undefined, unknownFields, faults };
}

/** Every part, and every field in the clear, with its content as signed. */
function* disclosedContents(
  view: View,
): Generator<{ readonly path: FieldPath; readonly content: CborValue }> {
  for (const [key, content] of view.record.claims)
    if (typeof key === 'string') yield { path: [key], content };
  for (const part of view.parts) yield { path: part.path, content: contentOf(view, part) };
}

function contentOf(view: View, { digest }: Part): CborValue {
  const disclosure = view.disclosed.get(digest);
  return disclosure?.decoy === false ? disclosure.content : null;
}

type Expectation = Pick<ValueForm, 'expected' | 'accepts'>;

const MAP: Expectation = { expected: 'a map', accepts: (value) => value instanceof Map };
const LIST: Expectation = { expected: 'a list', accepts: (value) => Array.isArray(value) };

/** What the type expects of a part; undefined for a part it does not have. */
function expectationAt(type: RecordType, [field, step, ...more]: FieldPath): Expectation | undefined {
  const rule =
    typeof field === 'string' && Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
  if (rule === undefined || more.length > 0) return undefined;
  if (rule.redaction === 'whole') return step === undefined ? rule.form : undefined;
  if (rule.redaction === 'elements') {
    if (step === undefined) return LIST;
    return typeof step === 'number' ? rule.element : undefined;
  }
  if (step === undefined) return MAP;
  return typeof step === 'string' && Object.hasOwn(rule.fields, step) ? rule.fields[step] : undefined;
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
