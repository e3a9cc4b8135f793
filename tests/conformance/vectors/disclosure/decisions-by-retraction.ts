import { filled, record } from '../cbor-text.ts';
import { field, recordText } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { needing, waiting } from './approval-scenes.ts';
import {
  decided,
  decisions,
  ERROR,
  forbiddenBy,
  INSIDE,
  labelOf,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { limit, limited, RATIO, times, WEEK } from './limit-scenes.ts';
import { A } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** What was handed a record is told that it is withdrawn, whatever was released before (disclosure.md 4.14 d). */
export function decisionsByRetraction(): VectorFile {
  return decisions('retractions', retracting());
}

/** 4.14 d: a retraction is not judged by entries, but in a letter, and by rules as anything else. */
function retracting(): readonly ValidCase[] {
  const reason = field('reason', record({ en: 'A mistake' }));
  const requestedAction = field('requestedAction', 'cease-use');
  const scene: Scene = {
    record: recordText({
      issuer: arcadia,
      subject: 'retraction/alban',
      envelope: labelOf(arcadia, 'unclassified'),
      body: [reason, requestedAction],
      payload: [[5, filled(0xab)]],
    }),
    paths: { reason, requestedAction },
  };
  const reached = { releases: times(2), given: 2, received: 0 };
  const of = (
    comment: string,
    policyOf: JsonObject,
    parts: Verdict,
    more: Partial<Scene> = {},
    envelope = parts,
  ): ValidCase =>
    decided(comment, { ...scene, policy: policyOf, account: reached, ...more }, envelope, {
      reason: parts,
      requestedAction: parts,
    });
  const own = limited([rule()], [WEEK]);
  const entry = { entry: WEEK, at: ['reason'] };
  const letters = limited([rule({ mode: ['letter'] })], [WEEK]);
  return [
    of('a retraction, and the limit is reached: it goes', own, A),
    of('a retraction asked for, and the limit is reached: it goes', own, A, { mode: 'query' }),
    of('a retraction, and reciprocity is reached: it goes', policy([rule()], { reciprocity: [RATIO] }), A),
    of('a retraction that the limit held before: it goes', own, A, { account: { held: [entry] } }),
    of(
      'a retraction in a letter, and the limit is reached',
      letters,
      limit(),
      { mode: 'letter', officer: 'otto' },
      A,
    ),
    of('a retraction, and a rule waits', limited([needing()], [WEEK]), waiting('a')),
    decided(
      'a retraction, and a rule forbids',
      {
        ...scene,
        policy: limited([rule(), rule({ name: 'b', effect: 'forbid' })], [WEEK]),
        account: reached,
      },
      forbiddenBy('b'),
      { reason: INSIDE, requestedAction: INSIDE },
    ),
    decided(
      'a retraction, and no account: the decision fails',
      { ...scene, policy: own },
      ERROR,
      { reason: ERROR, requestedAction: ERROR },
      { cause: 'disclosure.no-account' },
    ),
  ];
}
