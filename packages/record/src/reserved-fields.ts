/** The part that carries the label of the record as a whole. */
export const OVERALL = 'overall';

/**
 * Names that no field of the body may have at its root, whether in the clear or disclosed: facts and policies take these
 * from the signed envelope, and a field of the same name could be mistaken for it.
 */
const RESERVED: ReadonlySet<string> = new Set([
  OVERALL,
  'envelope',
  'exercise',
  'expiresAt',
  'id',
  'issuedAt',
  'issuer',
  'kid',
  'label',
  'labels',
  'retracts',
  'subject',
  'supersedes',
  'type',
]);

export function isReservedField(name: string): boolean {
  return RESERVED.has(name);
}
