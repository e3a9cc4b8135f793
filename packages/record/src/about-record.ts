import type { RecordHeader } from './header.ts';
import { isRecordId, type RecordId } from './record-id.ts';
import { splitSubject } from './subject.ts';
import { recordTypeOf } from './types/record-types.ts';

/** Whether records of a type are about another record, which their subject names (record-types.md 1.7). */
export function isAboutRecord(type: string): boolean {
  return recordTypeOf(type)?.aboutRecord === true;
}

/**
 * The record that a record is about, of which it tells whoever sees it.
 *
 * @returns undefined where the type is about no record, or where the subject is not the id of one
 */
export function recordAbout({ type, subject }: Pick<RecordHeader, 'type' | 'subject'>): RecordId | undefined {
  if (!isAboutRecord(type)) return undefined;
  const id = splitSubject(subject)?.subjectId;
  return isRecordId(id) ? id : undefined;
}
