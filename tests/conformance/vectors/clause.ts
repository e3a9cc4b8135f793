/**
 * The clause that a comment begins with, in the form of a case: `3.5` of `3.5: 65 record types`, and `keys 6.1` where the clause
 * is of another chapter than the vector.
 */
export function clauseOf(comment: string): string {
  const [, clause] = /^((?:[a-z-]+ )?\d+\.\d+): /.exec(comment) ?? [];
  if (clause === undefined) throw new Error(`begins with no clause: ${comment}`);
  return clause;
}
