import { type VerifiedApproval, verifyApproval } from '@comity/approval';
import { sha256Hex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { closeUpward } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { groundsOf } from './grounds.ts';
import { heldIn } from './held-parts.ts';
import { noteHeld } from './holds.ts';
import type { Peer } from './peers.ts';
import { neededFor, type Waiting, waitingReleases } from './pending.ts';
import { addReleases, commitReleases, planStored } from './planned-releases.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import type { PlannedRelease } from './release.ts';
import type { Sovereign } from './sovereign.ts';

/** What came of the statements of an officer. */
interface Decided {
  readonly stored: number;
  readonly released: { peer: string; record: string; parts: number }[];
  /** Releases that still wait for others. */
  readonly waiting: number;
}

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
  const { officers, now } = sovereign;
  const verified = statements.map((bytes) => verifyApproval(bytes, officers.own, now()));
  const recipients = new Set(verified.map(({ recipient }) => recipient));
  const waiting: Waiting[] = [];
  for (const peer of recipients) waiting.push(...(await waitingReleases(sovereign, peer)));
  const about = verified.map((statement) => {
    const held = waitingFor(waiting, statement);
    requireEntitled(sovereign, statement, held);
    return held;
  });
  if (verified.some(({ decision }) => decision === 'reject')) {
    // What was approved before and has not been fetched yet stays here from now on.
    await reviseDoor(sovereign, storing(sovereign, verified), () => {});
    await reconcile(sovereign, [], emit);
  } else await sovereign.releases.take(() => sovereign.store.commit(storing(sovereign, verified)));
  const released = await releaseDecided(sovereign, about);
  const left = await Promise.all([...recipients].map((peer) => waitingReleases(sovereign, peer)));
  const ids = new Set(verified.map(({ recordId }) => recordId));
  return {
    stored: verified.length,
    released,
    waiting: left.flat().filter(({ view }) => ids.has(view.header.id)).length,
  };
}

function waitingFor(waiting: readonly Waiting[], statement: VerifiedApproval): Waiting {
  const { recordId, recipient, mode, purpose, rule, ruleDigest, parts } = statement;
  const held = waiting.find(
    ({ view, peer, item }) =>
      view.header.id === recordId &&
      peer === recipient &&
      item.mode === mode &&
      item.purpose === purpose &&
      item.rule === rule &&
      [...parts].every((digest) => item.digests.includes(digest)),
  );
  const fields = { record: recordId, rule };
  if (held === undefined) throw new Fault('release.not-held', 'no such release waits here', { fields });
  if (held.ruleDigest !== ruleDigest)
    throw new Fault('release.rule-changed', 'the rule has changed since the statement was signed', {
      fields,
    });
  return held;
}

function requireEntitled(sovereign: Sovereign, statement: VerifiedApproval, { grounds }: Waiting): void {
  const { officer, roles, rule } = statement;
  if (officer === grounds.author)
    throw new Fault('release.own-record', 'whoever wrote a record does not decide about its release', {
      fields: { officer },
    });
  const { by } = neededFor(sovereign, rule);
  if (!(roles as readonly string[]).includes(by))
    throw new Fault('release.wrong-role', `the rule asks for a ${by}`, { fields: { officer, role: by } });
}

/** The statements, with a look at their records that is due: a crash after this commit is made good at the next start. */
function storing(sovereign: Sovereign, verified: readonly VerifiedApproval[]): WriteSet {
  const set = new WriteSet();
  const atSeconds = sovereign.now();
  for (const { recordId, recipient, officer, decision, rule, parts, bytes } of verified) {
    set
      .put(TABLES.approvals, [recordId, recipient, sha256Hex(bytes)], { bytes, storedAtSeconds: atSeconds })
      .put(TABLES.due, [atSeconds, recordId], atSeconds)
      .audit({
        atSeconds,
        event: decision === 'approve' ? 'release-approved' : 'release-rejected',
        fields: { peer: recipient, record: recordId, officer, rule, parts: parts.size },
      });
  }
  return set;
}

/** Releases what has all that it needs by now: what goes unasked as always, what answers a question as that answer. */
function releaseDecided(sovereign: Sovereign, about: readonly Waiting[]): Promise<Decided['released']> {
  return sovereign.releases.take(async () => {
    const { peers } = sovereign;
    const released: PlannedRelease[] = [];
    for (const [state, held] of Map.groupBy(about, ({ peer }) => peer)) {
      const peer = peers.get(state);
      if (peer === undefined) continue;
      released.push(...(await releaseStanding(sovereign, peer, held)));
      for (const each of held) released.push(...(await releaseAnswer(sovereign, each)));
    }
    return released.map(({ peer, recordId, entry }) => ({
      peer: peers.codeOf(peer) ?? peer,
      record: recordId,
      parts: entry.disclosures.length,
    }));
  });
}

async function releaseStanding(
  sovereign: Sovereign,
  peer: Peer,
  held: readonly Waiting[],
): Promise<PlannedRelease[]> {
  const ids = [...new Set(held.map(({ view }) => view.header.id))];
  const records = await sovereign.store.records('real').getMany(ids);
  const set = new WriteSet();
  const planned = await planStored(
    sovereign,
    set,
    records.filter((record) => record !== undefined),
    [peer],
  );
  await commitReleases(sovereign, set, planned);
  return planned;
}

/** What was asked for and held back then is handed over as the answer that it is. */
async function releaseAnswer(sovereign: Sovereign, { view, peer, item }: Waiting): Promise<PlannedRelease[]> {
  const { door, store } = sovereign;
  const { mode, purpose } = item;
  if (mode !== 'query' && door.purposes(mode).includes(purpose)) return [];
  const grounds = await groundsOf(sovereign, view, peer);
  const decision = door.decide(view, peer, mode, purpose, grounds);
  if (decision === undefined || !(await door.concerns(view, peer))) return [];
  const set = new WriteSet();
  await noteHeld(sovereign, set, view, peer, heldIn(view, decision, mode, purpose), {
    mode,
    purposes: [purpose],
  });
  const { digests } = await store.released(peer, view.header.id);
  const fresh = [...decision.released].filter((digest) => !digests.has(digest));
  const release = { digests: [...closeUpward(view, fresh)], mode, purpose, grounds };
  const planned = fresh.length === 0 ? [] : [door.entryFor(view, peer, release)];
  addReleases(sovereign, set, planned);
  await commitReleases(sovereign, set, planned);
  return planned;
}
