import { type ApprovalNeed, ruleDigestOf } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { TABLES } from '@comity/store';
import { byPath } from './by-path.ts';
import { type Grounds, groundsOf } from './grounds.ts';
import type { HeldParts } from './held-parts.ts';
import { type Hold, listHolds } from './holds.ts';
import type { PendingRelease } from './operations/approvals.ts';
import { formatTime } from './operations/shapes.ts';
import { planFor } from './planned-releases.ts';
import { isSource } from './policy-world.ts';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { markingOf, titleText } from './summary.ts';

/** A release that waits, as it is decided now. */
export interface Waiting {
  readonly peer: StateId;
  readonly view: View;
  readonly sinceSeconds: number;
  readonly item: HeldParts;
  readonly grounds: Grounds;
  /** Digest of the rule as it reads now, in hexadecimal. */
  readonly ruleDigest: string;
}

/**
 * What waits for officers, the longest first. Each is decided again: what has been allowed, forbidden or recalled since it
 * was queued, or needs another rule's officers now, is shown as it is now.
 *
 * @param peer only what waits for this one
 * @param isWanted only what waits of these records
 */
export async function waitingReleases(
  sovereign: Sovereign,
  peer: StateId | undefined,
  isWanted: (record: RecordId) => boolean,
): Promise<Waiting[]> {
  const { store } = sovereign;
  const found: Waiting[] = [];
  for (const hold of await listHolds(sovereign, peer)) {
    const record = isWanted(hold.record) ? await store.records('real').get(hold.record) : undefined;
    const view = record === undefined ? undefined : openReadable(sovereign, record);
    if (record === undefined || view === undefined) continue;
    found.push(...(await waitingOf(sovereign, view, hold, isSource(record, hold.peer))));
  }
  return found;
}

async function waitingOf(
  sovereign: Sovereign,
  view: View,
  { peer, held, sinceSeconds }: Hold,
  gaveIt: boolean,
): Promise<Waiting[]> {
  const { clock, policy } = sovereign;
  const grounds = await groundsOf(sovereign, view, peer);
  // Nothing is decided while the clock deviates; what waited before waits on.
  const items = clock.isHeld ? held : (await planFor(sovereign, view, peer, { gaveIt })).held;
  return items.flatMap((item) => {
    const ruleDigest = policy && ruleDigestOf(policy.compiled.policy, item.rule);
    return ruleDigest === undefined ? [] : [{ peer, view, sinceSeconds, item, grounds, ruleDigest }];
  });
}

/** What waits, for people to look at, and for officers to sign. */
export async function pendingReleases(
  sovereign: Sovereign,
  { peer: code, record = '' }: { readonly peer?: string | undefined; readonly record?: string | undefined },
): Promise<{ state: string; pending: PendingRelease[] }> {
  const { peers, self } = sovereign;
  const peer = code === undefined ? undefined : peers.byCode(code).state;
  const waiting = await waitingReleases(sovereign, peer, (id) => id.startsWith(record));
  return {
    state: self.state,
    pending: await Promise.all(waiting.map((each) => describe(sovereign, each))),
  };
}

async function describe(sovereign: Sovereign, waiting: Waiting): Promise<PendingRelease> {
  const { peer, view, sinceSeconds, item, ruleDigest } = waiting;
  const { id, type } = view.header;
  const author = await sovereign.store.get(TABLES.authors, [id]);
  const wanted = new Set(item.digests);
  const need = neededFor(sovereign, item.rule);
  return {
    record: id,
    type,
    title: titleText(view) ?? null,
    peer: sovereign.peers.codeOf(peer) ?? peer,
    recipient: peer,
    since: formatTime(sinceSeconds),
    mode: item.mode,
    purpose: item.purpose,
    addressee: item.addressee ?? null,
    reason: item.reason,
    rule: item.rule,
    ruleDigest,
    role: need.by,
    persons: need.persons,
    approvedBy: approvingOfficers(waiting, need, sovereign.now()),
    author: typeof author === 'string' ? author : null,
    isAuthorKnown: typeof author === 'string' && sovereign.officers.isOwn(author),
    parts: view.parts
      .filter(({ digest }) => wanted.has(digest))
      .map(({ pathText, digest, label }) => ({
        path: pathText,
        digest,
        label: markingOf(sovereign, view, label),
      }))
      .sort((a, b) => byPath(a.path, b.path)),
  };
}

/** What a rule or an entry asks for. */
export function neededFor({ policy }: Sovereign, name: string): ApprovalNeed {
  const { rules = [], limits = [], reciprocity = [] } = policy?.compiled.policy ?? {};
  const approve = [...rules, ...limits, ...reciprocity].find((each) => each.name === name)?.approve;
  if (approve === undefined)
    throw new Fault('release.rule-changed', 'no rule of this name asks for approval now', {
      fields: { rule: name },
    });
  return approve;
}

/** Officers who approve exactly this release now: what each of them has said last counts, for as long as the rule says. */
function approvingOfficers(
  { item, ruleDigest, grounds }: Waiting,
  need: ApprovalNeed,
  atSeconds: number,
): string[] {
  const said = (grounds.approvals ?? []).filter(
    (fact) =>
      fact.rule === item.rule &&
      fact.ruleDigest === ruleDigest &&
      fact.mode === item.mode &&
      fact.purpose === item.purpose &&
      fact.addressee === item.addressee &&
      fact.officer !== grounds.author &&
      fact.roles.includes(need.by) &&
      fact.atSeconds <= atSeconds &&
      item.digests.some((digest) => fact.parts.has(digest)),
  );
  const byOfficer = Map.groupBy(said, ({ officer }) => officer);
  return [...byOfficer]
    .filter(([, facts]) => {
      const lastSeconds = Math.max(...facts.map((fact) => fact.atSeconds));
      const last = facts.filter((fact) => fact.atSeconds === lastSeconds);
      return last.every(
        ({ decision, notAfterSeconds }) =>
          decision === 'approve' && atSeconds < Math.min(notAfterSeconds, lastSeconds + need.withinSeconds),
      );
    })
    .map(([officer]) => officer)
    .sort();
}
