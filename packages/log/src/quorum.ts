import { Fault } from '@comity/fault';
import { type Checkpoint, type Cosignature, openCheckpoint } from './checkpoint.ts';
import { splitNote } from './note.ts';
import type { QuorumPolicy, QuorumRule } from './quorum-policy.ts';
import { isOfVerifier } from './signature-line.ts';
import type { NoteVerifier } from './verifier.ts';

/** What a policy makes of the cosignatures of a checkpoint. */
export interface QuorumVerdict {
  readonly checkpoint: Checkpoint;
  /** Cosignatures that count, one for each key, in the order of the witnesses of the policy. */
  readonly counted: readonly Cosignature[];
  readonly isReached: boolean;
  /**
   * When the quorum was reached by the words of the witnesses, UTC seconds: of a group of k the k-th smallest time, so that no
   * single one makes a checkpoint look older than it is. Undefined where the quorum is not reached or needs nobody.
   */
  readonly trustedSeconds: number | undefined;
}

/**
 * Opens a checkpoint as one of the logs of a policy, and judges its cosignatures (witness.md §2). The state whose log it is
 * does not count as its witness, and neither does what is dated after the given time.
 *
 * @param notAfterSeconds the verifier's time with the difference of clocks that it allows, UTC seconds
 * @throws Fault `log.no-known-signature` where no log of the policy has signed; those of `openCheckpoint`
 */
export function judgeQuorum(note: string, policy: QuorumPolicy, notAfterSeconds: number): QuorumVerdict {
  const { lines } = splitNote(note);
  const logVerifier = policy.logs.find((log) => lines.some((line) => isOfVerifier(line, log)));
  if (logVerifier === undefined)
    throw new Fault('log.no-known-signature', 'expected a signature of a log of the policy');
  const trust = { origin: logVerifier.name, logVerifier, cosigners: policy.witnesses };
  const { checkpoint, cosignatures } = openCheckpoint(note, trust);
  const own = ownWitnessOf(checkpoint.origin);
  const counted = cosignatures.filter(
    ({ verifier, atSeconds }) => verifier.name !== own && atSeconds <= notAfterSeconds,
  );
  const times = new Map(counted.map(({ verifier, atSeconds }) => [verifier, atSeconds]));
  const reachedAt = quorumTime(policy, times);
  return {
    checkpoint,
    counted,
    isReached: policy.quorum === undefined || reachedAt !== undefined,
    trustedSeconds: reachedAt,
  };
}

/**
 * When the quorum of a policy is reached (witness.md 2.4, 2.5): of a group of k the k-th smallest time.
 *
 * @param times UTC seconds of the cosignatures that count, by witnesses of the policy
 * @returns undefined where it is not reached, or needs nobody
 */
export function quorumTime(
  { quorum }: QuorumPolicy,
  times: ReadonlyMap<NoteVerifier, number>,
): number | undefined {
  return quorum === undefined ? undefined : reachedBy(quorum, ({ verifier }) => times.get(verifier));
}

type WitnessRule = Extract<QuorumRule, { kind: 'witness' }>;

/** The earliest time at which what had been cosigned by then was enough. */
function reachedBy(
  rule: QuorumRule,
  timeOf: (witness: WitnessRule) => number | undefined,
): number | undefined {
  if (rule.kind === 'witness') return timeOf(rule);
  const times = rule.members
    .map((member) => reachedBy(member, timeOf))
    .filter((time) => time !== undefined)
    .toSorted((a, b) => a - b);
  return times[rule.threshold - 1];
}

/** The name under which the state that keeps a log would cosign (log.md 5.5). */
export function ownWitnessOf(origin: string): string {
  return `${origin.split('/', 3).join('/')}/witness`;
}

/**
 * How many of n witnesses have to agree so that no two checkpoints of one size can both have enough, where up to a third of
 * them keep two histories themselves: more than (n + f) / 2 with f = floor((n - 1) / 3). One of 1, two of 2, three of 4, five
 * of 7.
 *
 * @param count witnesses, from 1
 */
export function quorumOf(count: number): number {
  const faulty = Math.floor((count - 1) / 3);
  return Math.floor((count + faulty) / 2) + 1;
}
