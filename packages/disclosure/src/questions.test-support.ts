// Random policies, recipients and situations, drawn from a seed.

import { type LevelMap, PURPOSES } from '@comity/label';
import profiles from '@comity/protocol/registries/minimisation-profiles.json' with { type: 'json' };
import { closeUpward, mergeViews, narrowView, type View } from '@comity/record';
import { partPaths } from './part-path.ts';
import type { PlainEntry, PlainNeed, PlainPolicy, PlainRule } from './plain-policy.test-support.ts';
import { MODES, type Recipient, type Situation } from './situation.ts';
import { COMMON_PURPOSE, type Draw, PURPOSES_DRAWN, type SampleState, STATES } from './world.test-support.ts';

const TOP_PATHS = [
  'summary',
  'sectors',
  'victim',
  'victim.name',
  'victim.name',
  'victim.country',
  'narrative.internal',
  'indicators',
  'tags',
  'overall',
];

const paths = (draw: Draw): string[] => [...new Set([draw.one(TOP_PATHS), draw.one(partPaths())])];

export function drawPolicy(draw: Draw): PlainPolicy {
  const own = {
    technical: {
      keep: [...paths(draw), 'indicators', 'victim.name'].filter((path, at, all) => all.indexOf(path) === at),
      drop: ['victim.contact'],
    },
    lean: { drop: paths(draw) },
  };
  const rules = Array.from({ length: 1 + draw.below(9) }, (_, index) => drawRule(draw, `rule-${index}`));
  const summit = STATES.map(({ code }) => {
    const [from, until] = [draw.one(WINDOWS.slice(0, 3)), draw.one(WINDOWS.slice(3))];
    const isOpen = draw.once(2);
    return draw.once(2) ? code : { state: code, from, ...(!isOpen && { until }) };
  });
  return {
    comity: 'policy/1',
    groups: { north: ['XBO', 'XCA'], all: ['XAR', 'XBO', 'XCA', 'XDE'], summit },
    profiles: own,
    rules,
    ...(draw.once(3) && { limits: Array.from({ length: 1 + draw.below(2) }, () => drawLimit(draw)) }),
    ...(draw.once(3) && { reciprocity: Array.from({ length: 1 + draw.below(2) }, () => drawRatio(draw)) }),
  };
}

/** Seconds 0, 999, 1000, 1001, 1500 and 2000, and the second day. */
const WINDOWS = [
  '1970-01-01',
  '1970-01-01T00:16:39Z',
  '1970-01-01T00:16:40Z',
  '1970-01-01T00:16:41Z',
  '1970-01-01T00:25:00Z',
  '1970-01-01T00:33:20Z',
  '1970-01-02',
];

const recipients = (draw: Draw): string[] =>
  draw.one([
    ['all'],
    ['all'],
    ['all'],
    ['north'],
    ['XAR', 'XBO'],
    ['XCA', 'north'],
    ['all', 'XDE'],
    ['summit'],
    ['summit', 'XCA'],
  ]);

export function drawNeed(draw: Draw): PlainNeed {
  return {
    by: draw.one(['officer', 'release-authority']),
    ...(draw.once(2) && { persons: 1 + draw.below(2) }),
    ...(draw.once(2) && { within: draw.one(['PT10M', 'PT1H']) }),
  };
}

export function drawLimit(draw: Draw): PlainEntry {
  const approve = draw.once(2) ? drawNeed(draw) : undefined;
  const per = draw.one(['PT10M', 'PT1H', 'P1D']);
  return {
    to: recipients(draw),
    releases: 1 + draw.below(4),
    per,
    then: 'hold',
    ...(approve && { approve }),
  };
}

export function drawRatio(draw: Draw): PlainEntry {
  const approve = draw.once(2) ? drawNeed(draw) : undefined;
  return {
    to: recipients(draw),
    'when-ratio-below': draw.one([0.07, 0.2, 0.5, 1]),
    ...(draw.once(2) && { releases: 1 + draw.below(3) }),
    then: 'hold',
    ...(approve && { approve }),
  };
}

export function drawRule(draw: Draw, name: string): PlainRule {
  const forbid = draw.once(6);
  const when = {
    ...(draw.once(3) && { type: [draw.one(['incident', 'incident', 'norm'])] }),
    ...(draw.once(3) && { sector: [draw.one(['energy', 'energy/oil', 'justice', 'health'])] }),
    ...(draw.once(4) && {
      severity: { scale: 'uk-ncsc', 'at-least': draw.one(['moderate', 'significant']) },
    }),
  };
  return {
    name,
    to: recipients(draw),
    ...(draw.once(3) && {
      mode: draw.one([['push'], ['push', 'query', 'letter'], ['query', 'relay'], ['relay'], ['letter']]),
    }),
    ...(draw.once(4) && {
      purpose: [...new Set([COMMON_PURPOSE, draw.one(PURPOSES_DRAWN)].slice(draw.below(2)))],
    }),
    ...(Object.keys(when).length > 0 && draw.once(2) && { when }),
    ...((forbid ? !draw.once(3) : draw.once(2)) && { parts: paths(draw) }),
    ...(!forbid &&
      draw.once(3) && { profile: draw.one(['technical', 'lean', ...Object.keys(profiles.profiles)]) }),
    ...(forbid ? { effect: 'forbid' } : drawConditions(draw)),
  };
}

/** An embargo of some permits, and officers who have to approve of some. */
function drawConditions(draw: Draw): Pick<PlainRule, 'after' | 'from' | 'approve'> {
  return {
    ...(draw.once(4) && {
      after: draw.one(['PT1S', 'PT15M', 'PT1400S', 'PT899S', 'P1D']),
      ...(draw.once(2) && { from: draw.one(['issued', 'occurred', 'detected', 'aware']) }),
    }),
    ...(draw.once(4) && { approve: drawNeed(draw) }),
  };
}

/**
 * An equivalence that keeps the order and maps every level of a scheme, or those up to one of them: what is in force
 * between two states is never otherwise (`agreedEquivalence`). With `gaps`, any levels are left out.
 */
export function drawLevelMap(draw: Draw, from: SampleState, to: SampleState, gaps: boolean): LevelMap {
  const places = from.scheme.levels.map(() => draw.below(to.scheme.levels.length)).sort((a, b) => a - b);
  const entries = from.scheme.levels.map(
    ({ id }, index) => [id, to.scheme.levels[places[index] as number]?.id as string] as const,
  );
  const upTo = gaps || !draw.once(3) ? entries.length : 1 + draw.below(entries.length);
  return {
    from: from.scheme.id,
    to: to.scheme.id,
    levels: new Map(entries.slice(0, upTo).filter(() => !gaps || !draw.once(8))),
  };
}

/** A recipient as a holder recognises it. `odd`: also with what a sound recognition would not hold. */
export function drawRecipient(draw: Draw, holder: SampleState, odd: boolean): Recipient {
  const state = draw.one(STATES);
  const categories = holder.scheme.categorySets.flatMap(({ id: set, values }) =>
    draw.once(4) ? [] : [{ set, values: values.map(({ id }) => id).filter(() => !draw.once(4)) }],
  );
  return {
    state: state.id,
    code: state.code,
    ceiling: odd && draw.once(20) ? 'cosmic' : draw.one(holder.scheme.levels.slice(draw.below(3))).id,
    outbound:
      odd && draw.once(20) ? drawLevelMap(draw, state, holder, true) : drawLevelMap(draw, holder, state, odd),
    categories,
    community: !draw.once(4),
    ...(!draw.once(4) && { officer: draw.one(['bertil', 'carla']) }),
  };
}

/** `originator` holds the record itself in most situations. */
export function drawSituation(draw: Draw, holder: SampleState, odd: boolean): Situation {
  const other = (state: SampleState): SampleState => (odd && draw.once(20) ? draw.one(STATES) : state);
  const maps = new Map(
    STATES.map((originator) => [
      originator.id,
      odd && draw.once(6) ? undefined : drawLevelMap(draw, other(originator), other(holder), odd),
    ]),
  );
  return {
    holder: holder.id,
    holderScheme: other(holder).scheme,
    inboundOf: (originator) => maps.get(originator),
    atSeconds: draw.one([0, 999, 1_000, 1_500, 2_000, 9_999]),
    mode: draw.once(2) ? draw.one(MODES) : draw.one(['push', 'query', 'relay']),
    purpose: odd && draw.once(10) ? draw.one([...PURPOSES.keys(), 'mischief']) : draw.one(PURPOSES_DRAWN),
    ...(draw.once(2) && {
      exercise: {
        id: draw.one(['winter', 'spring']),
        players: STATES.map(({ id }) => id).filter(() => !draw.once(3)),
      },
    }),
  };
}

/** What somebody else might hold of a record: some of its parts, with what they stand in. */
export function drawNarrowed(draw: Draw, view: View): View {
  const chosen = view.parts.filter(() => !draw.once(3)).map(({ digest }) => digest);
  return narrowView(view, closeUpward(view, chosen));
}

export function drawMerged(draw: Draw, view: View): View {
  return mergeViews(drawNarrowed(draw, view), drawNarrowed(draw, view));
}
