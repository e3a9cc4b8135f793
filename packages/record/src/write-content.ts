import { type CborValue, REDACTED } from '@comity/cbor';
import type { Content } from './content.ts';
import { type CodeOf, writtenIn } from './types/form.ts';
import type { FieldRule } from './types/record-type.ts';
import { recordTypeOf } from './types/record-types.ts';
import type { View } from './view.ts';

/**
 * The content of a record as a person writes it in a draft: what `parseDraft` reads. What is not shown is left out, and so is
 * what its type does not have.
 *
 * @returns undefined for a type that is not known here
 */
export function writeContent(view: View, codeOf: CodeOf): Record<string, unknown> | undefined {
  const type = recordTypeOf(view.header.type);
  if (type === undefined) return undefined;
  const written: [string, unknown][] = [];
  for (const [name, rule] of Object.entries(type.fields)) {
    const found = view.field([name]);
    if (found.status !== 'known') continue;
    const field = writeField(found.value, rule, codeOf);
    if (field !== undefined) written.push([name, field]);
  }
  return Object.fromEntries(written);
}

function writeField(content: Content, rule: FieldRule, codeOf: CodeOf): unknown {
  // What the form of the type does not fit stands as it is: whoever signs it anew sees the fault.
  if (rule.redaction === 'whole') return writtenIn(rule.form, content as CborValue, codeOf);
  if (rule.redaction === 'elements') {
    if (!Array.isArray(content)) return content;
    const shown = content.filter((element) => element !== REDACTED);
    return shown.map((element) => writtenIn(rule.element, element as CborValue, codeOf));
  }
  if (!(content instanceof Map)) return content;
  const fields = Object.entries(rule.fields).flatMap(([name, form]) => {
    const value = content.get(name);
    return value === undefined ? [] : [[name, writtenIn(form, value as CborValue, codeOf)] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
