/**
 * Whether two byte strings are the same. Stops at the first difference: for digests, keys and identifiers, which are
 * public, not for comparing secrets.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}

/** Bytewise order, a shorter string before the longer ones it begins: for lists that must not depend on who writes them. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Index of the first entry that is not above the one before it, bytewise; -1 where a list ascends strictly. */
export function firstNotAscending(list: readonly Uint8Array[]): number {
  return list.findIndex((each, index) => index > 0 && compareBytes(list[index - 1] as Uint8Array, each) >= 0);
}

/** The parts one after the other, in a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let byteLength = 0;
  for (const part of parts) byteLength += part.length;
  const joined = new Uint8Array(byteLength);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
