import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  formatEvidence,
  judgeAddCheckpoint,
  judgeQuorum,
  type NoteVerifier,
  openedBy,
  parseAddCheckpoint,
  parseCheckpoint,
  parseQuorumPolicy,
  parseVkey,
  type SignedCheckpoint,
  verifyEvidence,
} from '@comity/log';
import type { Input } from '../input.ts';
import type { Operations } from '../operation.ts';

/** witness.md §6. */
export const witnessOperations: Operations = {
  'quorum.judge': (input) => {
    const policy = parseQuorumPolicy(input.text('policy'));
    const verdict = judgeQuorum(input.text('note'), policy, input.seconds('notAfterSeconds'));
    const { origin, size, root } = verdict.checkpoint;
    return {
      origin,
      size,
      root: toHex(root),
      counted: verdict.counted.map(({ verifier, atSeconds }) => ({
        name: verifier.name,
        timeSeconds: atSeconds,
      })),
      reached: verdict.isReached,
      ...(verdict.trustedSeconds !== undefined && { trustedSeconds: verdict.trustedSeconds }),
    };
  },

  'witness.judge': (input) => {
    const request = parseAddCheckpoint(input.text('request'));
    const logVerifiers = input.texts('logs').map(parseVkey);
    const last = input.optionalText('last');
    const decision = judgeAddCheckpoint(request, {
      logVerifiers,
      last: last === undefined ? undefined : parseCheckpoint(last),
      sameSize: seenIn(input, logVerifiers),
    });
    if (decision.status === 200) return { status: 200 };
    const { status, size, evidence } = decision;
    return {
      status,
      ...(size !== undefined && { size }),
      ...(evidence !== undefined && { evidence: formatEvidence(evidence) }),
    };
  },

  'evidence.verify': (input) => {
    const { origin, size, histories } = verifyEvidence(input.text('evidence'));
    return { origin, size, roots: histories.map(({ root }) => toHex(root)) };
  },
};

function seenIn(input: Input, logVerifiers: readonly NoteVerifier[]): SignedCheckpoint | undefined {
  const note = input.optionalText('seen');
  if (note === undefined) return undefined;
  const opened = openedBy(note, logVerifiers);
  if (opened === undefined) throw new Fault('conformance.bad-input', 'in.seen is signed by none of in.logs');
  return { note, logVerifier: opened.logVerifier };
}
