import { filled, hex, type Item } from '../cbor-text.ts';
import { arcadia, BEGIN_SECONDS, borealis, drawn, END_SECONDS } from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import {
  ANNA,
  DAY_SECONDS,
  type Members,
  type OfficerOptions,
  officer,
  officerInput,
  officersTaken,
  SEAL_KEY,
} from './text.ts';

/** Certificates of officers that are good (approval.md §1, §2). */
export function officers(): readonly VectorFile[] {
  return [officersTaken('officers', [...people(), ...periods(), ...others()])];
}

/** The coordinate of this number, little-endian. */
export function coordinate(number: bigint): Buffer {
  const bytes = Buffer.alloc(32);
  for (let rest = number, at = 0; rest > 0n; rest >>= 8n, at += 1) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

export const PRIME: bigint = 2n ** 255n - 19n;

function taken(
  comment: string,
  options: OfficerOptions,
  out: Members = {},
  members: Members = {},
): ValidCase {
  const { message } = officer(options);
  const { id = 'anna', key = ANNA } = options;
  return {
    comment,
    in: officerInput(message, members),
    out: {
      state: arcadia.idText,
      id,
      name: 'Anna Duty',
      roles: ['officer'],
      publicKey: hex(key.publicKey),
      keyId: hex(key.keyId),
      certificateId: hex(drawn(`officer ${id}`)),
      issuedAtSeconds: BEGIN_SECONDS,
      notBeforeSeconds: BEGIN_SECONDS,
      notAfterSeconds: BEGIN_SECONDS + 365 * DAY_SECONDS,
      ...out,
    },
  };
}

const withMember = (comment: string, key: Item, value: Item, out: Members): ValidCase =>
  taken(comment, { payload: [[key, value]] }, out);

function people(): readonly ValidCase[] {
  const named = (comment: string, name: string): ValidCase => withMember(comment, 'name', name, { name });
  const roles = (comment: string, ...list: readonly string[]): ValidCase =>
    withMember(comment, 'roles', list, { roles: list });
  const longest = 'a'.repeat(64);
  return [
    taken('an officer of Arcadia, issued in the first second of the record key', {}),
    taken('an id of one character', { id: '7' }),
    taken('an id of 64 characters', { id: longest }),
    taken('an id with dots and hyphens', { id: 'duty.desk-2' }),
    named('a name of one character', 'A'),
    named('a name of 256 bytes in 128 characters', 'é'.repeat(128)),
    named('a name in another script', 'Άννα Φύλακα'),
    roles('the other role', 'release-authority'),
    roles('both roles', 'officer', 'release-authority'),
    roles('both roles in the other order, which is kept', 'release-authority', 'officer'),
    taken(
      'everything',
      {
        payload: [
          ['roles', ['officer', 'release-authority']],
          ['seal', SEAL_KEY],
        ],
      },
      { roles: ['officer', 'release-authority'], sealKey: hex(SEAL_KEY) },
    ),
  ];
}

function periods(): readonly ValidCase[] {
  const of = (comment: string, begin: number, end: number): ValidCase =>
    taken(
      comment,
      {
        payload: [
          [5, begin],
          [4, end],
        ],
      },
      { notBeforeSeconds: begin, notAfterSeconds: end },
    );
  const issued = (comment: string, at: number): ValidCase =>
    withMember(comment, 6, at, { issuedAtSeconds: at });
  return [
    of('400 days', BEGIN_SECONDS, BEGIN_SECONDS + 400 * DAY_SECONDS),
    of('one second', BEGIN_SECONDS, BEGIN_SECONDS + 1),
    of('over before the record key began to be valid', 0, 1),
    of('still valid when the record key is not any more', END_SECONDS - 1, END_SECONDS + 399 * DAY_SECONDS),
    issued('issued in the last second of the record key', END_SECONDS - 1),
  ];
}

function others(): readonly ValidCase[] {
  const seal = (comment: string, key: Buffer): ValidCase =>
    withMember(comment, 'seal', key, { sealKey: hex(key) });
  const known: Json = [hex(arcadia.charter), hex(borealis.charter)];
  return [
    seal('the base point as key for letters', coordinate(9n)),
    seal('the highest coordinate but one, which is not of small order', coordinate(PRIME - 2n)),
    seal('a coordinate that is on the twist: X25519 takes it', coordinate(2n)),
    seal(
      'bytes that end with 7f and are below the prime',
      Buffer.concat([filled(0x01, 31), filled(0x7f, 1)]),
    ),
    taken('another state is known as well', {}, {}, { charters: known }),
    taken(
      'the record key is known by two certificates',
      {},
      {},
      {
        certificates: [hex(arcadia.certificates.record), hex(arcadia.certificates.record)],
      },
    ),
  ];
}
