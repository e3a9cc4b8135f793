import type { StateId } from '@comity/label';

/** A state id for reading aloud: 16 groups of 4 hexadecimal digits. */
export function fingerprint(state: StateId): string {
  return (state.match(/.{4}/g) ?? []).join(' ');
}
