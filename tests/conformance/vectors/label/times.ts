// Vectors of label.md §7 and §8: the label that applies at a time, and the level to which a level is mapped.

import { type Item, map, record } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { ARCADIA_SCHEME, BOREALIS_SCHEME } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { identifiers, inARow, inHex, label, level, levelMap, SCHEME, scheme, succession } from './forms.ts';
import { LABEL_A, LAST_SECOND } from './labels.ts';

const at = (comment: string, document: Item, atSeconds: number, applies: Item): ValidCase => ({
  comment,
  in: { label: inHex(document), atSeconds },
  out: { label: inHex(applies) },
});

const FOUR = inARow({ created: 5 }, [10, 20, 30, 40]);
/** What is left of FOUR once so many of its successions apply. */
const left = (...times: number[]): Item => inARow({ level: 'restricted' }, times);
const OPENED_A = label({
  scheme: 'xar-2026',
  level: 'unclassified',
  tlp: 'GREEN',
  releasableTo: [Buffer.from('1034dd826ac1701e753ca9a061dbbc1687fe80c6289e578222b0e9963812da28', 'hex')],
});

const TIMES: readonly ValidCase[] = [
  at('label A of label.md §0, a second before its succession', LABEL_A, 1_858_586_399, LABEL_A),
  at('label A at the time of its succession: this second is included', LABEL_A, 1_858_586_400, OPENED_A),
  at('label A after the date of its review, which changes nothing', LABEL_A, 1_827_050_401, LABEL_A),
  at('no succession', label(), 0, label()),
  at('no succession, at the last second of the year 9999', label(), LAST_SECOND, label()),
  at('before the time of creation', FOUR, 0, FOUR),
  at('4 successions, before the first', FOUR, 9, FOUR),
  at('the first of 4', FOUR, 10, left(20, 30, 40)),
  at('a second before the second', FOUR, 19, left(20, 30, 40)),
  at('the second of 4', FOUR, 20, left(30, 40)),
  at('the third of 4', FOUR, 39, left(40)),
  at('the last of 4', FOUR, 40, label({ level: 'open' })),
  at('long after the last of 4', FOUR, LAST_SECOND, label({ level: 'open' })),
  at('a succession at time 0', inARow({}, [0]), 0, label({ level: 'open' })),
  at(
    'the successor inherits nothing',
    label({ tlp: 'RED', handling: ['no-print'], succession: succession(10, label({ level: 'open' })) }),
    10,
    label({ level: 'open' }),
  ),
  at(
    'no scheme is asked: the succession is to a label of another one',
    label({ succession: succession(10, label({ scheme: 'xbo-2026' })) }),
    10,
    label({ scheme: 'xbo-2026' }),
  ),
  at(
    'a creation after the succession is not looked at',
    inARow({ created: 50 }, [10]),
    10,
    label({ level: 'open' }),
  ),
];

const outOfOrder = (comment: string, document: Item, code: string, clause: string): InvalidCase => ({
  comment,
  in: { label: inHex(document), atSeconds: 0 },
  code,
  clause,
});

const TIMES_REFUSED: readonly InvalidCase[] = [
  outOfOrder(
    'the second succession at the time of the first',
    inARow({}, [10, 10]),
    'label.succession-not-later',
    '4.6',
  ),
  outOfOrder(
    'the third succession before the second',
    inARow({}, [10, 20, 15]),
    'label.succession-not-later',
    '4.6',
  ),
  outOfOrder('a fifth succession in a row', inARow({}, [1, 2, 3, 4, 5]), 'cbor.shape', '2.4'),
];

const levels = (entries: { readonly [level: string]: string }): Item => record(entries);
const LEVELS_16 = identifiers('level', 16);
const OF_16 = scheme(
  's',
  LEVELS_16.map((id, rank) => level(id, rank)),
);
const TO_BOREALIS = levels({ restricted: 'secret', unclassified: 'open' });

function mapped(comment: string, map: Item, from: Item, to: Item, asked: string, result?: string): ValidCase {
  const input = { map: inHex(map), from: inHex(from), to: inHex(to), level: asked };
  return { comment, in: input, out: result === undefined ? {} : { level: result } };
}
const arcadian = (comment: string, entries: Item, asked: string, result?: string): ValidCase =>
  mapped(comment, levelMap('xar-2026', 'xbo-2026', entries), ARCADIA_SCHEME, BOREALIS_SCHEME, asked, result);

const same16 = levels(Object.fromEntries(LEVELS_16.map((id) => [id, id])));
const MAPS: readonly ValidCase[] = [
  arcadian('the map of label.md §0, a level that it has', TO_BOREALIS, 'restricted', 'secret'),
  arcadian('the map of label.md §0, its lowest level', TO_BOREALIS, 'unclassified', 'open'),
  arcadian('8.4: a level that both schemes have, and that is not mapped', TO_BOREALIS, 'secret'),
  arcadian('a level of the other side only', TO_BOREALIS, 'open'),
  arcadian('8.1: an empty map', levels({}), 'restricted'),
  arcadian(
    '8.3: two levels that are mapped to one',
    levels({ unclassified: 'secret', restricted: 'secret', secret: 'secret' }),
    'secret',
    'secret',
  ),
  arcadian('8.3: a level is left out below one that is mapped', levels({ secret: 'open' }), 'secret', 'open'),
  mapped('8.1: 16 levels', levelMap('s', 's', same16), OF_16, OF_16, 'level-16', 'level-16'),
  mapped(
    'ranks and not places are compared',
    levelMap('xaa-full', 'xar-2026', levels({ restricted: 'restricted', 'top-secret': 'secret' })),
    SCHEME,
    ARCADIA_SCHEME,
    'top-secret',
    'secret',
  ),
];

function wrongMap(
  code: string,
  clause: string,
  comment: string,
  map: Item,
  to: Item = BOREALIS_SCHEME,
): InvalidCase {
  const input = { map: inHex(map), from: inHex(ARCADIA_SCHEME), to: inHex(to), level: 'restricted' };
  return { comment, in: input, code, clause };
}
const between = (entries: Item): Item => levelMap('xar-2026', 'xbo-2026', entries);
const shape = (comment: string, document: Item): InvalidCase =>
  wrongMap('cbor.shape', clauseOf(comment), comment, document);

const MAPS_REFUSED: readonly InvalidCase[] = [
  wrongMap(
    'label.wrong-scheme',
    '8.2',
    'the map is from another scheme',
    levelMap('xaa-full', 'xbo-2026', TO_BOREALIS),
  ),
  wrongMap(
    'label.wrong-scheme',
    '8.2',
    'the map is to another scheme',
    levelMap('xar-2026', 'xaa-full', TO_BOREALIS),
  ),
  wrongMap(
    'label.wrong-scheme',
    '8.2',
    'the map goes the other way',
    levelMap('xbo-2026', 'xar-2026', levels({ open: 'unclassified' })),
  ),
  wrongMap(
    'label.unknown-map-level',
    '8.2',
    'a level that the first scheme does not have',
    between(levels({ open: 'open' })),
  ),
  wrongMap(
    'label.unknown-map-level',
    '8.2',
    'a level that the second scheme does not have',
    between(levels({ restricted: 'restricted' })),
  ),
  wrongMap(
    'label.map-not-monotone',
    '8.3',
    'the highest level is mapped below the one below it',
    between(levels({ restricted: 'secret', secret: 'open' })),
  ),
  wrongMap(
    'label.map-not-monotone',
    '8.3',
    'two levels change places, with one that is left out between them',
    between(levels({ unclassified: 'secret', secret: 'open' })),
  ),
  wrongMap(
    'label.bad-rank',
    '1.5',
    'the second scheme begins with rank 1',
    between(levels({ restricted: 'open' })),
    scheme('xbo-2026', [level('open', 1)]),
  ),
  shape(
    '8.1: 17 levels',
    between(levels(Object.fromEntries(identifiers('level', 17).map((id) => [id, 'open'])))),
  ),
  shape('8.1: no levels', map([1, 'xar-2026'], [2, 'xbo-2026'])),
  shape('8.1: a fourth member', map([1, 'xar-2026'], [2, 'xbo-2026'], [3, TO_BOREALIS], [4, 0])),
  shape('1.2: a level in capitals', between(levels({ Restricted: 'secret' }))),
  shape('1.2: a level that is mapped to an empty id', between(levels({ restricted: '' }))),
  shape('8.1: levels by their ranks', between(map([1, 'open']))),
  shape('8.1: a level that is mapped to a rank', between(map(['restricted', 1]))),
  shape('8.1: levels as a list of pairs', between([['restricted', 'secret']])),
];

const ofMaps = { map: 'level-map', from: 'scheme', to: 'scheme' };
export const timeVectors: readonly VectorFile[] = [
  {
    topic: 'label',
    name: 'times',
    op: 'label.effective',
    grammar: { label: 'label', 'out.label': 'label' },
    valid: TIMES,
  },
  { topic: 'label', name: 'times', op: 'label.effective', invalid: TIMES_REFUSED },
  { topic: 'label', name: 'level-maps', op: 'label.map', grammar: ofMaps, valid: MAPS },
  { topic: 'label', name: 'level-maps', op: 'label.map', invalid: MAPS_REFUSED },
];
