import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, BEN, DAY, NO, needing, said, title, titleBy, under, waiting } from './approval-scenes.ts';
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
import { type JsonObject, policy, rule } from './policy-text.ts';

/** Of what officers have said the last counts; and what comes of several rules, parts and rows (disclosure.md 4.12, 4.13). */
export function decisionsByLastWord(): readonly VectorFile[] {
  return [
    decisions('approvals-after-rejection', afterRejection()),
    decisions('approvals-last-word', [...lastWord(), ...ofOneSecond()]),
    decisions('approvals-of-rules', [...ofSeveralRules(), ...ofParts(), ...beneath()]),
  ];
}

/** 4.12 b: of an officer the latest counts. */
function lastWord(): readonly ValidCase[] {
  const of = (
    comment: string,
    changes: readonly JsonObject[],
    verdict: Verdict,
    envelope = verdict,
  ): ValidCase => titleBy(comment, {}, (rule) => changes.map((each) => title(rule, each)), verdict, envelope);
  const [before, after] = [NOW_SECONDS - 60, NOW_SECONDS - 30];
  const R = rejectedBy('a');
  const W = waiting('a');
  const lapsed = { notAfterSeconds: NOW_SECONDS - 1 };
  return [
    of('approved, then rejected', [{ atSeconds: before }, { ...NO, atSeconds: after }], R, W),
    of('rejected, then approved', [{ ...NO, atSeconds: before }, { atSeconds: after }], A),
    of(
      'rejected, then approved, and given the other way round',
      [{ atSeconds: after }, { ...NO, atSeconds: before }],
      A,
    ),
    of(
      'approved, then rejected by another',
      [{ atSeconds: before }, { ...NO, ...BEN, atSeconds: after }],
      R,
      W,
    ),
    of(
      'rejected by one, then approved by another: each has his own word',
      [
        { ...NO, atSeconds: before },
        { ...BEN, atSeconds: after },
      ],
      R,
      W,
    ),
    of(
      'approved, then rejected, and the rejection has lapsed: the approval does not come back',
      [{ atSeconds: before }, { ...NO, ...lapsed, atSeconds: after }],
      W,
    ),
    of(
      'rejected, then approved, and the approval has lapsed',
      [
        { ...NO, atSeconds: before },
        { ...lapsed, atSeconds: after },
      ],
      W,
    ),
    of(
      'approved for long, then for a time that is over: the later word counts',
      [{ atSeconds: before }, { ...lapsed, atSeconds: after }],
      W,
    ),
    of('approved, then rejected a second after the decision', [{}, { ...NO, atSeconds: NOW_SECONDS + 1 }], A),
    of(
      'approved, then rejected for another mode: it would be the same bytes',
      [{ atSeconds: before }, { ...NO, mode: 'query', atSeconds: after }],
      R,
      W,
    ),
    of(
      'approved, then rejected for another purpose',
      [{ atSeconds: before }, { ...NO, purpose: 'counterterrorism', atSeconds: after }],
      R,
      W,
    ),
    of(
      'rejected for another purpose, then approved',
      [{ ...NO, purpose: 'counterterrorism', atSeconds: before }, { atSeconds: after }],
      A,
    ),
    of(
      'rejected, then approved for another purpose: nobody rejects it any more, and nobody approves it for this one',
      [
        { ...NO, atSeconds: before },
        { purpose: 'counterterrorism', atSeconds: after },
      ],
      W,
      W,
    ),
    of(
      'approved, then rejected by another rule',
      [{ atSeconds: before }, { ...NO, rule: 'b', atSeconds: after }],
      rejectedBy('b'),
      W,
    ),
    of(
      'rejected by another rule, then approved',
      [{ ...NO, rule: 'b', atSeconds: before }, { atSeconds: after }],
      A,
    ),
    of(
      'approved by one, then rejected by another, whose rejection has lapsed: the approval is older, and does not come back',
      [{ atSeconds: before }, { ...NO, ...BEN, ...lapsed, atSeconds: after }],
      W,
    ),
    of(
      'approved by one, then rejected and approved by another for another rule: he has taken it back',
      [
        { atSeconds: before },
        { ...NO, ...BEN, atSeconds: after },
        { ...BEN, rule: 'b', atSeconds: after + 1 },
      ],
      A,
    ),
    of(
      'rejected by one, then approved by another, and the rejection has lapsed',
      [
        { ...NO, ...lapsed, atSeconds: before },
        { ...BEN, atSeconds: after },
      ],
      A,
    ),
    of(
      'rejected by one and approved by another in one second, and the rejection has lapsed',
      [
        { ...NO, ...lapsed, atSeconds: before },
        { ...BEN, atSeconds: before },
      ],
      W,
    ),
    of(
      'rejected by a rule whose digest is another: what is written now does not matter',
      [{ atSeconds: before }, { ...NO, ruleDigest: '00'.repeat(32), atSeconds: after }],
      R,
      W,
    ),
    of('approved, then rejected without a part', [{}, { ...NO, parts: [], atSeconds: after }], A),
  ];
}

/** 4.12 g: what was rejected goes by no rule that asks for nobody, also when the rejection has ended. */
function afterRejection(): readonly ValidCase[] {
  const plain = rule();
  const ended = { ...NO, atSeconds: NOW_SECONDS - 60, notAfterSeconds: NOW_SECONDS - 1 };
  const [earlier, later] = [
    { ...BEN, atSeconds: NOW_SECONDS - 90 },
    { ...BEN, atSeconds: NOW_SECONDS - 30 },
  ];
  const of = (
    comment: string,
    changes: readonly JsonObject[],
    verdict: Verdict,
    more: Partial<Scene> = {},
  ): ValidCase =>
    decided(
      comment,
      {
        ...under([plain]),
        approvals: changes.map((each) => title(plain, each)),
        author: 'wim',
        authorProven: true,
        ...more,
      },
      A,
      { title: verdict },
    );
  const W = waiting('a');
  return [
    of('rejected, and the rejection has ended: it waits for a release-authority', [ended], W),
    of('approved before, then rejected, and the rejection has ended', [earlier, ended], W),
    of('rejected, the rejection has ended, and another approves', [ended, later], A),
    of(
      'rejected, the rejection has ended, and an officer of another role approves',
      [ended, { ...later, roles: ['officer'] }],
      W,
    ),
    of(
      'rejected, the rejection has ended, and it was approved 30 days ago',
      [
        { ...ended, atSeconds: NOW_SECONDS - 31 * DAY },
        { ...later, atSeconds: NOW_SECONDS - 30 * DAY },
      ],
      W,
    ),
    of('rejected, and taken back by whoever said it', [ended, { atSeconds: NOW_SECONDS - 30 }], A),
    of(
      'rejected by another rule, and the rejection has ended',
      [{ ...ended, rule: 'b', ruleDigest: '00'.repeat(32) }],
      W,
    ),
    of(
      'rejected for another purpose, and the rejection has ended',
      [{ ...ended, purpose: 'counterterrorism' }],
      W,
    ),
    of(
      'rejected in a letter, and the rejection has ended: letters are for themselves',
      [{ ...ended, mode: 'letter' }],
      A,
    ),
    of('the same, and the author is not proven: two have to approve', [ended, later], waiting('a', 1, 2), {
      authorProven: null,
    }),
    of('the same, and a rule forbids', [ended], forbiddenBy('b'), {
      policy: policy([plain, rule({ name: 'b', effect: 'forbid', parts: 'title' })]),
    }),
  ];
}

/** 4.12 b: in one second that counts by which less goes, in whatever order it is given. */
function ofOneSecond(): readonly ValidCase[] {
  const of = (
    comment: string,
    changes: readonly JsonObject[],
    verdict: Verdict,
    envelope = verdict,
  ): readonly ValidCase[] =>
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
    ...of(
      'approved and rejected in one second, and the rejection has lapsed',
      [{}, { ...NO, ...lapsed }],
      waiting('a'),
    ),
    ...of('approved twice in one second, and one has lapsed', [{}, lapsed], waiting('a')),
    ...of(
      'rejected twice in one second, and one has lapsed',
      [NO, { ...NO, ...lapsed }],
      rejectedBy('a'),
      waiting('a'),
    ),
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
    of(
      'a rule is rejected, and another needs nobody',
      [a, rule({ name: 'b' })],
      [no],
      rejectedBy('a'),
      by('b'),
    ),
    of('of two that wait, the first by name', [b, a], [], waiting('a')),
    of(
      'of two that wait, the first by name, though the other has more',
      [a, b],
      [title(b)],
      waiting('a'),
      waiting('a'),
    ),
    of('one waits, and another is rejected', [a, b], [title(b, NO)], rejectedBy('b'), waiting('a')),
    of('the first by name is rejected, and another waits', [a, b], [no], rejectedBy('a'), waiting('a')),
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
    of(
      'a rule waits, and does not match',
      [{ ...a, when: { type: 'norm' } }, rule({ name: 'b' })],
      [yes],
      by('b'),
    ),
    of('rejected, and by now the rule asks for nobody', [rule()], [title(rule(), NO)], rejectedBy('a'), A),
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
    of(
      'of one part: the others wait, and the record goes without them',
      [about(['title'])],
      A,
      { title: A },
      W,
    ),
    of(
      'one part is rejected: the others wait, and so does the envelope',
      [about(['title'], NO)],
      W,
      { title: rejectedBy('a') },
      W,
    ),
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
    of(
      'all are rejected: none is held, and the record is withheld',
      [about(paths, NO)],
      W,
      {
        ...Object.fromEntries(paths.map((path) => [path, /[.[]/.test(path) ? INSIDE : rejectedBy('a')])),
      },
      W,
    ),
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
