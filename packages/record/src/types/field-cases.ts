import type { DraftFaults } from '../draft-faults.ts';
import type { FieldCases } from './record-type.ts';

/** Whether a draft has the fields that the word in one of them needs, and no others than those that go with it. */
export function requireCase(
  { field, words }: FieldCases,
  content: Readonly<Record<string, unknown>>,
  faults: DraftFaults,
): void {
  const word = content[field];
  if (typeof word !== 'string' || !Object.hasOwn(words, word)) return;
  const { required, foreign } = words[word] as FieldCases['words'][string];
  for (const name of required) {
    if ((content[name] ?? undefined) === undefined) {
      faults.add('record.missing-field', ['content', name], `the ${field} ${word} needs this field`);
    }
  }
  for (const name of foreign) {
    if ((content[name] ?? undefined) !== undefined) {
      faults.add('record.foreign-field', ['content', name], `the ${field} ${word} has no such field`);
    }
  }
}
