import type { VerifiedApproval } from '@comity/approval';
import type { Account, ApprovalFact, Policy, Situation } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { type Store, TABLES } from '@comity/store';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import { authorOf } from '../officers/authorship.ts';
import { factOf, verifiedStatement } from '../officers/verified-statements.ts';
import type { Sovereign } from '../sovereign.ts';
import { heldByEntries } from './holds.ts';
import type { PlannedRelease } from './planned-release.ts';

/** What a decision about one record and one peer depends on besides policy, recognitions, orders and time. */
export type Grounds = Pick<Situation, 'account' | 'approvals' | 'author' | 'isAuthorProven' | 'consents'>;

interface About {
  /** What is released in the same commit already. */
  readonly planned?: readonly PlannedRelease[];
  /** For content that is handed over again: when it was released first, UTC seconds. */
  readonly releasedAtSeconds?: number;
}

/** Gathers the grounds that the policy in force looks at, and no others: most policies need nothing that has to be read. */
export async function groundsOf(
  sovereign: Sovereign,
  view: View,
  peer: StateId,
  { planned = [], releasedAtSeconds }: About = {},
): Promise<Grounds> {
  const { policy, consents, self } = sovereign;
  const { id, issuer } = view.header;
  const granted = issuer === self.state ? [] : consents.of(view.header);
  const needs = policy === undefined ? NOTHING : needsOf(policy.compiled.policy);
  // What an officer has rejected stays, whether or not the policy still asks for officers.
  const areAsked = needs.approvals || (await hasStatements(sovereign.store));
  return {
    ...(granted.length > 0 && { consents: granted }),
    ...(needs.account && { account: await accountOf(sovereign, view, peer, planned) }),
    ...(areAsked && {
      approvals: await approvalsOf(sovereign, view, peer, releasedAtSeconds),
      ...(issuer === self.state && (await authorOf(sovereign, id))),
    }),
  };
}

/** By store: whether any statement of an officer is kept there. */
const stated = new WeakMap<Store, boolean>();

/** Most nodes keep none: then nothing has to be read for each decision. */
export async function hasStatements(store: Store): Promise<boolean> {
  const known = stated.get(store);
  if (known !== undefined) return known;
  const found = (await store.list(TABLES.approvals, [], { limit: 1 })).length > 0;
  // Meanwhile one may have been kept.
  if (!stated.has(store)) stated.set(store, found);
  return stated.get(store) as boolean;
}

/** To be called when a statement is about to be kept. */
export function noteStatements(store: Store): void {
  stated.set(store, true);
}

interface Needs {
  readonly account: boolean;
  readonly approvals: boolean;
}

const NOTHING: Needs = { account: false, approvals: false };
const needs = new WeakMap<Policy, Needs>();

function needsOf(policy: Policy): Needs {
  const known = needs.get(policy);
  if (known !== undefined) return known;
  const account = policy.limits.length > 0 || policy.reciprocity.length > 0;
  const found = { account, approvals: account || policy.rules.some(({ approve }) => approve !== undefined) };
  needs.set(policy, found);
  return found;
}

async function accountOf(
  sovereign: Sovereign,
  view: View,
  peer: StateId,
  planned: readonly PlannedRelease[],
): Promise<Account> {
  const { digests } = await sovereign.store.released(peer, view.header.id);
  const held = await heldByEntries(sovereign, view, peer);
  const { given, received, releasesSince } = await tallyOf(sovereign, peer);
  const isCompared = (sovereign.policy?.compiled.policy.reciprocity.length ?? 0) > 0;
  const missing = isCompared ? await sovereign.store.list(TABLES.missing, [peer]) : [];
  const now = planned.filter((release) => release.peer === peer);
  return {
    already: digests,
    given: given + now.length,
    received: received(new Set(missing.map(({ key }) => key[1]))),
    releasesSince: (fromSeconds) =>
      releasesSince(fromSeconds) + now.filter(({ entry }) => entry.atSeconds > fromSeconds).length,
    ...(held.length > 0 && { held }),
  };
}

/** The same grounds after one more entry in the ledger of the recipient, which releases these digests of the record. */
export function withRelease(grounds: Grounds, digests: readonly string[], atSeconds: number): Grounds {
  const { account } = grounds;
  if (account === undefined) return grounds;
  return {
    ...grounds,
    account: {
      ...account,
      already: new Set([...account.already, ...digests]),
      given: account.given + 1,
      releasesSince: (fromSeconds) => account.releasesSince(fromSeconds) + (atSeconds > fromSeconds ? 1 : 0),
    },
  };
}

/**
 * The statements of officers about a record and a recipient, those included that have ended: the last word of an officer
 * stands in the way of his earlier ones also when it counts no longer (disclosure.md 4.12), and when he is none any more. For
 * what was released before, the approvals that counted then count on, unless their officer has said otherwise since: the end
 * of an approval undoes no release.
 */
export async function approvalsOf(
  sovereign: Sovereign,
  { header }: View,
  peer: StateId,
  releasedAtSeconds?: number,
): Promise<ApprovalFact[]> {
  const rows = await sovereign.store.list(TABLES.approvals, [header.id, peer]);
  const kept = rows.flatMap(({ row }) => verifiedStatement(sovereign.officers.own, row.bytes) ?? []);
  const storedAt = new Map(rows.map(({ key: [, , id], row }) => [id, row.storedAtSeconds]));
  const { putBack } = sovereign;
  const nowSeconds = sovereign.now();
  return kept.map((approval) => {
    const countsOn =
      releasedAtSeconds !== undefined &&
      stoodAt(approval, releasedAtSeconds) &&
      !isOfFormerOfficer(approval, nowSeconds) &&
      !kept.some((other) => withdraws(other, approval));
    if (countsOn) return { ...factOf(approval), atSeconds: nowSeconds, notAfterSeconds: nowSeconds + 1 };
    // Of a copy that was put back: the last word of that officer may be a rejection that was lost (disclosure.md 8.10).
    const isDoubted = approval.decision === 'approve' && putBack.isBefore(storedAt.get(approval.id) ?? 0);
    return isDoubted ? { ...factOf(approval), notAfterSeconds: approval.atSeconds } : factOf(approval);
  });
}

function stoodAt({ decision, atSeconds, untilSeconds }: VerifiedApproval, timeSeconds: number): boolean {
  return decision === 'approve' && atSeconds <= timeSeconds && timeSeconds < untilSeconds;
}

/** Whether an approval ended before its time, since its officer is none any more. */
function isOfFormerOfficer({ untilSeconds, notAfterSeconds }: VerifiedApproval, nowSeconds: number): boolean {
  return untilSeconds < notAfterSeconds && untilSeconds <= nowSeconds;
}

function withdraws(other: VerifiedApproval, approval: VerifiedApproval): boolean {
  return (
    other.decision === 'reject' &&
    other.atSeconds >= approval.atSeconds &&
    (other.officer === approval.officer || [...approval.parts].some((part) => other.parts.has(part)))
  );
}
