// COSE_Sign (keys.md §3, §5).

import { cbor, Entries, filled, hex, type Item, map, Raw, SIMPLE_59, Tag } from '../cbor-text.ts';
import { type KeyPair, keyPair, protect } from '../signing.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import {
  alg,
  type EntryParts,
  entries,
  entry,
  first,
  keys,
  message,
  payload,
  publicKeysOf,
  second,
  third,
  typ,
} from './sign-message.ts';

export function acceptedSign(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    signers: readonly KeyPair[],
    known: readonly KeyPair[],
    threshold: number,
    body: Entries = typ,
  ): ValidCase => ({
    comment,
    in: {
      message: message({ body, signatures: entries(signers, { body }) }),
      publicKeys: publicKeysOf(known),
      threshold,
    },
    out: {
      payload: hex(payload),
      protected: hex(protect(body)),
      signers: signers.map(({ keyId }) => hex(keyId)),
    },
  });
  const example = [keyPair(0x02), keyPair(0x01)];
  return [
    accepted('the worked example: two of two', example, example, 2),
    accepted('one of one', [first], [first], 1),
    accepted('one of two, the second', [second], [first, second], 1),
    accepted('two of three, the outer ones', [first, third], [first, second, third], 2),
    accepted('more signatures than the threshold', [first, second, third], [third, second, first], 1),
    accepted('a key that is given twice is one key', [first, second], [first, second, first], 2),
    accepted('an empty protected header of the body', [first], [first], 1, map()),
    accepted('headers of the body beside the typ', [first], [first], 1, map([1, -8], [16, 'x'], ['y', 0])),
    accepted('32 signatures of 32 keys', keys.slice(0, 32), keys.slice(0, 32), 32),
    accepted('32 signatures of 33 keys', keys.slice(1), keys, 1),
  ];
}

export function refusedSign(): readonly InvalidCase[] {
  const { keyId } = first;
  const header = (...of: readonly (readonly [Item, Item])[]): string => signedBy({ header: new Entries(of) });
  const [firstEntry, secondEntry] = entries([first, second]);
  const another = entry(first)[2] ?? null;
  return [
    ...refused('cose.not-sign', '3.6', [
      ['the tag taken away', message({ tag: null })],
      ['tag 18, that of COSE_Sign1', message({ tag: 18 })],
    ]),
    ...refused('cose.not-sign', '5.1', [
      ['a map in the tag', hex(cbor(new Tag(98, map([1, payload]))))],
      [
        'an array of three: the signatures taken away',
        hex(cbor(new Tag(98, [protect(typ), map(), payload]))),
      ],
      ['an array of five', message({ more: [null] })],
      ['a signature in place of the array of signatures', message({ signatures: filled(1, 64) })],
    ]),
    ...refused('cose.protected-header', '3.2', [
      ['the protected header of the body as a map', message({ body: new Raw(cbor(typ)) })],
      ['an array in the protected header of the body', message({ body: cbor([16, 'x']) })],
      [
        'the protected header of a signer as a map',
        signedBy({ header: new Raw(cbor(map(alg, [4, keyId]))) }),
      ],
    ]),
    ...refused('cose.empty-protected-map', '3.2', [
      ['an empty map in the protected header of the body', message({ body: Buffer.from('a0', 'hex') })],
      ['an empty map in the protected header of a signer', signedBy({ header: Buffer.from('a0', 'hex') })],
    ]),
    ...refused('cose.unprotected-header', '5.1', [
      ['an unprotected header of the body', message({ unprotected: map([17, []]) })],
      ['an array as unprotected header of the body', message({ unprotected: [] })],
      ['an unprotected header of a signer', signedBy({ unprotected: map(['x', 0]) })],
      ['null as unprotected header of a signer', message({ signatures: [[...entry(first).with(1, null)]] })],
    ]),
    ...refused('cose.header-label', '3.3', [
      ['simple(59) as label in the body', message({ body: new Entries([[SIMPLE_59, []]]) })],
    ]),
    ...refused('cose.critical-header', '3.4', [
      ['header 2 in the body', signedBy({ body: map([2, [16]], [16, 'x']) })],
    ]),
    ...refused('cose.detached-payload', '3.5', [['null as payload', message({ payload: null })]]),
    ...refused('cose.payload-type', '3.5', [['an array as payload', message({ payload: [payload] })]]),
    ...refused('cose.signature-form', '3.5', [
      ['a signature of 63 bytes', signedBy({ signature: filled(1, 63) })],
      ['a signature of 65 bytes', signedBy({ signature: filled(1, 65) })],
      ['a signature as text', signedBy({ signature: 'a'.repeat(64) })],
    ]),
    ...refused('cose.no-signers', '5.1', [['all signatures taken away', message({ signatures: [] })]]),
    ...refused('cose.too-many-signers', '5.1', [
      ['33 signatures of 33 keys', message({ signatures: entries(keys) }), keys],
    ]),
    ...refused('cose.signer-form', '5.1', [
      ['an entry of two', message({ signatures: [entry(first).slice(0, 2)] })],
      ['an entry of four', message({ signatures: [[...entry(first), null]] })],
      ['a map as entry', message({ signatures: [map([1, filled(1, 64)])] })],
    ]),
    ...refused('cose.algorithm-missing', '5.2', [
      ['algorithm of a signer taken away', header([4, keyId])],
      ['an empty protected header of a signer', header()],
    ]),
    ...refused('cose.algorithm', '5.2', [
      ['algorithm -8 of a signer', header([1, -8], [4, keyId])],
      ['algorithm of a signer as text', header([1, 'Ed25519'], [4, keyId])],
    ]),
    ...refused('cose.key-id', '5.2', [
      ['key id of a signer taken away', header(alg)],
      ['key id of a signer of 31 bytes', header(alg, [4, keyId.subarray(1)])],
      ['key id of a signer of 33 bytes', header(alg, [4, Buffer.concat([keyId, Buffer.alloc(1)])])],
      ['key id of a signer as text', header(alg, [4, hex(keyId)])],
    ]),
    ...refused('cose.signer-header', '5.2', [
      ['a typ in the header of a signer', header(alg, [4, keyId], [16, 'x'])],
      ['a text label in the header of a signer', header(alg, [4, keyId], ['note', 'x'])],
    ]),
    ...refused('cose.duplicate-signer', '5.3', [
      ['the same signature twice', message({ signatures: entries([first, first, second]) })],
    ]),
    ...refused('cose.signer-order', '5.3', [
      ['the two signatures in the other order', message({ signatures: entries([second, first]) })],
      ['the second of three last', message({ signatures: entries([first, third, second]) })],
    ]),
    ...refused('cose.bad-threshold', '5.5', [
      ['threshold 0', message({}), [first, second], 0],
      ['threshold -1', message({}), [first, second], -1],
      ['threshold 3 of two keys', message({}), [first, second], 3],
      ['threshold 3 of two keys, of which one is given twice', message({}), [first, second, first], 3],
      ['threshold 1 of no key', message({}), [], 1],
      ['threshold 2^53', message({}), [first, second], '9007199254740992'],
    ]),
    ...refused('cose.unknown-signer', '5.5', [
      ['the second signature is of a key that is not given', message({}), [first, third]],
      ['so is the last, although the threshold is met', message({}), [first], 1],
    ]),
    ...refused('cose.below-threshold', '5.5', [
      [
        'one signature where two are needed',
        message({ signatures: [firstEntry ?? null] }),
        [first, second],
        2,
      ],
      ['two signatures where three are needed', message({}), [first, second, third], 3],
    ]),
    ...refused('ed25519.bad-signature', '2.5', [
      [
        'the two signatures exchanged',
        message({ signatures: [entry(first, { signature: entry(second)[2] ?? null }), secondEntry ?? null] }),
      ],
      [
        'the second of another payload, although the threshold is met by the first',
        message({ signatures: [firstEntry ?? null, entry(second, { signature: another })] }),
        [first, second],
        1,
      ],
      [
        'signed under another typ',
        message({ signatures: entries([first], { body: map([16, 'x']) }) }),
        [first],
        1,
      ],
      [
        'signed with the context of COSE_Sign1',
        message({ signatures: entries([first], { context: 'Signature1' }) }),
        [first],
        1,
      ],
      ['another payload', message({ payload: cbor(map([1, 2])) })],
    ]),
    ...refused('cbor.not-shortest', 'cbor 3.1', [
      ['algorithm of a signer in a longer head, signed like that', header([1, new Raw('3812')], [4, keyId])],
    ]),
    ...refused('cbor.unsorted-keys', 'cbor 3.3', [
      ['key id of a signer before the algorithm, signed like that', header([4, keyId], alg)],
    ]),
  ];
}

/** A message with one signature entry, by the first key. */
function signedBy(parts: EntryParts): string {
  return message({
    ...(parts.body === undefined ? {} : { body: parts.body }),
    signatures: [entry(first, parts)],
  });
}

type Row = readonly [comment: string, bytes: string, known?: readonly KeyPair[], threshold?: number | string];

/** One row for each mutation; verified with the first two keys and threshold 1, where it says nothing else. */
function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, bytes, known = [first, second], threshold = 1]) => ({
    comment,
    in: { message: bytes, publicKeys: publicKeysOf(known), threshold },
    code,
    clause,
  }));
}
