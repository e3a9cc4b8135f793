import {
  type GuardedPart,
  guardedPartsOf,
  guardedPartsOfDraft,
  type RelayGapReason,
  relayGaps,
} from '@comity/disclosure';
import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';
import { parseFieldPath, type RecordDraft, type View } from '@comity/record';
import { formatTime, type RelayWarning } from '../operations/shapes.ts';
import type { Sovereign } from '../sovereign.ts';

type Known = Pick<Sovereign, 'self' | 'peers' | 'now'>;

const CODES = {
  unrecognised: 'release.relay-unrecognised',
  'above-ceiling': 'release.relay-above-ceiling',
  'outside-community': 'release.relay-outside-community',
} as const satisfies Readonly<Record<RelayGapReason, FaultCode>>;

const REASONS: Readonly<Record<RelayWarning['code'], string>> = {
  'release.relay-unrecognised': 'which is not recognised here now',
  'release.relay-above-ceiling': 'for which they are above the ceiling or without an agreed equivalent',
  'release.relay-outside-community': 'which is outside the TLP:GREEN community',
};

/** Parts that a sentence names before it counts the others. */
const NAMED_PARTS = 3;

/** To whom the labels of a record of this state let others hand parts that this state would not hand them. */
export function warningsOfView(sovereign: Known, view: View): RelayWarning[] {
  return view.header.issuer === sovereign.self.state ? warningsOf(sovereign, guardedPartsOf(view)) : [];
}

export function warningsOfDraft(sovereign: Known, draft: RecordDraft): RelayWarning[] {
  return warningsOf(sovereign, guardedPartsOfDraft(draft));
}

/**
 * Refuses a draft whose labels others would follow further than this state goes itself. Once it is issued, a label cannot
 * be taken back.
 *
 * @throws DocumentFaults release.relay-*, one for each state and reason, at the first part that it is about
 */
export function requireNoRelayWarning(sovereign: Known, draft: RecordDraft): void {
  const faults = warningsOfDraft(sovereign, draft).map(
    (warning): DocumentFault => ({
      code: warning.code,
      path: placeOf(warning.parts[0] ?? ''),
      message: describeWarning(warning),
    }),
  );
  if (faults.length > 0) throw new DocumentFaults(faults);
}

/** A warning as a sentence, without its code. */
export function describeWarning({ code, state, parts, from }: RelayWarning): string {
  const named = parts.slice(0, NAMED_PARTS).join(', ');
  const others = parts.length - NAMED_PARTS;
  const which = others > 0 ? `${named} and ${others} more` : named;
  const date = from === null ? '' : ` from ${from} on`;
  return `the label lets others hand ${which} to ${state}${date}, ${REASONS[code]}`;
}

function warningsOf({ self, peers, now }: Known, parts: readonly GuardedPart[]): RelayWarning[] {
  const atSeconds = now();
  const gaps = relayGaps(parts, {
    holder: self.state,
    holderScheme: self.charter.scheme,
    atSeconds,
    // Also where it has not confirmed yet: what others may hand on is fixed now, and that it confirms may come any time.
    recipientOf: (state) => (peers.isRecognised(state, atSeconds) ? peers.recipientOf(state) : undefined),
  });
  const warnings = new Map<string, RelayWarning & { parts: string[] }>();
  for (const { path, state, reason, fromSeconds } of gaps) {
    const key = `${state} ${reason} ${fromSeconds}`;
    const known = warnings.get(key);
    if (known !== undefined) {
      known.parts.push(path);
      continue;
    }
    const from = fromSeconds === undefined ? null : formatTime(fromSeconds);
    warnings.set(key, { code: CODES[reason], state: peers.codeOf(state) ?? state, parts: [path], from });
  }
  return [...warnings.values()];
}

/** Where a person looks for it in a draft. */
function placeOf(path: string): readonly (string | number)[] {
  if (path === 'envelope') return ['envelope'];
  return path === 'overall' ? ['label'] : ['content', ...parseFieldPath(path)];
}
