// Vectors of charter.md 2.8 to 2.12: charters that follow one another.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, BOREALIS_SCHEME, borealis, typ } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  type ChainLink,
  COMMITTED,
  FIRST_CHARTER,
  LATER_SECONDS,
  link,
  SECOND_CHARTER,
  second,
  THIRD_KEYS,
} from './chain-forms.ts';
import { type Change, framed, keyNamed, keysNamed, member, rooted, signatureBy } from './forms.ts';

const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const NEXT = keyNamed('a key after all others');

const THIRD = link(
  SECOND_CHARTER,
  [...rooted(THIRD_KEYS), ['nextd', [NEXT.keyId]], ['nextk', 1]],
  [COMMITTED, ...THIRD_KEYS],
  THIRD_KEYS,
);

/** A second charter that leaves open which of two keys comes next, and a third with one of them. */
const WITH_CHOICE = second([['nextk', 1]]);
const CHOSEN = THIRD_KEYS.slice(0, 1);
const ONE_OF_TWO = link(
  WITH_CHOICE,
  [...rooted(CHOSEN), ['nextd', [NEXT.keyId]], ['nextk', 1]],
  [COMMITTED, ...CHOSEN],
  CHOSEN,
);

/** Sixty-four charters, each with one root key, and a 65th. */
function manyLinks(): ChainLink[] {
  const keys = keysNamed('rotating key', 67);
  const chain: ChainLink[] = [FIRST_CHARTER];
  for (let version = 2; version <= 65; version += 1) {
    const before = chain.at(-1) as ChainLink;
    const own = version === 2 ? COMMITTED : (keys[version] as KeyPair);
    const following = keys[version + 1] as KeyPair;
    chain.push(
      link(
        before,
        [...rooted([own]), ['nextd', [following.keyId]], ['nextk', 1]],
        [...before.rootKeys, own],
        [own],
      ),
    );
  }
  return chain;
}
const MANY = manyLinks();

function followed(comment: string, ...chain: readonly ChainLink[]): ValidCase {
  const last = chain.at(-1) as ChainLink;
  const of = (key: string): Item => member(last.payload, key) as Item;
  return {
    comment,
    in: { charters: chain.map(({ message }) => hex(message)) },
    out: {
      state: arcadia.idText,
      version: of('v') as number,
      digest: hex(last.digest),
      keys: last.rootKeys.map(({ publicKey }) => hex(publicKey)),
      threshold: of('k') as number,
      nextKeyIds: (of('nextd') as readonly Uint8Array[]).map(hex),
      nextThreshold: of('nextk') as number,
    },
  };
}

const VALID: readonly ValidCase[] = [
  followed('2.8: the first charter alone', FIRST_CHARTER),
  followed('2.8: a second charter', FIRST_CHARTER, SECOND_CHARTER),
  followed(
    '2.8: a third charter, whose two root keys both have to sign',
    FIRST_CHARTER,
    SECOND_CHARTER,
    THIRD,
  ),
  followed('2.8: 64 charters', ...MANY.slice(0, 64)),
  followed('2.10: issued in the same second as the one before', FIRST_CHARTER, second([[6, BEGIN_SECONDS]])),
  followed(
    '2.10: other names, contacts, deadline profiles and an end',
    FIRST_CHARTER,
    second([
      ['names', map(['en', 'Arcadia'])],
      ['contacts', []],
      ['legal', []],
      [4, LATER_SECONDS + 1],
    ]),
  ),
  followed('2.9: fewer root keys than were committed to', FIRST_CHARTER, WITH_CHOICE, ONE_OF_TWO),
];

const refused = (
  code: string,
  clause: string,
  comment: string,
  ...chain: readonly (ChainLink | Buffer)[]
): InvalidCase => ({
  comment,
  in: { charters: chain.map((each) => hex(each instanceof Uint8Array ? each : each.message)) },
  code,
  clause,
});
const bad = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  refused(code, clause, comment, FIRST_CHARTER, second(changes));

/** The second charter with signatures by these keys over something else. */
const misSigned = (keys: readonly KeyPair[]): Buffer =>
  framed(
    typ('charter'),
    cbor(SECOND_CHARTER.payload),
    [...keys]
      .sort((a, b) => Buffer.compare(a.keyId, b.keyId))
      .map((key) => signatureBy(key, typ('charter'), cbor(FIRST_CHARTER.payload))),
  );

const REFUSED: readonly InvalidCase[] = [
  refused('identity.charter-version', '2.2', 'begins with the second', SECOND_CHARTER),
  refused('identity.charter-version', '2.8', 'the third behind the first', FIRST_CHARTER, THIRD),
  refused('identity.charter-version', '2.8', 'the first twice', FIRST_CHARTER, FIRST_CHARTER),
  refused(
    'identity.charter-version',
    '2.8',
    'the second twice',
    FIRST_CHARTER,
    SECOND_CHARTER,
    SECOND_CHARTER,
  ),
  refused('identity.charter-version', '2.8', '65 charters', ...MANY),
  refused('identity.charter-chain', '2.8', 'the second of another state', borealis.charter, SECOND_CHARTER),
  bad('identity.charter-chain', '2.8', 'a digest of nothing', ['prev', Buffer.alloc(32)]),
  bad('identity.charter-chain', '2.8', 'null in version 2', ['prev', null]),
  bad('cbor.shape', '2.1', 'a digest of 31 bytes', ['prev', Buffer.alloc(31)]),
  bad('identity.charter-version', '2.8', 'version 3 with the digest of version 1', ['v', 3]),
  refused(
    'identity.uncommitted-key',
    '2.9',
    'a root key that the first charter has not named',
    FIRST_CHARTER,
    second(rooted([NEXT]), [...arcadia.rootKeys, NEXT]),
  ),
  refused(
    'identity.uncommitted-key',
    '2.9',
    'one more root key than the first charter has named',
    FIRST_CHARTER,
    second(rooted([COMMITTED, NEXT], 1), [...arcadia.rootKeys, COMMITTED]),
  ),
  refused(
    'identity.uncommitted-key',
    '2.9',
    'the root keys that were in use, again',
    FIRST_CHARTER,
    second(rooted(arcadia.rootKeys), [...arcadia.rootKeys]),
  ),
  refused(
    'identity.bad-threshold',
    '2.9',
    'a threshold of 1, where 2 was announced',
    FIRST_CHARTER,
    SECOND_CHARTER,
    link(
      SECOND_CHARTER,
      [...rooted(THIRD_KEYS, 1), ['nextd', [NEXT.keyId]], ['nextk', 1]],
      [COMMITTED, ...THIRD_KEYS],
      THIRD_KEYS,
    ),
  ),
  bad(
    'identity.next-key-in-use',
    '2.9',
    'commits to a root key of the first charter',
    ['nextd', [ROOT_1.keyId]],
    ['nextk', 1],
  ),
  bad('identity.charter-of-another', '2.10', 'another code', ['code', 'XAX']),
  bad('identity.charter-of-another', '2.10', 'another scheme', ['scheme', BOREALIS_SCHEME]),
  bad('identity.bad-validity', '2.10', 'issued a second before the first', [6, BEGIN_SECONDS - 1]),
  refused(
    'cose.below-threshold',
    '2.11',
    'the old root keys alone: the new ones could be held by nobody',
    FIRST_CHARTER,
    second([], arcadia.rootKeys),
  ),
  refused(
    'cose.below-threshold',
    '2.11',
    'the new root key alone: whoever steals what is kept for later cannot rotate',
    FIRST_CHARTER,
    second([], [COMMITTED]),
  ),
  refused(
    'cose.below-threshold',
    '2.11',
    'one of two old root keys and the new one',
    FIRST_CHARTER,
    second([], [ROOT_2, COMMITTED]),
  ),
  refused(
    'cose.unknown-signer',
    '2.11',
    'a signature of another key beside enough of them',
    FIRST_CHARTER,
    second([], [...arcadia.rootKeys, COMMITTED, NEXT]),
  ),
  refused(
    'identity.forged',
    '1.2',
    'signatures over another payload',
    FIRST_CHARTER,
    misSigned([...arcadia.rootKeys, COMMITTED]),
  ),
];

export const chainVectors: readonly VectorFile[] = [
  { topic: 'charter', name: 'chains', op: 'charter.chain', valid: VALID },
  { topic: 'charter', name: 'chains', op: 'charter.chain', invalid: REFUSED },
];
