// Valid vectors of charter.md §2: charters, at both ends of what is allowed, and who signs them.

import { type Entries, hex, type Item, record } from '../cbor-text.ts';
import { identifiers, SCHEME } from '../label/forms.ts';
import { tags } from '../label/schemes.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  type Change,
  charterOut,
  charterWith,
  contact,
  keysNamed,
  LAST_SECOND,
  type Named,
  rooted,
  signedAs,
} from './forms.ts';
import { charterOfBytes, charterOfItems } from './sizes.ts';

const KEYS = keysNamed('root key', 16);
const [FIRST, SECOND, THIRD] = KEYS as [KeyPair, KeyPair, KeyPair];
const nextIds = (count: number): Buffer[] => keysNamed('next root key', count).map(({ keyId }) => keyId);

/** A charter of Arcadia with these changes. */
function changed(comment: string, ...changes: readonly Change[]): ValidCase {
  return ofPayload(comment, charterWith(...changes), arcadia.rootKeys, arcadia.rootKeys);
}

/** A charter with these root keys, signed by some of them. */
function ofPayload(
  comment: string,
  payload: Entries,
  keys: readonly KeyPair[],
  signers: readonly KeyPair[],
  more: Named = {},
): ValidCase {
  return {
    comment,
    in: { charter: hex(signedAs('charter', payload, signers)) },
    out: charterOut(payload, keys, more),
  };
}

const signedBy = (
  comment: string,
  threshold: number,
  keys: readonly KeyPair[],
  signers: readonly KeyPair[],
): ValidCase => ofPayload(comment, charterWith(...rooted(keys, threshold)), keys, signers);

const three = [FIRST, SECOND, THIRD];
const addresses = (...texts: readonly Item[]): Change => [
  'contacts',
  texts.map((text) => contact('technical', text)),
];

const VALID: readonly ValidCase[] = [
  {
    comment: 'the charter of Arcadia of charter.md §0',
    in: { charter: hex(arcadia.charter) },
    out: {
      state: 'a906ca38aea6638a22db97e5a40f19ee2db7ee3aaf0513913da7b5e563128c0b',
      fingerprint: 'a906 ca38 aea6 638a 22db 97e5 a40f 19ee 2db7 ee3a af05 1391 3da7 b5e5 6312 8c0b',
      code: 'XAR',
      names: { en: 'Republic of Arcadia' },
      keys: [
        '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c',
        '8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394',
      ],
      threshold: 2,
      nextKeyIds: ['72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc'],
      nextThreshold: 1,
      schemeId: 'xar-2026',
      legal: ['nis2'],
      contacts: [{ role: 'technical', address: 'mailto:duty@csirt.arcadia.example', languages: ['en'] }],
      issuedAtSeconds: 1_795_428_000,
    },
  },
  {
    comment: 'the charter of Borealis of charter.md §0',
    in: { charter: hex(borealis.charter) },
    out: charterOut(borealis.charterPayload, borealis.rootKeys, {
      state: '1034dd826ac1701e753ca9a061dbbc1687fe80c6289e578222b0e9963812da28',
    }),
  },
  changed('2.1: an end of validity', [4, 1_826_964_000]),
  changed('2.1: an end one second after the issue', [4, 1_795_428_001]),
  changed('1.3: issued at time 0, and valid for a second', [6, 0], [4, 1]),
  changed('1.3: an end of validity in the last second of the year 9999', [4, LAST_SECOND]),
  changed('1.3: issued in the last second of the year 9999', [6, LAST_SECOND]),
  changed('keys 6.3: the first code', ['code', 'AAA']),
  changed('keys 6.3: the last code', ['code', 'ZZZ']),
  ofPayload(
    'label 1.3: a name in 32 languages',
    charterWith(['names', record(tags(32))]),
    arcadia.rootKeys,
    arcadia.rootKeys,
  ),
  changed('label 1.3: a name in three scripts', [
    'names',
    record({ el: 'Αρκαδία', 'zh-Hans': '阿卡迪亚', ar: 'أركاديا' }),
  ]),
  changed('label §1: a scheme with sets of each type', ['scheme', SCHEME]),
  changed('2.1: no legal profile', ['legal', []]),
  changed('2.1: 32 legal profiles', ['legal', identifiers('profile', 32)]),
  changed('2.1: no contact', ['contacts', []]),
  changed('2.1: 16 contacts', ['contacts', identifiers('role', 16).map((role) => contact(role, 'tel:+1'))]),
  changed('2.5: two contacts of one role', addresses('tel:+1', 'tel:+2')),
  changed('2.5: addresses of 1 and of 256 bytes', addresses('a', 'a'.repeat(256))),
  changed('2.5: an address of 256 bytes and 86 characters', addresses(`${'水'.repeat(85)}a`)),
  changed('1.3: a line may hold a line separator and begin with a space', addresses(' a\u2028b')),
  changed('2.5: 16 languages', [
    'contacts',
    [
      contact(
        'technical',
        'tel:+1',
        'abcdefghijklmnop'.split('').map((letter) => `e${letter}`),
      ),
    ],
  ]),
  changed('2.5: languages with subtags, in any letter case', [
    'contacts',
    [contact('technical', 'tel:+1', ['en', 'gsw', 'pt-BR', 'sr-Latn-RS', 'de-1996', 'zh-hant'])],
  ]),
  changed('2.1: 16 next keys, with a threshold of 16', ['nextd', nextIds(16)], ['nextk', 16]),
  changed('2.1: 3 next keys, with a threshold of 1', ['nextd', nextIds(3)], ['nextk', 1]),
  signedBy('2.6: 16 root keys that all have to sign', 16, KEYS, KEYS),
  signedBy('2.6: 16 root keys, one of which has to sign and does', 1, KEYS, [KEYS[9] as KeyPair]),
  signedBy('2.6: 16 root keys, one of which has to sign, and all do', 1, KEYS, KEYS),
  signedBy('2.6: two of three root keys, signed by the first and the second', 2, three, [FIRST, SECOND]),
  signedBy('2.6: the same charter, signed by the second and the third: the same state', 2, three, [
    SECOND,
    THIRD,
  ]),
  signedBy('2.6: the same charter, signed by all three: the same state', 2, three, three),
  signedBy('2.1: the same keys in another order: another state', 2, [...three].reverse(), [FIRST, SECOND]),
  ...[charterOfBytes(65_536)].map(
    ({ payload, message }): ValidCase => ({
      comment: '1.1: a charter of 65536 bytes',
      in: { charter: hex(message) },
      out: charterOut(payload, arcadia.rootKeys),
    }),
  ),
  ...[charterOfItems(4096)].map(
    ({ payload, message }): ValidCase => ({
      comment: '1.1: a charter whose payload has 4096 items',
      in: { charter: hex(message) },
      out: charterOut(payload, arcadia.rootKeys),
    }),
  ),
];

export const charterVectorFile: VectorFile = {
  topic: 'charter',
  name: 'charters',
  op: 'charter.verify',
  grammar: { charter: 'charter' },
  valid: VALID,
};
