import { Fault } from '@comity/fault';

import { type Label, MAX_SUCCESSIONS, type Succession } from './label.ts';

/**
 * The label that applies at a time: a succession applies from its date on, the date included. The result keeps the
 * successions that are still to come. A past review date changes nothing: the label stays in force until a successor
 * or the originator's consent says otherwise (STANAG 4774: a past review date "SHALL NOT impact the validity").
 *
 * @param atSeconds UTC seconds
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`: a chain that is out of order says nothing
 *   reliable about any time, and is refused as a whole
 */
export function effectiveLabel(label: Label, atSeconds: number): Label {
  let effective = label;
  for (const { atSeconds: fromSeconds, label: successor } of successionsOf(label)) {
    if (fromSeconds > atSeconds) break;
    effective = successor;
  }
  return effective;
}

const NONE: readonly Succession[] = [];

/**
 * The successions of a label in the order in which they apply.
 *
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`
 */
export function successionsOf(label: Label): readonly Succession[] {
  if (label.succession === undefined) return NONE;
  const chain: Succession[] = [];
  let previousSeconds = Number.NEGATIVE_INFINITY;
  for (
    let next: Succession | undefined = label.succession;
    next !== undefined;
    next = next.label.succession
  ) {
    if (chain.length === MAX_SUCCESSIONS) {
      throw new Fault('label.succession-too-long', `expected at most ${MAX_SUCCESSIONS} successions`);
    }
    // Written as a negation so that a date that is not a number is refused too.
    if (!(next.atSeconds > previousSeconds)) {
      throw new Fault('label.succession-not-later', 'expected succession dates that rise strictly', {
        fields: { index: chain.length },
      });
    }
    chain.push(next);
    previousSeconds = next.atSeconds;
  }
  return chain;
}
