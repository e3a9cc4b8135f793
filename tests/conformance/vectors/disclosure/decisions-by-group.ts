import { NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { HOUR, TITLED } from './approval-scenes.ts';
import {
  cascadia,
  decided,
  decisions,
  forbiddenBy,
  INSIDE,
  NO_PERMIT,
  type Verdict,
} from './decision-scenes.ts';
import { A } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** A state is in a group from a time on, or until one (disclosure.md 6.11). */
export function decisionsByGroup(): VectorFile {
  return decisions('groups', groups());
}

/** A state is in a group from a time on, and until one. */
function groups(): readonly ValidCase[] {
  const [from, until] = ['2026-11-24T10:00:00Z', '2026-11-25'];
  const end = NOW_SECONDS + 14 * HOUR; // 2026-11-25T00:00:00Z
  const group = (entry: JsonObject): JsonObject => ({
    groups: { north: ['XAR', { state: 'XBO', ...entry }] },
  });
  const of = (
    comment: string,
    atSeconds: number,
    more: JsonObject,
    verdict: Verdict,
    to: string | readonly string[] = 'north',
  ): ValidCase =>
    decided(
      comment,
      { ...TITLED, atSeconds, known: [cascadia], policy: policy([rule({ to })], more) },
      verdict,
      {
        title: verdict.outcome === 'release' ? verdict : INSIDE,
      },
    );
  const both = { groups: { north: [{ state: 'XBO', until: from }], south: [{ state: 'XBO', from: until }] } };
  const forbidding = policy(
    [rule({ to: 'XBO' }), rule({ name: 'b', to: 'north', effect: 'forbid' })],
    group({ from, until }),
  );
  return [
    of('a second before it is in the group', NOW_SECONDS - 1, group({ from }), NO_PERMIT),
    of('the second from which it is in the group', NOW_SECONDS, group({ from }), A),
    of('the last second in which it is in the group', end - 1, group({ until }), A),
    of('the second in which it is in the group no more', end, group({ until }), NO_PERMIT),
    of('a date is the first second of the day', end, group({ from: until }), A),
    of('before a date', end - 1, group({ from: until }), NO_PERMIT),
    of('from and until: before', NOW_SECONDS - 1, group({ from, until }), NO_PERMIT),
    of('from and until: within', end - 1, group({ from, until }), A),
    of('from and until: after', end, group({ from, until }), NO_PERMIT),
    of('named by its code as well: always', end, group({ from, until }), A, ['north', 'XBO']),
    of('in two groups: in the time of the one', NOW_SECONDS - 1, both, A, ['north', 'south']),
    of('in two groups: in the time of neither', NOW_SECONDS, both, NO_PERMIT, ['north', 'south']),
    of('in two groups: in the time of the other', end, both, A, ['south', 'north']),
    of('in the time of a group that the rule does not name', end, both, NO_PERMIT),
    decided(
      'a forbidding rule for a group, in its time',
      { ...TITLED, atSeconds: NOW_SECONDS, policy: forbidding },
      forbiddenBy('b'),
      { title: INSIDE },
    ),
    decided(
      'a forbidding rule for a group, after its time',
      { ...TITLED, atSeconds: end, policy: forbidding },
      A,
      { title: A },
    ),
  ];
}
