import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  AUTHORITY,
  asking,
  BEN,
  DAY,
  HOUR,
  NO,
  needing,
  said,
  title,
  titleBy,
  under,
  waiting,
} from './approval-scenes.ts';
import {
  decided,
  decisions,
  labelOf,
  rejectedBy,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { A } from './part-scenes.ts';
import { digestOf, type JsonObject, policy } from './policy-text.ts';

/** Rules that wait for officers, and what of that which they say counts (disclosure.md 4.12, 4.13). */
export function decisionsByApproval(): VectorFile {
  return decisions('approvals', [...persons(), ...bound(), ...inTime(), ...roles()]);
}

/** What several officers say of the title. */
function people(rule: JsonObject, list: readonly JsonObject[]): readonly JsonObject[] {
  return list.map((changes) => title(rule, changes));
}

function persons(): readonly ValidCase[] {
  const two = { persons: 2 };
  const nine = Array.from({ length: 9 }, (_, index) => ({ officer: `officer-${index}` }));
  return [
    decided('nobody has said anything, and nothing is given', under([needing()]), waiting('a'), {
      title: waiting('a'),
    }),
    titleBy('nobody has said anything', {}, () => [], waiting('a')),
    titleBy('one approves, and one is needed', {}, (rule) => [title(rule)], A),
    titleBy('one approves, and two are needed', two, (rule) => [title(rule)], waiting('a', 1, 2)),
    titleBy('two approve, and two are needed', two, (rule) => people(rule, [{}, BEN]), A),
    titleBy('three approve, and two are needed', two, (rule) => people(rule, [{}, BEN, { officer: 'c' }]), A),
    titleBy(
      'one approves twice, and two persons are needed',
      two,
      (rule) => people(rule, [{}, { atSeconds: NOW_SECONDS - 1 }]),
      waiting('a', 1, 2),
    ),
    titleBy('nine approve, and nine are needed', { persons: 9 }, (rule) => people(rule, nine), A),
    titleBy(
      'eight approve, and nine are needed',
      { persons: 9 },
      (rule) => people(rule, nine.slice(1)),
      waiting('a', 8, 9),
    ),
    titleBy(
      'two approve and one rejects',
      two,
      (rule) => people(rule, [{}, BEN, { officer: 'c', ...NO }]),
      rejectedBy('a'),
      waiting('a', 0, 2),
    ),
    titleBy('one rejects', {}, (rule) => people(rule, [NO]), rejectedBy('a'), waiting('a')),
    titleBy('the author approves', {}, (rule) => [title(rule)], waiting('a'), waiting('a'), {
      author: 'ada',
    }),
    titleBy('the author rejects, and another approves', {}, (rule) => people(rule, [NO, BEN]), A, A, {
      author: 'ada',
    }),
    titleBy('the author is another', {}, (rule) => [title(rule)], A, A, { author: 'ben' }),
    titleBy('the author in another letter case is another', {}, (rule) => [title(rule)], A, A, {
      author: 'Ada',
    }),
    ...unproven(),
  ];
}

/** Of an own record whose author is not proven one officer more has to approve: one of them could be he. */
function unproven(): readonly ValidCase[] {
  const two = { persons: 2 };
  const three = [{}, BEN, { officer: 'cleo' }];
  const nobody = { author: null, authorProven: null };
  const ways: readonly [comment: string, scene: Partial<Scene>][] = [
    ['no author', nobody],
    ['an author who is named and not proven', { author: 'wim', authorProven: false }],
    ['an author who is named, and nothing is said of proof', { author: 'wim', authorProven: null }],
    ['proven, and no author', { author: null, authorProven: true }],
  ];
  return ways
    .flatMap(([comment, scene]) => [
      titleBy(`${comment}: nobody approves`, two, () => [], waiting('a', 0, 3), waiting('a', 0, 3), scene),
      titleBy(
        `${comment}: as many approve as the rule says`,
        two,
        (rule) => people(rule, three.slice(0, 2)),
        waiting('a', 2, 3),
        waiting('a', 2, 3),
        scene,
      ),
      titleBy(`${comment}: one more approves`, two, (rule) => people(rule, three), A, A, scene),
    ])
    .concat([
      titleBy(
        'who is named does not count, proven or not',
        two,
        (rule) => people(rule, three),
        waiting('a', 2, 3),
        waiting('a', 2, 3),
        {
          author: 'ada',
          authorProven: false,
        },
      ),
      titleBy(
        'ten approve, and nine are needed, of a record without an author',
        { persons: 9 },
        (rule) =>
          people(
            rule,
            [...'abcdefghij'].map((officer) => ({ officer })),
          ),
        A,
        A,
        nobody,
      ),
      titleBy(
        'one rejects a record without an author',
        {},
        (rule) => people(rule, [NO]),
        rejectedBy('a'),
        waiting('a', 0, 2),
        nobody,
      ),
    ]);
}

/** What is said of something else counts for nothing. */
function bound(): readonly ValidCase[] {
  const stranger = titled(arcadia, labelOf(arcadia, 'restricted'));
  const unbound = (comment: string, changes: JsonObject | ((rule: JsonObject) => JsonObject)): ValidCase =>
    titleBy(
      comment,
      {},
      (rule) => [title(rule, typeof changes === 'function' ? changes(rule) : changes)],
      waiting('a'),
    );
  return [
    unbound('said of another rule', { rule: 'b' }),
    unbound('said of the rule in another letter case', { rule: 'A' }),
    unbound('said of the rule as it was, with more persons', (rule) => ({
      ruleDigest: digestOf({ ...rule, approve: { by: AUTHORITY, persons: 2 } }),
    })),
    unbound('said of the rule with what holds anyway written out: another value, another digest', (rule) => ({
      ruleDigest: digestOf({ ...rule, effect: 'permit' }),
    })),
    unbound('said of the policy and not of the rule', (rule) => ({ ruleDigest: digestOf(policy([rule])) })),
    unbound('said for another mode', { mode: 'query' }),
    unbound('said for another purpose', { purpose: 'norm-verification' }),
    unbound('said of no part', { parts: [] }),
    decided(
      'the rule has its keys in another order: its digest is the same',
      {
        ...under([Object.fromEntries(Object.entries(needing()).reverse())]),
        approvals: [title(needing())],
      },
      A,
      { title: A },
    ),
    titleBy('said for query, and it is an answer', {}, (rule) => [title(rule, { mode: 'query' })], A, A, {
      mode: 'query',
    }),
    titleBy(
      'said of a part that this record does not have: the envelope is approved, and nothing in it',
      {},
      (rule) => [said(asking(rule), stranger, ['title'])],
      waiting('a'),
      A,
    ),
  ];
}

function inTime(): readonly ValidCase[] {
  const one = (
    comment: string,
    changes: JsonObject,
    verdict: Verdict,
    approve: JsonObject = {},
    envelope = verdict,
  ): ValidCase => titleBy(comment, approve, (rule) => [title(rule, changes)], verdict, envelope);
  const month = { notAfterSeconds: NOW_SECONDS + 400 * DAY };
  const hour = { within: 'PT1H' };
  return [
    one('said in the second of the decision', { atSeconds: NOW_SECONDS }, A),
    one('said a second after it', { atSeconds: NOW_SECONDS + 1 }, waiting('a')),
    one('ends a second after the decision', { notAfterSeconds: NOW_SECONDS + 1 }, A),
    one('ends in the second of the decision', { notAfterSeconds: NOW_SECONDS }, waiting('a')),
    one('said 30 days ago but for a second', { ...month, atSeconds: NOW_SECONDS - 30 * DAY + 1 }, A),
    one('said 30 days ago', { ...month, atSeconds: NOW_SECONDS - 30 * DAY }, waiting('a')),
    one(
      'the rule takes what was said in an hour, and it is that but for a second',
      {
        atSeconds: NOW_SECONDS - HOUR + 1,
      },
      A,
      hour,
    ),
    one('the rule takes what was said in an hour, and it is that', {}, waiting('a'), hour),
    one(
      'the rule takes what was said in a year, and it is that but for a second',
      { ...month, atSeconds: NOW_SECONDS - 365 * DAY + 1 },
      A,
      { within: 'P365D' },
    ),
    one(
      'a rejection ends a second after the decision',
      { ...NO, notAfterSeconds: NOW_SECONDS + 1 },
      rejectedBy('a'),
      {},
      waiting('a'),
    ),
    one(
      'a rejection ends in the second of the decision',
      { ...NO, notAfterSeconds: NOW_SECONDS },
      waiting('a'),
    ),
    one(
      'a rejection counts to its own end, whatever the rule says',
      { ...NO, ...month, atSeconds: NOW_SECONDS - 30 * DAY },
      rejectedBy('a'),
      hour,
      waiting('a'),
    ),
    one('a rejection a second after the decision', { ...NO, atSeconds: NOW_SECONDS + 1 }, waiting('a')),
  ];
}

function roles(): readonly ValidCase[] {
  const officer = { by: 'officer' };
  const one = (
    comment: string,
    approve: JsonObject,
    changes: readonly JsonObject[],
    verdict: Verdict,
  ): ValidCase => titleBy(comment, approve, (rule) => changes.map((each) => title(rule, each)), verdict);
  return [
    one('an officer of another role approves', {}, [{ roles: ['officer'] }], waiting('a')),
    one('an officer without a role approves', {}, [{ roles: [] }], waiting('a')),
    one('an officer of several roles approves', {}, [{ roles: ['officer', AUTHORITY] }], A),
    one('no role contains another', officer, [{ roles: [AUTHORITY] }], waiting('a', 0, 1, 'officer')),
    one('the other role is needed', officer, [{ roles: ['officer'] }], A),
    titleBy(
      'an officer of another role rejects',
      {},
      (rule) => [title(rule, { roles: ['officer'], ...NO, ...BEN }), title(rule)],
      rejectedBy('a'),
      waiting('a'),
    ),
    one('one of two has the role', { persons: 2 }, [{}, { ...BEN, roles: ['officer'] }], waiting('a', 1, 2)),
    one(
      'what an officer approved last, he approved without the role: it counts for nothing',
      {},
      [{}, { roles: ['officer'], atSeconds: NOW_SECONDS - 1 }],
      A,
    ),
  ];
}
