import { takeApproval, type VerifiedApproval } from '@comity/approval';
import { sha256Hex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { listRejections, type Rejection, rejectionsOf } from './officers/rejections.ts';
import { reconcile, reviseDoor } from './recovery/reconcile.ts';
import { noteStatements } from './release/grounds.ts';
import { holdOf } from './release/holds.ts';
import { neededFor, needOf, type Waiting, waitingReleases } from './release/pending.ts';
import type { PlannedRelease } from './release/planned-release.ts';
import { commitReleases, planStored } from './release/planned-releases.ts';
import type { Sovereign } from './sovereign.ts';

/** What came of the statements of an officer. */
interface Decided {
  readonly stored: number;
  readonly released: { peer: string; record: string; parts: number }[];
  /** Releases that still wait for others. */
  readonly waiting: number;
}

/** What a statement is about: something that waits, or that its officer has rejected. */
type About = Pick<Waiting, 'peer' | 'view'> & Partial<Pick<Waiting, 'grounds'>>;

/**
 * Takes in what an officer has signed about releases that wait: all of the statements or none. They are kept, so that it can
 * be shown later who let something go. What has all the approvals it needs is released at once.
 *
 * @throws Fault `approval.*`, `officer.*`, `cbor.*`, `cose.*`, `ed25519.*`; `release.not-held` where nothing waits for it,
 *   `release.rule-changed`, `release.own-record` of an author, `release.wrong-role`
 */
export async function decideReleases(
  sovereign: Sovereign,
  statements: readonly Uint8Array[],
  emit: Emit,
): Promise<Decided> {
  const { officers, now, clock } = sovereign;
  clock.assertTrusted();
  const verified = statements.map((bytes) => takeApproval(bytes, officers.own, now()));
  const waiting = await waitingFor(sovereign, verified);
  const about: About[] = [];
  for (const statement of verified) {
    const held = heldFor(waiting, statement) ?? (await takenBack(sovereign, statement));
    requireEntitled(sovereign, statement, held);
    about.push(held);
  }
  if (verified.some(({ decision }) => decision === 'reject')) {
    // What was approved before and has not been fetched yet stays here from now on.
    await reviseDoor(
      sovereign,
      () => storing(sovereign, verified),
      () => {},
    );
    await reconcile(sovereign, [], emit);
  } else
    await sovereign.releases.take(async () => sovereign.store.commit(await storing(sovereign, verified)));
  const released = await releaseDecided(sovereign, about);
  return { stored: verified.length, released, waiting: (await waitingFor(sovereign, verified)).length };
}

/** What waits of the records that statements are about, for the recipients that they are about. */
async function waitingFor(
  sovereign: Sovereign,
  verified: readonly Pick<VerifiedApproval, 'recordId' | 'recipient'>[],
): Promise<Waiting[]> {
  const ids = new Set(verified.map(({ recordId }) => recordId));
  const recipients = new Set(verified.map(({ recipient }) => recipient));
  const found: Waiting[] = [];
  for (const recipient of recipients) {
    for (const id of ids) {
      const hold = await holdOf(sovereign, recipient, id);
      if (hold !== undefined) found.push(...(await waitingReleases(sovereign, hold)));
    }
  }
  return found;
}

/**
 * What an officer has rejected himself and approves now: by that it is rejected no longer. The rule is the one that he named then,
 * also where it reads otherwise by now.
 *
 * @throws Fault `release.not-held` where he has not, or where the statement is not later than what it takes back
 */
async function takenBack(sovereign: Sovereign, statement: VerifiedApproval): Promise<Rejection> {
  const { recordId, recipient, officer, decision, mode, purpose, addressee, rule, ruleDigest, parts } =
    statement;
  const rejections = await rejectionsOf(sovereign, recordId, recipient);
  const found = rejections.find(
    ({ statement: rejected, parts: kept }) =>
      decision === 'approve' &&
      rejected.officer === officer &&
      rejected.mode === mode &&
      rejected.purpose === purpose &&
      rejected.addressee === addressee &&
      rejected.rule === rule &&
      rejected.ruleDigest === ruleDigest &&
      rejected.atSeconds < statement.atSeconds &&
      [...parts].every((digest) => kept.includes(digest)),
  );
  if (found !== undefined) return found;
  throw new Fault('release.not-held', 'no such release waits here, and the officer has rejected none', {
    fields: { record: recordId, rule },
  });
}

function heldFor(waiting: readonly Waiting[], statement: VerifiedApproval): Waiting | undefined {
  const { recordId, recipient, mode, purpose, addressee, rule, ruleDigest, parts } = statement;
  const held = waiting.find(
    ({ view, peer, item }) =>
      view.header.id === recordId &&
      peer === recipient &&
      item.mode === mode &&
      item.purpose === purpose &&
      item.addressee === addressee &&
      item.rule === rule &&
      [...parts].every((digest) => item.digests.includes(digest)),
  );
  const fields = { record: recordId, rule };
  if (held !== undefined && held.ruleDigest !== ruleDigest)
    throw new Fault('release.rule-changed', 'the rule has changed since the statement was signed', {
      fields,
    });
  return held;
}

function requireEntitled(sovereign: Sovereign, statement: VerifiedApproval, { grounds }: About): void {
  const { officer, roles, rule } = statement;
  // Whoever has rejected it may take that back.
  if (grounds === undefined) return;
  if (officer === grounds.author)
    throw new Fault('release.own-record', 'whoever wrote a record does not decide about its release', {
      fields: { officer },
    });
  const { by } = neededFor(sovereign, rule);
  if (!(roles as readonly string[]).includes(by))
    throw new Fault('release.wrong-role', `the rule asks for a ${by}`, { fields: { officer, role: by } });
}

/**
 * The statements, with looks at their records that are due: now, as a crash after this commit is made good at the next start
 * then; and when they count no longer.
 */
async function storing(sovereign: Sovereign, verified: readonly VerifiedApproval[]): Promise<WriteSet> {
  noteStatements(sovereign.store);
  const set = new WriteSet();
  await listRejections(sovereign, set, verified);
  const atSeconds = sovereign.now();
  for (const statement of verified) {
    const { recordId, recipient, officer, decision, rule, parts, bytes } = statement;
    const untilSeconds = countsUntil(sovereign, statement);
    set
      .put(TABLES.approvals, [recordId, recipient, sha256Hex(bytes)], { bytes, storedAtSeconds: atSeconds })
      .put(TABLES.due, [atSeconds, recordId], atSeconds)
      .put(TABLES.due, [untilSeconds, recordId], atSeconds)
      .audit({
        atSeconds,
        event: decision === 'approve' ? 'release-approved' : 'release-rejected',
        fields: { peer: recipient, record: recordId, officer, rule, parts: parts.size },
      });
  }
  return set;
}

/** An approval counts as long as the rule says at most, a rejection to its own end (disclosure 4.12). */
function countsUntil(
  sovereign: Sovereign,
  { decision, rule, atSeconds, untilSeconds }: VerifiedApproval,
): number {
  const within = decision === 'reject' ? undefined : needOf(sovereign, rule)?.withinSeconds;
  return within === undefined ? untilSeconds : Math.min(untilSeconds, atSeconds + within);
}

/** Releases what has all that it needs by now, unasked or as the answer to the question that it was held back from. */
function releaseDecided(sovereign: Sovereign, about: readonly About[]): Promise<Decided['released']> {
  return sovereign.releases.take(async () => {
    const { peers, store } = sovereign;
    const set = new WriteSet();
    const released: PlannedRelease[] = [];
    for (const [state, held] of Map.groupBy(about, ({ peer }) => peer)) {
      const peer = peers.get(state);
      if (peer === undefined) continue;
      const ids = [...new Set(held.map(({ view }) => view.header.id))];
      const records = (await store.records('real').getMany(ids)).filter((record) => record !== undefined);
      released.push(...(await planStored(sovereign, set, records, [peer], released)));
    }
    await commitReleases(sovereign, set, released);
    return released.map(({ peer, recordId, entry }) => ({
      peer: peers.codeOf(peer) ?? peer,
      record: recordId,
      parts: entry.disclosures.length,
    }));
  });
}
