import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, DAY, entryOf, said, TITLED } from './approval-scenes.ts';
import {
  by,
  decided,
  decisions,
  failed,
  INSIDE,
  INSIDE_HELD,
  labelOf,
  rejectedBy,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { limit, limited, RATIO, reciprocity, times, WEEK } from './limit-scenes.ts';
import { A, ALL, framed } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** Reciprocity, several entries, and what officers say of them (disclosure.md 4.14). */
export function decisionsByReciprocity(): readonly VectorFile[] {
  return [
    decisions('limits-approved', [...approved(), ...severalEntries()]),
    decisions('reciprocity', ratios()),
  ];
}

function approved(): readonly ValidCase[] {
  const owner = limited([rule()], [WEEK]);
  const entry = entryOf(owner, 'limits');
  const of = (
    comment: string,
    approvals: readonly JsonObject[],
    verdict: Verdict,
    more: Partial<Scene> = {},
  ): ValidCase =>
    decided(comment, { ...TITLED, policy: owner, account: { releases: times(2) }, approvals, ...more }, A, {
      title: verdict,
    });
  const title = (changes: JsonObject = {}, value = entry): JsonObject =>
    said(value, TITLED, ['title'], changes);
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
    of('approved by one, and the author is not proven', [title()], limit(0, 1, 2), { author: null }),
    of('approved by two, and the author is not proven', [title(), title({ officer: 'ben' })], A, {
      author: null,
    }),
    of('rejected', [title({ decision: 'reject' })], rejectedBy('limits[0]')),
    of('approved under the name of the list', [title({ rule: 'limits' })], limit()),
    of('approved under another place', [title({ rule: 'limits[1]' })], limit()),
    of('approved as a rule', [title({}, asking(rule()))], limit()),
    of(
      'approved as it was, with one release less',
      [title({}, { name: 'limits[0]', value: { ...WEEK, releases: 1 } })],
      limit(),
    ),
    of(
      'approved 30 days ago but for a second',
      [title({ ...month, atSeconds: NOW_SECONDS - 30 * DAY + 1 })],
      A,
    ),
    of('approved 30 days ago', [title({ ...month, atSeconds: NOW_SECONDS - 30 * DAY })], limit()),
    of(
      'an entry that needs two officers, and one approves',
      [title(officer, pair)],
      limit(0, 1, 2, 'officer'),
      { policy: two },
    ),
    of('an entry that needs two officers, and both approve', both, A, { policy: two }),
    of(
      'an entry that needs two officers, and a release-authority approves',
      [title({}, pair)],
      limit(0, 0, 2, 'officer'),
      { policy: two },
    ),
    of(
      'rejected, and the part was released before',
      [title({ decision: 'reject' })],
      rejectedBy('limits[0]'),
      {
        account: { already: ['title'], releases: times(2) },
      },
    ),
    of(
      'rejected, and the limit is reached no longer: it does not go by itself',
      [title({ decision: 'reject' })],
      rejectedBy('limits[0]'),
      { account: { releases: times(1) } },
    ),
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

function severalEntries(): readonly ValidCase[] {
  const day = { ...WEEK, per: 'P1D' };
  const owner = (limits: readonly JsonObject[], ratios: readonly JsonObject[] = []): JsonObject =>
    limited([rule()], limits, { reciprocity: ratios });
  const of = (
    comment: string,
    value: JsonObject,
    approvals: readonly JsonObject[],
    verdict: Verdict,
    releases = times(2),
  ): ValidCase =>
    decided(comment, { ...TITLED, policy: value, account: { releases }, approvals }, A, { title: verdict });
  const both = owner([WEEK, day]);
  const mixed = owner([WEEK], [RATIO, RATIO]);
  const yes = (
    value: JsonObject,
    list: 'limits' | 'reciprocity',
    index: number,
    changes: JsonObject = {},
  ): JsonObject => said(entryOf(value, list, index), TITLED, ['title'], changes);
  const no = { decision: 'reject' };
  return [
    of('both are reached: the first in the policy', both, [], limit(0)),
    of('the first is not reached', owner([{ ...WEEK, releases: 3 }, day]), [], limit(1)),
    of('the second is not reached', both, [], limit(0), times(2, NOW_SECONDS - 2 * DAY)),
    of('the first is approved', both, [yes(both, 'limits', 0)], limit(1)),
    of('both are approved', both, [yes(both, 'limits', 0), yes(both, 'limits', 1)], A),
    of(
      'the second is rejected, and the first waits',
      both,
      [yes(both, 'limits', 1, no)],
      rejectedBy('limits[1]'),
    ),
    of(
      'both are rejected by one officer in one second: the first by name',
      both,
      [yes(both, 'limits', 1, no), yes(both, 'limits', 0, no)],
      rejectedBy('limits[0]'),
    ),
    of(
      'the second is rejected, and not reached',
      both,
      [yes(both, 'limits', 1, no)],
      rejectedBy('limits[1]'),
      times(2, NOW_SECONDS - 2 * DAY),
    ),
    of('limits stand before reciprocity', mixed, [], limit(0)),
    of('the limit is approved, and reciprocity is reached', mixed, [yes(mixed, 'limits', 0)], reciprocity(0)),
    of(
      'the limit and the first of reciprocity are approved',
      mixed,
      [yes(mixed, 'limits', 0), yes(mixed, 'reciprocity', 0)],
      reciprocity(1),
    ),
    of(
      'all are approved',
      mixed,
      [yes(mixed, 'limits', 0), yes(mixed, 'reciprocity', 0), yes(mixed, 'reciprocity', 1)],
      A,
    ),
    of(
      'reciprocity is rejected, and the limit waits',
      mixed,
      [yes(mixed, 'reciprocity', 1, no)],
      rejectedBy('reciprocity[1]'),
    ),
  ];
}

function ratios(): readonly ValidCase[] {
  const of = (
    comment: string,
    given: number,
    received: number,
    verdict: Verdict,
    entry: JsonObject = {},
  ): ValidCase => {
    const owner = policy([rule()], { reciprocity: [{ ...RATIO, ...entry }] });
    return decided(comment, { ...TITLED, policy: owner, account: { given, received } }, A, {
      title: verdict,
    });
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
      {
        ...TITLED,
        policy: policy([rule()], { reciprocity: [RATIO] }),
        account: { releases: times(2, 0), given: 2, received: 0 },
      },
      A,
      { title: R },
    ),
    decided(
      'the part was released before',
      {
        ...TITLED,
        policy: policy([rule()], { reciprocity: [RATIO] }),
        account: { already: ['title'], given: 9 },
      },
      A,
      { title: A },
    ),
    decided(
      'by another rule as well: whatever permits, the new part is held',
      {
        ...TITLED,
        policy: policy([rule(), rule({ name: 'b' })], { reciprocity: [RATIO] }),
        account: { given: 9 },
      },
      A,
      { title: R },
    ),
    decided(
      'the label withholds the new part, and nobody is asked',
      {
        ...titled(arcadia, labelOf(arcadia, 'secret')),
        policy: policy([rule()], { reciprocity: [RATIO] }),
        account: { given: 9 },
      },
      by('a'),
      { title: failed('M3', 'classification') },
    ),
  ];
}
