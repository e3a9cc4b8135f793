import { field, recordText } from '../record/text.ts';
import { record } from '../cbor-text.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, AUTHORITY, DAY, entryOf, HOUR, needing, said, TITLED, waiting } from './approval-scenes.ts';
import {
  type Account,
  aroundHeld,
  by,
  cascadia,
  decided,
  decisions,
  ERROR,
  failed,
  INSIDE,
  INSIDE_HELD,
  labelOf,
  NO_PERMIT,
  rejectedBy,
  type Scene,
  titled,
  type Verdict,
  type Verdicts,
} from './decision-scenes.ts';
import { A, ALL, framed, NOTHING } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** What was released before, and what came for it (disclosure.md 4.14). */
export function decisionsByLimit(): readonly VectorFile[] {
  return [
    decisions('limits', [...counted(), ...concerning(), ...inParts()]),
    decisions('limits-approved', [...approved(), ...severalEntries()]),
    decisions('reciprocity', ratios()),
  ];
}

const WEEK = { to: 'XBO', releases: 2, per: 'P7D', then: 'hold' };
const limited = (rules: readonly JsonObject[], limits: readonly JsonObject[], more: JsonObject = {}): JsonObject =>
  policy(rules, { limits, ...more });
const limit = (index = 0, have = 0, persons = 1, role = AUTHORITY): Verdict =>
  waiting(`limits[${index}]`, have, persons, role, 'limit');
const times = (count: number, atSeconds = NOW_SECONDS - HOUR): readonly number[] => Array<number>(count).fill(atSeconds);

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
    after('in whatever order the releases are given', { releases: [NOW_SECONDS - HOUR, begin, begin + 1] }, limit()),
    after('both in the second of the decision', { releases: times(2, NOW_SECONDS) }, limit()),
    after('later than the decision, by a clock that was set back', { releases: times(2, NOW_SECONDS + DAY) }, limit()),
    after('a limit of one release', { releases: times(1) }, limit(), { releases: 1 }),
    after('many releases, and the limit is a million', { releases: times(300) }, A, { releases: 1_000_000 }),
    after('a limit for longer than there is time', { releases: times(2, 0) }, A, { per: 'P3650D' }),
    after('a limit per second', { releases: times(2, NOW_SECONDS - 1) }, A, { per: 'PT1S' }),
    after('a limit per second, in this one', { releases: times(2, NOW_SECONDS) }, limit(), { per: 'PT1S' }),
    after('how many there were altogether does not matter', { releases: times(1), given: 1_000, received: 0 }, A),
  ];
}

/** Whom an entry concerns, and what it needs then. */
function concerning(): readonly ValidCase[] {
  const one = (comment: string, scene: Partial<Scene>, envelope: Verdict, title: Verdict, more: JsonObject = {}): ValidCase =>
    decided(comment, { ...TITLED, known: [cascadia], ...scene }, envelope, { title }, more);
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
    one('an entry for two states', { policy: limited([rule()], [{ ...WEEK, to: ['XCA', 'XBO'] }]), ...reached }, A, limit()),
    one('an entry for a group', { policy: grouped, ...reached }, A, limit()),
    one('an entry for a group, a second before the state is in it', { policy: grouped, ...reached, atSeconds: NOW_SECONDS - 1 }, A, A),
    one('an entry for a group, before the state is in it, and no account', { policy: grouped, atSeconds: NOW_SECONDS - 1 }, A, A),
    one('no account: the decision fails', { policy: own }, ERROR, ERROR, withoutAccount),
    one('no account for a group', { policy: grouped }, ERROR, ERROR, withoutAccount),
    one('no account for reciprocity', { policy: policy([rule()], { reciprocity: [RATIO] }) }, ERROR, ERROR, withoutAccount),
    one('no account, and no rule permits: it fails all the same', { policy: limited([], [WEEK]) }, ERROR, ERROR, withoutAccount),
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
    one('no rule permits, and the limit is reached', { policy: limited([], [WEEK]), ...reached }, NO_PERMIT, INSIDE),
    one('a rule waits, and the limit is reached', { policy: limited([needing()], [WEEK]), ...reached }, waiting('a'), waiting('a')),
  ];
}

/** New parts are held, the envelope is not, and what stands in what is held keeps its own reason. */
function inParts(): readonly ValidCase[] {
  const of = (comment: string, verdicts: Verdicts, already: readonly string[], rules: readonly JsonObject[] = [rule()], more: Partial<Scene> = {}, envelope: Verdict = A): ValidCase =>
    decided(
      comment,
      { ...framed, policy: limited(rules, [WEEK]), account: { already, releases: times(2) }, ...more },
      envelope,
      verdicts,
    );
  const L = limit();
  const all = (verdict: Verdict): Verdicts => Object.fromEntries(Object.keys(ALL).map((path) => [path, verdict]));
  const stage = field('stage', 'final');
  const english = field('title', record({ en: 'Ransomware at a hospital' }));
  const clear: Scene = {
    record: recordText({ issuer: arcadia, subject: 'incident/alban', envelope: labelOf(arcadia, 'unclassified'), body: [english, stage], payload: [['crossBorder', true]] }),
    paths: { title: english, stage },
  };
  return [
    of('every part is new: all are held, and the record', all(L), []),
    of('one part was released before: the record goes with it', { ...all(L), title: A }, ['title']),
    of('all parts were released before', ALL, Object.keys(ALL)),
    of('a part is new inside one that was released before', { ...ALL, 'victim.name': L }, Object.keys(ALL).filter((path) => path !== 'victim.name')),
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
      { ...NOTHING, victim: aroundHeld('a'), 'victim.name': L, 'victim.sector': { outcome: 'withhold', reason: 'embargo', rule: 'b', fromSeconds: NOW_SECONDS + HOUR } },
      [],
      [rule({ parts: 'victim.name' }), rule({ name: 'b', parts: 'victim', after: 'PT1H' })],
    ),
    decided(
      'the envelope with a field in the clear is not held, and does not go alone',
      { ...clear, policy: limited([rule({ parts: ['crossBorder', 'title'] })], [WEEK]), account: { releases: times(2) } },
      A,
      { title: L, stage: NO_PERMIT },
    ),
  ];
}

function approved(): readonly ValidCase[] {
  const owner = limited([rule()], [WEEK]);
  const entry = entryOf(owner, 'limits');
  const of = (comment: string, approvals: readonly JsonObject[], verdict: Verdict, more: Partial<Scene> = {}): ValidCase =>
    decided(comment, { ...TITLED, policy: owner, account: { releases: times(2) }, approvals, ...more }, A, { title: verdict });
  const title = (changes: JsonObject = {}, value = entry): JsonObject => said(value, TITLED, ['title'], changes);
  const two = limited([rule()], [{ ...WEEK, approve: { by: 'officer', persons: 2, within: 'PT2H' } }]);
  const pair = entryOf(two, 'limits');
  const officer = { roles: ['officer'] };
  const both = [title(officer, pair), title({ ...officer, officer: 'ben' }, pair)];
  const month = { notAfterSeconds: NOW_SECONDS + 400 * DAY };
  const paths = Object.keys(ALL);
  const wide = { ...framed, policy: owner, account: { releases: times(2) } };
  return [
    of('approved: an entry that says no more needs one release-authority', [title()], A),
    of('approved by an officer of another role', [title(officer)], limit()),
    of('approved by the author', [title()], limit(), { author: 'ada' }),
    of('rejected', [title({ decision: 'reject' })], rejectedBy('limits[0]')),
    of('approved under the name of the list', [title({ rule: 'limits' })], limit()),
    of('approved under another place', [title({ rule: 'limits[1]' })], limit()),
    of('approved as a rule', [title({}, asking(rule()))], limit()),
    of('approved as it was, with one release less', [title({}, { name: 'limits[0]', value: { ...WEEK, releases: 1 } })], limit()),
    of('approved 30 days ago but for a second', [title({ ...month, atSeconds: NOW_SECONDS - 30 * DAY + 1 })], A),
    of('approved 30 days ago', [title({ ...month, atSeconds: NOW_SECONDS - 30 * DAY })], limit()),
    of('an entry that needs two officers, and one approves', [title(officer, pair)], limit(0, 1, 2, 'officer'), { policy: two }),
    of('an entry that needs two officers, and both approve', both, A, { policy: two }),
    of('an entry that needs two officers, and a release-authority approves', [title({}, pair)], limit(0, 0, 2, 'officer'), { policy: two }),
    of('rejected, and the part was released before: nobody is asked', [title({ decision: 'reject' })], A, { account: { already: ['title'], releases: times(2) } }),
    of('rejected, and the limit is not reached', [title({ decision: 'reject' })], A, { account: { releases: times(1) } }),
    decided('one of several parts is approved', { ...wide, approvals: [said(entry, framed, ['title'])] }, A, {
      ...Object.fromEntries(paths.map((path) => [path, limit()])),
      title: A,
    }),
    decided(
      'a part inside is approved, and what it stands in is not: it is held inside what is held',
      { ...wide, approvals: [said(entry, framed, ['victim.name'])] },
      A,
      { ...Object.fromEntries(paths.map((path) => [path, limit()])), 'victim.name': INSIDE_HELD },
    ),
    decided(
      'a part is rejected: what stands in it is withheld with it',
      { ...wide, approvals: [said(entry, framed, ['victim'], { decision: 'reject' })] },
      A,
      {
        ...Object.fromEntries(paths.map((path) => [path, limit()])),
        victim: rejectedBy('limits[0]'),
        'victim.name': INSIDE,
        'victim.sector': INSIDE,
      },
    ),
  ];
}

const RATIO = { to: 'XBO', 'when-ratio-below': 0.2, then: 'hold' };
const reciprocity = (index = 0): Verdict => waiting(`reciprocity[${index}]`, 0, 1, AUTHORITY, 'reciprocity');

function severalEntries(): readonly ValidCase[] {
  const day = { ...WEEK, per: 'P1D' };
  const owner = (limits: readonly JsonObject[], ratios: readonly JsonObject[] = []): JsonObject => limited([rule()], limits, { reciprocity: ratios });
  const of = (comment: string, value: JsonObject, approvals: readonly JsonObject[], verdict: Verdict, releases = times(2)): ValidCase =>
    decided(comment, { ...TITLED, policy: value, account: { releases }, approvals }, A, { title: verdict });
  const both = owner([WEEK, day]);
  const mixed = owner([WEEK], [RATIO, RATIO]);
  const yes = (value: JsonObject, list: 'limits' | 'reciprocity', index: number, changes: JsonObject = {}): JsonObject =>
    said(entryOf(value, list, index), TITLED, ['title'], changes);
  const no = { decision: 'reject' };
  return [
    of('both are reached: the first in the policy', both, [], limit(0)),
    of('the first is not reached', owner([{ ...WEEK, releases: 3 }, day]), [], limit(1)),
    of('the second is not reached', both, [], limit(0), times(2, NOW_SECONDS - 2 * DAY)),
    of('the first is approved', both, [yes(both, 'limits', 0)], limit(1)),
    of('both are approved', both, [yes(both, 'limits', 0), yes(both, 'limits', 1)], A),
    of('the second is rejected: that comes before waiting', both, [yes(both, 'limits', 1, no)], rejectedBy('limits[1]')),
    of('both are rejected: the first in the policy', both, [yes(both, 'limits', 1, no), yes(both, 'limits', 0, no)], rejectedBy('limits[0]')),
    of('the second is rejected, and not reached', both, [yes(both, 'limits', 1, no)], limit(0), times(2, NOW_SECONDS - 2 * DAY)),
    of('limits stand before reciprocity', mixed, [], limit(0)),
    of('the limit is approved, and reciprocity is reached', mixed, [yes(mixed, 'limits', 0)], reciprocity(0)),
    of('the limit and the first of reciprocity are approved', mixed, [yes(mixed, 'limits', 0), yes(mixed, 'reciprocity', 0)], reciprocity(1)),
    of('all are approved', mixed, [yes(mixed, 'limits', 0), yes(mixed, 'reciprocity', 0), yes(mixed, 'reciprocity', 1)], A),
    of('reciprocity is rejected, and the limit waits', mixed, [yes(mixed, 'reciprocity', 1, no)], rejectedBy('reciprocity[1]')),
  ];
}

function ratios(): readonly ValidCase[] {
  const of = (comment: string, given: number, received: number, verdict: Verdict, entry: JsonObject = {}): ValidCase => {
    const owner = policy([rule()], { reciprocity: [{ ...RATIO, ...entry }] });
    return decided(comment, { ...TITLED, policy: owner, account: { given, received } }, A, { title: verdict });
  };
  const R = reciprocity();
  const below = (ratio: number): JsonObject => ({ 'when-ratio-below': ratio });
  const most = Number.MAX_SAFE_INTEGER;
  return [
    of('nothing was given, and nothing came', 0, 0, A),
    of('one was given, and nothing came', 1, 0, R),
    of('five times what came', 5, 1, A),
    of('more than five times what came', 6, 1, R),
    of('less than five times what came', 4, 1, A),
    of('more came than was given', 5, 500, A),
    of('nothing was given, and much came', 0, 500, A),
    of('a ratio of 1: as much', 7, 7, A, below(1)),
    of('a ratio of 1: one less', 7, 6, R, below(1)),
    of('a ratio of a hundredth: a hundredth', 100, 1, A, below(0.01)),
    of('a ratio of a hundredth: less', 101, 1, R, below(0.01)),
    of('a ratio that has no end in binary: as much', 100, 29, A, below(0.29)),
    of('a ratio that has no end in binary: one less', 100, 28, R, below(0.29)),
    of('a ratio of thirds: 33 hundredths of 3 are less than 1', 3, 1, A, below(0.33)),
    of('a ratio of thirds: 34 hundredths of 3 are more than 1', 3, 1, R, below(0.34)),
    of('from ten releases on: nine', 9, 0, A, { releases: 10 }),
    of('from ten releases on: ten', 10, 0, R, { releases: 10 }),
    of('from ten releases on: ten, and enough came', 10, 2, A, { releases: 10 }),
    of('so many that a rounded product says otherwise: less', most, Math.floor(most / 5), R),
    of('so many that a rounded product says otherwise: more', most, Math.floor(most / 5) + 1, A),
    of('so many that a rounded quotient says otherwise: less', most, most - 1, R, below(1)),
    of('so many that a rounded quotient says otherwise: as much', most, most, A, below(1)),
    decided(
      'the times of the releases do not matter',
      { ...TITLED, policy: policy([rule()], { reciprocity: [RATIO] }), account: { releases: times(2, 0), given: 2, received: 0 } },
      A,
      { title: R },
    ),
    decided(
      'the part was released before',
      { ...TITLED, policy: policy([rule()], { reciprocity: [RATIO] }), account: { already: ['title'], given: 9 } },
      A,
      { title: A },
    ),
    decided(
      'by another rule as well: whatever permits, the new part is held',
      { ...TITLED, policy: policy([rule(), rule({ name: 'b' })], { reciprocity: [RATIO] }), account: { given: 9 } },
      A,
      { title: R },
    ),
    decided(
      'without the community the label withholds, and nobody is asked',
      { ...titled(arcadia, labelOf(arcadia, 'secret')), policy: policy([rule()], { reciprocity: [RATIO] }), account: { given: 9 } },
      by('a'),
      { title: failed('M3', 'classification') },
    ),
  ];
}
