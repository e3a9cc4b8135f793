// A document that was changed is refused for its signature, and what else is wrong with it never shows. So the keys of the
// vectors, whose seeds are known, sign it again.

import { createHash } from 'node:crypto';
import { cbor, sha256 } from '../vectors/cbor-text.ts';
import { type KeyPair, keyPair } from '../vectors/signing.ts';
import { type Item, itemsOf, writeTree } from './tree.ts';

/** Seeds of the vectors are one byte 32 times. */
const ring: readonly KeyPair[] = Array.from({ length: 0x60 }, (_, index) => keyPair(index + 1));
const byKeyId = new Map(ring.map((key) => [key.keyId.toString('hex'), key]));

/** Signs a COSE_Sign1 or COSE_Sign anew with the keys that it names, as far as they are known. In place. */
export function resignMessage(message: Item): void {
  const [protectedHeader, , payload, last] = message.items?.[0]?.items ?? [];
  if (message.major !== 6 || protectedHeader === undefined || payload === undefined || last === undefined)
    return;
  const body = contentOf(protectedHeader);
  const content = contentOf(payload);
  if (message.argument === 18n) {
    const key = keyNamedIn(protectedHeader);
    if (key !== undefined) setData(last, key.sign(cbor(['Signature1', body, Buffer.alloc(0), content])));
    return;
  }
  for (const { items: [signer, , signature] = [] } of last.items ?? []) {
    const key = signer === undefined ? undefined : keyNamedIn(signer);
    if (signer === undefined || signature === undefined || key === undefined) continue;
    setData(signature, key.sign(cbor(['Signature', body, contentOf(signer), Buffer.alloc(0), content])));
  }
}

/** Signs every message in a tree anew, be it the tree itself or what one of its strings holds, and every log proof. In place. */
export function resignWithin(tree: Item): void {
  for (const { item } of itemsOf(tree)) {
    if (item.major === 6) resignMessage(item);
    else if (item.major === 3 && item.data?.subarray(0, PROOF.length).equals(PROOF) === true)
      item.data = resignProof(item.data);
  }
}

const PROOF = Buffer.from('c2sp.org/tlog-proof@v1\n');

/** The checkpoint of a log proof stands behind its first empty line. */
function resignProof(proof: Buffer): Buffer {
  const end = proof.indexOf('\n\n') + 2;
  if (end < 2) return proof;
  return Buffer.concat([proof.subarray(0, end), Buffer.from(resignNote(proof.toString('utf8', end)))]);
}

/** Puts the digest of a changed disclosure in the place of that of the original, wherever it stands, in order. */
export function redigest(tree: Item, before: Uint8Array, after: Uint8Array): void {
  const from = digestOf(before);
  const to = digestOf(after);
  for (const { item, parent } of itemsOf(tree)) {
    if (item.major !== 2 || item.data?.equals(from) !== true) continue;
    item.data = to;
    if (parent?.major === 4) parent.items?.sort((a, b) => Buffer.compare(writeTree(a), writeTree(b)));
  }
}

/** Signs a note again: each of its signature lines whose key is known, over what stands above the last empty line. */
export function resignNote(note: string): string {
  const split = note.lastIndexOf('\n\n');
  if (split === -1) return note;
  const text = note.slice(0, split + 1);
  const lines = note
    .slice(split + 2)
    .split('\n')
    .map((line) => resignLine(line, text));
  return `${text}\n${lines.join('\n')}`;
}

function resignLine(line: string, text: string): string {
  const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return line;
  const bytes = Buffer.from(encoded, 'base64');
  const id = bytes.subarray(0, 4).toString('hex');
  const found = noteKeys(name).get(id);
  if (found === undefined) return line;
  const time = bytes.subarray(4, 12);
  const signed =
    found.type === 1
      ? found.key.sign(Buffer.from(text))
      : Buffer.concat([
          time,
          found.key.sign(
            Buffer.from(`cosignature/v1\ntime ${time.length === 8 ? time.readBigUInt64BE() : 0}\n${text}`),
          ),
        ]);
  return `— ${name} ${Buffer.concat([bytes.subarray(0, 4), signed]).toString('base64')}`;
}

const noteKeyCache = new Map<string, ReadonlyMap<string, { readonly key: KeyPair; readonly type: 1 | 4 }>>();

function noteKeys(name: string): ReadonlyMap<string, { readonly key: KeyPair; readonly type: 1 | 4 }> {
  const known = noteKeyCache.get(name);
  if (known !== undefined) return known;
  const keys = new Map<string, { readonly key: KeyPair; readonly type: 1 | 4 }>();
  for (const key of ring) {
    for (const type of [1, 4] as const) {
      const hash = createHash('sha256')
        .update(`${name}\n`)
        .update(Buffer.from([type]))
        .update(key.publicKey);
      keys.set(hash.digest('hex').slice(0, 8), { key, type });
    }
  }
  // Names are bent too: a cache of all of them would grow without end.
  if (noteKeyCache.size > 200) noteKeyCache.clear();
  noteKeyCache.set(name, keys);
  return keys;
}

function digestOf(disclosure: Uint8Array): Buffer {
  return sha256(cbor(disclosure));
}

function contentOf(item: Item): Buffer {
  return item.inner === undefined ? (item.data ?? Buffer.alloc(0)) : writeTree(item.inner);
}

function keyNamedIn(header: Item): KeyPair | undefined {
  const entries = header.inner?.items ?? [];
  for (let index = 0; index + 1 < entries.length; index += 2) {
    const key = entries[index] as Item;
    if (key.major === 0 && key.argument === 4n) {
      return byKeyId.get((entries[index + 1]?.data ?? Buffer.alloc(0)).toString('hex'));
    }
  }
  return undefined;
}

function setData(item: Item, data: Buffer): void {
  if (item.major === 2 && item.items === undefined) item.data = data;
}
