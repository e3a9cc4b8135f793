// An incident with parts in two levels, and what a rule says of them.

import { type Item, record } from '../cbor-text.ts';
import { element, field, recordText, withheldElements, withheldFields } from '../record/text.ts';
import { arcadia } from '../states.ts';
import { by, INSIDE, NO_PERMIT, openOf, type Scene, type Verdict } from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

const indicator = (id: string): Item => record({ id, type: 'ip-dst', value: '192.0.2.7' });

function incident(victimInClear: Readonly<Record<string, Item>> = {}): Scene {
  const [name, sector] = [field('name', 'Hospital of Saint Alban'), field('sector', 'health')];
  const [first, second] = [element(indicator('i-1')), element(indicator('i-2'))];
  const victim = field('victim', withheldFields([name, sector], Object.entries(victimInClear)));
  const indicators = field('indicators', withheldElements([first, second]));
  const title = field('title', record({ en: 'Ransomware at a hospital' }));
  return {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [title, victim, indicators],
    }),
    paths: {
      title,
      victim,
      'victim.name': name,
      'victim.sector': sector,
      indicators,
      'indicators[0]': first,
      'indicators[1]': second,
    },
  };
}

export const A = by('a');

export const framed = incident();

export const shown = incident({ country: 'XAR' });

export const NOTHING: Readonly<Record<string, Verdict>> = {
  title: NO_PERMIT,
  victim: NO_PERMIT,
  'victim.name': INSIDE,
  'victim.sector': INSIDE,
  indicators: NO_PERMIT,
  'indicators[0]': INSIDE,
  'indicators[1]': INSIDE,
};

export const ALL: Readonly<Record<string, Verdict>> = Object.fromEntries(
  Object.keys(NOTHING).map((path) => [path, A]),
);

export const withRule = (scene: Scene, members: JsonObject, more: JsonObject = {}): Scene => ({
  ...scene,
  policy: policy([rule(members)], more),
});
