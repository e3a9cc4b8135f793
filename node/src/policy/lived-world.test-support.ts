import { type PlainScheme, schemeFrom } from '@comity/label';
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };
import { Chance, randomTerms } from '@comity/testkit';
import { Course } from '../course.test-support.ts';
import {
  askForAll,
  type Change,
  changeMeanwhile,
  compareStores,
  decideSome,
  issueRecord,
} from '../course-steps.test-support.ts';
import { World, type WorldState } from '../world.test-support.ts';

const STATES: readonly WorldState[] = [xar, xbo, xca, { ...xca, code: 'XDE' }].map(({ code, scheme }) => ({
  code,
  scheme: scheme as unknown as PlainScheme,
}));
const RECORDS = 12;
/** Changes by time that are waited for after each record. */
const MAX_TURNS = 8;

/** What worlds have to have seen between them: without it what was compared would prove little. */
export const KINDS: readonly string[] = [
  'own',
  'handed on',
  'release permit',
  'withhold no-permit',
  'withhold forbid',
  'withhold embargo',
  'withhold ancestor-withheld',
  'withhold suspended',
  'withhold tells-of-what-it-never-got',
  'withhold M1 exercise',
  'withhold M2 originator-control',
  'withhold M3 classification',
  'withhold M4 tlp',
  'withhold M5 categories',
  'withhold M7 purpose',
  'hold approval-needed',
  'hold limit',
  'hold reciprocity',
  'foretold',
  'turned',
  'approve',
  'reject',
  'came by approval',
  'asked',
  'answered',
  'changed: policy',
  'changed: suspension',
  'changed: time',
];

/** What a world has seen. */
export interface Lived {
  /** Pairs of a record at a node and a peer of that node that were previewed and compared. */
  readonly cases: number;
  /** How often each outcome and reason was previewed, and what was done how often. */
  readonly tally: ReadonlyMap<string, number>;
}

/**
 * One world from its beginning to its end: terms, policies, records, approvals, questions and hours that a seed draws, and
 * after each step what was previewed is compared with what came.
 *
 * @param change what changes at the end; default: drawn as well
 * @throws AssertionError where they differ
 */
export async function liveThrough(seed: number, change?: Change): Promise<Lived> {
  const chance = new Chance(seed);
  const counts = chance.once(3);
  await using world = await World.found(
    STATES,
    ({ scheme: ours }, { scheme: theirs }) => randomTerms(chance, schemeFrom(ours), schemeFrom(theirs)),
    { seed, differ: chance.once(2) },
  );
  const course = new Course(seed, chance, world, counts);
  for (const node of world.nodes) await course.apply(node);
  for (let count = 0; count < RECORDS; count += 1) {
    await issueRecord(course, chance.one(world.nodes));
    await decideSome(course);
    await course.turnThrough(MAX_TURNS);
    await decideSome(course);
    await askForAll(course);
    world.turnTo(world.atSeconds + chance.between(1, 100));
    await course.settle();
  }
  await changeMeanwhile(course, chance.one(world.nodes), change);
  await compareStores(course);
  return course;
}
