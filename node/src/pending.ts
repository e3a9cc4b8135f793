import { ruleDigestOf } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { TABLES } from '@comity/store';
import { byPath } from './by-path.ts';
import { type Grounds, groundsOf } from './grounds.ts';
import { type HeldParts, heldIn } from './held-parts.ts';
import { listHolds } from './holds.ts';
import type { PendingRelease } from './operations/approvals.ts';
import { formatTime } from './operations/shapes.ts';
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
 */
export async function waitingReleases(sovereign: Sovereign, peer?: StateId): Promise<Waiting[]> {
  const { store } = sovereign;
  const found: Waiting[] = [];
  for (const hold of await listHolds(sovereign, peer)) {
    const record = await store.records('real').get(hold.record);
    const view = record === undefined ? undefined : openReadable(sovereign, record);
    if (view !== undefined) found.push(...(await waitingOf(sovereign, view, hold.peer, hold)));
  }
  return found;
}

async function waitingOf(
  sovereign: Sovereign,
  view: View,
  peer: StateId,
  { held, sinceSeconds }: { readonly held: readonly HeldParts[]; readonly sinceSeconds: number },
): Promise<Waiting[]> {
  const { door, policy } = sovereign;
  const grounds = await groundsOf(sovereign, view, peer);
  const found: Waiting[] = [];
  const asked = new Set(held.map(({ mode, purpose }) => `${mode} ${purpose}`));
  for (const each of asked) {
    const [mode, purpose] = each.split(' ') as [HeldParts['mode'], string];
    const decision = door.decide(view, peer, mode, purpose, grounds);
    for (const item of decision === undefined ? [] : heldIn(view, decision, mode, purpose)) {
      const ruleDigest = policy && ruleDigestOf(policy.compiled.policy, item.rule);
      if (ruleDigest !== undefined) found.push({ peer, view, sinceSeconds, item, grounds, ruleDigest });
    }
  }
  return found;
}

/** What waits, for people to look at, and for officers to sign. */
export async function pendingReleases(
  sovereign: Sovereign,
  { peer: code, record }: { readonly peer?: string | undefined; readonly record?: string | undefined },
): Promise<{ state: string; pending: PendingRelease[] }> {
  const { peers, self } = sovereign;
  const peer = code === undefined ? undefined : peers.byCode(code).state;
  const waiting = await waitingReleases(sovereign, peer);
  const wanted = waiting.filter(({ view }) => record === undefined || view.header.id.startsWith(record));
  return {
    state: self.state,
    pending: await Promise.all(wanted.map((each) => describe(sovereign, each))),
  };
}

async function describe(sovereign: Sovereign, waiting: Waiting): Promise<PendingRelease> {
  const { peer, view, sinceSeconds, item, ruleDigest } = waiting;
  const { id, type } = view.header;
  const author = await sovereign.store.get(TABLES.authors, [id]);
  const wanted = new Set(item.digests);
  const said = statementsOn(waiting, sovereign.now());
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
    reason: item.reason,
    rule: item.rule,
    ruleDigest,
    role: need.by,
    persons: need.persons,
    approvedBy: said.filter(({ decision }) => decision === 'approve').map(({ officer }) => officer),
    author: typeof author === 'string' ? author : null,
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
export function neededFor({ policy }: Sovereign, name: string): { by: string; persons: number } {
  const { rules, limits, reciprocity } = policy?.compiled.policy ?? {
    rules: [],
    limits: [],
    reciprocity: [],
  };
  const named = [...rules, ...limits, ...reciprocity].find((each) => each.name === name);
  return { by: named?.approve?.by ?? '', persons: named?.approve?.persons ?? 0 };
}

/** Statements about exactly this release that have not ended. */
function statementsOn({ item, ruleDigest, grounds }: Waiting, atSeconds: number) {
  return (grounds.approvals ?? []).filter(
    (fact) =>
      fact.rule === item.rule &&
      fact.ruleDigest === ruleDigest &&
      fact.mode === item.mode &&
      fact.purpose === item.purpose &&
      fact.officer !== grounds.author &&
      fact.atSeconds <= atSeconds &&
      item.digests.some((digest) => fact.parts.has(digest)),
  );
}
