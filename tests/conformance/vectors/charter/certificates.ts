// Valid vectors of charter.md §3: certificates for keys of each usage, at both ends of what is allowed.

import { filled, hex, record } from '../cbor-text.ts';
import { identifiers, SCHEME } from '../label/forms.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, certificatePayload, type State, type Usage } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  type Change,
  certificateOut,
  certified,
  DAY_SECONDS,
  keyNamed,
  keysNamed,
  LAST_SECOND,
  stateWith,
} from './forms.ts';

/** The longest time that a certificate is valid: 400 days. */
export const LONGEST_SECONDS: number = 400 * DAY_SECONDS;

/** So many addresses of this many bytes, each another. */
export const addresses = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, index) => `/dns/${String(index).padStart(length - 5, 'a')}`);

function of(
  comment: string,
  usage: Usage,
  changes: readonly Change[] = [],
  state: State = arcadia,
  signers: readonly KeyPair[] = state.rootKeys,
  key: KeyPair = state.keys[usage],
): ValidCase {
  return {
    comment,
    in: {
      certificate: hex(certified(state, usage, key, changes, signers)),
      charter: hex(state.charter),
    },
    out: certificateOut(certificatePayload(state.idText, usage, key, changes), key),
  };
}
const timed = (comment: string, begin: number, end: number): ValidCase =>
  of(comment, 'log', [
    [5, begin],
    [4, end],
  ]);

const SAMPLE = keyPair(0x07);
const KEYS = keysNamed('root key', 3) as [KeyPair, KeyPair, KeyPair];
/** A state in which two of three root keys sign, with another scheme than Arcadia has. */
const threefold = stateWith('XCA', KEYS, ['k', 2], ['scheme', SCHEME]);
const sixteenfold = stateWith('XCB', keysNamed('root key', 16));

const VALID: readonly ValidCase[] = [
  {
    comment: 'the certificate of charter.md §0',
    in: {
      certificate: hex(
        certified(arcadia, 'record', SAMPLE, [
          [2, 'National CSIRT of Arcadia'],
          [7, filled(0xc1, 16)],
          ['scope', record({ max: 'restricted' })],
        ]),
      ),
      charter: hex(arcadia.charter),
    },
    out: {
      issuer: 'a906ca38aea6638a22db97e5a40f19ee2db7ee3aaf0513913da7b5e563128c0b',
      subject: 'National CSIRT of Arcadia',
      usage: 'record',
      publicKey: 'ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c',
      keyId: 'cbf65c8afcb5f69056927170cfe6acc226f1e3182e0aac3b83245e746beb0e6a',
      certificateId: 'c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1',
      issuedAtSeconds: 1_795_428_000,
      notBeforeSeconds: 1_795_428_000,
      notAfterSeconds: 1_826_964_000,
      scope: { max: 'restricted' },
    },
  },
  of('3.1: a record key that may sign everything', 'record'),
  of('3.1: a log key', 'log'),
  of('3.1: a witness key', 'witness'),
  of('3.1: a transport key without addresses', 'transport'),
  of('3.1: a certificate of Borealis, by its one root key', 'record', [], borealis),
  of('3.1: a subject of one byte', 'log', [[2, 's']]),
  of('3.1: a subject of 320 bytes', 'log', [[2, 's'.repeat(320)]]),
  of('3.1: a subject of 320 bytes, of characters of 2 bytes', 'log', [[2, 'é'.repeat(160)]]),
  of('3.1: an id of zeros', 'log', [[7, filled(0, 16)]]),
  timed('3.4: a certificate for one second', BEGIN_SECONDS, BEGIN_SECONDS + 1),
  timed('3.4: a certificate for 400 days', BEGIN_SECONDS, BEGIN_SECONDS + LONGEST_SECONDS),
  timed('1.3: a certificate for the first 400 days of 1970 and 1971', 0, LONGEST_SECONDS),
  timed(
    '1.3: a certificate up to the last second of the year 9999',
    LAST_SECOND - LONGEST_SECONDS,
    LAST_SECOND,
  ),
  of('3.1: the time of issue is compared with neither begin nor end', 'log', [[6, LAST_SECOND]]),
  of('3.5: one record type', 'record', [['scope', record({ types: ['incident'] })]]),
  of('3.5: a record type of 32 characters', 'record', [['scope', record({ types: ['t'.repeat(32)] })]]),
  of('3.5: 64 record types, which no registry has to know, and a level', 'record', [
    ['scope', record({ types: identifiers('type', 64), max: 'secret' })],
  ]),
  of('3.5: the lowest level', 'record', [['scope', record({ max: 'unclassified' })]]),
  of(
    '3.5: a level of rank 255',
    'record',
    [['scope', record({ max: 'top-secret' })]],
    threefold,
    KEYS.slice(0, 2),
  ),
  of('3.6: one address', 'transport', [['addrs', ['/dns4/node.arcadia.example/tcp/4001']]]),
  of('3.6: the shortest address', 'transport', [['addrs', ['/a']]]),
  of('3.6: every character that an address may have', 'transport', [
    ['addrs', ['/ip6/fe80::1%25eth0/tcp/65535/A-Z_a.z']],
  ]),
  of('3.6: 16 addresses of 256 bytes', 'transport', [['addrs', addresses(16, 256)]]),
  of('1.2: two of three root keys: the first and the third', 'log', [], threefold, [KEYS[0], KEYS[2]]),
  of('1.2: two of three root keys have to sign, and all do', 'log', [], threefold, KEYS),
  of('1.2: 16 root keys', 'log', [], sixteenfold),
  of(
    '3.3: a root key of another state, which this verifier does not know',
    'log',
    [],
    arcadia,
    arcadia.rootKeys,
    borealis.rootKeys[0] as KeyPair,
  ),
];

/** The charter's own end is no matter of the certificate (6.6 asks for it when a key is resolved). */
const ending = stateWith('XCC', [keyNamed('root key')], [4, BEGIN_SECONDS + 1]);
const PAST_CHARTER: ValidCase = of('3.4: a certificate that ends after the charter', 'log', [], ending);

export const certificateVectors: VectorFile = {
  topic: 'charter',
  name: 'certificates',
  op: 'certificate.verify',
  grammar: { certificate: 'key-certificate', charter: 'charter' },
  valid: [...VALID, PAST_CHARTER],
};
