import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, AUTHORITY, DAY, HOUR, needing, said, TITLED, under, waiting } from './approval-scenes.ts';
import {
  by,
  decided,
  decisions,
  failed,
  forbiddenBy,
  INSIDE,
  labelOf,
  rejectedBy,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { A, framed } from './part-scenes.ts';
import { digestOf, type JsonObject, policy, rule } from './policy-text.ts';

/** Rules that wait for officers, and what of that which they say counts (disclosure.md 4.12, 4.13). */
export function decisionsByApproval(): readonly VectorFile[] {
  return [
    decisions('approvals', [...persons(), ...bound(), ...inTime(), ...roles()]),
    decisions('approvals-last-word', [...lastWord(), ...ofOneSecond()]),
    decisions('approvals-of-rules', [...ofSeveralRules(), ...ofParts(), ...beneath()]),
  ];
}

/** What comes of the title when rule `a` needs `approve` and this was said; the envelope waits where the title does not go. */
function titleBy(
  comment: string,
  approve: JsonObject,
  statements: (rule: JsonObject) => readonly JsonObject[],
  verdict: Verdict,
  envelope: Verdict = verdict,
  more: Partial<Scene> = {},
): ValidCase {
  const needed = needing(approve);
  const approvals = statements(needed);
  return decided(comment, { ...under([needed]), approvals, ...more }, envelope, { title: verdict });
}

const title = (rule: JsonObject, changes: JsonObject = {}): JsonObject =>
  said(asking(rule), TITLED, ['title'], changes);
const BEN = { officer: 'ben' };
const NO = { decision: 'reject' };

function persons(): readonly ValidCase[] {
  const two = { persons: 2 };
  const nine = Array.from({ length: 9 }, (_, index) => ({ officer: `officer-${index}` }));
  const people = (rule: JsonObject, list: readonly JsonObject[]): readonly JsonObject[] =>
    list.map((changes) => title(rule, changes));
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
    titleBy('the author approves', {}, (rule) => [title(rule)], waiting('a'), waiting('a'), { author: 'ada' }),
    titleBy(
      'the author rejects, and another approves',
      {},
      (rule) => people(rule, [NO, BEN]),
      A,
      A,
      { author: 'ada' },
    ),
    titleBy('the author is another', {}, (rule) => [title(rule)], A, A, { author: 'ben' }),
    titleBy(
      'the author in another letter case is another',
      {},
      (rule) => [title(rule)],
      A,
      A,
      { author: 'Ada' },
    ),
  ];
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
    titleBy(
      'said of the rule with its keys in another order: the digest is the same',
      {},
      (rule) => [title(Object.fromEntries(Object.entries(rule).reverse()))],
      A,
    ),
    titleBy(
      'said for query, and it is an answer',
      {},
      (rule) => [title(rule, { mode: 'query' })],
      A,
      A,
      { mode: 'query' },
    ),
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
    one('the rule takes what was said in an hour, and it is that but for a second', {
      atSeconds: NOW_SECONDS - HOUR + 1,
    }, A, hour),
    one('the rule takes what was said in an hour, and it is that', {}, waiting('a'), hour),
    one(
      'the rule takes what was said in a year, and it is that but for a second',
      { ...month, atSeconds: NOW_SECONDS - 365 * DAY + 1 },
      A,
      { within: 'P365D' },
    ),
    one('a rejection ends a second after the decision', { ...NO, notAfterSeconds: NOW_SECONDS + 1 },
      rejectedBy('a'), {}, waiting('a')),
    one('a rejection ends in the second of the decision', { ...NO, notAfterSeconds: NOW_SECONDS }, waiting('a')),
    one('a rejection is not taken after 30 days either', { ...NO, ...month, atSeconds: NOW_SECONDS - 30 * DAY },
      waiting('a')),
    one('a rejection a second after the decision', { ...NO, atSeconds: NOW_SECONDS + 1 }, waiting('a')),
  ];
}

function roles(): readonly ValidCase[] {
  const officer = { by: 'officer' };
  const one = (comment: string, approve: JsonObject, changes: readonly JsonObject[], verdict: Verdict): ValidCase =>
    titleBy(comment, approve, (rule) => changes.map((each) => title(rule, each)), verdict);
  return [
    one('an officer of another role approves', {}, [{ roles: ['officer'] }], waiting('a')),
    one('an officer without a role approves', {}, [{ roles: [] }], waiting('a')),
    one('an officer of several roles approves', {}, [{ roles: ['officer', AUTHORITY] }], A),
    one('no role contains another', officer, [{ roles: [AUTHORITY] }], waiting('a', 0, 1, 'officer')),
    one('the other role is needed', officer, [{ roles: ['officer'] }], A),
    one('an officer of another role rejects', {}, [{ roles: ['officer'], ...NO, ...BEN }, {}], A),
    one('one of two has the role', { persons: 2 }, [{}, { ...BEN, roles: ['officer'] }], waiting('a', 1, 2)),
    one(
      'what an officer said last, he said without the role: it counts for nothing',
      {},
      [{}, { ...NO, roles: ['officer'], atSeconds: NOW_SECONDS - 1 }],
      A,
    ),
  ];
}

/** 4.12 b: of an officer the latest counts. */
function lastWord(): readonly ValidCase[] {
  const of = (comment: string, changes: readonly JsonObject[], verdict: Verdict, envelope = verdict): ValidCase =>
    titleBy(comment, {}, (rule) => changes.map((each) => title(rule, each)), verdict, envelope);
  const [before, after] = [NOW_SECONDS - 60, NOW_SECONDS - 30];
  const R = rejectedBy('a');
  const W = waiting('a');
  const lapsed = { notAfterSeconds: NOW_SECONDS - 1 };
  return [
    of('approved, then rejected', [{ atSeconds: before }, { ...NO, atSeconds: after }], R, W),
    of('rejected, then approved', [{ ...NO, atSeconds: before }, { atSeconds: after }], A),
    of('rejected, then approved, and given the other way round', [{ atSeconds: after }, { ...NO, atSeconds: before }], A),
    of('approved, then rejected by another', [{ atSeconds: before }, { ...NO, ...BEN, atSeconds: after }], R, W),
    of('rejected by one, then approved by another: each has his own word', [{ ...NO, atSeconds: before }, { ...BEN, atSeconds: after }], R, W),
    of(
      'approved, then rejected, and the rejection has lapsed: the approval does not come back',
      [{ atSeconds: before }, { ...NO, ...lapsed, atSeconds: after }],
      W,
    ),
    of(
      'rejected, then approved, and the approval has lapsed',
      [{ ...NO, atSeconds: before }, { ...lapsed, atSeconds: after }],
      W,
    ),
    of(
      'approved for long, then for a time that is over: the later word counts',
      [{ atSeconds: before }, { ...lapsed, atSeconds: after }],
      W,
    ),
    of('approved, then rejected a second after the decision', [{}, { ...NO, atSeconds: NOW_SECONDS + 1 }], A),
    of('approved, then rejected for another mode', [{}, { ...NO, mode: 'query', atSeconds: after }], A),
    of('approved, then rejected by another rule', [{}, { ...NO, rule: 'b', atSeconds: after }], A),
    of('approved, then rejected without a part', [{}, { ...NO, parts: [], atSeconds: after }], A),
  ];
}

/** 4.12 b: in one second that counts by which less goes, in whatever order it is given. */
function ofOneSecond(): readonly ValidCase[] {
  const of = (comment: string, changes: readonly JsonObject[], verdict: Verdict, envelope = verdict): readonly ValidCase[] =>
    [changes, [...changes].reverse()].map((list, index) =>
      titleBy(
        index === 0 ? comment : `${comment}, given the other way round`,
        {},
        (rule) => list.map((each) => title(rule, each)),
        verdict,
        envelope,
      ),
    );
  const lapsed = { notAfterSeconds: NOW_SECONDS - 1 };
  return [
    ...of('approved and rejected in one second', [{}, NO], rejectedBy('a'), waiting('a')),
    ...of('approved and rejected in one second, and the rejection has lapsed', [{}, { ...NO, ...lapsed }], waiting('a')),
    ...of('approved twice in one second, and one has lapsed', [{}, lapsed], waiting('a')),
    ...of('rejected twice in one second, and one has lapsed', [NO, { ...NO, ...lapsed }], rejectedBy('a'), waiting('a')),
  ];
}

/** 4.13: which of several rules counts. */
function ofSeveralRules(): readonly ValidCase[] {
  const [a, b] = [needing(), { ...needing({ persons: 2 }), name: 'b' }];
  const of = (
    comment: string,
    rules: readonly JsonObject[],
    approvals: readonly JsonObject[],
    verdict: Verdict,
    envelope = verdict,
  ): ValidCase => decided(comment, { ...under(rules), approvals }, envelope, { title: verdict });
  const [yes, no] = [title(a), title(a, NO)];
  return [
    of('a rule waits, and another needs nobody', [a, rule({ name: 'b' })], [], by('b')),
    of('a rule is rejected, and another needs nobody', [a, rule({ name: 'b' })], [no], by('b')),
    of('of two that wait, the first by name', [b, a], [], waiting('a')),
    of('of two that wait, the first by name, though the other has more', [a, b], [title(b)], waiting('a'), waiting('a')),
    of('one waits, and another is rejected', [a, b], [title(b, NO)], waiting('a')),
    of('the first by name is rejected, and another waits', [a, b], [no], waiting('b', 0, 2), waiting('a')),
    of('one waits, and another is approved', [{ ...a, name: 'z' }, b], [title(b), title(b, BEN)], by('b')),
    of('of two that are approved, the first by name', [a, b], [yes, title(b), title(b, BEN)], A),
    of('both are rejected: the first by name', [b, a], [title(b, NO), no], rejectedBy('a'), waiting('a')),
    of(
      'a rule is approved, and a rule forbids',
      [a, rule({ name: 'b', effect: 'forbid' })],
      [yes],
      INSIDE,
      forbiddenBy('b'),
    ),
    of('a rule waits, and does not match', [{ ...a, when: { type: 'norm' } }, rule({ name: 'b' })], [yes], by('b')),
    of('a rule without a need: nobody rejects it', [rule()], [title(rule(), NO)], A),
  ];
}

/** Each part for itself, and the envelope with the best of them. */
function ofParts(): readonly ValidCase[] {
  const needed = needing();
  const W = waiting('a');
  const paths = Object.keys(framed.paths);
  const of = (
    comment: string,
    approvals: readonly JsonObject[],
    envelope: Verdict,
    verdicts: Readonly<Record<string, Verdict>>,
    rest: Verdict,
  ): ValidCase =>
    decided(comment, { ...framed, policy: policy([needed]), approvals }, envelope, {
      ...Object.fromEntries(paths.map((path) => [path, rest])),
      ...verdicts,
    });
  const about = (at: readonly string[], changes: JsonObject = {}): JsonObject =>
    said(asking(needed), framed, at, changes);
  return [
    of('of all parts', [about(paths)], A, {}, A),
    of('of one part: the others wait, and the record goes without them', [about(['title'])], A, { title: A }, W),
    of('one part is rejected: the others wait, and so does the envelope', [about(['title'], NO)], W, { title: rejectedBy('a') }, W),
    of(
      'one part is approved, and another rejected',
      [about(['title']), about(['victim'], NO)],
      A,
      { title: A, victim: rejectedBy('a'), 'victim.name': INSIDE, 'victim.sector': INSIDE },
      W,
    ),
    of(
      'all are approved, and one is rejected afterwards',
      [about(paths), about(['indicators[1]'], { ...NO, atSeconds: NOW_SECONDS })],
      A,
      { 'indicators[1]': rejectedBy('a') },
      A,
    ),
    of('all are rejected: none is held, and the record is withheld', [about(paths, NO)], W, {
      ...Object.fromEntries(paths.map((path) => [path, /[.[]/.test(path) ? INSIDE : rejectedBy('a')])),
    }, W),
    of(
      'a part with the parts in it, said by two officers of which one is needed',
      [about(['victim']), about(['victim.name', 'victim.sector'], BEN)],
      A,
      { victim: A, 'victim.name': A, 'victim.sector': A },
      W,
    ),
  ];
}

/** What is approved is still beneath the mandatory layer. */
function beneath(): readonly ValidCase[] {
  const needed = needing();
  const scene = titled(arcadia, labelOf(arcadia, 'secret'));
  const M3 = failed('M3', 'classification');
  return [
    decided(
      'the title is above the ceiling, and approved',
      { ...scene, policy: policy([needed]), approvals: [said(asking(needed), scene, ['title'])] },
      A,
      { title: M3 },
    ),
    decided(
      'the title is above the ceiling: nobody is asked',
      { ...scene, policy: policy([needed]) },
      waiting('a'),
      { title: M3 },
    ),
  ];
}
