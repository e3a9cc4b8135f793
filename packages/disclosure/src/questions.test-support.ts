// Random policies, recipients and situations, drawn from a seed.

import { type LevelMap, PURPOSES } from '@comity/label';
import profiles from '@comity/protocol/registries/minimisation-profiles.json' with { type: 'json' };
import { closeUpward, mergeViews, narrowView, type View } from '@comity/record';

import type { PlainPolicy, PlainRule } from './oracle.test-support.ts';
import { partPaths } from './part-path.ts';
import { MODES, type Recipient, type Situation } from './situation.ts';
import { type Draw, PURPOSES_DRAWN, type SampleState, STATES } from './world.test-support.ts';

const TOP_PATHS = [
  'summary',
  'sectors',
  'victim',
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
  const rules = Array.from({ length: 1 + draw.below(6) }, (_, index) => drawRule(draw, `rule-${index}`));
  return {
    comity: 'policy/1',
    groups: { north: ['XBO', 'XCA'], all: ['XAR', 'XBO', 'XCA', 'XDE'] },
    profiles: own,
    rules,
  };
}

export function drawRule(draw: Draw, name: string): PlainRule {
  const forbid = draw.once(4);
  const when = {
    ...(draw.once(3) && { type: [draw.one(['incident', 'incident', 'norm'])] }),
    ...(draw.once(3) && { sector: [draw.one(['energy', 'energy/oil', 'justice', 'health'])] }),
    ...(draw.once(4) && {
      severity: { scale: 'uk-ncsc', 'at-least': draw.one(['moderate', 'significant']) },
    }),
  };
  return {
    name,
    to: draw.one([['all'], ['north'], ['XAR', 'XBO'], ['XCA', 'north'], ['all', 'XDE']]),
    ...(draw.once(3) && { mode: draw.one([['push'], ['push', 'query'], ['query', 'relay'], ['relay']]) }),
    ...(draw.once(4) && { purpose: [draw.one(PURPOSES_DRAWN)] }),
    ...(Object.keys(when).length > 0 && draw.once(2) && { when }),
    ...((forbid ? !draw.once(3) : draw.once(3)) && { parts: paths(draw) }),
    ...(!forbid &&
      draw.once(3) && { profile: draw.one(['technical', 'lean', ...Object.keys(profiles.profiles)]) }),
    ...(forbid && { effect: 'forbid' }),
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
    mode: draw.one(MODES),
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
