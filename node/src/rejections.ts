import type { VerifiedApproval } from '@comity/approval';
import { standingRejections } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import { isRecordId, type RecordId, type View } from '@comity/record';
import { TABLES } from '@comity/store';
import { byPath } from './by-path.ts';
import { statementOf } from './grounds.ts';
import type { RejectedRelease } from './operations/approvals.ts';
import { formatTime } from './operations/shapes.ts';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { markingOf, titleText } from './summary.ts';

/** What an officer has rejected and not taken back: it stays here, whatever the policy says, until that ends (disclosure 4.12 c). */
export interface Rejection {
  readonly statement: VerifiedApproval;
  readonly view: View;
  readonly peer: StateId;
  /** Digests of the parts that it keeps, ascending. */
  readonly parts: readonly string[];
}

/** The same as it can be asked for. */
interface Wanted {
  readonly peer?: StateId | undefined;
  /** The first characters of the record's id. */
  readonly record?: string | undefined;
}

/** The rejections that keep something here now, those that end first before the others. */
export async function rejectionsInForce(
  sovereign: Sovereign,
  { peer, record = '' }: Wanted,
): Promise<Rejection[]> {
  const { store } = sovereign;
  const rows = await store.list(TABLES.approvals, isRecordId(record) ? [record] : []);
  const wanted = rows.filter(
    ({ key }) => key[0].startsWith(record) && (peer === undefined || key[1] === peer),
  );
  const found: Rejection[] = [];
  for (const [key, about] of Map.groupBy(wanted, ({ key }) => `${key[0]} ${key[1]}`)) {
    const [recordId, recipient] = key.split(' ') as [RecordId, StateId];
    const said = about.flatMap(({ row }) => statementOf(sovereign, row.bytes) ?? []);
    const kept = standingRejections(said, sovereign.now());
    const stored = kept.size === 0 ? undefined : await store.records('real').get(recordId);
    const view = stored && openReadable(sovereign, stored);
    if (view === undefined) continue;
    for (const [{ statement }, parts] of kept)
      found.push({ statement, view, peer: recipient, parts: parts.sort() });
  }
  return found.sort((a, b) => a.statement.untilSeconds - b.statement.untilSeconds);
}

/** The same for people, and for the officer who takes his own back. */
export async function rejectedReleases(
  sovereign: Sovereign,
  { peer, record }: { readonly peer?: string | undefined; readonly record?: string | undefined },
): Promise<{ state: string; rejected: RejectedRelease[] }> {
  const { peers, self } = sovereign;
  const wanted = { record, peer: peer === undefined ? undefined : peers.byCode(peer).state };
  const rejections = await rejectionsInForce(sovereign, wanted);
  return { state: self.state, rejected: rejections.map((each) => describe(sovereign, each)) };
}

function describe(sovereign: Sovereign, { statement, view, peer, parts }: Rejection): RejectedRelease {
  const { officer, mode, purpose, addressee, rule, ruleDigest, reason, atSeconds, untilSeconds } = statement;
  const kept = new Set(parts);
  return {
    record: view.header.id,
    type: view.header.type,
    title: titleText(view) ?? null,
    peer: sovereign.peers.codeOf(peer) ?? peer,
    recipient: peer,
    mode,
    purpose,
    addressee: addressee ?? null,
    rule,
    ruleDigest,
    officer,
    rejectedAt: formatTime(atSeconds),
    until: formatTime(untilSeconds),
    reason: reason ?? null,
    parts: view.parts
      .filter(({ digest }) => kept.has(digest))
      .map(({ pathText, digest, label }) => ({
        path: pathText,
        digest,
        label: markingOf(sovereign, view, label),
      }))
      .sort((a, b) => byPath(a.path, b.path)),
  };
}
