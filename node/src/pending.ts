import { type ApprovalNeed, ruleDigestOf, Statements } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
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

/** Records and peers of one answer, where nobody says how many. */
const MAX_PENDING = 1_000;

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
 * What waits of a record for a peer. It is decided again: what has been allowed, forbidden or recalled since it was queued, or needs
 * another rule's officers now, is shown as it is now.
 */
export async function waitingReleases(sovereign: Sovereign, hold: Hold): Promise<Waiting[]> {
  const record = await sovereign.store.records('real').get(hold.record);
  const view = record && openReadable(sovereign, record);
  if (record === undefined || view === undefined) return [];
  return waitingOf(sovereign, view, hold, isSource(record, hold.peer));
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
  asked: {
    readonly peer?: string | undefined;
    readonly record?: string | undefined;
    readonly limit?: number | undefined;
    readonly after?: string | undefined;
  },
): Promise<{ state: string; total: number; pending: PendingRelease[]; next: string | null; full: string[] }> {
  const { peers, self, holds } = sovereign;
  const { record = '', limit = MAX_PENDING, after } = asked;
  const peer = asked.peer === undefined ? undefined : peers.byCode(asked.peer).state;
  const queued = (await listHolds(sovereign, peer)).filter((hold) => hold.record.startsWith(record));
  const rest = after === undefined ? queued : queued.filter((hold) => placeOf(hold) > after);
  const pending: PendingRelease[] = [];
  let next: string | null = null;
  for (const [index, hold] of rest.entries()) {
    for (const waiting of await waitingReleases(sovereign, hold))
      pending.push(await describe(sovereign, waiting));
    if (pending.length < limit || index === rest.length - 1) continue;
    next = placeOf(hold);
    break;
  }
  const full = peers.all().filter(({ state }) => holds.isFull(state));
  return { state: self.state, total: queued.length, pending, next, full: full.map(({ code }) => code) };
}

/** Where a hold stands in the queue: a text that rises with its place. */
function placeOf({ sinceSeconds, record, peer }: Hold): string {
  return `${String(sinceSeconds).padStart(12, '0')} ${record} ${peer}`;
}

async function describe(sovereign: Sovereign, waiting: Waiting): Promise<PendingRelease> {
  const { peer, view, sinceSeconds, item, ruleDigest } = waiting;
  const { id, type } = view.header;
  const author = await sovereign.store.get(TABLES.authors, [id]);
  const wanted = new Set(item.digests);
  const waits = new Set(item.waiting);
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
    approvedBy: [...approvingOfficers(waiting, need, sovereign.now())],
    author: typeof author === 'string' ? author : null,
    isAuthorKnown: typeof author === 'string' && sovereign.officers.isOwn(author),
    parts: view.parts
      .filter(({ digest }) => wanted.has(digest))
      .map(({ pathText, digest, label }) => ({
        path: pathText,
        digest,
        label: markingOf(sovereign, view, label),
        waits: waits.has(digest),
      }))
      .sort((a, b) => byPath(a.path, b.path)),
  };
}

/** What a rule or an entry of that name asks for now; undefined where there is none that asks for officers. */
export function needOf({ policy }: Sovereign, name: string): ApprovalNeed | undefined {
  const { rules = [], limits = [], reciprocity = [] } = policy?.compiled.policy ?? {};
  return [...rules, ...limits, ...reciprocity].find((each) => each.name === name)?.approve;
}

/**
 * What a rule or an entry asks for.
 *
 * @throws Fault `release.rule-changed`
 */
export function neededFor(sovereign: Sovereign, name: string): ApprovalNeed {
  const approve = needOf(sovereign, name);
  if (approve === undefined)
    throw new Fault('release.rule-changed', 'no rule of this name asks for approval now', {
      fields: { rule: name },
    });
  return approve;
}

/** Officers who approve all of this release now: of its parts those of the one that the fewest approve. */
function approvingOfficers(
  { item, ruleDigest, grounds }: Waiting,
  approve: ApprovalNeed,
  atSeconds: number,
): readonly string[] {
  const { approvals = [], author } = grounds;
  const { mode, purpose, rule, addressee, waiting } = item;
  const situation = { approvals, mode, purpose, atSeconds, ...(author !== undefined && { author }) };
  const statements = new Statements(situation, addressee);
  const approving = waiting.map(
    (digest) => statements.about({ name: rule, digest: ruleDigest, approve }, digest).officers,
  );
  return approving.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
