import { fromHex, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeRowValue } from '../layout/row-value.ts';
import type { RecordSource, StoredRecord } from './record-row.ts';

/** What the payload of a content row says. */
export type ContentPayload = Pick<StoredRecord, 'bytes' | 'disclosures' | 'sources' | 'withdrawn'>;

/**
 * Writes the payload of a content row: `[bytes, disclosures, [[peer, receivedAtSeconds, ledgerIndex, parts?]], withdrawn]` in CBOR. By
 * hand, for these are most of the bytes that a store writes, and each record has two dozen of such small pieces.
 */
export class ContentWriter {
  readonly #content: ContentPayload;
  readonly #withdrawn: readonly Uint8Array[];
  readonly byteLength: number;

  constructor(content: ContentPayload) {
    this.#content = content;
    this.#withdrawn = content.withdrawn?.map(fromHex) ?? NONE;
    const { bytes, disclosures, sources } = content;
    this.byteLength =
      headBytes(4) +
      headBytes(bytes.length) +
      bytes.length +
      listBytes(disclosures) +
      sourcesBytes(sources) +
      listBytes(this.#withdrawn);
  }

  /** Writes into a target from an offset on. */
  write(target: Uint8Array, start: number): void {
    const { bytes, disclosures, sources } = this.#content;
    let at = writeHead(target, start, ARRAY, 4);
    at = writeBytes(target, at, bytes);
    at = writeList(target, at, disclosures);
    at = writeHead(target, at, ARRAY, sources.length);
    for (let index = 0; index < sources.length; index += 1) {
      at = writeSource(target, at, sources[index] as RecordSource);
    }
    writeList(target, at, this.#withdrawn);
  }
}

/** Byte strings in the result are views of the payload. @throws Fault `store.row-damaged` */
export function readContent(payload: Uint8Array): ContentPayload {
  const [bytes, disclosures, sourceRows, withdrawn] = decodeRowValue(payload) as unknown as ContentValue;
  const sources = sourceRows.map(([peer, receivedAtSeconds, ledgerIndex, parts]) => ({
    peer,
    // Integers of 2^32 and more come as bigint.
    receivedAtSeconds: Number(receivedAtSeconds),
    ledgerIndex: ledgerIndex === null ? null : Number(ledgerIndex),
    ...(parts !== undefined && { parts: parts.map(toHex) }),
  }));
  const content = { bytes, disclosures, sources };
  return withdrawn.length === 0 ? content : { ...content, withdrawn: withdrawn.map(toHex) };
}

type ContentValue = [
  bytes: Uint8Array,
  disclosures: Uint8Array[],
  sources: [
    peer: StateId | null,
    receivedAtSeconds: number | bigint,
    ledgerIndex: number | bigint | null,
    parts?: Uint8Array[],
  ][],
  withdrawn: Uint8Array[],
];

const NONE: readonly Uint8Array[] = [];
const DIGEST_BYTES = 32;

// RFC 8949 §3: the major types, and null.
const UNSIGNED = 0x00;
const BYTES = 0x40;
const TEXT = 0x60;
const ARRAY = 0x80;
const NULL = 0xf6;

/** Bytes of a head with an argument below 2^53. */
function headBytes(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x1_0000) return 3;
  return argument < 0x1_0000_0000 ? 5 : 9;
}

function writeHead(target: Uint8Array, at: number, type: number, argument: number): number {
  if (argument < 24) {
    target[at] = type + argument;
    return at + 1;
  }
  const end = at + headBytes(argument);
  let rest = argument;
  for (let place = end - 1; place > at; place -= 1) {
    target[place] = rest;
    rest = Math.floor(rest / 0x100);
  }
  // 24 to 27: one, two, four or eight bytes follow.
  target[at] = type + 24 + Math.log2(end - at - 1);
  return end;
}

function writeBytes(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const start = writeHead(target, at, BYTES, bytes.length);
  target.set(bytes, start);
  return start + bytes.length;
}

function listBytes(list: readonly Uint8Array[]): number {
  let byteLength = headBytes(list.length);
  for (let index = 0; index < list.length; index += 1) {
    const { length } = list[index] as Uint8Array;
    byteLength += headBytes(length) + length;
  }
  return byteLength;
}

function writeList(target: Uint8Array, start: number, list: readonly Uint8Array[]): number {
  let at = writeHead(target, start, ARRAY, list.length);
  for (let index = 0; index < list.length; index += 1) {
    at = writeBytes(target, at, list[index] as Uint8Array);
  }
  return at;
}

/** A state is written as text: 64 hexadecimal digits. */
function sourcesBytes(sources: readonly RecordSource[]): number {
  let byteLength = headBytes(sources.length);
  for (let index = 0; index < sources.length; index += 1) {
    const { peer, receivedAtSeconds, ledgerIndex, parts } = sources[index] as RecordSource;
    byteLength += 1 + headBytes(receivedAtSeconds);
    byteLength += peer === null ? 1 : headBytes(peer.length) + peer.length;
    byteLength += ledgerIndex === null ? 1 : headBytes(ledgerIndex);
    if (parts !== undefined) byteLength += headBytes(parts.length) + parts.length * (2 + DIGEST_BYTES);
  }
  return byteLength;
}

function writeSource(target: Uint8Array, start: number, source: RecordSource): number {
  const { peer, receivedAtSeconds, ledgerIndex, parts } = source;
  let at = writeHead(target, start, ARRAY, parts === undefined ? 3 : 4);
  if (peer === null) target[at++] = NULL;
  else {
    at = writeHead(target, at, TEXT, peer.length);
    for (let index = 0; index < peer.length; index += 1) target[at++] = peer.charCodeAt(index);
  }
  at = writeHead(target, at, UNSIGNED, receivedAtSeconds);
  if (ledgerIndex === null) target[at++] = NULL;
  else at = writeHead(target, at, UNSIGNED, ledgerIndex);
  return parts === undefined ? at : writeList(target, at, parts.map(fromHex));
}
