// Messages of the form COSE_Sign (keys.md §5) by many keys, any part of which a vector can change.

import { cbor, Entries, hex, type Item, map, Tag } from '../cbor-text.ts';
import { type KeyPair, keyPair, protect } from '../signing.ts';

export const payload = cbor(map([1, 1]));
export const typ: Entries = map([16, 'application/comity-charter+cose']);
export const alg: readonly [Item, Item] = [1, -19];
/** Many keys in the order of their key ids. */
export const keys = Array.from({ length: 33 }, (_, place) => keyPair(0x01 + place)).sort((a, b) =>
  Buffer.compare(a.keyId, b.keyId),
);
export const [first, second, third] = keys as [KeyPair, KeyPair, KeyPair];

/** What a vector changes of a message. */
interface Parts {
  readonly tag?: number | null;
  readonly body?: Item;
  readonly unprotected?: Item;
  readonly payload?: Item;
  readonly signatures?: Item;
  readonly more?: readonly Item[];
}

/** A message with these parts. The body stands in a byte string where it is a map. */
export function message(parts: Parts): string {
  const { tag = 98, body = typ, more = [] } = parts;
  const array = [
    body instanceof Entries ? protect(body) : body,
    parts.unprotected ?? map(),
    parts.payload === undefined ? payload : parts.payload,
    parts.signatures ?? [entry(first), entry(second)],
    ...more,
  ];
  return hex(cbor(tag === null ? array : new Tag(tag, array)));
}

export interface EntryParts {
  /** The signer's protected header, in a byte string where it is a map. */
  readonly header?: Item;
  readonly unprotected?: Item;
  readonly signature?: Item;
  readonly body?: Entries;
  readonly context?: string;
}

/** The signature entry of a key, over its header as it stands there. */
export function entry(key: KeyPair, parts: EntryParts = {}): Item[] {
  const { header = map(alg, [4, key.keyId]), body = typ, context = 'Signature' } = parts;
  const bytes = header instanceof Entries ? protect(header) : header;
  const signed = cbor([context, protect(body), bytes, Buffer.alloc(0), payload]);
  return [
    bytes,
    parts.unprotected ?? map(),
    parts.signature === undefined ? key.sign(signed) : parts.signature,
  ];
}

export const entries = (signers: readonly KeyPair[], parts: EntryParts = {}): Item[] =>
  signers.map((key) => entry(key, parts));

export const publicKeysOf = (known: readonly KeyPair[]): string[] =>
  known.map(({ publicKey }) => hex(publicKey));
