import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

import type { VerifiedCharter } from './charter.ts';
import type { EndedLog, KeyState, SupersededKey, VerifiedKeyState } from './key-state.ts';

/**
 * Which of two key states of one charter counts: the later version. Of two with one payload it is the one that is known.
 *
 * @throws Fault `identity.key-states-contradict` where the state has signed both and they cannot both be true: one version
 *   with two contents, a digest of the version before that is not its digest, or a later one that takes back what an earlier
 *   one says of a key
 */
export function newerKeyState(known: VerifiedKeyState, offered: VerifiedKeyState): VerifiedKeyState {
  if (equalBytes(known.digest, offered.digest)) return known;
  const [older, newer] = known.version <= offered.version ? [known, offered] : [offered, known];
  const isNext = newer.version === older.version + 1;
  if (
    newer.version === older.version ||
    (isNext && !equalBytes(newer.previous ?? new Uint8Array(), older.digest)) ||
    takesBack(newer, older)
  ) {
    throw new Fault('identity.key-states-contradict', 'two key states of a state cannot both be true', {
      fields: { state: known.issuer, versions: [older.version, newer.version].join(' ') },
    });
  }
  return newer;
}

/**
 * Which key state of a state counts under its charter. One of another charter counts for nothing: with a new charter a state
 * begins anew (key-state.md 3.4).
 *
 * @throws Fault `identity.wrong-issuer`, `identity.key-states-contradict`
 */
export function currentKeyState(
  { state, digest }: VerifiedCharter,
  known: VerifiedKeyState | undefined,
  offered: VerifiedKeyState | undefined,
): VerifiedKeyState | undefined {
  if (offered !== undefined && offered.issuer !== state)
    throw new Fault('identity.wrong-issuer', 'a key state is of another state than the charter');
  const [before, after] = [known, offered].map((each) =>
    each !== undefined && equalBytes(each.charterDigest, digest) ? each : undefined,
  );
  if (before === undefined || after === undefined) return after ?? before;
  return newerKeyState(before, after);
}

/** Whether a key is missing, counts again, or counts for longer than the earlier one said (key-state.md 3.3). */
export function takesBack(newer: KeyState, older: KeyState): boolean {
  const live = new Set(newer.live.map(toHex));
  const from = (list: readonly SupersededKey[]): Map<string, number> =>
    new Map(list.map(({ kid, fromSeconds }) => [toHex(kid), fromSeconds]));
  const [superseded, revoked] = [from(newer.superseded), from(newer.revoked)];
  const isLonger = (fromSeconds: number | undefined, before: number): boolean =>
    fromSeconds === undefined || fromSeconds > before;
  return (
    takesBackLogs(newer, older) ||
    older.live.some((kid) => {
      const name = toHex(kid);
      return !live.has(name) && !superseded.has(name) && !revoked.has(name);
    }) ||
    older.superseded.some(({ kid, fromSeconds }) =>
      isLonger(revoked.get(toHex(kid)) ?? superseded.get(toHex(kid)), fromSeconds),
    ) ||
    older.revoked.some(({ kid, fromSeconds }) => isLonger(revoked.get(toHex(kid)), fromSeconds))
  );
}

/** Whether a log that has ended goes on again, or ends elsewhere (key-state.md 3.3). */
function takesBackLogs({ endedLogs: after = [] }: KeyState, { endedLogs: before = [] }: KeyState): boolean {
  return before.some((log, place) => {
    const same = after[place];
    return same === undefined || !isSameEnd(log, same);
  });
}

function isSameEnd(one: EndedLog, other: EndedLog): boolean {
  const isSameTree =
    one.end === null || other.end === null
      ? one.end === other.end
      : one.end.size === other.end.size && equalBytes(one.end.root, other.end.root);
  return isSameTree && one.endedAtSeconds === other.endedAtSeconds && one.reason === other.reason;
}
