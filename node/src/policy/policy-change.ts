import type { PartDecision, RecordDecision } from '@comity/disclosure';
import type { ReleaseMode } from '@comity/log';
import type { View } from '@comity/record';
import type { Peer } from '../peers/peers.ts';
import { afterEnd, isNearer, type Shift, shiftOf, type Terms, termsOf } from './policy-terms.ts';
import type { Decided, PolicyWorld } from './policy-world.ts';

/**
 * What becomes of a part for a peer: handed over, waiting for a person, handed over by itself when an embargo ends, kept. In
 * this order from most to least, where the purposes of a policy come to different outcomes.
 */
export const FATES = ['release', 'hold', 'embargo', 'withhold'] as const;
export type Fate = (typeof FATES)[number];

/** One part of one record that becomes another fate for a peer under another policy, or waits for something else. */
export interface PartChange {
  /** Code of the peer. */
  readonly peer: string;
  readonly mode: ReleaseMode;
  readonly was: Fate;
  readonly becomes: Fate;
  readonly type: string;
  /** Path, with `[*]` for each element of a list. */
  readonly part: string;
  /** Why, under the other policy. */
  readonly reason: string;
  readonly rule: string | null;
  /** The rule under the policy of before. */
  readonly ruleBefore: string | null;
  /** How what it waits for changes; null where its fate does. */
  readonly shift: Shift | null;
  /** What it waits for under the other policy, and under the policy of before; null where it does not wait. */
  readonly awaits: string | null;
  readonly awaited: string | null;
}

/** A change, with the part of the view that it is in. */
export interface FoundChange {
  /** Digest of the outermost part around it; its own where it stands in none. */
  readonly root: string;
  readonly change: PartChange;
}

interface PartFate {
  readonly fate: Fate;
  readonly reason: string;
  readonly rule: string | null;
  readonly terms: Terms | undefined;
}

/** As decisions name the envelope. */
const ENVELOPE = '';
const NO_PERMIT: PartFate = { fate: 'withhold', reason: 'no-permit', rule: null, terms: undefined };

/** Whether nothing is handed over or held, now or when the embargoes are over. */
function isNothing({ decisions, later }: Decided): boolean {
  const all = [...decisions, ...later.flatMap((each) => each.decisions)];
  return all.every(({ outcome }) => outcome === 'withhold');
}

/** The parts that are handed over, held or embargoed, each by the digest of the outermost around it. */
export function reachedRoots(view: View, { decisions, later }: Decided): ReadonlySet<string> {
  const reached = new Set(
    [...decisions, ...later.flatMap((each) => each.decisions)].flatMap(({ released, held }) => [
      ...released,
      ...held,
    ]),
  );
  const parts = view.parts.filter(({ digest }) => reached.has(digest));
  return new Set(parts.map(({ digest, ancestors }) => ancestors[0] ?? digest));
}

/** By digest of the part, the most that any of the decisions comes to. */
function fatesIn(view: View, { decisions, later }: Decided): ReadonlyMap<string, PartFate> {
  const fates = new Map<string, PartFate>();
  const offer = (digest: string, fate: PartFate): void => {
    if (isMore(fate, fates.get(digest))) fates.set(digest, fate);
  };
  for (const decision of decisions)
    for (const part of decision.parts) offer(part.digest, fateOf(part, decision));
  for (const decision of decisions)
    for (const [digest, terms] of heldIn(view, decision)) {
      const known = fates.get(digest);
      if (known?.fate === 'hold' && isSooner(terms, known.terms)) fates.set(digest, { ...known, terms });
    }
  for (const { embargo, endSeconds, decisions: then } of later)
    for (const decision of then) {
      const held = heldIn(view, decision);
      for (const { digest, rule } of decision.parts) {
        const isReleased = decision.released.has(digest);
        if (!isReleased && !held.has(digest)) continue;
        const terms = afterEnd(embargo, endSeconds, isReleased ? undefined : held.get(digest));
        // What a person will have to let go then stays here until then, and is nothing that goes by itself.
        const fate = isReleased ? 'embargo' : 'withhold';
        offer(digest, { fate, reason: 'embargo', rule: rule ?? null, terms });
      }
    }
  return fates;
}

/** By digest of the parts that a decision holds, whom they wait for, or whom what they stand in waits for. */
function heldIn({ parts }: View, decision: RecordDecision): ReadonlyMap<string, Terms> {
  const held = new Map<string, Terms>();
  if (decision.held.size === 0) return held;
  for (const { digest, ancestors } of parts) {
    if (!decision.held.has(digest)) continue;
    for (const each of [digest, ...ancestors.toReversed(), ENVELOPE]) {
      const asked = decision.askedAbout(each);
      if (asked === undefined) continue;
      held.set(digest, termsOf(asked));
      break;
    }
  }
  return held;
}

function isSooner(terms: Terms, known: Terms | undefined): boolean {
  return known === undefined || isNearer(terms, known);
}

function isMore({ fate, terms }: PartFate, known: PartFate | undefined): boolean {
  if (known === undefined) return true;
  const more = FATES.indexOf(known.fate) - FATES.indexOf(fate);
  if (more !== 0 || fate === 'release') return more > 0;
  return terms !== undefined && isSooner(terms, known.terms);
}

function fateOf(part: PartDecision, { envelope, released, held }: RecordDecision): PartFate {
  // Nobody reaches a part whose envelope is withheld: then the envelope's reason is the one that helps.
  const { reason, rule, check } = envelope.outcome === 'withhold' ? envelope : part;
  const because = { reason: check === undefined ? reason : `${check} ${reason}`, rule: rule ?? null };
  if (released.has(part.digest)) return { fate: 'release', ...because, terms: undefined };
  return { fate: held.has(part.digest) ? 'hold' : 'withhold', ...because, terms: undefined };
}

/**
 * What changes for a view and a peer from one policy to another, in one mode.
 *
 * @param gave digests that the peer gave itself, and is not handed
 */
export async function changesOf(
  { before, after }: { readonly before: PolicyWorld; readonly after: PolicyWorld },
  view: View,
  peer: Peer,
  mode: ReleaseMode,
  gave: ReadonlySet<string>,
): Promise<FoundChange[]> {
  const [old, fresh] = [
    await before.decisionsOf(view, peer, mode),
    await after.decisionsOf(view, peer, mode),
  ];
  if (mode !== 'query') {
    await before.count(view, peer, old, gave);
    await after.count(view, peer, fresh, gave);
  }
  // The usual case: a label keeps the record from the peer, whatever the policy.
  if (isNothing(old) && isNothing(fresh)) return [];
  const [fatesBefore, fatesAfter] = [fatesIn(view, old), fatesIn(view, fresh)];
  return view.parts.flatMap(({ digest, pathText, ancestors }) => {
    if (gave.has(digest)) return [];
    const was = fatesBefore.get(digest) ?? NO_PERMIT;
    const { fate, reason, rule, terms } = fatesAfter.get(digest) ?? NO_PERMIT;
    const shift = fate === was.fate ? shiftOf(was.terms, terms) : null;
    if (shift === undefined) return [];
    const change = {
      peer: peer.code,
      mode,
      was: was.fate,
      becomes: fate,
      type: view.header.type,
      part: pathText.replaceAll(/\[\d+\]/g, '[*]'),
      reason,
      rule,
      ruleBefore: was.rule,
      shift,
      awaits: terms?.text ?? null,
      awaited: was.terms?.text ?? null,
    };
    return { root: ancestors[0] ?? digest, change };
  });
}
