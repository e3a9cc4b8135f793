import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

import type { KeyState, KeyStateReason } from './key-state.ts';

/** What a state says of one of its keys. */
export type Standing = (
  | { readonly standing: 'live' }
  | { readonly standing: 'superseded'; readonly fromSeconds: number }
  | { readonly standing: 'revoked'; readonly fromSeconds: number; readonly reason: KeyStateReason }
  | { readonly standing: 'not-listed' }
) & {
  /** Whether the state says it not of the key itself, but of a delegate that has certified it. */
  readonly isDelegators?: true;
};

export const LIVE: Standing = Object.freeze({ standing: 'live' });
export const NOT_LISTED: Standing = Object.freeze({ standing: 'not-listed' });

/**
 * How each key of a state stands by its key state, by thumbprint.
 *
 * @returns undefined of a key that is not listed
 */
export function standingsOf({
  live,
  superseded,
  revoked,
}: KeyState): (kid: Uint8Array) => Standing | undefined {
  const byKid = new Map<string, Standing>();
  for (const kid of live) byKid.set(toHex(kid), LIVE);
  for (const { kid, fromSeconds } of superseded)
    byKid.set(toHex(kid), { standing: 'superseded', fromSeconds });
  for (const { kid, fromSeconds, reason } of revoked)
    byKid.set(toHex(kid), { standing: 'revoked', fromSeconds, reason });
  return (kid) => byKid.get(toHex(kid));
}

const WEIGHTS = { live: 0, superseded: 1, revoked: 2, 'not-listed': 3 } as const;

/**
 * How a key stands that delegates have certified (key-state.md 4.8): as the one of them, itself among them, of which the
 * state says the worst, and from the earliest time that it says of any. So no key counts longer than what it stands on.
 *
 * @param delegators how the keys above it stand, the nearest first
 */
export function standingBelow(own: Standing, delegators: readonly Standing[]): Standing {
  const above = delegators.map((each): Standing => ({ ...each, isDelegators: true }));
  const times = [own, ...above].flatMap((each) => ('fromSeconds' in each ? [each.fromSeconds] : []));
  const weightOf = ({ standing }: Standing): number => WEIGHTS[standing];
  const worst = [own, ...above].reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
  return 'fromSeconds' in worst ? { ...worst, fromSeconds: Math.min(...times) } : worst;
}

/**
 * Refuses a key that does not count (key-state.md §4).
 *
 * @param atSeconds the time that the signature itself claims
 * @param trustedSeconds a time at which the signature was there by the word of others than its signer; undefined where
 *   there is none
 * @throws Fault `identity.key-not-listed`, `identity.key-superseded`, `identity.key-revoked`; where it is a delegate that
 *   does not count, `identity.delegator-not-listed`, `identity.delegator-superseded`, `identity.delegator-revoked`
 */
export function assertStanding(
  standing: Standing,
  atSeconds: number,
  trustedSeconds: number | undefined,
): void {
  if (standing.standing === 'live') return;
  const isDelegators = standing.isDelegators === true;
  if (standing.standing === 'not-listed')
    throw isDelegators
      ? new Fault(
          'identity.delegator-not-listed',
          'the state does not name the delegate that certified the key',
        )
      : new Fault('identity.key-not-listed', 'the state does not name the key among its own');
  const { fromSeconds } = standing;
  if (standing.standing === 'superseded') {
    if (atSeconds < fromSeconds) return;
    const fields = { fromSeconds, atSeconds };
    throw isDelegators
      ? new Fault(
          'identity.delegator-superseded',
          'another has taken the place of the delegate by that time',
          {
            fields,
          },
        )
      : new Fault('identity.key-superseded', 'another key has taken the place of this one by that time', {
          fields,
        });
  }
  // The time that a stolen key claims is the thief's word.
  if (trustedSeconds !== undefined && trustedSeconds < fromSeconds) return;
  const fields = { fromSeconds, reason: standing.reason };
  throw isDelegators
    ? new Fault(
        'identity.delegator-revoked',
        'the delegate that certified the key is revoked, and nothing shows that the key signed before',
        { fields },
      )
    : new Fault('identity.key-revoked', 'the key is revoked, and nothing shows that it signed before', {
        fields,
      });
}
