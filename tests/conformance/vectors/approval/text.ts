// Officers and approvals for the vectors: Arcadia's officer Anna, and what she says of a record that is to go to Borealis.
// Each piece can be replaced.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { cbor, filled, hex, type Item, map, sha256, Tag } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { coseKey, type KeyPair, keyPair, type Sign1, sign1 } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, changed, drawn, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';

export const DAY_SECONDS = 86_400;
export const ANNA: KeyPair = keyPair(0x51);
export const BRUNO: KeyPair = keyPair(0x52);
/** Of the X25519 private key of 32 times 5a. */
export const SEAL_KEY: Buffer = createPublicKey(
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), filled(0x5a)]),
    format: 'der',
    type: 'pkcs8',
  }),
)
  .export({ format: 'der', type: 'spki' })
  .subarray(-32);

export interface SignedOptions {
  readonly payload?: Changes;
  readonly header?: Changes;
  /** Replaces the payload as a whole. */
  readonly content?: Item;
  /** Default: empty. */
  readonly unprotected?: Item;
}

export interface OfficerOptions extends SignedOptions {
  readonly state?: State;
  readonly id?: string;
  /** The officer's. */
  readonly key?: KeyPair;
  /** That signs the certificate. */
  readonly by?: KeyPair;
}

/** The certificate of an officer, valid from the begin of all documents for a year. */
export function officer(options: OfficerOptions = {}): Sign1 {
  const { state = arcadia, id = 'anna', key = ANNA, by = state.keys.record } = options;
  return signed('officer', by, options, [
    [1, state.idText],
    [2, id],
    [4, BEGIN_SECONDS + 365 * DAY_SECONDS],
    [5, BEGIN_SECONDS],
    [6, BEGIN_SECONDS],
    [7, drawn(`officer ${id}`)],
    [8, map([1, coseKey(key.publicKey)])],
    ['name', 'Anna Duty'],
    ['roles', ['officer']],
  ]);
}

export interface ApprovalOptions extends SignedOptions {
  readonly state?: State;
  readonly officer?: string;
  readonly key?: KeyPair;
}

export const RECORD_ID: Buffer = sha256(Buffer.from('a record'));
export const RULE_DIGEST: Buffer = sha256(Buffer.from('a rule'));
/** Digests of parts, ascending. */
export const PARTS: readonly Buffer[] = digests(2);

export function digests(count: number): readonly Buffer[] {
  const made = Array.from({ length: count }, (_, index) => sha256(Buffer.from(`part ${index}`)));
  return made.sort(Buffer.compare);
}

/** Anna approves, a day after the begin, for thirty days. */
export function approval(options: ApprovalOptions = {}): Sign1 {
  const { state = arcadia, officer: id = 'anna', key = ANNA } = options;
  return signed('approval', key, options, [
    [1, state.id],
    [2, id],
    [3, 'approve'],
    [4, RECORD_ID],
    [5, PARTS],
    [6, borealis.id],
    [7, 'push'],
    [8, 'incident-response'],
    [9, 'warn-neighbours'],
    [10, RULE_DIGEST],
    [11, NOW_SECONDS],
    [12, NOW_SECONDS + 30 * DAY_SECONDS],
  ]);
}

function signed(
  kind: 'officer' | 'approval',
  key: KeyPair,
  { payload = [], header = [], content, unprotected }: SignedOptions,
  members: readonly (readonly [Item, Item])[],
): Sign1 {
  const headers = changed(
    [
      [1, -19],
      [4, key.keyId],
      [16, `application/comity-${kind}+cose`],
    ],
    header,
  );
  const made = sign1(key, cbor(content ?? changed(members, payload)), [], headers);
  if (unprotected === undefined) return made;
  const message = cbor(new Tag(18, [made.protected, unprotected, made.payload, made.signature]));
  return { ...made, message };
}

export type Members = { readonly [name: string]: Json };

/** The `in` of officer.verify: Arcadia and its record key are known. */
export function officerInput(message: Uint8Array, members: Members = {}): Members {
  return {
    officer: hex(message),
    charters: [hex(arcadia.charter)],
    certificates: [hex(arcadia.certificates.record)],
    ...members,
  };
}

/** The `in` of approval.verify: Anna is an officer of Arcadia, two days after the begin. */
export function approvalInput(message: Uint8Array, members: Members = {}): Members {
  return {
    approval: hex(message),
    charters: [hex(arcadia.charter)],
    certificates: [hex(arcadia.certificates.record)],
    state: arcadia.idText,
    officers: [{ certificate: hex(officer().message) }],
    atSeconds: NOW_SECONDS + DAY_SECONDS,
    ...members,
  };
}

export function officerRefused(
  code: string,
  clause: string,
  comment: string,
  options: OfficerOptions,
  members: Members = {},
): InvalidCase {
  return { comment, in: officerInput(officer(options).message, members), code, clause };
}

export function approvalRefused(
  code: string,
  clause: string,
  comment: string,
  options: ApprovalOptions,
  members: Members = {},
): InvalidCase {
  return { comment, in: approvalInput(approval(options).message, members), code, clause };
}

const officerForm = { topic: 'approval', op: 'officer.verify' };
const approvalForm = { topic: 'approval', op: 'approval.verify' };
const known = { charters: 'charter', certificates: 'key-certificate' };

export const officersTaken = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  ...officerForm,
  name,
  grammar: { ...known, officer: 'officer-certificate' },
  valid,
});

export const approvalsTaken = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  ...approvalForm,
  name,
  grammar: { ...known, approval: 'approval' },
  valid,
});

/** @param isFormed whether the documents fit their grammar */
export const officersRefused = (
  name: string,
  invalid: readonly InvalidCase[],
  isFormed: boolean,
): VectorFile => ({
  ...officerForm,
  name,
  ...(isFormed && { grammar: { ...known, officer: 'officer-certificate' } }),
  invalid,
});

export const approvalsRefused = (
  name: string,
  invalid: readonly InvalidCase[],
  isFormed: boolean,
): VectorFile => ({
  ...approvalForm,
  name,
  ...(isFormed && { grammar: { ...known, approval: 'approval' } }),
  invalid,
});

/** A message with one bit of its signature changed. */
export function flipped(message: Uint8Array): Buffer {
  const copy = Buffer.from(message);
  copy[copy.length - 40] = (copy[copy.length - 40] ?? 0) ^ 1;
  return copy;
}
