import { type Entries, map } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
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
  type Verdict,
} from './decision-scenes.ts';

/** M5 and M6: categories, and the label in force (disclosure.md 3.5, 3.6). */
export function decisionsByCategory(): readonly VectorFile[] {
  return [decisions('m5-categories', categories()), decisions('m6-label-in-force', successions())];
}

const ALL = by('all');
const [M2, M3, M5] = [
  failed('M2', 'originator-control'),
  failed('M3', 'classification'),
  failed('M5', 'categories'),
];

function categories(): readonly ValidCase[] {
  const sets = (...entries: readonly (readonly [string, readonly string[]])[]): readonly Entries[] =>
    entries.map(([set, values]) => map([1, set], [2, values]));
  const of = (...entries: readonly (readonly [string, readonly string[]])[]): Entries =>
    labelOf(cascadia, 'public', undefined, [[7, sets(...entries)]]);
  const holding = (...entries: readonly (readonly [string, readonly string[]])[]): Partial<Scene> => ({
    issuer: cascadia,
    recognitions: [recognition(cascadia, borealis, [['categories', sets(...entries)]])],
  });
  const both = ['aspen', 'birch'];
  return [
    titleUnder('no categories', labelOf(cascadia, 'public'), ALL, holding()),
    titleUnder(
      'restrictive: the one named is held',
      of(['compartment', ['aspen']]),
      ALL,
      holding(['compartment', ['aspen']]),
    ),
    titleUnder(
      'restrictive: all named are held, and more',
      of(['compartment', ['birch']]),
      ALL,
      holding(['compartment', both]),
    ),
    titleUnder(
      'restrictive: one of those named is not held',
      of(['compartment', both]),
      M5,
      holding(['compartment', ['aspen']]),
    ),
    titleUnder('restrictive: none is held', of(['compartment', ['aspen']]), M5, holding()),
    titleUnder(
      'permissive: one of those named is held',
      of(['network', ['csirt', 'police']]),
      ALL,
      holding(['network', ['police']]),
    ),
    titleUnder(
      'permissive: another one is held',
      of(['network', ['csirt']]),
      M5,
      holding(['network', ['police']]),
    ),
    titleUnder('permissive: none is held', of(['network', ['csirt']]), M5, holding()),
    titleUnder('informative: nothing needs to be held', of(['topic', ['health']]), ALL, holding()),
    titleUnder(
      'two sets, both satisfied',
      of(['compartment', ['aspen']], ['network', ['csirt']]),
      ALL,
      holding(['network', ['csirt']], ['compartment', ['aspen']]),
    ),
    titleUnder(
      'two sets, one satisfied',
      of(['compartment', ['aspen']], ['network', ['csirt']]),
      M5,
      holding(['compartment', ['aspen']]),
    ),
    titleUnder(
      'a category of the same name in another set is not held',
      of(['network', ['csirt']]),
      M5,
      holding(['topic', ['csirt']]),
    ),
    titleUnder(
      'of another state, informative: what it means here is nowhere signed',
      of(['topic', ['health']]),
      M5,
      { issuer: cascadia, holder: arcadia },
    ),
    titleUnder(
      'of another state, and the recipient holds a category of this name from the holder',
      of(['network', ['csirt']]),
      M5,
      {
        issuer: cascadia,
        holder: arcadia,
        recognitions: [
          recognition(arcadia, borealis, [['categories', sets(['network', ['csirt']])]]),
          recognition(arcadia, cascadia),
        ],
      },
    ),
  ];
}

function successions(): readonly ValidCase[] {
  const then = (atSeconds: number, label: Entries): Changes => [[13, map([1, atSeconds], [2, label])]];
  const low = labelOf(arcadia, 'unclassified');
  const high = labelOf(arcadia, 'secret');
  const opened = labelOf(arcadia, 'secret', undefined, then(NOW_SECONDS, low));
  const closed = labelOf(arcadia, 'unclassified', undefined, then(NOW_SECONDS, high));
  const chain = labelOf(
    arcadia,
    'secret',
    undefined,
    then(NOW_SECONDS, labelOf(arcadia, 'unclassified', undefined, then(NOW_SECONDS + 10, high))),
  );
  const at = (atSeconds: number): Partial<Scene> => ({ atSeconds });
  const withEnvelope = (comment: string, atSeconds: number, verdict: Verdict, inside: Verdict): ValidCase =>
    decided(comment, { ...titled(arcadia, low, { envelope: opened }), atSeconds }, verdict, {
      title: inside,
    });
  return [
    titleUnder('the second before a label is lowered', opened, M3, at(NOW_SECONDS - 1)),
    titleUnder('the second in which a label is lowered', opened, ALL, at(NOW_SECONDS)),
    titleUnder('the second before a label is raised', closed, ALL, at(NOW_SECONDS - 1)),
    titleUnder('the second in which a label is raised', closed, M3, at(NOW_SECONDS)),
    titleUnder('two successions: before the first', chain, M3, at(NOW_SECONDS - 1)),
    titleUnder('two successions: from the first to the second', chain, ALL, at(NOW_SECONDS + 9)),
    titleUnder('two successions: from the second on', chain, M3, at(NOW_SECONDS + 10)),
    titleUnder(
      'a successor inherits nothing: it names no recipients',
      labelOf(
        arcadia,
        'secret',
        undefined,
        then(NOW_SECONDS, labelOf(arcadia, 'unclassified', undefined, [[5, undefined]])),
      ),
      M2,
      at(NOW_SECONDS),
    ),
    titleUnder(
      'a review date that has passed lowers nothing',
      labelOf(arcadia, 'secret', undefined, [[12, BEGIN_SECONDS]]),
      M3,
    ),
    titleUnder(
      'a review date that has passed withholds nothing',
      labelOf(arcadia, 'unclassified', undefined, [[12, BEGIN_SECONDS]]),
      ALL,
    ),
    withEnvelope('the second before the label of the envelope is lowered', NOW_SECONDS - 1, M3, INSIDE),
    withEnvelope('the second in which the label of the envelope is lowered', NOW_SECONDS, ALL, ALL),
  ];
}
