// The two states that the vectors are about: Arcadia and Borealis of the worked examples of protocol/charter.md, with keys of
// seeds that anybody can write down. Everything is written here member by member, so that a vector can change any of it.

import { cbor, type Entries, hex, type Item, map, record, sha256 } from './cbor-text.ts';
import { coseKey, type KeyPair, keyPair, signMany } from './signing.ts';

/** 2026-11-23T10:00:00Z, from which on the documents of both states are valid. */
export const BEGIN_SECONDS = 1_795_428_000;
/** A year later. */
export const END_SECONDS = 1_826_964_000;
/** A time at which everything is valid: a day after the begin. */
export const NOW_SECONDS = BEGIN_SECONDS + 86_400;

export type Usage = 'record' | 'log' | 'witness' | 'transport';

export interface State {
  readonly code: string;
  readonly rootKeys: readonly KeyPair[];
  /** A key of each usage, each certified. */
  readonly keys: Readonly<Record<Usage, KeyPair>>;
  readonly scheme: Entries;
  readonly charterPayload: Entries;
  readonly charter: Buffer;
  /** State id: 32 bytes, and as text. */
  readonly id: Buffer;
  readonly idText: string;
  readonly certificates: Readonly<Record<Usage, Buffer>>;
}

const english = (text: string): Entries => record({ en: text });

export const ARCADIA_SCHEME: Entries = map(
  [1, 'xar-2026'],
  [2, english('Arcadian scheme')],
  [
    3,
    [
      map([1, 'unclassified'], [2, english('Unclassified')], [3, 0]),
      map([1, 'restricted'], [2, english('Restricted')], [3, 1]),
      map([1, 'secret'], [2, english('Secret')], [3, 2], [4, 'S']),
    ],
  ],
  [4, [map([1, 'network'], [2, 'permissive'], [3, [map([1, 'csirt'], [2, english('CSIRT network')])]])]],
);

export const BOREALIS_SCHEME: Entries = map(
  [1, 'xbo-2026'],
  [2, english('Boreal scheme')],
  [3, [map([1, 'open'], [2, english('Open')], [3, 0]), map([1, 'secret'], [2, english('Secret')], [3, 1])]],
  [4, []],
);

/** The typ of a document as the body's protected header of its COSE_Sign. */
export function typ(document: 'charter' | 'key-certificate' | 'recognition' | 'key-state'): Entries {
  return map([16, `application/comity-${document}+cose`]);
}

/** A charter by these root keys, which all sign it. */
export function charterOf(rootKeys: readonly KeyPair[], payload: Item): Buffer {
  return signMany(rootKeys, cbor(payload), typ('charter'));
}

/** The payload of a key certificate; `changes` replaces members or, with undefined, takes them away. */
export function certificatePayload(
  idText: string,
  usage: Usage,
  key: KeyPair,
  changes: readonly (readonly [Item, Item | undefined])[] = [],
): Entries {
  const members: readonly (readonly [Item, Item | undefined])[] = [
    [1, idText],
    [2, `key for ${usage}`],
    [4, END_SECONDS],
    [5, BEGIN_SECONDS],
    [6, BEGIN_SECONDS],
    [7, sha256(Buffer.from(`certificate ${usage}`), key.publicKey).subarray(0, 16)],
    [8, map([1, coseKey(key.publicKey)])],
    ['use', usage],
    ['scope', map()],
    ['addrs', undefined],
  ];
  return changed(members, changes);
}

/** The payload of the recognition of `subject` by `issuer`; Arcadia's of Borealis is that of the worked example. */
export function recognitionPayload(
  issuer: State,
  subject: State,
  changes: readonly (readonly [Item, Item | undefined])[] = [],
): Entries {
  const own = issuer.code === 'XAR';
  const toBorealis = map(
    [1, 'xar-2026'],
    [2, 'xbo-2026'],
    [3, record({ restricted: 'secret', unclassified: 'open' })],
  );
  const toArcadia = map(
    [1, 'xbo-2026'],
    [2, 'xar-2026'],
    [3, record({ open: 'unclassified', secret: 'restricted' })],
  );
  return changed(
    [
      [1, issuer.idText],
      [2, subject.idText],
      [4, END_SECONDS],
      [5, BEGIN_SECONDS],
      [6, BEGIN_SECONDS],
      ['in', own ? toArcadia : toBorealis],
      ['out', own ? toBorealis : toArcadia],
      ['code', subject.code],
      ['ceiling', own ? 'restricted' : 'secret'],
      ['charter', subject.id],
      ['community', true],
      ['categories', own ? [map([1, 'network'], [2, ['csirt']])] : []],
    ],
    changes,
  );
}

/** Members with some replaced, taken away (undefined) or added, in the order of the profile. */
export function changed(
  members: readonly (readonly [Item, Item | undefined])[],
  changes: readonly (readonly [Item, Item | undefined])[],
): Entries {
  const replaced = members.filter(([key]) => !changes.some(([other]) => other === key));
  return map(...replaced, ...changes);
}

/** A state with a certified key of each usage; its root keys are of these seeds, the others of seeds from `firstSeed` on. */
export function state(
  code: string,
  rootSeeds: readonly number[],
  firstSeed: number,
  scheme: Entries,
  more: readonly (readonly [Item, Item])[],
): State {
  const rootKeys = rootSeeds.map((seed) => keyPair(seed));
  const charterPayload = map(
    [6, BEGIN_SECONDS],
    ['v', 1],
    ['k', rootKeys.length],
    ['algs', [-19]],
    ['code', code],
    ['keys', rootKeys.map(({ publicKey }) => coseKey(publicKey))],
    ['prev', null],
    ['nextk', 1],
    ['scheme', scheme],
    ...more,
  );
  const id = sha256(cbor(charterPayload));
  const keys = {
    record: keyPair(firstSeed),
    log: keyPair(firstSeed + 1),
    witness: keyPair(firstSeed + 2),
    transport: keyPair(firstSeed + 3),
  };
  const certify = (usage: Usage): Buffer =>
    signMany(rootKeys, cbor(certificatePayload(hex(id), usage, keys[usage])), typ('key-certificate'));
  return {
    code,
    rootKeys,
    keys,
    scheme,
    charterPayload,
    charter: charterOf(rootKeys, charterPayload),
    id,
    idText: hex(id),
    certificates: {
      record: certify('record'),
      log: certify('log'),
      witness: certify('witness'),
      transport: certify('transport'),
    },
  };
}

export const arcadia: State = state('XAR', [0x01, 0x02], 0x11, ARCADIA_SCHEME, [
  ['legal', ['nis2']],
  ['names', english('Republic of Arcadia')],
  ['nextd', [Buffer.from('72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc', 'hex')]],
  ['contacts', [map([1, 'technical'], [2, 'mailto:duty@csirt.arcadia.example'], [3, ['en']])]],
]);

export const borealis: State = state('XBO', [0x04], 0x21, BOREALIS_SCHEME, [
  ['legal', []],
  ['names', english('Kingdom of Borealis')],
  ['nextd', [Buffer.from('ab8b2490a807d54fdff4dbd53b6be2f787968d4d0a724d2cdb9b985b6be2af63', 'hex')]],
  ['contacts', []],
]);

/** Bytes that are drawn from a name instead of from a random generator: a salt, a nonce. */
export function drawn(name: string, length = 16): Buffer {
  return sha256(Buffer.from(name)).subarray(0, length);
}
