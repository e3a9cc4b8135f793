import { record } from '../cbor-text.ts';
import { field, recordText } from '../record/text.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { DAY, entryOf, HOUR, needing, said, TITLED, waiting } from './approval-scenes.ts';
import type { Account, Held } from './decision-facts.ts';
import {
  aroundHeld,
  cascadia,
  decided,
  decisions,
  ERROR,
  failed,
  INSIDE,
  INSIDE_HELD,
  labelOf,
  NO_PERMIT,
  type Scene,
  titled,
  type Verdict,
  type Verdicts,
} from './decision-scenes.ts';
import { limit, limited, RATIO, times, WEEK } from './limit-scenes.ts';
import { A, ALL, framed, NOTHING } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** How much was released before (disclosure.md 4.14). */
export function decisionsByLimit(): VectorFile {
  return decisions('limits', [...counted(), ...concerning(), ...inParts(), ...heldBefore()]);
}

/** What comes of the title after so much was released. */
function after(comment: string, account: Account, verdict: Verdict, entry: JsonObject = {}): ValidCase {
  const owner = limited([rule()], [{ ...WEEK, ...entry }]);
  return decided(comment, { ...TITLED, policy: owner, account }, A, { title: verdict });
}

function counted(): readonly ValidCase[] {
  const begin = NOW_SECONDS - 7 * DAY;
  return [
    after('nothing was released', {}, A),
    after('one release in a week, of two', { releases: times(1) }, A),
    after('two releases in a week, of two', { releases: times(2) }, limit()),
    after('three releases in a week, of two', { releases: times(3) }, limit()),
    after('the first of two was a week ago', { releases: [begin, NOW_SECONDS - HOUR] }, A),
    after('the first of two was a second later', { releases: [begin + 1, NOW_SECONDS - HOUR] }, limit()),
    after(
      'in whatever order the releases are given',
      { releases: [NOW_SECONDS - HOUR, begin, begin + 1] },
      limit(),
    ),
    after('both in the second of the decision', { releases: times(2, NOW_SECONDS) }, limit()),
    after(
      'later than the decision, by a clock that was set back',
      { releases: times(2, NOW_SECONDS + DAY) },
      limit(),
    ),
    after('a limit of one release', { releases: times(1) }, limit(), { releases: 1 }),
    after('many releases, and the limit is a million', { releases: times(300) }, A, { releases: 1_000_000 }),
    after('a limit for longer than there is time', { releases: times(2, 0) }, A, { per: 'P3650D' }),
    after('a limit per second', { releases: times(2, NOW_SECONDS - 1) }, A, { per: 'PT1S' }),
    after('a limit per second, in this one', { releases: times(2, NOW_SECONDS) }, limit(), { per: 'PT1S' }),
    after(
      'how many there were altogether does not matter',
      { releases: times(1), given: 1_000, received: 0 },
      A,
    ),
  ];
}

/** 4.14 e: what an entry held waits on when it is reached no longer. */
function heldBefore(): readonly ValidCase[] {
  const at = ['title'];
  const held = (changes: Partial<Held> = {}): Account => ({ held: [{ entry: WEEK, at, ...changes }] });
  const ratio = policy([rule()], { reciprocity: [RATIO] });
  const R = waiting('reciprocity[0]', 0, 1, undefined, 'reciprocity');
  const of = (comment: string, more: Partial<Scene>, verdict: Verdict): ValidCase =>
    decided(comment, { ...TITLED, policy: limited([rule()], [WEEK]), ...more }, A, { title: verdict });
  const approve = (policyOf: JsonObject): JsonObject => said(entryOf(policyOf, 'limits'), TITLED, at);
  return [
    after('held before, and the releases are over a week ago: it waits on', held(), limit()),
    after('held before, and reached again', { ...held(), releases: times(2) }, limit()),
    after('held before by an entry that reads otherwise now', held(), A, { releases: 3 }),
    after('held before by nothing', { held: [] }, A),
    after('held before without a part', held({ at: [] }), A),
    after('held before, and released before', { ...held(), already: at }, A),
    after('held before in a question', held({ mode: 'query' }), limit()),
    after('held before in a letter: letters are for themselves', held({ mode: 'letter' }), A),
    of(
      'held before, and the entry stands in another place now',
      { policy: limited([rule()], [{ ...WEEK, releases: 3 }, WEEK]), account: held() },
      limit(1),
    ),
    of(
      'held before by an entry for another state, which reads the same',
      {
        policy: limited([rule()], [{ ...WEEK, to: 'XCA' }]),
        account: held({ entry: { ...WEEK, to: 'XCA' } }),
        known: [cascadia],
      },
      A,
    ),
    of('held before, and approved', { account: held(), approvals: [approve(limited([rule()], [WEEK]))] }, A),
    of('held before by reciprocity', { policy: ratio, account: held({ entry: RATIO }) }, R),
    of(
      'held before, and no rule permits it now',
      { policy: limited([rule({ parts: 'stage' })], [WEEK]), account: held() },
      NO_PERMIT,
    ),
    decided(
      'one part was held before: the others go',
      { ...framed, policy: limited([rule()], [WEEK]), account: held() },
      A,
      { ...ALL, title: limit() },
    ),
  ];
}

/** Whom an entry concerns, and what it needs then. */
function concerning(): readonly ValidCase[] {
  const one = (
    comment: string,
    scene: Partial<Scene>,
    envelope: Verdict,
    title: Verdict,
    more: JsonObject = {},
  ): ValidCase => decided(comment, { ...TITLED, known: [cascadia], ...scene }, envelope, { title }, more);
  const reached = { account: { releases: times(2) } };
  const groups = { groups: { north: [{ state: 'XBO', from: '2026-11-24T10:00:00Z' }] } };
  const grouped = limited([rule()], [{ ...WEEK, to: ['XCA', 'north'] }], groups);
  const elsewhere = limited([rule()], [{ ...WEEK, to: 'XCA' }]);
  const withoutAccount = { cause: 'disclosure.no-account' };
  const exercise = titled(arcadia, labelOf(arcadia, 'unclassified'), { payload: [[3, 'winter']] });
  const own = limited([rule()], [WEEK]);
  return [
    one('an entry for another state', { policy: elsewhere, ...reached }, A, A),
    one('an entry for another state, and no account', { policy: elsewhere }, A, A),
    one(
      'an entry for two states',
      { policy: limited([rule()], [{ ...WEEK, to: ['XCA', 'XBO'] }]), ...reached },
      A,
      limit(),
    ),
    one('an entry for a group', { policy: grouped, ...reached }, A, limit()),
    one(
      'an entry for a group, a second before the state is in it',
      { policy: grouped, ...reached, atSeconds: NOW_SECONDS - 1 },
      A,
      A,
    ),
    one(
      'an entry for a group, before the state is in it, and no account',
      { policy: grouped, atSeconds: NOW_SECONDS - 1 },
      A,
      A,
    ),
    one('no account: the decision fails', { policy: own }, ERROR, ERROR, withoutAccount),
    one('no account for a group', { policy: grouped }, ERROR, ERROR, withoutAccount),
    one(
      'no account for reciprocity',
      { policy: policy([rule()], { reciprocity: [RATIO] }) },
      ERROR,
      ERROR,
      withoutAccount,
    ),
    one(
      'no account, and no rule permits: it fails all the same',
      { policy: limited([], [WEEK]) },
      ERROR,
      ERROR,
      withoutAccount,
    ),
    one(
      'no account, and the record is of an exercise that does not run: M1 comes first',
      { ...exercise, policy: own },
      failed('M1', 'exercise'),
      INSIDE,
    ),
    one(
      'no account, and a mode that there is not: the mode comes first',
      { policy: own, mode: 'pull' },
      ERROR,
      ERROR,
      { cause: 'disclosure.unknown-mode' },
    ),
    one('no entry at all, and no account', { policy: limited([rule()], [], { reciprocity: [] }) }, A, A),
    one('an account that nothing asks for', { policy: policy([rule()]), ...reached }, A, A),
    one(
      'no rule permits, and the limit is reached',
      { policy: limited([], [WEEK]), ...reached },
      NO_PERMIT,
      INSIDE,
    ),
    one(
      'a rule waits, and the limit is reached',
      { policy: limited([needing()], [WEEK]), ...reached },
      waiting('a'),
      waiting('a'),
    ),
  ];
}

/** New parts are held, the envelope is not, and what stands in what is held keeps its own reason. */
function inParts(): readonly ValidCase[] {
  const of = (
    comment: string,
    verdicts: Verdicts,
    already: readonly string[],
    rules: readonly JsonObject[] = [rule()],
    more: Partial<Scene> = {},
    envelope: Verdict = A,
  ): ValidCase =>
    decided(
      comment,
      { ...framed, policy: limited(rules, [WEEK]), account: { already, releases: times(2) }, ...more },
      envelope,
      verdicts,
    );
  const L = limit();
  const all = (verdict: Verdict): Verdicts =>
    Object.fromEntries(Object.keys(ALL).map((path) => [path, verdict]));
  const stage = field('stage', 'final');
  const english = field('title', record({ en: 'Ransomware at a hospital' }));
  const clear: Scene = {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: labelOf(arcadia, 'unclassified'),
      body: [english, stage],
      payload: [['crossBorder', true]],
    }),
    paths: { title: english, stage },
  };
  return [
    of('every part is new: all are held, and the record', all(L), []),
    of('one part was released before: the record goes with it', { ...all(L), title: A }, ['title']),
    of('all parts were released before', ALL, Object.keys(ALL)),
    of(
      'a part is new inside one that was released before',
      { ...ALL, 'victim.name': L },
      Object.keys(ALL).filter((path) => path !== 'victim.name'),
    ),
    of(
      'a part was released before, and that which it stands in was not',
      { ...all(L), 'victim.name': INSIDE_HELD },
      ['victim.name'],
    ),
    of(
      'a way to a new part: the part is held, and the way with it',
      { ...NOTHING, victim: aroundHeld('a'), 'victim.name': L, 'victim.sector': NO_PERMIT },
      [],
      [rule({ parts: 'victim.name' })],
    ),
    of(
      'a way, itself new, to a part that was released before',
      { ...NOTHING, victim: A, 'victim.name': A, 'victim.sector': NO_PERMIT },
      ['victim.name'],
      [rule({ parts: 'victim.name' })],
    ),
    of(
      'an embargo on the whole, and a way to a part that the limit holds',
      {
        ...NOTHING,
        victim: aroundHeld('a'),
        'victim.name': L,
        'victim.sector': {
          outcome: 'withhold',
          reason: 'embargo',
          rule: 'b',
          fromSeconds: NOW_SECONDS + HOUR,
        },
      },
      [],
      [rule({ parts: 'victim.name' }), rule({ name: 'b', parts: 'victim', after: 'PT1H' })],
    ),
    decided(
      'the envelope with a field in the clear is not held, and does not go alone',
      {
        ...clear,
        policy: limited([rule({ parts: ['crossBorder', 'title'] })], [WEEK]),
        account: { releases: times(2) },
      },
      A,
      { title: L, stage: NO_PERMIT },
    ),
  ];
}
