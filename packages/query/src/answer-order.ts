import { Fault } from '@comity/fault';
import { assertRecordId, type RecordHeader, type RecordId } from '@comity/record';

/**
 * The order of the answers to a question: newest first by the time of issue that stands in the signed record, and of one
 * second the greater record id first, as lower-case hexadecimal. It depends on the records alone, not on when or how they
 * came, so a question can go on after an answer, at any time and at any node.
 */
export interface AnswerPosition {
  readonly issuedAtSeconds: number;
  readonly recordId: RecordId;
}

export function positionOf({
  issuedAtSeconds,
  id,
}: Pick<RecordHeader, 'issuedAtSeconds' | 'id'>): AnswerPosition {
  return { issuedAtSeconds, recordId: id };
}

/** Whether a position comes after another one, that is: is older. Nothing comes after itself. */
export function comesAfter(position: AnswerPosition, other: AnswerPosition): boolean {
  return position.issuedAtSeconds === other.issuedAtSeconds
    ? position.recordId < other.recordId
    : position.issuedAtSeconds < other.issuedAtSeconds;
}

/** A position as people and programs pass it on: seconds since 1970, a hyphen, the record id. */
export const POSITION_TEXT = /^(?:0|[1-9]\d{0,14})-[0-9a-f]{64}$/;

export function formatPosition({ issuedAtSeconds, recordId }: AnswerPosition): string {
  return `${issuedAtSeconds}-${recordId}`;
}

/** @throws Fault query.malformed */
export function parsePosition(text: string): AnswerPosition {
  if (!POSITION_TEXT.test(text))
    throw new Fault('query.malformed', 'expected the position that an earlier answer ended with');
  const [seconds = '', recordId = ''] = text.split('-');
  assertRecordId(recordId);
  return { issuedAtSeconds: Number(seconds), recordId };
}
