import { earliestChange, type Passing } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { View } from '@comity/record';
import { realmOf, TABLES, type WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';

/**
 * Notes when a decision about a record changes next by itself, in the set that stores or releases it. Every record that is
 * looked at for handing it over comes by here, so that what is not released yet is looked at again in time. To be called
 * before the decision: a date that passes in between is due at once then.
 */
export function addDue(sovereign: Sovereign, set: WriteSet, view: View): void {
  // Exercise records are released in exercise mode only.
  if (realmOf(view.header) !== 'real') return;
  const atSeconds = sovereign.now();
  // What has passed by the clock alone may not be released yet: it is looked at again and again until others were heard.
  const knownSeconds = sovereign.clock.knownSeconds ?? atSeconds;
  const nextSeconds = changeAfter(view, knownSeconds, passingFor(sovereign, view));
  if (nextSeconds === undefined) return;
  const againSeconds = nextSeconds > atSeconds ? nextSeconds : atSeconds + HEARD_AGAIN_SECONDS;
  set.put(TABLES.due, [againSeconds, view.header.id], atSeconds);
}

/** How long after the time was heard from others what waited for that is looked at, at the latest. */
const HEARD_AGAIN_SECONDS = 15;

/** What passes by itself beside the labels of a record, for whichever peer. */
export function passingFor({ policy, consents }: Sovereign, view: View): Passing {
  return { ...(policy !== undefined && { policy: policy.compiled }), consents: consents.of(view.header) };
}

/**
 * When a decision about a record changes next by itself; undefined where it does not, or where labels cannot be followed in
 * time: that releases nothing then, and is no reason to look at nothing else.
 */
export function changeAfter(view: View, atSeconds: number, passing: Passing): number | undefined {
  try {
    return earliestChange(view, atSeconds, passing);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}
