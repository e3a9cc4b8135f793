// Arcadia's second charter, and others that follow a charter or try to.

import { cbor, type Entries, type Item, sha256 } from '../cbor-text.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, changed } from '../states.ts';
import { type Change, keyNamed, rooted, signedAs } from './forms.ts';

/** A charter as far as the next one stands on it. */
export interface ChainLink {
  readonly message: Buffer;
  readonly payload: Entries;
  readonly digest: Buffer;
  readonly rootKeys: readonly KeyPair[];
}

export const FIRST_CHARTER: ChainLink = {
  message: arcadia.charter,
  payload: arcadia.charterPayload,
  digest: arcadia.id,
  rootKeys: arcadia.rootKeys,
};

/** The root key that Arcadia's first charter has committed to, and those after it. */
export const COMMITTED: KeyPair = keyPair(0x03);
export const THIRD_KEYS: readonly KeyPair[] = [keyNamed('third root key 1'), keyNamed('third root key 2')];
export const LATER_SECONDS: number = BEGIN_SECONDS + 86_400;

/** A charter that follows Arcadia's first, by the committed key and both of the first, with these changes. */
export function second(
  changes: readonly Change[] = [],
  signers: readonly KeyPair[] = [...arcadia.rootKeys, COMMITTED],
): ChainLink {
  return link(
    FIRST_CHARTER,
    [...rooted([COMMITTED]), ['nextd', THIRD_KEYS.map(({ keyId }): Item => keyId)], ['nextk', 2], ...changes],
    signers,
    [COMMITTED],
  );
}

export function link(
  before: ChainLink,
  changes: readonly Change[],
  signers: readonly KeyPair[],
  rootKeys: readonly KeyPair[],
): ChainLink {
  const version = before.payload.entries.find(([key]) => key === 'v')?.[1] as number;
  const members: readonly Change[] = [
    ['v', version + 1],
    ['prev', before.digest],
    [6, LATER_SECONDS],
    ...changes,
  ];
  const payload = changed(before.payload.entries, [...new Map(members)]);
  const message = signedAs('charter', payload, signers);
  return { message, payload, digest: sha256(cbor(payload)), rootKeys };
}

export const SECOND_CHARTER: ChainLink = second();
