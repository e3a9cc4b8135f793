import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';

import { addresses, type HoldEntry, type Limit, type Policy, type Reciprocity } from './policy.ts';
import type { Account, Situation } from './situation.ts';

/** What an entry says: too much in a time, or too little in return. */
export type HoldReason = 'limit' | 'reciprocity';

export function holdReasonOf(entry: Limit | Reciprocity): HoldReason {
  return 'perSeconds' in entry ? 'limit' : 'reciprocity';
}

/** The entries of a policy about a recipient: limits first, both by their place in the list. */
export function entriesFor(
  { limits, reciprocity }: Policy,
  recipient: StateId,
  atSeconds: number,
): readonly (Limit | Reciprocity)[] {
  return [...limits, ...reciprocity].filter((entry) => addresses(entry, recipient, atSeconds));
}

/**
 * The account that entries are compared with.
 *
 * @throws Fault `disclosure.no-account` where there are entries and no account, or one that counts anything but whole numbers
 *   from 0 on
 */
export function accountFor(
  entries: readonly HoldEntry[],
  { account }: Pick<Situation, 'account'>,
): Account | undefined {
  if (entries.length > 0 && account === undefined)
    throw new Fault(
      'disclosure.no-account',
      'the policy limits what goes to the recipient: expected an account',
    );
  if (entries.length > 0 && account !== undefined) {
    counted(account.given);
    counted(account.received);
  }
  return account;
}

/** An entry that holds what is new of these parts. */
export interface HoldingEntry {
  readonly entry: Limit | Reciprocity;
  readonly parts: 'all' | ReadonlySet<string>;
}

/**
 * The entries that hold something: one that is reached all that is new, another what it has held before.
 *
 * @throws Fault `disclosure.no-account` as `isReached` does
 */
export function holdingEntries(
  entries: readonly (Limit | Reciprocity)[],
  account: Account,
  { mode, atSeconds }: Pick<Situation, 'mode' | 'atSeconds'>,
): HoldingEntry[] {
  return entries.flatMap((entry): HoldingEntry[] => {
    if (isReached(entry, account, atSeconds)) return [{ entry, parts: 'all' }];
    const parts = heldBefore(entry, account, mode);
    return parts.size === 0 ? [] : [{ entry, parts }];
  });
}

/** Digests of the parts that an entry held before: a changed entry is another one, and one that was moved the same. */
export function heldBefore(
  { digest }: HoldEntry,
  { held = [] }: Account,
  mode: Situation['mode'],
): ReadonlySet<string> {
  const found = held.filter(
    (each) => each.entry === digest && (each.mode === 'letter') === (mode === 'letter'),
  );
  return new Set(found.flatMap(({ parts }) => [...parts]));
}

/**
 * Whether an entry is reached, so that a person decides about what is new.
 *
 * @param account as `accountFor` gives it
 * @throws Fault `disclosure.no-account` where it counts anything but whole numbers from 0 on since a time
 */
export function isReached(entry: Limit | Reciprocity, account: Account, atSeconds: number): boolean {
  if ('perSeconds' in entry) {
    return counted(account.releasesSince(atSeconds - entry.perSeconds)) >= entry.releases;
  }
  const { given, received } = account;
  // In whole hundredths, so that no fraction is rounded, and no product of large counts.
  return given >= entry.releases && BigInt(received) * 100n < BigInt(entry.belowHundredths) * BigInt(given);
}

function counted(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new Fault('disclosure.no-account', 'expected an account in whole numbers from 0 on');
}
