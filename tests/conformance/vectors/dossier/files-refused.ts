// dossier.verify: files that are no dossiers, and anchors that do not verify (dossier.md §1, §2, 3.1).

import { cbor, hex, type Item, map, Raw } from '../cbor-text.ts';
import { FIRST_CHARTER, SECOND_CHARTER } from '../charter/chain-forms.ts';
import { keyStateOf } from '../key-state/forms.ts';
import { arcadia, changed } from '../states.ts';
import type { InvalidCase, InvalidFile } from '../vector.ts';
import { namesake } from './contradictions.ts';
import { scene } from './pieces.ts';
import { entriesOf, inputOf, notificationItem, recordItem, type Scene } from './scene.ts';
import { allKeys, incident, notified, title, toldPart, victim } from './story.ts';

type Changes = readonly (readonly [Item, Item | undefined])[];
type Case = readonly [code: string, clause: string, comment: string, file: Uint8Array];

const SCENE: Scene = scene({ documents: allKeys, notifications: [notified] });
/** The dossier of the story with members changed. */
const file = (changes: Changes): Uint8Array => cbor(changed(entriesOf(SCENE), changes));
const shape = (clause: string, comment: string, changes: Changes): Case => [
  'cbor.shape',
  clause,
  comment,
  file(changes),
];
/** One record, with members changed. */
const withRecord = (changes: Changes): Changes => [[6, [changedItem(recordItem(toldPart), changes)]]];
const withNotification = (changes: Changes): Changes => [
  [7, [changedItem(notificationItem(notified), changes)]],
];

function changedItem(item: Item, changes: Changes): Item {
  return changed((item as ReturnType<typeof map>).entries, changes);
}

export function refusedFilesFile(): InvalidFile {
  return {
    ...{ topic: 'dossier', name: 'files', op: 'dossier.verify' },
    invalid: [
      ...[...forms(), ...records(), ...notifications(), ...orders(), ...versions(), ...limits()].map(
        ([code, clause, comment, bytes]): InvalidCase => ({
          comment,
          in: inputOf(SCENE, bytes),
          code,
          clause,
        }),
      ),
      ...anchors(),
    ],
  };
}

function forms(): readonly Case[] {
  const junk = (count: number): readonly Buffer[] =>
    Array.from({ length: count }, (_, index) => Buffer.from([index >> 8, index & 255]));
  return [
    ['cbor.shape', '1.1', 'an array in place of the map', cbor(entriesOf(SCENE).map(([, value]) => value))],
    shape('1.1', 'a further key', [[9, []]]),
    ...([1, 3, 4, 5, 6, 7, 8] as const).map((key) => shape('1.3', `without key ${key}`, [[key, undefined]])),
    shape('1.3', 'another kind', [[1, 'comity-bundle']]),
    shape('1.3', 'a federation without a name', [[3, '']]),
    shape('1.3', 'a federation whose name begins with a hyphen', [[3, '-a']]),
    shape('1.3', 'a federation with a capital letter', [[3, 'Sample']]),
    shape('1.3', 'a federation with a name of 64 letters', [[3, 'a'.repeat(64)]]),
    shape('1.3', 'a text in place of a charter', [[4, ['charter']]]),
    shape('1.3', 'an empty byte string as charter', [[4, [Buffer.alloc(0)]]]),
    shape('1.3', 'a charter of 65537 bytes', [[4, [Buffer.alloc(65_537)]]]),
    shape('1.3', '257 charters', [[4, junk(257)]]),
    shape('1.3', 'a certificate of 8193 bytes', [[5, [Buffer.alloc(8_193)]]]),
    shape('1.3', '1025 certificates', [[5, junk(1_025)]]),
    shape('1.3', 'a key state of 65537 bytes', [[8, [Buffer.alloc(65_537)]]]),
    shape('1.3', 'an empty key state', [[8, [Buffer.alloc(0)]]]),
    shape('1.3', '257 key states', [[8, junk(257)]]),
    shape('1.3', 'no record', [[6, []]]),
    shape('1.3', '1025 records', [[6, junk(1_025).map((each) => map([1, each], [2, []]))]]),
  ];
}

function records(): readonly Case[] {
  const many = Array.from({ length: 513 }, (_, index) => Buffer.from([index >> 8, index & 255]));
  return [
    shape('2.3', 'a record that is a byte string', [[6, [toldPart.text.message]]]),
    shape('2.3', 'a record without disclosures', withRecord([[2, undefined]])),
    shape('2.3', 'a record with a further key', withRecord([[4, 0]])),
    shape('2.3', 'a record of 65537 bytes', withRecord([[1, Buffer.alloc(65_537)]])),
    shape('2.3', 'a record of no bytes', withRecord([[1, Buffer.alloc(0)]])),
    shape('2.3', '513 disclosures', withRecord([[2, many]])),
    shape('2.3', 'an empty disclosure', withRecord([[2, [Buffer.alloc(0)]]])),
    shape('2.6', 'an empty proof', withRecord([[3, '']])),
    shape('2.6', 'a proof of 73900 bytes', withRecord([[3, 'x'.repeat(73_900)]])),
    shape('2.6', 'a proof that is null', withRecord([[3, null]])),
    shape('2.6', 'a proof that is a byte string', withRecord([[3, Buffer.from('x')]])),
  ];
}

function notifications(): readonly Case[] {
  return [
    ...([1, 2, 3, 4, 5] as const).map((key) =>
      shape('2.5', `a notification without key ${key}`, withNotification([[key, undefined]])),
    ),
    shape('2.5', 'a notification with a further key', withNotification([[6, 0]])),
    shape('2.5', 'a sender of 31 bytes', withNotification([[1, arcadia.id.subarray(1)]])),
    shape('2.5', 'a recipient as text', withNotification([[2, arcadia.idText]])),
    shape('2.5', 'a recipient that is the sender', withNotification([[2, arcadia.id]])),
    shape('2.5', 'an entry of 32769 bytes', withNotification([[3, Buffer.alloc(32_769)]])),
    shape('2.5', 'an entry of no bytes', withNotification([[3, Buffer.alloc(0)]])),
    shape('2.5', 'a receipt of 1025 bytes', withNotification([[5, 'x'.repeat(1_025)]])),
    shape('2.5', 'an empty receipt', withNotification([[5, '']])),
    shape('2.6', 'an empty proof of an entry', withNotification([[4, '']])),
    shape('2.6', 'a proof of an entry of 73900 bytes', withNotification([[4, 'x'.repeat(73_900)]])),
  ];
}

function orders(): readonly Case[] {
  const unsorted = (clause: string, comment: string, changes: Changes): Case => [
    'dossier.unsorted',
    clause,
    comment,
    file(changes),
  ];
  const entries = entriesOf(SCENE);
  const list = (key: number): readonly Item[] =>
    entries.find(([each]) => each === key)?.[1] as readonly Item[];
  const twoRecords = entriesOf(scene({ records: [toldPart, { text: incident('b'), verdict: 'VALID' }] }));
  const pair = twoRecords.find(([each]) => each === 6)?.[1] as readonly Item[];
  const notification = notificationItem(notified);
  const toOther = changedItem(notification, [[2, Buffer.alloc(32)]]);
  const shown = [title, victim].sort((a, b) => Buffer.compare(b.digest, a.digest)).map(({ bytes }) => bytes);
  return [
    unsorted('1.4', 'charters in descending order', [[4, [...list(4)].reverse()]]),
    unsorted('1.4', 'a charter that stands twice', [[4, [list(4)[0] as Item, ...list(4)]]]),
    unsorted('1.4', 'a longer byte string before the one that it begins with', [
      [4, [Buffer.from([1, 0]), Buffer.from([1])]],
    ]),
    unsorted('1.4', 'certificates in descending order', [[5, [...list(5)].reverse()]]),
    unsorted('1.4', 'a certificate that stands twice', [[5, [list(5)[0] as Item, ...list(5)]]]),
    unsorted('1.4', 'records in descending order of their ids', [[6, [...pair].reverse()]]),
    unsorted('1.4', 'a record that stands twice', [[6, [...list(6), ...list(6)]]]),
    unsorted('1.4', 'a record that stands twice, with other disclosures', [
      [6, [...list(6), changedItem(recordItem(toldPart), [[2, []]])]],
    ]),
    unsorted('1.4', 'notifications in descending order of their recipients', [[7, [notification, toOther]]]),
    unsorted('1.4', 'two notifications of one entry, with different receipts', [
      [7, [notification, changedItem(notification, [[5, 'x']])]],
    ]),
    unsorted('1.4', 'key states in descending order', [[8, [Buffer.from([2]), Buffer.from([1])]]]),
    unsorted('1.4', 'a key state that stands twice', [[8, [Buffer.from([1]), Buffer.from([1])]]]),
    unsorted('2.3', 'disclosures in descending order of their digests', withRecord([[2, shown]])),
    unsorted('2.3', 'a disclosure that stands twice', withRecord([[2, [title.bytes, title.bytes]]])),
  ];
}

function versions(): readonly Case[] {
  const version = (comment: string, value: Item | undefined): Case => [
    'dossier.unsupported-version',
    '1.5',
    comment,
    file([[2, value]]),
  ];
  return [
    version('version 1', 1),
    version('version 3', 3),
    version('version 0', 0),
    version('the version as text', '1'),
  ];
}

function limits(): readonly Case[] {
  return [
    ['cbor.too-deep', '1.2', 'arrays down to depth 5', file([[4, [[[[0]]]]]])],
    [
      'cbor.too-many-items',
      '1.2',
      'an array of 131072 items, in a map that has some of its own',
      file([[4, new Raw(Buffer.concat([Buffer.from('9a00020000', 'hex'), Buffer.alloc(131_072)]))]]),
    ],
    [
      'cbor.too-many-items',
      '1.2',
      'a proof of 4095 signature lines, beside the two of a notification',
      file(withRecord([[3, '\u2014 \n'.repeat(4_095)]])),
    ],
    [
      'cbor.too-many-items',
      '1.2',
      '4097 signature lines in one proof',
      cbor(changed(entriesOf(scene()), withRecord([[3, '\u2014 \n'.repeat(4_097)]]))),
    ],
    [
      'cbor.too-many-items',
      '1.2',
      '4096 signature lines in one proof of an entry, and one that is the receipt',
      file(withNotification([[4, `x\n${'\u2014 \n'.repeat(4_096)}`]])),
    ],
  ];
}

function anchors(): readonly InvalidCase[] {
  const flipped = Buffer.from(arcadia.charter);
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  return [
    {
      comment: 'a charter among the anchors with a signature that is not good',
      in: { ...inputOf(SCENE), anchors: [hex(flipped)] },
      code: 'identity.forged',
      clause: 'charter 1.2',
    },
    {
      comment: 'a key certificate among the anchors',
      in: { ...inputOf(SCENE), anchors: [hex(arcadia.certificates.record)] },
      code: 'identity.wrong-document',
      clause: 'charter 1.1',
    },
    {
      comment: 'two charters among the anchors whose states have one code',
      in: { ...inputOf(SCENE), anchors: [hex(arcadia.charter), hex(namesake().charter)] },
      code: 'identity.code-taken',
      clause: 'charter 6.2',
    },
    {
      comment: 'a key state given beside no charter',
      in: { ...inputOf(SCENE), anchors: [arcadia.idText], keyStates: [hex(keyStateOf(arcadia).message)] },
      code: 'identity.wrong-charter',
      clause: 'key-state 1.1',
    },
    {
      comment: 'two key states given that contradict each other',
      in: {
        ...inputOf(SCENE),
        anchors: [hex(arcadia.charter)],
        keyStates: [keyStateOf(arcadia), keyStateOf(arcadia, FIRST_CHARTER, [['live', []]])].map(
          ({ message }) => hex(message),
        ),
      },
      code: 'identity.key-states-contradict',
      clause: 'key-state 3.3',
    },
    {
      comment: 'a later charter among the anchors without the first',
      in: { ...inputOf(SCENE), anchors: [hex(SECOND_CHARTER.message)] },
      code: 'identity.charter-chain',
      clause: 'charter 2.8',
    },
    {
      comment: 'a policy without a quorum line',
      in: { ...inputOf(SCENE), policy: '# nobody\n' },
      code: 'log.policy-quorum',
      clause: 'witness 1.7',
    },
    {
      comment: 'a file of another federation than the one that the verifier names',
      in: { ...inputOf(SCENE), federation: 'other' },
      code: 'dossier.wrong-federation',
      clause: '3.1',
    },
  ];
}
