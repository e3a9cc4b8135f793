import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

import type { KeyState, KeyStateReason } from './key-state.ts';

/** What a state says of one of its keys. */
export type Standing =
  | { readonly standing: 'live' }
  | { readonly standing: 'superseded'; readonly fromSeconds: number }
  | { readonly standing: 'revoked'; readonly fromSeconds: number; readonly reason: KeyStateReason }
  | { readonly standing: 'not-listed' };

export const LIVE: Standing = Object.freeze({ standing: 'live' });
export const NOT_LISTED: Standing = Object.freeze({ standing: 'not-listed' });

/** How each key of a state stands by its key state, by thumbprint. */
export function standingsOf({ live, superseded, revoked }: KeyState): (kid: Uint8Array) => Standing {
  const byKid = new Map<string, Standing>();
  for (const kid of live) byKid.set(toHex(kid), LIVE);
  for (const { kid, fromSeconds } of superseded)
    byKid.set(toHex(kid), { standing: 'superseded', fromSeconds });
  for (const { kid, fromSeconds, reason } of revoked)
    byKid.set(toHex(kid), { standing: 'revoked', fromSeconds, reason });
  return (kid) => byKid.get(toHex(kid)) ?? NOT_LISTED;
}

/**
 * Refuses a key that does not count (key-state.md §4).
 *
 * @param atSeconds the time that the signature itself claims
 * @param trustedSeconds a time at which the signature was there by the word of others than its signer; undefined where
 *   there is none
 * @throws Fault `identity.key-not-listed`, `identity.key-superseded`, `identity.key-revoked`
 */
export function assertStanding(
  standing: Standing,
  atSeconds: number,
  trustedSeconds: number | undefined,
): void {
  if (standing.standing === 'live') return;
  if (standing.standing === 'not-listed')
    throw new Fault('identity.key-not-listed', 'the state does not name the key among its own');
  const { fromSeconds } = standing;
  if (standing.standing === 'superseded') {
    if (atSeconds < fromSeconds) return;
    throw new Fault('identity.key-superseded', 'another key has taken the place of this one by that time', {
      fields: { fromSeconds, atSeconds },
    });
  }
  // The time that a stolen key claims is the thief's word.
  if (trustedSeconds !== undefined && trustedSeconds < fromSeconds) return;
  throw new Fault('identity.key-revoked', 'the key is revoked, and nothing shows that it signed before', {
    fields: { fromSeconds, reason: standing.reason },
  });
}
