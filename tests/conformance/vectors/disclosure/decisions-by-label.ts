import { type Entries, map } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  failed,
  INSIDE,
  labelOf,
  recognition,
  type Scene,
  titled,
  titleUnder,
} from './decision-scenes.ts';

/** The rows of the mandatory layer but for levels and categories, and their order (disclosure.md §3). */
export function decisionsByLabel(): readonly VectorFile[] {
  return [
    decisions('m1-exercise', exercises()),
    decisions('m2-originator-control', originatorControl()),
    decisions('m4-tlp', tlp()),
    decisions('m7-purpose', purposes()),
    decisions('rows-in-order', order()),
  ];
}

const ALL = by('all');
const [M1, M2, M3] = [
  failed('M1', 'exercise'),
  failed('M2', 'originator-control'),
  failed('M3', 'classification'),
];
const [M4, M5, M7] = [failed('M4', 'tlp'), failed('M5', 'categories'), failed('M7', 'purpose')];

function exercises(): readonly ValidCase[] {
  const scene = titled(arcadia, labelOf(arcadia, 'unclassified'), { payload: [[3, 'winter']] });
  const refused = (comment: string, exercise: Scene['exercise']): ValidCase =>
    decided(comment, exercise === undefined ? scene : { ...scene, exercise }, M1, { title: INSIDE });
  return [
    refused('a record of an exercise where none is running', undefined),
    refused('another exercise is running', { id: 'spring', players: [borealis] }),
    refused('the exercise is running, and the recipient does not play', {
      id: 'winter',
      players: [cascadia, arcadia],
    }),
    refused('nobody plays', { id: 'winter', players: [] }),
    refused('the name of the exercise in another letter case', { id: 'Winter', players: [borealis] }),
    decided(
      'the exercise is running, and the recipient plays',
      { ...scene, exercise: { id: 'winter', players: [cascadia, borealis] } },
      ALL,
      { title: ALL },
    ),
    titleUnder(
      'a real record while an exercise is running, for one who does not play',
      labelOf(arcadia, 'unclassified'),
      ALL,
      { exercise: { id: 'winter', players: [cascadia] } },
    ),
  ];
}

function originatorControl(): readonly ValidCase[] {
  const to = (...states: readonly State[]): Changes => [
    [5, states.length === 0 ? undefined : states.map(({ id }) => id)],
  ];
  const open = (changes: Changes): Entries => labelOf(arcadia, 'unclassified', undefined, changes);
  return [
    titleUnder('the recipient stands in releasableTo, alone', open(to(borealis)), ALL),
    titleUnder('the recipient stands in releasableTo, second of two', open(to(cascadia, borealis)), ALL),
    titleUnder('another state stands in releasableTo', open(to(cascadia)), M2),
    titleUnder('no releasableTo: silence is no consent', open(to()), M2),
    titleUnder('releasableTo names the originating state alone', open(to(arcadia)), M2),
    titleUnder('displayOnlyTo never allows handing over', open([...to(), [6, [borealis.id]]]), M2),
    titleUnder(
      'displayOnlyTo beside a releasableTo of others',
      open([...to(cascadia), [6, [borealis.id]]]),
      M2,
    ),
    titleUnder(
      'another state holds the record: the originating state passes without being named',
      labelOf(borealis, 'open', undefined, to()),
      ALL,
      { issuer: borealis, holder: arcadia },
    ),
    titleUnder(
      'another state holds the record: a third state that is named',
      labelOf(cascadia, 'public', undefined, to(borealis)),
      ALL,
      { issuer: cascadia, holder: arcadia },
    ),
    titleUnder(
      'another state holds the record: a third state that is not named',
      labelOf(cascadia, 'public', undefined, to(arcadia)),
      M2,
      { issuer: cascadia, holder: arcadia },
    ),
    decided(
      'the envelope is not released: nothing is, whatever the labels of the parts',
      titled(arcadia, labelOf(arcadia, 'unclassified'), { envelope: open(to(cascadia)) }),
      M2,
      { title: INSIDE },
    ),
  ];
}

function tlp(): readonly ValidCase[] {
  const of = (word?: string): Entries => labelOf(arcadia, 'unclassified', word);
  const stranger: Partial<Scene> = { recognitions: [recognition(arcadia, borealis, [['community', false]])] };
  const relay: Partial<Scene> = { issuer: cascadia, holder: arcadia };
  const foreign = (word: string): Entries => labelOf(cascadia, 'public', word);
  return [
    titleUnder('no TLP, for one outside the community', of(), ALL, stranger),
    titleUnder('CLEAR, for one outside the community', of('CLEAR'), ALL, stranger),
    titleUnder('GREEN, inside the community', of('GREEN'), ALL),
    titleUnder('GREEN, outside the community', of('GREEN'), M4, stranger),
    titleUnder('AMBER, from the originator to one of its community', of('AMBER'), ALL),
    titleUnder(
      'AMBER, outside the community: a stricter label never reaches more',
      of('AMBER'),
      M4,
      stranger,
    ),
    titleUnder('AMBER+STRICT, from the originator to one of its community', of('AMBER+STRICT'), ALL),
    titleUnder('AMBER+STRICT, outside the community', of('AMBER+STRICT'), M4, stranger),
    titleUnder('AMBER in answer to a question', of('AMBER'), ALL, { mode: 'query' }),
    titleUnder('AMBER in mode relay, also of an own record', of('AMBER'), M4, { mode: 'relay' }),
    titleUnder('AMBER+STRICT in mode relay, also of an own record', of('AMBER+STRICT'), M4, {
      mode: 'relay',
    }),
    titleUnder('RED to one of the community', of('RED'), M4),
    titleUnder('RED in answer to a question', of('RED'), M4, { mode: 'query' }),
    titleUnder('CLEAR of another state', foreign('CLEAR'), ALL, relay),
    titleUnder('GREEN of another state, inside the community', foreign('GREEN'), ALL, relay),
    titleUnder('AMBER of another state, whatever the mode says', foreign('AMBER'), M4, {
      ...relay,
      mode: 'query',
    }),
    titleUnder('AMBER+STRICT of another state', foreign('AMBER+STRICT'), M4, relay),
    titleUnder(
      'CLEAR widens nothing: without the recipient in releasableTo',
      labelOf(arcadia, 'unclassified', 'CLEAR', [[5, undefined]]),
      M2,
    ),
    titleUnder('CLEAR widens nothing: above the ceiling', labelOf(arcadia, 'secret', 'CLEAR'), M3),
  ];
}

function purposes(): readonly ValidCase[] {
  const of = (...list: readonly string[]): Entries =>
    labelOf(arcadia, 'unclassified', undefined, [[8, list]]);
  return [
    titleUnder('the purpose is the one of the label', of('incident-response'), ALL),
    titleUnder('the purpose is one of several', of('norm-verification', 'incident-response'), ALL),
    titleUnder('the purpose is another registered one', of('norm-verification'), M7),
    titleUnder('a label without purposes sets no limit', labelOf(arcadia, 'unclassified'), ALL, {
      purpose: 'rights-fulfilment',
    }),
    ...['curiosity', 'Incident-Response', '', 'constructor'].map((purpose) =>
      decided(
        `a purpose that is not registered: "${purpose}"`,
        { ...titled(arcadia, labelOf(arcadia, 'unclassified')), purpose },
        M7,
        { title: INSIDE },
      ),
    ),
  ];
}

function order(): readonly ValidCase[] {
  const all: Changes = [
    [7, [map([1, 'compartment'], [2, ['aspen']])]],
    [8, ['norm-verification']],
  ];
  const of = (level: string, tlp: string, changes: Changes): Entries =>
    labelOf(cascadia, level, tlp, changes);
  const scene: Partial<Scene> = { issuer: cascadia };
  return [
    titleUnder('fails M2, M3, M4, M5 and M7', of('top-secret', 'RED', [...all, [5, undefined]]), M2, scene),
    titleUnder('fails M3, M4, M5 and M7', of('top-secret', 'RED', all), M3, scene),
    titleUnder('fails M4, M5 and M7', of('public', 'RED', all), M4, scene),
    titleUnder('fails M5 and M7', of('public', 'GREEN', all), M5, scene),
    titleUnder('fails M7 alone', of('public', 'GREEN', all.slice(1)), M7, scene),
    titleUnder('a rule that forbids is not looked at where a row fails', of('top-secret', 'GREEN', []), M3, {
      ...scene,
      policy: {
        comity: 'policy/1',
        rules: [
          { name: 'all', to: 'XBO' },
          { name: 'no-titles', to: 'XBO', parts: 'title', effect: 'forbid' },
        ],
      },
    }),
  ];
}
