import { type CborKey, type CborValue, encode, REDACTED, Tagged } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { encodeLedgerEntry } from '@comity/log';
import { disclosureDigest, headerOf } from '@comity/record';
import type { NewRecord } from './records/record-row.ts';

/** 32 bytes that a name stands for. */
export function named(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

export function stateNamed(name: string): StateId {
  return toHex(named(`state ${name}`)) as StateId;
}

export const ARCADIA = stateNamed('Arcadia');
export const BOREALIS = stateNamed('Borealis');
export const CALDERA = stateNamed('Caldera');

/** What a sample record says; anything left out is derived from the number. */
export interface SampleFacts {
  readonly issuer?: StateId;
  readonly type?: string;
  readonly subjectId?: string;
  readonly issuedAtSeconds?: number;
  readonly exercise?: string;
  readonly supersedes?: readonly string[];
  readonly retracts?: string;
  readonly disclosures?: readonly Uint8Array[];
  /** Disclosures whose digests stand in the signed bytes. */
  readonly withheld?: readonly Uint8Array[];
  readonly peer?: StateId | null;
  /** Scheme and classification of the label. */
  readonly label?: readonly [scheme: string, classification: string];
}

/** A record whose bytes are of the format, with a signature that nobody checks here. */
export function sampleRecord(number: number, facts: SampleFacts = {}): NewRecord {
  const type = facts.type ?? 'incident';
  const cwt = new Map<CborKey, CborValue>([
    [1, facts.issuer ?? BOREALIS],
    [2, `${type}/${facts.subjectId ?? `subject-${number}`}`],
    [6, facts.issuedAtSeconds ?? 1_700_000_000 + number],
    [7, named(`nonce ${number}`).slice(0, 16)],
  ]);
  const protectedHeader = new Map<CborKey, CborValue>([
    [1, -19],
    [4, named('key')],
    [15, cwt],
    [16, 'application/comity-record+cose'],
    [170, -16],
  ]);
  const label = new Map<CborKey, CborValue>([
    [1, facts.label?.[0] ?? 'xbo-2014'],
    [2, facts.label?.[1] ?? 'open'],
  ]);
  const claims = new Map<CborKey, CborValue>([
    [1, 1],
    [2, label],
  ]);
  if (facts.exercise !== undefined) claims.set(3, facts.exercise);
  if (facts.supersedes !== undefined) claims.set(4, facts.supersedes.map(bytesOf));
  if (facts.retracts !== undefined) claims.set(5, bytesOf(facts.retracts));
  if (facts.withheld !== undefined) claims.set(REDACTED, digestsOf(facts.withheld));
  const bytes = encode(
    new Tagged(18, [encode(protectedHeader), new Map(), encode(claims), new Uint8Array(64).fill(number)]),
  );
  return {
    header: headerOf(bytes),
    bytes,
    disclosures: facts.disclosures ?? [named(`disclosure ${number}`)],
    source: {
      peer: facts.peer === undefined ? BOREALIS : facts.peer,
      receivedAtSeconds: 1_800_000_000,
      ledgerIndex: number,
    },
  };
}

/** A disclosure of a field, which may have others inside. */
export function sampleDisclosure(name: string, ...inside: readonly Uint8Array[]): Uint8Array {
  const content = new Map<CborKey, CborValue>([['text', `the ${name} of the sample`]]);
  if (inside.length > 0) content.set(REDACTED, digestsOf(inside));
  return encode([named(`salt ${name}`).slice(0, 16), [null, content], name]);
}

function digestsOf(disclosures: readonly Uint8Array[]): Uint8Array[] {
  return disclosures.map(disclosureDigest).sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
}

/** Leaf data of a release ledger. */
export function sampleLeaf(record: NewRecord, digests: readonly Uint8Array[] = []): Uint8Array {
  return encodeLedgerEntry({
    kind: 'release',
    recordId: bytesOf(record.header.id),
    disclosures: [...digests].sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1)),
    atSeconds: 1_800_000_000,
    mode: 'push',
    purpose: 'incident-response',
  });
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Records that are committed together: whole or absent. */
export function recordsOfTurn(turn: number): NewRecord[] {
  return [0, 1, 2].map((part) => sampleRecord(turn * 3 + part));
}
