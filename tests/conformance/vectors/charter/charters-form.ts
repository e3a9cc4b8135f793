// Invalid vectors of charter.md §2: charters that do not fit the grammar, or a form that the prose gives to a member.

import { cbor, hex, type Item, map, record } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { identifiers } from '../label/forms.ts';
import { coseKey, signMany } from '../signing.ts';
import { arcadia, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import {
  type Change,
  charterWith,
  contact,
  keyNamed,
  keysNamed,
  LAST_SECOND,
  rooted,
  signedAs,
} from './forms.ts';

const of = (code: string, clause: string, comment: string, charter: Uint8Array): InvalidCase => ({
  comment,
  in: { charter: hex(charter) },
  code,
  clause,
});
/** A charter of Arcadia with these changes, which its root keys sign. */
const changed = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  of(code, clause, comment, signedAs('charter', charterWith(...changes)));
const shape = (comment: string, ...changes: readonly Change[]): InvalidCase =>
  changed('cbor.shape', clauseOf(comment), comment, ...changes);

const REQUIRED = [
  'v',
  'prev',
  'code',
  'names',
  'keys',
  'k',
  'nextd',
  'nextk',
  'algs',
  'scheme',
  'legal',
  'contacts',
  6,
];
const SEVENTEEN = keysNamed('root key', 17);
const keyIds = (count: number): Item[] => keysNamed('next root key', count).map(({ keyId }) => keyId);
const contacts = (...each: readonly Item[]): Change => ['contacts', each];
const address = (text: Item): Change => contacts(contact('technical', text));
const languages = (...tags: readonly Item[]): Change => contacts(contact('technical', 'tel:+1', tags));

const FORM: readonly InvalidCase[] = [
  ...REQUIRED.map((key) => shape(`2.1: without ${key}`, [key, undefined])),
  shape('2.1: a member that no charter has', ['motto', 'x']),
  shape('2.1: a claim that no charter has', [5, 1_795_428_000]),
  shape('2.2: a digest of an earlier charter', ['prev', Buffer.alloc(32, 1)]),
  shape('2.1: an end of validity that is null', [4, null]),
  shape('keys 6.3: a code in lower case', ['code', 'xar']),
  shape('keys 6.3: a code of two letters', ['code', 'XA']),
  shape('keys 6.3: a code of four letters', ['code', 'XARC']),
  shape('keys 6.3: a digit in a code', ['code', 'XA1']),
  shape('label 1.3: a name in no language', ['names', map()]),
  shape('label 1.8: a language tag in capitals', ['names', record({ EN: 'Arcadia' })]),
  shape('2.1: no root key', ['keys', []]),
  of(
    'cbor.shape',
    '2.1',
    '2.1: 17 root keys, two of which sign',
    signedAs('charter', charterWith(...rooted(SEVENTEEN, 2)), SEVENTEEN.slice(0, 2)),
  ),
  shape('2.1: a threshold of 17', ['k', 17]),
  shape('2.1: a threshold that is a text', ['k', '2']),
  shape('2.1: no next key', ['nextd', []]),
  shape('2.1: 17 next keys', ['nextd', keyIds(17)]),
  shape('2.1: a next key id of 31 bytes', ['nextd', [Buffer.alloc(31, 1)]]),
  shape('2.1: a next key instead of its id', ['nextd', [coseKey(keyNamed('next').publicKey)]]),
  shape('2.1: an algorithm by its name', ['algs', ['Ed25519']]),
  shape('2.4: no algorithm', ['algs', []]),
  shape('2.1: 33 legal profiles', ['legal', identifiers('profile', 33)]),
  shape('label 1.2: a legal profile in capitals', ['legal', ['NIS2']]),
  shape('2.1: 17 contacts', contacts(...identifiers('role', 17).map((role) => contact(role, 'tel:+1')))),
  shape('2.5: a role in capitals', contacts(contact('Technical', 'tel:+1'))),
  shape('2.5: an empty address', address('')),
  shape('2.5: an address of 257 bytes', address('a'.repeat(257))),
  shape('2.5: an address of 258 bytes and 86 characters', address('水'.repeat(86))),
  shape('1.3: a line feed in a line', address('tel:+1\ntel:+2')),
  shape('1.3: a tab in a line', address('tel:\t+1')),
  shape('1.3: an override of direction in a line', address('tel:\u202e1+')),
  shape('1.3: a control character in a line', address('tel:\u007f')),
  shape('2.5: no language', languages()),
  shape('2.5: 17 languages', languages(...'abcdefghijklmnopq'.split('').map((letter) => `e${letter}`))),
  shape('2.5: a language in capitals', languages('EN')),
  shape('2.5: a language of four letters', languages('engl')),
  shape('2.5: a subtag of one character', languages('en-x')),
  shape('2.5: three subtags', languages('sr-la-rs-ab')),
  shape('2.5: a contact without languages', contacts(map([1, 'technical'], [2, 'tel:+1']))),
  shape(
    '2.5: a fourth member of a contact',
    contacts(map([1, 'technical'], [2, 'tel:+1'], [3, ['en']], [4, 0])),
  ),
  shape('1.3: issued before 1970', [6, -1]),
  shape('1.3: issued in the year 10000', [6, LAST_SECOND + 1]),
  shape('1.3: an end in the year 10000', [4, LAST_SECOND + 1]),
  changed('cbor.integer-range', 'cbor 2.1', 'an end of 2^53 seconds', [4, 9_007_199_254_740_992n]),
  of(
    'cbor.trailing-bytes',
    'cbor 1.1',
    'a byte behind the message',
    Buffer.concat([arcadia.charter, Buffer.alloc(1)]),
  ),
  of(
    'cbor.trailing-bytes',
    'cbor 1.1',
    'a byte behind the payload, which is signed with it',
    signMany(
      arcadia.rootKeys,
      Buffer.concat([cbor(arcadia.charterPayload), Buffer.alloc(1)]),
      typ('charter'),
    ),
  ),
];

export const charterForms: VectorFile = {
  topic: 'charter',
  name: 'charters-form',
  op: 'charter.verify',
  invalid: FORM,
};
