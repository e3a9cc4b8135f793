// Vectors of charter.md §5: what two states make of each other's level maps.

import { hex, type Item, record } from '../cbor-text.ts';
import { level, levelMap, scheme } from '../label/forms.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { type Change, keyNamed, recognised, stateWith } from './forms.ts';

/** A map from levels to levels, as pairs of their numbers: `0>0 1>2`. */
type Pairs = string;

const four = (id: string, letter: string): Item =>
  scheme(
    id,
    [0, 1, 2, 3].map((rank) => level(`${letter}${rank}`, rank * 5)),
  );
/** Two states with four levels each, `a0` to `a3` and `b0` to `b3`, and one that shares the scheme of the first. */
export const ALBA = stateWith('XCA', [keyNamed('alba')], ['scheme', four('scheme-a', 'a')]);
export const BELA = stateWith('XCB', [keyNamed('bela')], ['scheme', four('scheme-b', 'b')]);
const CORA = stateWith('XCC', [keyNamed('cora')], ['scheme', four('scheme-a', 'a')]);

export interface Party {
  readonly state: State;
  readonly scheme: string;
  readonly letter: string;
}
export const alba: Party = { state: ALBA, scheme: 'scheme-a', letter: 'a' };
export const bela: Party = { state: BELA, scheme: 'scheme-b', letter: 'b' };
export const cora: Party = { state: CORA, scheme: 'scheme-a', letter: 'a' };

export function levels(pairs: Pairs, from: Party, to: Party): { [level: string]: string } {
  return Object.fromEntries(
    pairs
      .split(' ')
      .filter((pair) => pair !== '')
      .map((pair) => [`${from.letter}${pair[0]}`, `${to.letter}${pair[2]}`]),
  );
}
const mapOf = (pairs: Pairs, from: Party, to: Party): Item =>
  levelMap(from.scheme, to.scheme, record(levels(pairs, from, to)));

/** The two maps that a state signs: from its levels to those of the other, and back. */
export interface Maps {
  readonly out: Pairs;
  readonly in: Pairs;
}
export function recognitionOf(
  issuer: Party,
  subject: Party,
  maps: Maps,
  changes: readonly Change[] = [],
): Buffer {
  return recognised(issuer.state, subject.state, [
    ['out', mapOf(maps.out, issuer, subject)],
    ['in', mapOf(maps.in, subject, issuer)],
    ['ceiling', `${issuer.letter}3`],
    ['categories', []],
    ...changes,
  ]);
}

interface Agreed extends Maps {
  readonly disputed?: readonly string[];
}

function agreed(
  comment: string,
  own: Maps,
  other: Maps | undefined,
  result: Agreed,
  subject = bela,
  changes: readonly Change[] = [],
): ValidCase {
  return {
    comment,
    in: {
      own: hex(recognitionOf(alba, subject, own)),
      ...(other !== undefined && { other: hex(recognitionOf(subject, alba, other, changes)) }),
      issuer: hex(alba.state.charter),
      subject: hex(subject.state.charter),
    },
    out: {
      outbound: levels(result.out, alba, subject),
      inbound: levels(result.in, subject, alba),
      disputed: result.disputed ?? [],
    },
  };
}

const ALL = '0>0 1>1 2>2 3>3';
export const SAME: Maps = { out: ALL, in: ALL };
const elsewhere = (from: Party, to: string): Change[] => [
  ['out', levelMap(from.scheme, to, record({}))],
  ['in', levelMap(to, from.scheme, record({}))],
];

const VALID: readonly ValidCase[] = [
  {
    comment: 'the recognition of charter.md §0, and that of Arcadia by Borealis',
    in: {
      own: hex(recognised(arcadia, borealis)),
      other: hex(recognised(borealis, arcadia)),
      issuer: hex(arcadia.charter),
      subject: hex(borealis.charter),
    },
    out: {
      outbound: { unclassified: 'open', restricted: 'secret' },
      inbound: { open: 'unclassified', secret: 'restricted' },
      disputed: [],
    },
  },
  {
    comment: 'the recognition of charter.md §0 alone',
    in: {
      own: hex(recognised(arcadia, borealis)),
      issuer: hex(arcadia.charter),
      subject: hex(borealis.charter),
    },
    out: {
      outbound: { unclassified: 'open', restricted: 'secret' },
      inbound: { open: 'unclassified', secret: 'restricted' },
      disputed: [],
    },
  },
  agreed('5.3: both map all levels alike', SAME, SAME, SAME),
  agreed('5.4: there is no recognition of the other: what the own one maps is mapped', SAME, undefined, SAME),
  agreed(
    '5.4: the other maps nothing: everything is disputed',
    SAME,
    { out: '', in: '' },
    {
      out: '',
      in: '',
      disputed: [0, 1, 2, 3].flatMap((rank) => [`scheme-a/a${rank}`, `scheme-b/b${rank}`]).sort(),
    },
  ),
  agreed(
    '5.4: the other maps some levels alike, and not the rest, which is disputed',
    SAME,
    { out: '1>1', in: '3>3 0>0' },
    {
      out: '0>0',
      in: '',
      disputed: ['scheme-a/a1', 'scheme-a/a2', 'scheme-b/b0', 'scheme-b/b2', 'scheme-b/b3'],
    },
  ),
  agreed(
    '5.4: the other has dropped the highest level in one direction',
    SAME,
    { out: ALL, in: '0>0 1>1 2>2' },
    { out: '0>0 1>1 2>2', in: ALL, disputed: ['scheme-a/a3'] },
  ),
  agreed('5.4: what the other alone maps is not mapped', { out: '0>0', in: '0>0 1>1' }, SAME, {
    out: '0>0',
    in: '0>0 1>1',
  }),
  agreed('5.4: nothing is mapped but by the other', { out: '', in: '' }, SAME, { out: '', in: '' }),
  agreed(
    '5.3: the map out is compared with the map in of the other',
    { out: '0>0 1>2', in: '0>0' },
    { out: '0>0', in: '0>0 1>2' },
    { out: '0>0 1>2', in: '0>0' },
  ),
  agreed(
    '5.4: the third level is disputed on the way out, and cuts the fourth',
    SAME,
    { out: ALL, in: '0>0 1>1 2>3 3>3' },
    { out: '0>0 1>1', in: ALL, disputed: ['scheme-a/a2'] },
  ),
  agreed(
    '5.4: the second level is disputed on the way in',
    SAME,
    { out: '0>0 1>0 2>2 3>3', in: ALL },
    { out: ALL, in: '0>0', disputed: ['scheme-b/b1'] },
  ),
  agreed(
    '5.4: the lowest level is disputed: nothing is left',
    SAME,
    { out: ALL, in: '0>1 1>1 2>2 3>3' },
    { out: '', in: ALL, disputed: ['scheme-a/a0'] },
  ),
  agreed(
    '5.4: the highest level is disputed in both directions',
    SAME,
    { out: '0>0 1>1 2>2 3>2', in: '0>0 1>1 2>2 3>2' },
    { out: '0>0 1>1 2>2', in: '0>0 1>1 2>2', disputed: ['scheme-a/a3', 'scheme-b/b3'] },
  ),
  agreed(
    '5.4: several levels are disputed, also such as are cut already',
    SAME,
    { out: ALL, in: '0>0 1>0 2>2 3>2' },
    { out: '0>0', in: ALL, disputed: ['scheme-a/a1', 'scheme-a/a3'] },
  ),
  agreed('5.5: a gap: what is above it is cut', { out: '0>0 2>2 3>3', in: '0>0 1>1 3>3' }, undefined, {
    out: '0>0',
    in: '0>0 1>1',
  }),
  agreed(
    '5.5: the lowest level is not mapped: nothing is left',
    { out: '1>1 2>2 3>3', in: '3>3' },
    undefined,
    { out: '', in: '' },
  ),
  agreed('5.5: the other does not fill a gap', { out: '0>0 2>2', in: ALL }, SAME, { out: '0>0', in: ALL }),
  agreed(
    '5.5: a disputed level above a gap is named, too',
    { out: '0>0 2>2', in: ALL },
    { out: ALL, in: '0>0 2>1' },
    { out: '0>0', in: ALL, disputed: ['scheme-a/a2'] },
  ),
  agreed(
    '5.5: several levels that are mapped to one',
    { out: '0>1 1>1 2>3 3>3', in: '0>0 1>0 2>0' },
    undefined,
    { out: '0>1 1>1 2>3 3>3', in: '0>0 1>0 2>0' },
  ),
  agreed(
    '5.4: the other maps between other schemes: everything that is mapped is disputed',
    { out: '0>0 1>1', in: '0>0' },
    { out: '', in: '' },
    {
      out: '',
      in: '',
      disputed: ['scheme-a/a0', 'scheme-a/a1', 'scheme-b/b0'],
    },
    bela,
    elsewhere(bela, 'scheme-c'),
  ),
  agreed(
    '5.4: the other maps between other schemes, and the own recognition maps nothing',
    { out: '', in: '' },
    { out: '', in: '' },
    { out: '', in: '' },
    bela,
    elsewhere(bela, 'scheme-c'),
  ),
  agreed('6.2: two states of one scheme that map alike', SAME, SAME, SAME, cora),
  agreed(
    '5.4: two states of one scheme, a level of which is disputed in one direction',
    SAME,
    { out: ALL, in: '0>0 1>2 2>2 3>3' },
    { out: '0>0', in: ALL, disputed: ['scheme-a/a1'] },
    cora,
  ),
  agreed(
    '5.4: two states of one scheme, a level of which is disputed in both directions',
    SAME,
    { out: '0>0 1>0 2>2 3>3', in: '0>0 1>2 2>2 3>3' },
    { out: '0>0', in: '0>0', disputed: ['scheme-a/a1'] },
    cora,
  ),
  agreed('4.6: code and digest in the recognition by the other are not looked at', SAME, SAME, SAME, bela, [
    ['code', 'XZZ'],
    ['charter', Buffer.alloc(32, 9)],
  ]),
];

export const equivalenceVectors: VectorFile = {
  topic: 'charter',
  name: 'equivalences',
  op: 'equivalence.agree',
  grammar: { own: 'recognition', other: 'recognition', issuer: 'charter', subject: 'charter' },
  valid: VALID,
};
