import type { Entries } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  failed,
  INSIDE,
  labelOf,
  levelMap,
  recognition,
  type Scene,
  titled,
  titleUnder,
} from './decision-scenes.ts';

/** M3: levels, ceilings and equivalences (disclosure.md 3.3). */
export function decisionsByLevel(): VectorFile {
  return decisions('m3-classification', [...levels(), ...relayedLevels(), ...equivalencesInForce()]);
}

const ALL = by('all');
const M3 = failed('M3', 'classification');

function levels(): readonly ValidCase[] {
  const of = (level: string): Entries => labelOf(arcadia, level);
  const recognising = (changes: Changes): Partial<Scene> => ({
    recognitions: [recognition(arcadia, borealis, changes)],
  });
  const maps = (out: Readonly<Record<string, string>>): Changes => [
    ['out', levelMap(arcadia, borealis, out)],
  ];
  return [
    titleUnder('a level below the ceiling', of('unclassified'), ALL),
    titleUnder('the level of the ceiling', of('restricted'), ALL),
    titleUnder('a level above the ceiling', of('secret'), M3),
    titleUnder(
      'a level above a lower ceiling',
      of('restricted'),
      M3,
      recognising([['ceiling', 'unclassified']]),
    ),
    titleUnder(
      'below the ceiling, and not mapped to the recipient: there is no equivalent',
      of('secret'),
      M3,
      recognising([['ceiling', 'secret']]),
    ),
    titleUnder(
      'below the ceiling, and mapped',
      of('secret'),
      ALL,
      recognising([
        ['ceiling', 'secret'],
        ...maps({ unclassified: 'open', restricted: 'secret', secret: 'secret' }),
      ]),
    ),
    titleUnder(
      'a level above a gap in the map counts as not mapped',
      of('secret'),
      M3,
      recognising([['ceiling', 'secret'], ...maps({ unclassified: 'open', secret: 'secret' })]),
    ),
    decided(
      'no level is mapped: not even the envelope goes',
      { ...titled(arcadia, of('unclassified')), ...recognising(maps({})) },
      M3,
      { title: INSIDE },
    ),
    titleUnder(
      'a higher level mapped to the same as a lower one',
      of('restricted'),
      ALL,
      recognising(maps({ unclassified: 'open', restricted: 'open' })),
    ),
  ];
}

function relayedLevels(): readonly ValidCase[] {
  const of = (level: string): Entries => labelOf(cascadia, level);
  const scene: Partial<Scene> = { issuer: cascadia, holder: arcadia };
  const inbound = (levels: Readonly<Record<string, string>>): Partial<Scene> => ({
    ...scene,
    recognitions: [
      recognition(arcadia, borealis),
      recognition(arcadia, cascadia, [['in', levelMap(cascadia, arcadia, levels)]]),
    ],
  });
  return [
    titleUnder(
      'a record of another state: its level mapped to one of the holder below the ceiling',
      of('public'),
      ALL,
      scene,
    ),
    titleUnder('its level mapped to that of the ceiling', of('guarded'), ALL, scene),
    titleUnder('its level mapped to one above the ceiling', of('secret'), M3, scene),
    titleUnder('its level has no equivalent here', of('top-secret'), M3, scene),
    titleUnder(
      'levels of one name are not the same level: what counts is what secret is mapped to',
      of('secret'),
      ALL,
      inbound({ public: 'unclassified', guarded: 'restricted', secret: 'restricted' }),
    ),
    titleUnder(
      'a level above a gap in the map of the originator',
      of('secret'),
      M3,
      inbound({ public: 'unclassified', secret: 'restricted' }),
    ),
    decided(
      'the holder does not recognise the originator: its levels are mapped by nobody',
      { ...titled(cascadia, of('public')), ...scene, recognitions: [recognition(arcadia, borealis)] },
      M3,
      { title: INSIDE },
    ),
    decided(
      'the originator recognises the holder, which has signed nothing',
      {
        ...titled(cascadia, of('public')),
        ...scene,
        recognitions: [recognition(arcadia, borealis), recognition(cascadia, arcadia)],
      },
      M3,
      { title: INSIDE },
    ),
    titleUnder(
      'the originator has shown no recognition: what the holder has signed holds',
      of('guarded'),
      ALL,
      inbound({ public: 'unclassified', guarded: 'restricted' }),
    ),
    titleUnder('in answer to a question', of('guarded'), ALL, {
      ...scene,
      mode: 'relay',
      purpose: 'norm-verification',
    }),
  ];
}

function equivalencesInForce(): readonly ValidCase[] {
  const restricted = labelOf(arcadia, 'restricted');
  const disputing: Changes = [
    ['in', levelMap(arcadia, borealis, { unclassified: 'open', restricted: 'open' })],
  ];
  const outbound = (changes: Changes): Partial<Scene> => ({
    recognitions: [recognition(arcadia, borealis), recognition(borealis, arcadia, changes)],
  });
  const ended: Changes = [[4, NOW_SECONDS]];
  const later: Changes = [[5, NOW_SECONDS + 1]];
  const relayed = (own: Changes, other: Changes): Scene => ({
    ...titled(cascadia, labelOf(cascadia, 'guarded')),
    issuer: cascadia,
    holder: arcadia,
    recognitions: [
      recognition(arcadia, borealis),
      recognition(arcadia, cascadia, own),
      recognition(cascadia, arcadia, other),
    ],
  });
  const none = (comment: string, own: Changes, other: Changes): ValidCase =>
    decided(comment, relayed(own, other), M3, { title: INSIDE });
  return [
    titleUnder('the recipient maps the level in the same way', restricted, ALL, outbound([])),
    titleUnder(
      'the recipient maps the level to another of its own: it is disputed',
      restricted,
      M3,
      outbound(disputing),
    ),
    titleUnder(
      'a lower level than the disputed one stays mapped',
      labelOf(arcadia, 'unclassified'),
      ALL,
      outbound(disputing),
    ),
    titleUnder(
      'the recipient has signed a table without the level',
      restricted,
      M3,
      outbound([['in', levelMap(arcadia, borealis, { unclassified: 'open' })]]),
    ),
    titleUnder(
      'what the recipient disputed in a recognition that has ended stays disputed',
      restricted,
      M3,
      outbound([...disputing, ...ended]),
    ),
    titleUnder(
      'what the recipient disputes in one that has not begun is disputed',
      restricted,
      M3,
      outbound([...disputing, ...later]),
    ),
    titleUnder(
      'a recognition by the recipient that has ended and disputes nothing',
      restricted,
      ALL,
      outbound(ended),
    ),
    decided('in force in the last second', relayed([[4, NOW_SECONDS + 1]], [[4, NOW_SECONDS + 1]]), ALL, {
      title: ALL,
    }),
    decided('in force in the first second', relayed([[5, NOW_SECONDS]], [[5, NOW_SECONDS]]), ALL, {
      title: ALL,
    }),
    none("the holder's recognition of the originator has ended", ended, []),
    none("the holder's recognition of the originator has not begun", later, []),
    none("the originator's recognition of the holder has ended: it is no longer its word", [], ended),
    none("the originator's recognition of the holder has not begun", [], later),
    decided(
      'the level of the part is disputed by the originator, that of the envelope is not',
      relayed([], [['out', levelMap(cascadia, arcadia, { public: 'unclassified', guarded: 'secret' })]]),
      ALL,
      { title: M3 },
    ),
    ...[BEGIN_SECONDS, END_SECONDS - 1].map((atSeconds) =>
      titleUnder(
        `the recipient is served from begin to end of the recognition: at ${atSeconds}`,
        restricted,
        ALL,
        { atSeconds },
      ),
    ),
  ];
}
