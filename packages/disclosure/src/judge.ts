import type { LevelMap, StateId } from '@comity/label';

import { consentTo } from './consent.ts';
import type { Asked, Judgement } from './decision.ts';
import {
  allGuarded,
  askedBy,
  type Discretion,
  discretionOverEnvelope,
  discretionOverPart,
  settle,
  waiting,
} from './discretionary.ts';
import { type HoldingEntry, holdReasonOf } from './hold-entries.ts';
import { firstFailure, type LabelInForce, type Setting } from './mandatory.ts';
import type { EnvelopeClass, PartClass } from './outline.ts';
import type { MatchingRules } from './rule-index.ts';
import type { Consent, Recipient } from './situation.ts';
import { type Asking, nothingSaid, type Standing, type Statements } from './statements.ts';

/** Everything besides the record that a judgement depends on: whose record, to whom, in which setting. */
export interface Ground {
  readonly originator: StateId;
  readonly recipient: Recipient;
  readonly setting: Setting;
  /** Originator's levels to the holder's; undefined also where the holder is the originator. */
  readonly inbound: LevelMap | undefined;
  /** Whether the originator has barred the recipient. */
  readonly isBarred: boolean;
  /** How many officers have to approve beyond what a rule says. */
  readonly morePersons: number;
}

/** What is said of a part without a look at consents, officers and what went before. */
export interface Opinion {
  /** What the mandatory layer refuses. */
  readonly refused: Judgement | undefined;
  readonly discretion: Discretion;
  /** What the policy comes to where no officer has said anything. */
  readonly settled: Judgement;
}

/** The opinion of a part for itself: mandatory layer first, then the state's own rules. */
export function opinionOfPart(part: PartClass, rules: MatchingRules, ground: Ground): Opinion {
  return opinion(part.label, discretionOverPart(part, rules), ground);
}

/** The same of an envelope, and the fields in the clear that come with it. */
export function opinionOfEnvelope(
  { label, clear }: EnvelopeClass,
  rules: MatchingRules,
  ground: Ground,
): Opinion {
  return opinion(label, discretionOverEnvelope(clear, rules), ground);
}

function opinion(label: LabelInForce, discretion: Discretion, ground: Ground): Opinion {
  const refused = judgeLabel(label, ground, undefined);
  return { refused, discretion, settled: settle(discretion, (asking) => nobodySaid(asking, ground)) };
}

function nobodySaid({ approve }: Asking, { morePersons }: Ground): Standing {
  return nothingSaid(approve.persons + morePersons);
}

function judgeLabel(
  label: LabelInForce,
  ground: Ground,
  consent: Consent | undefined,
): Judgement | undefined {
  const failed = firstFailure({ ...ground, label, consent });
  return failed && { outcome: 'withhold', reason: failed.reason, check: failed.id };
}

/** What a decision has to look at part by part. */
export interface Circumstances {
  readonly ground: Ground;
  /** In force for this record, holder, recipient and purpose. */
  readonly consents: readonly Consent[];
  readonly statements: Statements;
  /** Entries of the policy that are reached, or have held something of the record before. */
  readonly holding: readonly HoldingEntry[];
  /** Digests released to the recipient before. */
  readonly already: ReadonlySet<string>;
}

/** The judgement about one part for itself, or about the envelope (the empty digest), with all that bears on it. */
export function judgeClosely(
  digest: string,
  label: LabelInForce,
  { refused, discretion, settled: unasked }: Opinion,
  { ground, consents, statements, holding, already }: Circumstances,
): Judgement {
  const consent = consentTo(consents, digest);
  const failed = consent === undefined ? refused : judgeLabel(label, ground, consent);
  if (failed !== undefined) return failed;
  if (discretion.forbiddenBy !== undefined) return unasked;
  const rejectedBy = statements.rejectionOf(digest);
  if (rejectedBy !== undefined) return { outcome: 'withhold', reason: 'rejected', rule: rejectedBy };
  const wasRejected = statements.wasRejected(digest);
  const isAsked = wasRejected || (unasked.byStatement === true && !statements.isSilent);
  const asked = wasRejected ? allGuarded(discretion) : discretion;
  const settled = isAsked ? settle(asked, (asking) => statements.about(asking, digest)) : unasked;
  // The envelope goes with its parts, a way shows nothing, and what went before is not counted twice.
  if (digest === '' || settled.outcome !== 'release' || already.has(digest)) return settled;
  return judgeEntries(digest, holding, statements) ?? settled;
}

/** What entries say that hold it: in the same words whatever their order, but for which is cited. */
function judgeEntries(
  digest: string,
  holding: readonly HoldingEntry[],
  statements: Statements,
): Judgement | undefined {
  const waits = ({ entry, parts }: HoldingEntry): boolean =>
    (parts === 'all' || parts.has(digest)) && !statements.about(entry, digest).isApproved;
  const first = holding.find(waits)?.entry;
  if (first === undefined) return undefined;
  const all = (): Asked => ({
    needs: 'all',
    of: holding
      .filter(waits)
      .map(({ entry }) => askedBy(holdReasonOf(entry), entry, statements.about(entry, digest))),
  });
  return waiting(holdReasonOf(first), first, statements.about(first, digest), all);
}
