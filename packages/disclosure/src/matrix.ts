import type { StateCode, StateId } from '@comity/label';
import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import type { PartDecision, RecordDecision } from './decision.ts';
import type { Recipient, Situation } from './situation.ts';

/** What would be handed to one recipient. */
export interface MatrixColumn {
  readonly state: StateId;
  readonly code: StateCode;
  readonly decision: RecordDecision;
}

/** What would happen to one part, or to the envelope, for each recipient in turn. */
export interface MatrixRow {
  /** `envelope`, or the path of the part. */
  readonly path: string;
  /** Empty for the envelope. */
  readonly digest: string;
  readonly decisions: readonly PartDecision[];
}

/** A preview: recipients across, parts down. */
export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  /** The envelope first, then the parts in the order of the view. */
  readonly rows: readonly MatrixRow[];
}

/**
 * Previews a record for several recipients. Made by `decideRecord`, so the preview is what would be sent.
 *
 * @param situationOf for each recipient its own: account and approvals are about one
 */
export function matrix(
  view: View,
  recipients: readonly Recipient[],
  situationOf: (recipient: Recipient) => Situation,
  policy: CompiledPolicy,
): Matrix {
  const columns = recipients.map((recipient): MatrixColumn => {
    const { state, code } = recipient;
    return { state, code, decision: decideRecord(view, recipient, situationOf(recipient), policy) };
  });
  const envelope = {
    path: 'envelope',
    digest: '',
    decisions: columns.map(({ decision }) => decision.envelope),
  };
  const parts = view.parts.map(({ pathText, digest }, index): MatrixRow => {
    const decisions = columns.map(({ decision }) => decision.parts[index] as PartDecision);
    return { path: pathText, digest, decisions };
  });
  return { columns, rows: [envelope, ...parts] };
}
