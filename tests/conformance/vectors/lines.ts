import { linesWithCalendars } from './duties/limits.ts';
import { linesWithInputs, linesWithIntegers, linesWithLists } from './lines/inputs.ts';
import { linesOfJson, nestedLines } from './lines/json.ts';
import { linesOfUnknownOperations, linesWithIds, linesWithMembers } from './lines/members.ts';

/** Lines to a driver and the answers to them (conformance.md §1, §2). A line stands here without its line feed. */
export function lineVectors(): { comment: string; line: string; answer: object }[] {
  return [
    ...linesOfJson(),
    ...nestedLines(),
    ...linesWithIds(),
    ...linesWithMembers(),
    ...linesOfUnknownOperations(),
    ...linesWithInputs(),
    ...linesWithIntegers(),
    ...linesWithLists(),
    ...linesWithCalendars(),
  ];
}
