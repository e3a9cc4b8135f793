// Charters, certificates and recognitions with single members changed, and what a verifier says of them.

import { cbor, Entries, hex, type Item, map, sha256, Tag } from '../cbor-text.ts';
import { coseKey, type KeyPair, keyPair, protect, signMany } from '../signing.ts';
import {
  arcadia,
  certificatePayload,
  changed,
  charterOf,
  recognitionPayload,
  type State,
  typ,
  type Usage,
} from '../states.ts';
import type { Json } from '../vector.ts';

export type Change = readonly [Item, Item | undefined];

/** A key pair whose seed is drawn from a name. */
export const keyNamed = (name: string): KeyPair => keyPair(sha256(Buffer.from(name)));
export const keysNamed = (name: string, count: number): KeyPair[] =>
  Array.from({ length: count }, (_, index) => keyNamed(`${name} ${index + 1}`));

/** 9999-12-31T23:59:59Z, the last time that a document can name. */
export const LAST_SECOND = 253_402_300_799;
export const DAY_SECONDS = 86_400;

/** A member of a payload. */
export const member = (payload: Entries, key: Item): Item | undefined =>
  payload.entries.find(([each]) => each === key)?.[1];
const text = (payload: Entries, key: Item): string => member(payload, key) as string;
const number = (payload: Entries, key: Item): number => member(payload, key) as number;
const bytes = (item: Item | undefined): string => hex(item as Uint8Array);
const list = (payload: Entries, key: Item): readonly Item[] => member(payload, key) as readonly Item[];

/** Arcadia's charter with these members replaced, taken away (undefined) or added; of two for one member the last counts. */
export const charterWith = (...changes: readonly Change[]): Entries =>
  changed(arcadia.charterPayload.entries, [...new Map(changes)]);

/** The members `keys` and `k` for these root keys. */
export const rooted = (keys: readonly KeyPair[], threshold: number = keys.length): Change[] => [
  ['keys', keys.map(({ publicKey }) => coseKey(publicKey))],
  ['k', threshold],
];

/** Another state, with root keys of its own and the other members of Arcadia's charter, but for the changes. */
export function stateWith(code: string, keys: readonly KeyPair[], ...changes: readonly Change[]): State {
  const charterPayload = charterWith(['code', code], ...rooted(keys), ...changes);
  const id = sha256(cbor(charterPayload));
  const charter = charterOf(keys, charterPayload);
  const scheme = member(charterPayload, 'scheme') as Entries;
  return { ...arcadia, code, rootKeys: keys, scheme, charterPayload, charter, id, idText: hex(id) };
}

/** A payload signed as one of the documents, by Arcadia's root keys where no others are named. */
export const signedAs = (
  document: Parameters<typeof typ>[0],
  payload: Item,
  keys: readonly KeyPair[] = arcadia.rootKeys,
): Buffer => signMany(keys, cbor(payload), typ(document));

/** A certificate by this state. */
export const certified = (
  state: State,
  usage: Usage,
  key: KeyPair,
  changes: readonly Change[] = [],
  keys: readonly KeyPair[] = state.rootKeys,
): Buffer => signedAs('key-certificate', certificatePayload(state.idText, usage, key, changes), keys);

/** A recognition of `subject` by `issuer`; of two changes of one member the last counts. */
export const recognised = (
  issuer: State,
  subject: State,
  changes: readonly Change[] = [],
  keys: readonly KeyPair[] = issuer.rootKeys,
): Buffer => signedAs('recognition', recognitionPayload(issuer, subject, [...new Map(changes)]), keys);

/** A signature entry of a COSE_Sign: over `signed` where that is another payload than the one that is framed. */
export function signatureBy(key: KeyPair, body: Item, signed: Uint8Array, context = 'Signature'): Item {
  const signer = cbor(map([1, -19], [4, key.keyId]));
  return [signer, map(), key.sign(cbor([context, protect(body), signer, Buffer.alloc(0), signed]))];
}

/** A COSE_Sign of these parts, whether they belong together or not. */
export const framed = (body: Item, payload: Uint8Array, signatures: readonly Item[]): Buffer =>
  cbor(new Tag(98, [protect(body), map(), payload, signatures]));

export interface Named {
  readonly [name: string]: Json;
}

/** What `charter.verify` says of a charter with this payload and these root keys. */
export function charterOut(payload: Entries, keys: readonly KeyPair[], more: Named = {}): Named {
  const id = hex(sha256(cbor(payload)));
  const scheme = member(payload, 'scheme') as Entries;
  const names = member(payload, 'names') as Entries;
  const expires = member(payload, 4);
  return {
    state: id,
    fingerprint: Array.from({ length: 16 }, (_, group) => id.slice(group * 4, group * 4 + 4)).join(' '),
    code: text(payload, 'code'),
    names: Object.fromEntries(names.entries) as Named,
    keys: keys.map(({ publicKey }) => hex(publicKey)),
    threshold: number(payload, 'k'),
    nextKeyIds: list(payload, 'nextd').map(bytes),
    nextThreshold: number(payload, 'nextk'),
    schemeId: text(scheme, 1),
    legal: list(payload, 'legal') as string[],
    contacts: list(payload, 'contacts').map((contact) => ({
      role: text(contact as Entries, 1),
      address: text(contact as Entries, 2),
      languages: list(contact as Entries, 3) as string[],
    })),
    issuedAtSeconds: number(payload, 6),
    ...(expires !== undefined && { expiresAtSeconds: expires as number }),
    ...more,
  };
}

/** What `certificate.verify` says of a certificate with this payload. */
export function certificateOut(payload: Entries, key: KeyPair): Named {
  const addresses = member(payload, 'addrs');
  return {
    issuer: text(payload, 1),
    subject: text(payload, 2),
    usage: text(payload, 'use'),
    publicKey: hex(key.publicKey),
    keyId: hex(key.keyId),
    certificateId: bytes(member(payload, 7)),
    ...timesOut(payload),
    scope: Object.fromEntries((member(payload, 'scope') as Entries).entries) as Named,
    ...(addresses !== undefined && { addresses: addresses as string[] }),
  };
}

/** What `recognition.verify` says of a recognition with this payload. */
export function recognitionOut(payload: Entries, withMaps: boolean): Named {
  const levels = (key: string): Named =>
    Object.fromEntries((member(member(payload, key) as Entries, 3) as Entries).entries) as Named;
  return {
    issuer: text(payload, 1),
    subject: text(payload, 2),
    code: text(payload, 'code'),
    charterDigest: bytes(member(payload, 'charter')),
    ceiling: text(payload, 'ceiling'),
    categories: list(payload, 'categories').map((entry) => ({
      set: text(entry as Entries, 1),
      values: list(entry as Entries, 2) as string[],
    })),
    community: member(payload, 'community') as boolean,
    ...timesOut(payload),
    ...(withMaps && { outbound: levels('out'), inbound: levels('in') }),
  };
}

function timesOut(payload: Entries): Named {
  return {
    issuedAtSeconds: number(payload, 6),
    notBeforeSeconds: number(payload, 5),
    notAfterSeconds: number(payload, 4),
  };
}

/** Arrays in arrays, so many of them: an item of this depth (cbor.md 1.2). */
export const nested = (depth: number): Item => (depth === 0 ? 0 : [nested(depth - 1)]);

/** Data items of an item, itself among them (cbor.md 1.2). */
export function countItems(item: Item): number {
  if (item instanceof Entries) {
    return item.entries.reduce((sum, [key, value]) => sum + countItems(key) + countItems(value), 1);
  }
  if (item instanceof Tag) return 1 + countItems(item.content);
  if (!Array.isArray(item)) return 1;
  return (item as readonly Item[]).reduce((sum: number, each) => sum + countItems(each), 1);
}

export const contact = (role: Item, address: Item, languages: Item = ['en']): Entries =>
  map([1, role], [2, address], [3, languages]);
