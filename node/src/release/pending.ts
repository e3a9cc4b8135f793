import { type ApprovalNeed, DEFAULT_NEED, moreForAuthor, ruleDigestOf, Statements } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import type { PendingRelease } from '../operations/approvals.ts';
import { formatTime } from '../operations/shapes.ts';
import { placeFrom, placeText } from '../records/list-places.ts';
import { givenBy, openReadable } from '../records/stored-view.ts';
import { markingOf, titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { byPath } from './by-path.ts';
import { type Grounds, groundsOf } from './grounds.ts';
import type { HeldParts } from './held-parts.ts';
import type { HoldPlace } from './hold-queue.ts';
import { type Hold, holdsInOrder, holdsOf, placeOf } from './holds.ts';
import { type GroundedPlan, planFor } from './planned-releases.ts';

/** Records and peers of one answer, where nobody says how many. */
const MAX_PENDING = 1_000;
/** Holds of one answer of which nothing waits any more: a page costs no more, however many of them there are. */
const MAX_STALE = 200;

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
  const opened = await openHeld(sovereign, hold);
  return opened === undefined ? [] : waitingOf(sovereign, opened, hold);
}

interface Opened {
  readonly record: StoredRecord;
  readonly view: View;
}

async function openHeld(sovereign: Sovereign, { record: id }: Hold): Promise<Opened | undefined> {
  const record = await sovereign.store.records('real').get(id);
  const view = record && openReadable(sovereign, record);
  return record && view && { record, view };
}

async function waitingOf(
  sovereign: Sovereign,
  { record, view }: Opened,
  { peer, held, sinceSeconds }: Hold,
): Promise<Waiting[]> {
  const gave = givenBy(record, peer);
  const { door, policy } = sovereign;
  // Nothing is decided while releases are held; what waited before waits on.
  const plan: Pick<GroundedPlan, 'held' | 'grounds'> = door.isHeld(peer)
    ? { held }
    : await planFor(sovereign, view, peer, { gave });
  const grounds = plan.grounds ?? (await groundsOf(sovereign, view, peer));
  return plan.held.flatMap((item) => {
    const ruleDigest = policy && ruleDigestOf(policy.compiled.policy, item.rule);
    return ruleDigest === undefined ? [] : [{ peer, view, sinceSeconds, item, grounds, ruleDigest }];
  });
}

/** What waits, for people to look at, and for officers to sign: a page, and where it goes on. */
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
  const { record, limit = MAX_PENDING } = asked;
  const peer = asked.peer === undefined ? undefined : peers.byCode(asked.peer).state;
  const after = asked.after === undefined ? undefined : placeFrom<HoldPlace>(asked.after);
  const pending: PendingRelease[] = [];
  let [shown, stale] = [0, 0];
  let [last, next]: [Hold | undefined, string | null] = [undefined, null];
  let opened: Opened | undefined;
  for await (const hold of holdsInOrder(sovereign, { peer, record, after })) {
    if (last !== undefined && (shown >= limit || stale >= MAX_STALE)) {
      next = placeText(placeOf(last));
      break;
    }
    // What waits of one record for several peers stands together.
    if (hold.record !== last?.record) opened = await openHeld(sovereign, hold);
    last = hold;
    const waiting = opened === undefined ? [] : await waitingOf(sovereign, opened, hold);
    for (const each of waiting) pending.push(describe(sovereign, each));
    if (waiting.length > 0) shown += 1;
    else stale += 1;
  }
  const total = record === undefined ? holds.count(peer) : (await holdsOf(sovereign, record, peer)).length;
  const full = peers.all().filter(({ state }) => holds.isFull(state));
  return { state: self.state, total, pending, next, full: full.map(({ code }) => code) };
}

function describe(sovereign: Sovereign, waiting: Waiting): PendingRelease {
  const { peer, view, sinceSeconds, item, grounds, ruleDigest } = waiting;
  const { id, type } = view.header;
  const { author } = grounds;
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
    persons: need.persons + moreForAuthor(view.header.issuer, { ...grounds, holder: sovereign.self.state }),
    ruleAsks: need.persons,
    approvedBy: [...approvingOfficers(waiting, need, sovereign)],
    author: author ?? null,
    isAuthorProven: grounds.isAuthorProven === true,
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

/**
 * What a rule or an entry of that name asks for now; undefined where there is none that lets anything go. A rule that asks for
 * nobody asks for a release authority about what an officer has rejected (disclosure.md 4.12).
 */
export function needOf({ policy }: Sovereign, name: string): ApprovalNeed | undefined {
  const { rules = [], limits = [], reciprocity = [] } = policy?.compiled.policy ?? {};
  const permits = rules.filter(({ effect }) => effect === 'permit');
  const named = [...permits, ...limits, ...reciprocity].find((each) => each.name === name);
  return named && (named.approve ?? DEFAULT_NEED);
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
  { view, item, ruleDigest, grounds }: Waiting,
  approve: ApprovalNeed,
  { self, now }: Sovereign,
): readonly string[] {
  const { mode, purpose, rule, addressee, waiting } = item;
  const situation = { ...grounds, holder: self.state, mode, purpose, atSeconds: now() };
  const statements = new Statements(situation, view.header.issuer, addressee);
  const approving = waiting.map(
    (digest) => statements.about({ name: rule, digest: ruleDigest, approve }, digest).officers,
  );
  return approving.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
