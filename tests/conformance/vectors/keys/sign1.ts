// COSE_Sign1 (keys.md §3, §4).

import { cbor, Entries, filled, hex, type Item, map, Raw, SIMPLE_59, Tag } from '../cbor-text.ts';
import { keyIdOf, keyPair, sign1 } from '../signing.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import { SMALL_ORDER_ENCODINGS } from './forgery.ts';

const key = keyPair(0x07);
const other = keyPair(0x08);
const payload = cbor(map([1, 1]));
const typ: readonly [Item, Item] = [16, 'application/comity-policy+cose'];
const good = sign1(key, payload, [typ]);
const kid: readonly [Item, Item] = [4, key.keyId];
const alg: readonly [Item, Item] = [1, -19];

interface Parts {
  readonly tag?: number | null;
  readonly protected?: Item;
  readonly unprotected?: Item;
  readonly payload?: Item;
  readonly signature?: Item;
  readonly more?: readonly Item[];
}

/** The good message with some of its parts replaced; not signed anew. */
function message(parts: Parts): string {
  const array = [
    parts.protected ?? good.protected,
    parts.unprotected ?? map(),
    parts.payload === undefined ? payload : parts.payload,
    parts.signature === undefined ? good.signature : parts.signature,
    ...(parts.more ?? []),
  ];
  return hex(cbor(parts.tag === null ? array : new Tag(parts.tag ?? 18, array)));
}

type Signed = ReturnType<typeof sign1>;

export function acceptedSign1(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    signed: Signed,
    bytes = hex(signed.message),
    signer = key,
  ): ValidCase => ({
    comment,
    in: { message: bytes, publicKeys: [hex(signer.publicKey)] },
    out: {
      payload: hex(signed.payload),
      protected: hex(signed.protected),
      signers: [hex(signer.keyId)],
      id: hex(signed.id),
    },
  });
  const largest = sign1(key, Buffer.alloc(65_536 - overhead()), [typ]);
  return [
    accepted('the worked example', good),
    accepted('algorithm and key id only', sign1(key, payload, [])),
    accepted('an empty payload', sign1(key, Buffer.alloc(0), [typ])),
    accepted('a payload that is no CBOR', sign1(key, Buffer.from('ff00', 'hex'), [typ])),
    accepted(
      'headers of later versions: an integer label and a text',
      sign1(key, payload, [typ, [-70_000, 1], ['x', null]]),
    ),
    accepted(
      'an unprotected header: not signed, and not part of the id',
      good,
      message({ unprotected: map([17, [filled(1)]], ['note', 'anything']) }),
    ),
    accepted('another signer', sign1(other, payload, [typ]), undefined, other),
    accepted('depth 16 in the unprotected header', good, message({ unprotected: map(['x', nested(14)]) })),
    accepted('4096 items', good, message({ unprotected: map(['x', zeros(4088)]) })),
    accepted('65536 bytes, the limit of cbor 1.3', largest),
  ];
}

export function refusedSign1(): readonly InvalidCase[] {
  const [small = Buffer.alloc(0)] = SMALL_ORDER_ENCODINGS;
  return [
    ...refused('cose.not-sign1', '3.6', [
      ['the tag taken away', message({ tag: null })],
      ['tag 98, that of COSE_Sign', message({ tag: 98 })],
    ]),
    ...refused('cose.not-sign1', '4.1', [
      ['the tag around the payload alone', hex(cbor(new Tag(18, payload)))],
      ['a map in the tag', hex(cbor(new Tag(18, map([1, payload]))))],
      [
        'an array of three: the signature taken away',
        hex(cbor(new Tag(18, [good.protected, map(), payload]))),
      ],
      ['an array of five', message({ more: [null] })],
    ]),
    ...refused('cose.protected-header', '3.2', [
      ['the protected header as a map, not in a byte string', message({ protected: map(alg, kid, typ) })],
      ['an array in the protected header', message({ protected: cbor([1, -19]) })],
      ['the protected header as text', message({ protected: 'a1' })],
    ]),
    ...refused('cose.empty-protected-map', '3.2', [
      ['an empty map in the protected header', message({ protected: Buffer.from('a0', 'hex') })],
    ]),
    ...refused('cose.unprotected-header', '3.3', [
      ['an array as unprotected header', message({ unprotected: [] })],
      ['an empty byte string as unprotected header', message({ unprotected: Buffer.alloc(0) })],
      ['null as unprotected header', hex(cbor(new Tag(18, [good.protected, null, payload, good.signature])))],
    ]),
    ...refused('cose.header-label', '3.3', [
      ['simple(59) as protected label', headers(alg, kid, [SIMPLE_59, []])],
      ['simple(59) as unprotected label', message({ unprotected: map([SIMPLE_59, []]) })],
    ]),
    ...refused('cose.duplicate-header', '3.3', [
      ['the key id in the unprotected header too', message({ unprotected: map(kid) })],
      ['another typ in the unprotected header', message({ unprotected: map([16, 'x']) })],
      ['algorithm -8 in the unprotected header too', message({ unprotected: map([1, -8]) })],
    ]),
    ...refused('cose.critical-header', '3.4', [
      ['a protected header 2', headers(alg, [2, [16]], kid, typ)],
      ['an unprotected header 2', message({ unprotected: map([2, [16]]) })],
    ]),
    ...refused('cose.detached-payload', '3.5', [['null as payload', message({ payload: null })]]),
    ...refused('cose.payload-type', '3.5', [
      ['a text as payload', message({ payload: 'text' })],
      ['the map itself as payload', message({ payload: map([1, 1]) })],
    ]),
    ...refused('cose.signature-form', '3.5', [
      ['last byte of the signature taken off', message({ signature: good.signature.subarray(0, 63) })],
      [
        'one byte behind the signature',
        message({ signature: Buffer.concat([good.signature, Buffer.alloc(1)]) }),
      ],
      ['null as signature', message({ signature: null })],
    ]),
    ...refused('cose.algorithm-missing', '4.2', [
      ['algorithm taken away', headers(kid, typ)],
      ['an empty protected header', message({ protected: Buffer.alloc(0) })],
      ['the algorithm in the unprotected header, which counts for nothing', moved(alg)],
    ]),
    ...refused('cose.algorithm', '4.2', [
      ['algorithm -8 (EdDSA), which leaves the curve open', headers([1, -8], kid, typ)],
      ['algorithm -7 (ES256)', headers([1, -7], kid, typ)],
      ['algorithm as text', headers([1, 'Ed25519'], kid, typ)],
      ['algorithm null', headers([1, null], kid, typ)],
    ]),
    ...refused('cose.key-id', '4.3', [
      ['key id taken away', headers(alg, typ)],
      ['key id of 31 bytes', headers(alg, [4, key.keyId.subarray(1)], typ)],
      ['key id in hex', headers(alg, [4, hex(key.keyId)], typ)],
      ['key id in the unprotected header only', moved(kid)],
    ]),
    ...refused('cose.key-mismatch', '4.5', [
      ['verified with another key', hex(good.message), other.publicKey],
      ['signed by the key, with the key id of another', headers(alg, [4, other.keyId], typ)],
      ['the public key itself as key id', headers(alg, [4, key.publicKey], typ)],
    ]),
    ...refused('ed25519.public-key-length', '2.1', [
      ['verified with 31 bytes of the key', hex(good.message), key.publicKey.subarray(1)],
    ]),
    ...refused('ed25519.public-key-small-order', '2.3', [
      ['a key of small order, with its key id', ofSmallOrder(small), small],
    ]),
    ...refused('ed25519.bad-signature', '2.5', [
      [
        'the signature of another message by this key',
        message({ signature: sign1(key, payload, []).signature }),
      ],
      ['another payload', message({ payload: cbor(map([1, 2])) })],
      ['the payload alone is signed, not the Sig_structure', message({ signature: key.sign(payload) })],
      ['signed with the context of COSE_Sign', message({ signature: key.sign(structure('Signature')) })],
      [
        'signed with external data',
        message({ signature: key.sign(structure('Signature1', Buffer.from('x'))) }),
      ],
      [
        'a typ changed after signing',
        message({ protected: cbor(map(alg, kid, [16, 'application/comity-query+cose'])) }),
      ],
    ]),
    ...refused('cbor.not-shortest', 'cbor 3.1', [
      ['algorithm in a longer head, signed like that', headers([1, new Raw('3812')], kid, typ)],
    ]),
    ...refused('cbor.unsorted-keys', 'cbor 3.3', [
      ['key id before algorithm, signed like that', headers(kid, alg, typ)],
    ]),
    ...refused('cbor.duplicate-key', 'cbor 3.3', [
      ['algorithm twice, signed like that', headers(alg, alg, kid)],
    ]),
    ...refused('cbor.trailing-bytes', 'cbor 1.1', [
      [
        'one byte behind the map of the protected header',
        message({ protected: Buffer.concat([good.protected, Buffer.alloc(1)]) }),
      ],
      ['one byte behind the message', `${hex(good.message)}00`],
    ]),
    ...refused('cbor.too-many-bytes', '3.1', [
      ['65537 bytes', hex(sign1(key, Buffer.alloc(65_537 - overhead()), [typ]).message)],
    ]),
    ...refused('cbor.too-deep', '3.1', [
      ['depth 17 in the unprotected header', message({ unprotected: map(['x', nested(15)]) })],
    ]),
    ...refused('cbor.too-many-items', '3.1', [
      [
        '4097 items, most of them in the unprotected header',
        message({ unprotected: map(['x', zeros(4089)]) }),
      ],
    ]),
  ];
}

/** One row for each mutation; verified with the key, where no other is named. */
type Row = readonly [comment: string, bytes: string, publicKey?: Uint8Array];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, bytes, publicKey = key.publicKey]) => ({
    comment,
    in: { message: bytes, publicKeys: [hex(publicKey)] },
    code,
    clause,
  }));
}

/** The payload under another protected header, signed anew. */
function under(header: Item): string {
  return hex(sign1(key, payload, [], header).message);
}

/** The same, entry by entry, in the order given. */
function headers(...entries: readonly (readonly [Item, Item])[]): string {
  return under(new Entries(entries));
}

/** Signed without an entry of the protected header, which then stands in the unprotected one. */
function moved(entry: readonly [Item, Item]): string {
  const left = [alg, kid, typ].filter((each) => each !== entry);
  const signed = sign1(key, payload, [], map(...left));
  return message({ ...signed, unprotected: map(entry) });
}

/** A message in whose key id stands the thumbprint of a point of small order. */
function ofSmallOrder(point: Buffer): string {
  return message({ protected: cbor(map(alg, [4, keyIdOf(point)], typ)) });
}

/** The Sig_structure of the good message in another context, or with external data. */
function structure(context: string, external: Buffer = Buffer.alloc(0)): Buffer {
  return cbor([context, good.protected, external, payload]);
}

/** Beside these a message has 8 items, the map and the key around them among them. */
const zeros = (count: number): Item => Array.from({ length: count }, () => 0);

function nested(depth: number): Item {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

/** What a message has beside a payload of more than 255 bytes. */
function overhead(): number {
  return sign1(key, Buffer.alloc(256), [typ]).message.length - 256;
}
