import type { PartDecision, RecordDecision } from '@comity/disclosure';
import type { ReleaseMode } from '@comity/log';
import type { View } from '@comity/record';
import type { Peer } from './peers.ts';
import type { Decided, PolicyWorld } from './policy-world.ts';

/**
 * What becomes of a part for a peer: handed over, waiting for a person, handed over by itself when an embargo ends, kept. In
 * this order from most to least, where the purposes of a policy come to different outcomes.
 */
export const FATES = ['release', 'hold', 'embargo', 'withhold'] as const;
export type Fate = (typeof FATES)[number];

/** One part of one record that becomes another fate for a peer under another policy. */
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
}

const NO_PERMIT: PartFate = { fate: 'withhold', reason: 'no-permit', rule: null };

/** Whether nothing is handed over or held, now or when the embargoes are over. */
function isNothing({ decisions, later }: Decided): boolean {
  return later.length === 0 && decisions.every(({ outcome }) => outcome === 'withhold');
}

/** The parts that are handed over, held or embargoed, each by the digest of the outermost around it. */
export function reachedRoots(view: View, { decisions, later }: Decided): ReadonlySet<string> {
  const reached = new Set([...decisions, ...later].flatMap(({ released, held }) => [...released, ...held]));
  const parts = view.parts.filter(({ digest }) => reached.has(digest));
  return new Set(parts.map(({ digest, ancestors }) => ancestors[0] ?? digest));
}

/** By digest of the part, the most that any of the decisions comes to. */
function fatesIn({ decisions, later }: Decided): ReadonlyMap<string, PartFate> {
  const fates = new Map<string, PartFate>();
  for (const decision of decisions) {
    for (const part of decision.parts) {
      const fate = fateOf(part, decision);
      if (isMore(fate, fates.get(part.digest))) fates.set(part.digest, fate);
    }
  }
  for (const { parts, released } of later) {
    for (const { digest, rule } of parts) {
      const fate: PartFate = { fate: 'embargo', reason: 'embargo', rule: rule ?? null };
      if (released.has(digest) && isMore(fate, fates.get(digest))) fates.set(digest, fate);
    }
  }
  return fates;
}

function isMore({ fate }: PartFate, known: PartFate | undefined): boolean {
  return known === undefined || FATES.indexOf(fate) < FATES.indexOf(known.fate);
}

function fateOf(part: PartDecision, { envelope, released, held }: RecordDecision): PartFate {
  // Nobody reaches a part whose envelope is withheld: then the envelope's reason is the one that helps.
  const { reason, rule, check } = envelope.outcome === 'withhold' ? envelope : part;
  const because = { reason: check === undefined ? reason : `${check} ${reason}`, rule: rule ?? null };
  if (released.has(part.digest)) return { fate: 'release', ...because };
  return { fate: held.has(part.digest) ? 'hold' : 'withhold', ...because };
}

/** What changes for a view and a peer from one policy to another, in one mode. */
export async function changesOf(
  { before, after }: { readonly before: PolicyWorld; readonly after: PolicyWorld },
  view: View,
  peer: Peer,
  mode: ReleaseMode,
): Promise<FoundChange[]> {
  const [old, fresh] = [
    await before.decisionsOf(view, peer, mode),
    await after.decisionsOf(view, peer, mode),
  ];
  if (mode !== 'query') {
    await before.count(view, peer, old);
    await after.count(view, peer, fresh);
  }
  // The usual case: a label keeps the record from the peer, whatever the policy.
  if (isNothing(old) && isNothing(fresh)) return [];
  const [fatesBefore, fatesAfter] = [fatesIn(old), fatesIn(fresh)];
  return view.parts.flatMap(({ digest, pathText, ancestors }) => {
    const was = fatesBefore.get(digest) ?? NO_PERMIT;
    const { fate, reason, rule } = fatesAfter.get(digest) ?? NO_PERMIT;
    if (fate === was.fate) return [];
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
    };
    return { root: ancestors[0] ?? digest, change };
  });
}
