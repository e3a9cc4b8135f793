// Valid vectors of label.md §2 to §4: labels with each member, at both ends of what is allowed.

import type { Entries, Item } from '../cbor-text.ts';
import { ARCADIA_SCHEME, arcadia, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  category,
  categorySet,
  identifiers,
  inARow,
  inHex,
  inSet,
  type LabelMembers,
  label,
  level,
  PURPOSES,
  SCHEME,
  scheme,
  stateOf,
  states,
  succession,
} from './forms.ts';

/** 9999-12-31T23:59:59Z. */
export const LAST_SECOND = 253_402_300_799;

/** Labels A and B of label.md §0, and what they give together. */
export const LABEL_A: Entries = label({
  scheme: 'xar-2026',
  tlp: 'AMBER',
  releasableTo: [borealis.id],
  categories: [inSet('network', 'csirt')],
  review: 1_827_050_400,
  succession: succession(
    1_858_586_400,
    label({ scheme: 'xar-2026', level: 'unclassified', tlp: 'GREEN', releasableTo: [borealis.id] }),
  ),
});
export const LABEL_B: Entries = label({
  scheme: 'xar-2026',
  level: 'restricted',
  tlp: 'RED',
  releasableTo: [borealis.id, arcadia.id],
  purposes: ['incident-response'],
});
export const LABEL_A_AND_B: Entries = label({
  scheme: 'xar-2026',
  tlp: 'RED',
  releasableTo: [borealis.id],
  categories: [inSet('network', 'csirt')],
  purposes: ['incident-response'],
  review: 1_827_050_400,
  succession: succession(
    1_858_586_400,
    label({
      scheme: 'xar-2026',
      level: 'restricted',
      tlp: 'RED',
      releasableTo: [borealis.id],
      purposes: ['incident-response'],
    }),
  ),
});

/** A scheme in which a label can name as much as a label has place for. */
export const WIDE_SCHEME: Entries = scheme(
  'wide',
  [level('open', 0)],
  [
    categorySet(
      'large',
      'restrictive',
      identifiers('v', 128).map((id) => category(id)),
    ),
    ...identifiers('set', 31).map((id) => categorySet(id, 'informative', [category('v')])),
  ],
);
export const wide = (members: LabelMembers): Entries => label({ scheme: 'wide', level: 'open', ...members });

function of(comment: string, document: Item, ranks: readonly number[], inScheme: Item = SCHEME): ValidCase {
  return { comment, in: { label: inHex(document), scheme: inHex(inScheme) }, out: { ranks } };
}

const secret = (comment: string, members: LabelMembers): ValidCase => of(comment, label(members), [20]);

const VALID: readonly ValidCase[] = [
  of('label A of label.md §0', LABEL_A, [2, 0], ARCADIA_SCHEME),
  of('label B of label.md §0', LABEL_B, [1], ARCADIA_SCHEME),
  of('the label of A and B together of label.md §0', LABEL_A_AND_B, [2, 1], ARCADIA_SCHEME),
  secret('2.1: scheme and level alone', {}),
  of('2.1: the lowest level', label({ level: 'open' }), [0]),
  of('2.1: a level of rank 255', label({ level: 'top-secret' }), [255]),
  ...['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'].map((tlp) => secret(`3.1: TLP:${tlp}`, { tlp })),
  ...['CLEAR', 'GREEN', 'AMBER', 'RED'].map((pap) => secret(`3.2: PAP:${pap}`, { pap })),
  secret('2.1: one state that it may be handed to', { releasableTo: [stateOf(1)] }),
  secret('2.1: 256 states that it may be handed to', { releasableTo: states(256) }),
  secret('2.1: 256 states that it may be shown to', { displayTo: states(256) }),
  secret('3.3: 256 states in each list, none in both', {
    releasableTo: states(256),
    displayTo: states(256, 256),
  }),
  secret('2.2: the order of a list says nothing', {
    releasableTo: [stateOf(3), stateOf(1), stateOf(2)],
    handling: ['no-print', 'eyes-only'],
  }),
  secret('2.1: categories of sets of each type', {
    categories: [
      inSet('topic', 'malware'),
      inSet('caveat', 'sources', 'crypto'),
      inSet('network', 'energy', 'csirt'),
    ],
  }),
  of(
    '2.1: 128 values of a set',
    wide({ categories: [inSet('large', ...identifiers('v', 128))] }),
    [0],
    WIDE_SCHEME,
  ),
  of(
    '2.1: 32 sets',
    wide({
      categories: [inSet('large', 'v-1'), ...identifiers('set', 31).map((id) => inSet(id, 'v'))],
    }),
    [0],
    WIDE_SCHEME,
  ),
  secret('3.5: every registered purpose', { purposes: PURPOSES }),
  secret('2.1: one handling rule, of 64 characters', { handling: [`n${'.'.repeat(63)}`] }),
  secret('2.1: 32 handling rules, which no registry names', { handling: identifiers('rule', 32) }),
  secret('3.6: a privacy mark of one character', { privacyMark: 'm' }),
  secret('3.6: a privacy mark of 160 UTF-16 code units and 160 bytes', { privacyMark: 'm'.repeat(160) }),
  secret('3.6: a privacy mark of 160 code units and 480 bytes', { privacyMark: '水'.repeat(160) }),
  secret('3.6: a privacy mark of 80 characters beyond U+FFFF', { privacyMark: '😀'.repeat(80) }),
  secret('2.3: times 0', { created: 0, review: 0 }),
  secret('2.3: times of the last second of the year 9999', { created: LAST_SECOND, review: LAST_SECOND }),
  secret('3.6: a review that is earlier than the creation', {
    created: 2_000_000_000,
    review: 1_000_000_000,
  }),
  of('4.6: a succession at time 0 of a label without a time of creation', inARow({}, [0]), [20, 0]),
  of('4.6: a succession one second after the creation', inARow({ created: 1000 }, [1001]), [20, 0]),
  of(
    '2.4: 4 successions in a row, a second apart',
    inARow({ created: 9 }, [10, 11, 12, 13]),
    [20, 7, 7, 7, 0],
  ),
  of(
    '7.1: a succession may raise the level',
    inARow({ level: 'open' }, [10], { level: 'top-secret' }),
    [0, 255],
  ),
  of(
    '4.6: the time of creation of a successor is compared with nothing',
    inARow({ created: 5 }, [10], { level: 'open', created: 500 }),
    [20, 0],
  ),
  of(
    '4.6: nor is it by the succession that follows',
    label({
      created: 5,
      succession: succession(10, inARow({ level: 'restricted', created: 500 }, [20])),
    }),
    [20, 7, 0],
  ),
  secret('all members but the succession', {
    tlp: 'AMBER+STRICT',
    pap: 'AMBER',
    releasableTo: [stateOf(1)],
    displayTo: [stateOf(2)],
    categories: [inSet('network', 'csirt')],
    purposes: ['policy-making'],
    privacyMark: 'Of the ministry',
    handling: ['no-print'],
    created: 1_795_428_000,
    review: 1_826_964_000,
  }),
];

export const labelVectorFile: VectorFile = {
  topic: 'label',
  name: 'labels',
  op: 'label.check',
  grammar: { label: 'label', scheme: 'scheme' },
  valid: VALID,
};
