import { cbor, filled, hex, type Item, map, Tag } from '../cbor-text.ts';
import { coseKey, type KeyPair, keyPair, signMany } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, certificatePayload, drawn, END_SECONDS, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { coordinate, PRIME } from './officers.ts';
import {
  ANNA,
  DAY_SECONDS,
  flipped,
  type OfficerOptions,
  officer,
  officerInput,
  officersRefused,
  officerRefused as refused,
} from './text.ts';

/** Certificates of officers with one fault each (approval.md §1, §2). */
export function refusedOfficers(): readonly VectorFile[] {
  return [
    officersRefused('officer-form', [...headers(), ...members(), ...signatures()], false),
    officersRefused('officer-content', [...periods(), ...roles(), ...authority()], true),
    officersRefused('officer-keys', [...keys(), ...sealKeys()], true),
  ];
}

function headers(): readonly InvalidCase[] {
  const of = (comment: string, header: OfficerOptions['header']): InvalidCase =>
    refused('officer.wrong-document', '1.2', comment, { header: header ?? [] });
  const long = officer({ payload: [['pad', 'x'.repeat(4_096)]] });
  return [
    of('the typ of an approval', [[16, 'application/comity-approval+cose']]),
    of('the typ of a record', [[16, 'application/comity-record+cose']]),
    of('a typ in another letter case', [[16, 'application/comity-Officer+cose']]),
    of('no typ', [[16, undefined]]),
    of('a header that has no place here', [[15, map([1, arcadia.idText])]]),
    refused('cose.unprotected-header', '1.3', 'an entry in the unprotected header', {
      unprotected: map([17, 'x']),
    }),
    {
      comment: 'more than 4096 bytes',
      in: officerInput(long.message),
      code: 'cbor.too-many-bytes',
      clause: '1.1',
    },
  ];
}

function members(): readonly InvalidCase[] {
  const of = (comment: string, key: Item, value: Item | undefined): InvalidCase =>
    refused('cbor.shape', '2.1', comment, { payload: [[key, value]] });
  const absent = [1, 2, 4, 5, 6, 7, 8, 'name', 'roles'].map((key) => of(`without ${key}`, key, undefined));
  return [
    ...absent,
    of('a member that no certificate has', 'rank', 'colonel'),
    of('a scope, which key certificates have', 'scope', map()),
    of('a state of 32 bytes instead of a text', 1, arcadia.id),
    of('a state in capitals', 1, arcadia.idText.toUpperCase()),
    of('an id of no character', 2, ''),
    of('an id of 65 characters', 2, 'a'.repeat(65)),
    of('an id in capitals', 2, 'Anna'),
    of('an id that begins with a hyphen', 2, '-anna'),
    of('an id with a letter that is not ASCII', 2, 'änne'),
    of('a line feed behind the id', 2, 'anna\n'),
    of('a certificate id of 15 bytes', 7, drawn('officer', 15)),
    of('a certificate id of 17 bytes', 7, drawn('officer', 17)),
    of('an empty confirmation', 8, map()),
    of('a key id beside the key', 8, map([1, coseKey(ANNA.publicKey)], [3, ANNA.keyId])),
    of('no name', 'name', ''),
    of('a name of 257 bytes', 'name', 'n'.repeat(257)),
    of('a name of 258 bytes in 129 characters', 'name', 'é'.repeat(129)),
    of('no role', 'roles', []),
    of('a role that is not registered', 'roles', ['minister']),
    of('a role in capitals', 'roles', ['Officer']),
    of('a role that is not in a list', 'roles', 'officer'),
    of('four roles', 'roles', ['officer', 'release-authority', 'administrator', 'officer']),
    of('a key for letters of 31 bytes', 'seal', filled(9, 31)),
    of('a key for letters as COSE_Key', 'seal', coseKey(ANNA.publicKey)),
    of('a key for letters that is null: what is absent is left out', 'seal', null),
    refused('cbor.shape', '1.4', 'a name of two lines', { payload: [['name', 'Anna\nDuty']] }),
    refused('cbor.shape', '1.4', 'a name that turns direction', { payload: [['name', 'a\u202eb']] }),
    refused('cbor.shape', '1.4', 'an end in the year 10000', { payload: [[4, 253_402_300_800]] }),
    refused('cbor.shape', '1.4', 'a begin before 1970', { payload: [[5, -1]] }),
    refused('cbor.shape', '1.4', 'the payload is a list', { content: ['anna'] }),
  ];
}

function signatures(): readonly InvalidCase[] {
  const { message } = officer();
  const of = (code: string, clause: string, comment: string, bytes: Uint8Array): InvalidCase => ({
    comment,
    in: officerInput(bytes),
    code,
    clause,
  });
  const { protected: header, payload, signature } = officer();
  return [
    of('ed25519.bad-signature', '2.2', 'one bit of the signature changed', flipped(message)),
    refused('ed25519.bad-signature', '2.2', 'signed with another key than the header names', {
      header: [[4, arcadia.keys.record.keyId]],
      by: arcadia.keys.log,
    }),
    refused('cose.key-id', 'keys 4.3', 'no key id', { header: [[4, undefined]] }),
    refused('cose.algorithm', 'keys 4.2', 'the algorithm that leaves the curve open', { header: [[1, -8]] }),
    of('cose.not-sign1', 'keys 3.6', 'without the tag', message.subarray(1)),
    of('cose.not-sign1', 'keys 4.1', 'as COSE_Sign', cbor(new Tag(98, [header, map(), payload, signature]))),
    of('cbor.truncated', 'cbor 1.1', 'without its last byte', message.subarray(0, -1)),
    {
      comment: 'a key certificate instead',
      in: officerInput(arcadia.certificates.record),
      code: 'cose.not-sign1',
      clause: 'keys 3.6',
    },
  ];
}

function periods(): readonly InvalidCase[] {
  const of = (code: string, comment: string, begin: number, end: number): InvalidCase =>
    refused(code, '2.3', comment, {
      payload: [
        [5, begin],
        [4, end],
      ],
    });
  return [
    of('officer.bad-validity', 'ends when it begins', BEGIN_SECONDS, BEGIN_SECONDS),
    of('officer.bad-validity', 'ends before it begins', BEGIN_SECONDS, BEGIN_SECONDS - 1),
    of(
      'officer.validity-too-long',
      '400 days and a second',
      BEGIN_SECONDS,
      BEGIN_SECONDS + 400 * DAY_SECONDS + 1,
    ),
    of('officer.validity-too-long', 'from 1970 on', 0, BEGIN_SECONDS),
  ];
}

function roles(): readonly InvalidCase[] {
  const of = (...list: readonly string[]): InvalidCase =>
    refused('officer.duplicate-role', '2.4', `${list[0]} twice`, { payload: [['roles', list]] });
  return [of('officer', 'officer'), of('release-authority', 'release-authority')];
}

function authority(): readonly InvalidCase[] {
  const scoped = (max: Item | undefined, ...types: readonly string[]): Buffer =>
    signMany(
      arcadia.rootKeys,
      cbor(
        certificatePayload(arcadia.idText, 'record', arcadia.keys.record, [
          ['scope', map(['types', types], ['max', max])],
        ]),
      ),
      typ('key-certificate'),
    );
  const issued = (code: string, comment: string, at: number): InvalidCase =>
    refused(code, 'charter 6.6', comment, { payload: [[6, at]] });
  const withKey = (code: string, clause: string, comment: string, by: KeyPair, certificate: Buffer) =>
    refused(
      code,
      clause,
      comment,
      { by },
      {
        charters: [hex(arcadia.charter), hex(borealis.charter)],
        certificates: [hex(certificate)],
      },
    );
  return [
    refused(
      'officer.key-out-of-scope',
      '2.2',
      'a record key for norms alone',
      {},
      {
        certificates: [hex(scoped(undefined, 'norm'))],
      },
    ),
    refused(
      'officer.key-out-of-scope',
      '2.2',
      'a record key for two types and up to a level',
      {},
      {
        certificates: [hex(scoped('restricted', 'incident', 'norm'))],
      },
    ),
    withKey(
      'identity.wrong-usage',
      'charter 6.6',
      'signed with the key for logs',
      arcadia.keys.log,
      arcadia.certificates.log,
    ),
    withKey(
      'identity.unknown-key',
      '2.2',
      'in the name of Arcadia, signed with the record key of Borealis',
      borealis.keys.record,
      borealis.certificates.record,
    ),
    withKey(
      'identity.unknown-key',
      '2.2',
      'signed with a root key of the state',
      arcadia.rootKeys[0] as KeyPair,
      arcadia.certificates.record,
    ),
    refused(
      'identity.unknown-key',
      'charter 6.6',
      'no certificate for the key is known',
      {},
      {
        certificates: [],
      },
    ),
    issued('identity.not-yet-valid', 'issued the second before the record key is valid', BEGIN_SECONDS - 1),
    issued('identity.expired', 'issued when the record key was valid no more', END_SECONDS),
  ];
}

function keys(): readonly InvalidCase[] {
  const of = (comment: string, key: KeyPair, certificates: readonly Buffer[] = []): InvalidCase =>
    refused(
      'officer.key-reused',
      '2.5',
      comment,
      { key },
      {
        charters: [hex(arcadia.charter), hex(borealis.charter)],
        certificates: [arcadia.certificates.record, ...certificates].map(hex),
      },
    );
  const point = (code: string, comment: string, publicKey: Uint8Array): InvalidCase =>
    refused(code, 'keys 1.2', comment, { payload: [[8, map([1, coseKey(publicKey)])]] });
  return [
    of('the key that signs it', arcadia.keys.record),
    of('the key for logs of the state', arcadia.keys.log, [arcadia.certificates.log]),
    of('a root key of the state', arcadia.rootKeys[1] as KeyPair),
    of('a root key of the next charter of the state', keyPair(0x03)),
    of('a root key of another state', borealis.rootKeys[0] as KeyPair),
    of('a record key of another state', borealis.keys.record, [borealis.certificates.record]),
    point('ed25519.public-key-small-order', 'the neutral element', coordinate(1n)),
    point('ed25519.public-key-not-canonical', 'a coordinate above the prime', coordinate(PRIME + 3n)),
  ];
}

function sealKeys(): readonly InvalidCase[] {
  const of = (comment: string, key: Buffer): InvalidCase =>
    refused('officer.bad-seal-key', '2.6', comment, { payload: [['seal', key]] });
  const smallOrder = [
    0n,
    1n,
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    PRIME - 1n,
  ];
  return [
    ...smallOrder.map((number) => of(`of small order: ${number}`, coordinate(number))),
    of('the prime, which is 0', coordinate(PRIME)),
    of('the base point plus the prime', coordinate(PRIME + 9n)),
    of('the highest bit, which X25519 does not look at', coordinate(2n ** 255n + 9n)),
    of('all bits', filled(0xff)),
  ];
}
