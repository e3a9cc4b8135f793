// Orders for the vectors, each piece of which can be replaced (ledger.md §7).

import { cbor, filled, hex, type Item, map, sha256, Tag } from '../cbor-text.ts';
import { type KeyPair, sign1 } from '../signing.ts';
import { arcadia, changed, drawn, NOW_SECONDS, type State } from '../states.ts';
import type { Json } from '../vector.ts';
import { knowing } from './items.ts';

type Changes = readonly (readonly [Item, Item | undefined])[];
type Members = { readonly [name: string]: Json };

export interface OrderOptions {
  /** Changes of the payload, by the keys of ledger.md 7.3. */
  readonly payload?: Changes;
  readonly header?: Changes;
  /** Replaces the payload as a whole. */
  readonly content?: Item;
  /** Default: empty. */
  readonly unprotected?: Item;
  readonly issuer?: State;
  readonly key?: KeyPair;
  readonly issuedAtSeconds?: number;
}

export interface OrderText {
  readonly message: Buffer;
  readonly id: Buffer;
}

/** An order of Arcadia: it takes back the record whose id is 32 times 01, for error. */
export function orderText(options: OrderOptions = {}): OrderText {
  const { issuer = arcadia, key = issuer.keys.record, issuedAtSeconds = NOW_SECONDS } = options;
  const payload = changed(
    [
      [1, issuer.id],
      [2, 'recall'],
      [3, issuedAtSeconds],
      [4, drawn(`order ${issuedAtSeconds}`)],
      [5, filled(0x01)],
      [8, 'error'],
    ],
    options.payload ?? [],
  );
  const header = changed(
    [
      [1, -19],
      [4, key.keyId],
      [16, 'application/comity-order+cose'],
    ],
    options.header ?? [],
  );
  const signed = sign1(key, cbor(options.content ?? payload), [], header);
  const { unprotected = map() } = options;
  const message = cbor(new Tag(18, [signed.protected, unprotected, signed.payload, signed.signature]));
  return { message, id: sha256(message) };
}

/** Changes of the payload of a recall that make it narrow a record. */
export function narrowing(parts: readonly Item[]): Changes {
  return [
    [2, 'narrow'],
    [6, parts],
  ];
}

/** Changes of the payload of a recall that make it a bar of a state, or its lifting. */
export function barring(state: Item, kind: 'bar' | 'lift' = 'bar'): Changes {
  return [
    [2, kind],
    [5, undefined],
    [7, state],
  ];
}

/** The `in` of `ledger.order`: the recipient knows Arcadia, and it is now. */
export function orderInput(message: Uint8Array, members: Members = {}): Members {
  return { order: hex(message), ...knowing(arcadia), atSeconds: NOW_SECONDS, ...members };
}
