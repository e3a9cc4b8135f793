// Length comes first in each test: the texts are attacker-controlled.
const RECORD_TYPE = /^[a-z][a-z0-9-]*$/;
const MAX_TYPE_LENGTH = 32;
const SUBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const MAX_SUBJECT_ID_LENGTH = 128;
const MAX_EXERCISE_ID_LENGTH = 64;

/** A record type: 1 to 32 lower-case letters, digits and hyphens, starting with a letter. Also of types not known here. */
export function isRecordType(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_TYPE_LENGTH && RECORD_TYPE.test(text);
}

/** What a record is about, inside its type: 1 to 128 letters, digits, dots, underscores, colons and hyphens. */
export function isSubjectId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_SUBJECT_ID_LENGTH && SUBJECT_ID.test(text);
}

/** The name of an exercise: as a subject id, at most 64 characters. */
export function isExerciseId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_EXERCISE_ID_LENGTH && SUBJECT_ID.test(text);
}

/** The claim `sub`: record type, slash, subject id. Undefined where the text has another form. */
export function splitSubject(
  subject: string,
): { readonly type: string; readonly subjectId: string } | undefined {
  if (subject.length > MAX_TYPE_LENGTH + 1 + MAX_SUBJECT_ID_LENGTH) return undefined;
  const slash = subject.indexOf('/');
  if (slash < 0) return undefined;
  const type = subject.slice(0, slash);
  const subjectId = subject.slice(slash + 1);
  return isRecordType(type) && isSubjectId(subjectId) ? { type, subjectId } : undefined;
}
