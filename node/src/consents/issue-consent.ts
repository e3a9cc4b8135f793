import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type IssuedRecord, issueDrafts } from '../issue.ts';
import { findRecord } from '../records/find-record.ts';
import { previewView } from '../release/preview.ts';
import type { Sovereign } from '../sovereign.ts';

/** What came of a record that asks for a consent, or gives or refuses one. */
export interface ConsentIssued {
  readonly record: IssuedRecord;
  /** Peers that it is for and that it does not reach, and why. */
  readonly notTold: { peer: string; reason: string }[];
}

/** @throws Fault peer.unknown */
export function codeOf({ peers, self }: Sovereign, state: StateId): string {
  const code = state === self.state ? self.charter.code : peers.codeOf(state);
  if (code === undefined)
    throw new Fault('peer.unknown', 'a state that this is about is not recognised here', {
      fields: { state },
    });
  return code;
}

/** Issues what is for these states, and says whom of them it does not reach. */
export async function issueFor(
  sovereign: Sovereign,
  draft: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
): Promise<ConsentIssued> {
  // Its label names those whom it is for, and nobody else hands it on.
  const [record] = await issueDrafts(sovereign, [draft], { acceptRelay: true }, () => {});
  const issued = record as IssuedRecord;
  const told = new Set(issued.released.map(({ peer }) => peer));
  const others = wanted.filter((code) => !told.has(code));
  const { view } = await findRecord(sovereign, issued.id);
  const outcomes = others.length === 0 ? [] : (await previewView(sovereign, view, others)).peers;
  return {
    record: issued,
    notTold: outcomes.map(({ peer, envelope, parts }) => ({
      peer,
      reason: envelope.outcome === 'withhold' ? envelope.reason : (parts[0]?.reason ?? envelope.reason),
    })),
  };
}
