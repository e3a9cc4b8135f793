// Vectors of recognition.md §4: whether two states have signed the same of their levels.

import { hex, record } from '../cbor-text.ts';
import {
  alba,
  bela,
  cora,
  levels,
  type Maps,
  type Party,
  recognitionOf,
  SAME,
} from '../charter/equivalence.ts';
import { type Change, recognised } from '../charter/forms.ts';
import { levelMap } from '../label/forms.ts';
import { arcadia, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';

interface Sides {
  readonly own: Buffer;
  readonly other: Buffer;
}

const inputOf = ({ own, other }: Sides, subject: Party = bela): ValidCase['in'] => ({
  own: hex(own),
  other: hex(other),
  issuer: hex(alba.state.charter),
  subject: hex(subject.state.charter),
});
const mirrored = ({ out, in: back }: Maps): Maps => ({ out: back, in: out });

function agreed(
  comment: string,
  maps: Maps,
  subject: Party = bela,
  changes: readonly Change[] = [],
): ValidCase {
  const own = recognitionOf(alba, subject, maps);
  const other = recognitionOf(subject, alba, mirrored(maps), changes);
  return {
    comment,
    in: inputOf({ own, other }, subject),
    out: { outbound: levels(maps.out, alba, subject), inbound: levels(maps.in, subject, alba) },
  };
}

function differing(comment: string, own: Maps, other: Maps): InvalidCase {
  const sides = { own: recognitionOf(alba, bela, own), other: recognitionOf(bela, alba, other) };
  return {
    comment: `4.2: ${comment}`,
    in: inputOf(sides),
    code: 'identity.equivalence-not-agreed',
    clause: '4.2',
  };
}

const same = { own: recognitionOf(alba, bela, SAME), other: recognitionOf(bela, alba, SAME) };
const refused = (code: string, clause: string, comment: string, change: Partial<Sides>): InvalidCase => ({
  comment: `${clause}: ${comment}`,
  in: inputOf({ ...same, ...change }),
  code,
  clause,
});

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
    },
  },
  agreed('4.2: both map all levels', SAME),
  agreed('4.2: the two directions are not each other the wrong way round', { out: '0>1 1>2', in: '0>0 1>0' }),
  agreed('4.2: one direction alone', { out: '0>0', in: '' }),
  agreed('4.2: nothing in both directions', { out: '', in: '' }),
  agreed('4.2: gaps do not matter to it', { out: '0>0 2>2', in: '1>1' }),
  agreed('4.2: two states with one scheme', SAME, cora),
  agreed('4.3: ceiling, categories, community and term are for each side to say', SAME, bela, [
    ['ceiling', 'b0'],
    ['community', false],
    [4, 1_795_428_001],
  ]),
];

const REFUSED: readonly InvalidCase[] = [
  differing('a level that the other maps elsewhere', { out: '0>0 1>1', in: '' }, { out: '', in: '0>0 1>2' }),
  differing('a level that the own side alone maps', { out: '0>0 1>1', in: '' }, { out: '', in: '0>0' }),
  differing('a level that the other alone maps', { out: '0>0', in: '' }, { out: '', in: '0>0 1>1' }),
  differing('a level of the way back', { out: '0>0', in: '0>0 1>1' }, { out: '0>0 1>2', in: '0>0' }),
  differing(
    'the other has signed the two maps in each other’s place',
    { out: '0>1', in: '0>2' },
    { out: '0>1', in: '0>2' },
  ),
  differing('the other has signed nothing of levels', SAME, { out: '', in: '' }),
  refused('label.wrong-scheme', 'charter 4.5', 'maps of the other that are between other schemes', {
    other: recognitionOf(bela, alba, SAME, [
      ['out', levelMap('scheme-b', 'scheme-c', record({}))],
      ['in', levelMap('scheme-c', 'scheme-b', record({}))],
    ]),
  }),
  refused('identity.wrong-subject', 'charter 4.4', 'the other is about a third state', {
    other: recognitionOf(bela, cora, SAME),
  }),
  refused('identity.wrong-issuer', 'charter 4.2', 'the own recognition twice', { other: same.own }),
  refused(
    'label.unknown-map-level',
    'charter 4.5',
    'the other maps to a level that the own scheme does not have',
    {
      other: recognitionOf(bela, alba, { out: '0>7', in: SAME.in }),
    },
  ),
];

export const agreementVectors: readonly VectorFile[] = [
  {
    topic: 'recognition',
    name: 'agreements',
    op: 'recognition.agree',
    grammar: { own: 'recognition', other: 'recognition', issuer: 'charter', subject: 'charter' },
    valid: VALID,
  },
  {
    topic: 'recognition',
    name: 'agreements',
    op: 'recognition.agree',
    grammar: { own: 'recognition', other: 'recognition', issuer: 'charter', subject: 'charter' },
    invalid: REFUSED,
  },
];
