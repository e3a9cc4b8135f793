// What the operations on records are given, and what they give back (record.md §11).

import { cbor, hex, type Item } from '../cbor-text.ts';
import { arcadia, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase } from '../vector.ts';
import { type Disclosure, openLabel, type RecordText } from './text.ts';

export type Members = { readonly [name: string]: Json };

/** Members of `in` that hold documents of other chapters and this one. */
export const RECORD_GRAMMAR: { readonly [member: string]: string } = {
  record: 'record',
  charter: 'charter',
  certificates: 'key-certificate',
  disclosures: 'disclosure',
};

/** The charter of a state and certificates of it. Default: the one of its key for records. */
export function keysOf(
  state: State,
  certificates: readonly Uint8Array[] = [state.certificates.record],
): Members {
  return { charter: hex(state.charter), certificates: certificates.map(hex) };
}

/** A record for a reader who knows Arcadia and its key for records. */
export function verifying(record: Uint8Array, more: Members = {}): Members {
  return { record: hex(record), ...keysOf(arcadia), ...more };
}

/** A record with disclosures beside it. */
export function beside(text: RecordText, disclosures: readonly Disclosure[], more: Members = {}): Members {
  return verifying(text.message, { disclosures: disclosures.map(({ bytes }) => hex(bytes)), ...more });
}

export interface ExpectedPart {
  readonly of: Disclosure;
  readonly path: string;
  readonly label: Item;
  readonly inherited: boolean;
  /** With the digests in it. */
  readonly content: Item;
}

/** A part with the label that it carries. */
export function labelled(of: Disclosure, path: string, content: Item, label: Item): ExpectedPart {
  return { of, path, content, label, inherited: false };
}

/** A part without a label of its own: it has this one. */
export function inheriting(
  of: Disclosure,
  path: string,
  content: Item,
  label: Item = openLabel,
): ExpectedPart {
  return { of, path, content, label, inherited: true };
}

export interface ExpectedView {
  readonly subject: string;
  readonly undisclosed: number;
  readonly parts?: readonly ExpectedPart[];
  readonly decoys?: readonly Disclosure[];
  readonly fields?: { readonly [name: string]: Item };
  readonly unknownClaims?: { readonly [claim: string]: Item };
  readonly supersedes?: readonly string[];
  readonly label?: Item;
  readonly issuer?: State;
  readonly issuedAtSeconds?: number;
  readonly keyId?: Buffer;
  readonly more?: Members;
}

/** The `out` of `record.verify` (record.md 11.3). */
export function viewOf(text: RecordText, expected: ExpectedView): Json {
  const { subject, undisclosed, issuer = arcadia, issuedAtSeconds = NOW_SECONDS } = expected;
  const parts = [...(expected.parts ?? [])].sort((a, b) => Buffer.compare(a.of.digest, b.of.digest));
  return {
    id: text.idText,
    issuer: issuer.idText,
    keyId: hex(expected.keyId ?? issuer.keys.record.keyId),
    subject,
    type: subject.slice(0, subject.indexOf('/')),
    issuedAtSeconds,
    label: encoded(expected.label ?? openLabel),
    supersedes: expected.supersedes ?? [],
    unknownClaims: encodedMembers(expected.unknownClaims ?? {}),
    fields: encodedMembers(expected.fields ?? {}),
    parts: parts.map(({ of, path, label, inherited, content }) => ({
      digest: hex(of.digest),
      path,
      label: encoded(label),
      inherited,
      content: encoded(content),
    })),
    decoys: digestsOf(expected.decoys ?? []),
    undisclosed,
    ...expected.more,
  };
}

/** Digests in hex, ascending. */
export function digestsOf(disclosures: readonly Disclosure[]): readonly string[] {
  return disclosures.map(({ digest }) => hex(digest)).sort();
}

export function encoded(item: Item): string {
  return hex(cbor(item));
}

function encodedMembers(items: { readonly [name: string]: Item }): Members {
  return Object.fromEntries(Object.entries(items).map(([name, item]) => [name, encoded(item)]));
}

export const valid = (comment: string, input: Members, out: Json): ValidCase => ({ comment, in: input, out });

export const invalid = (code: string, clause: string, comment: string, input: Members): InvalidCase => ({
  comment,
  in: input,
  code,
  clause,
});

/** The part of a record that has this name in its disclosure, or for an element this content. */
export function partOf(text: RecordText, ends: Item): Disclosure {
  const tail = cbor(ends);
  const found = text.parts.filter(({ bytes }) => bytes.subarray(-tail.length).equals(tail));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} parts end in ${hex(tail)}`);
  return only;
}
