import { sha256, toHex } from '@comity/digest';
import type { Dossier } from '@comity/dossier';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Emit } from '../control/operation.ts';
import { originProof } from '../logs/log-proof.ts';
import type { DossierExported } from '../operations/dossier.ts';
import { formatTime } from '../operations/shapes.ts';
import type { Peer } from '../peers/peers.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { issuerName, titleText } from '../records/summary.ts';
import { told, toldParts } from '../release/outcomes.ts';
import { commitReleases } from '../release/planned-releases.ts';
import { EXPORT_DOSSIER, putRead, type ReadBy, readBy } from '../release/reads.ts';
import { assertServed } from '../release/served.ts';
import type { Sovereign } from '../sovereign.ts';
import { documentsOf, isVerifiable } from './dossier-documents.ts';
import { encodeFitting } from './dossier-limits.ts';
import { type Notifications, notificationsWith, type ShownNotification } from './dossier-notifications.ts';
import { type ChosenRecord, DossierRecords, type LeftOut } from './dossier-records.ts';

export interface DossierRequest {
  /** Ids of records, or their first characters. */
  readonly ids: readonly string[];
  /** Code of the state whose readers the file is for. */
  readonly to: string;
  readonly purpose: string;
  /** Codes of states whose notifications are shown beside those of the reader. */
  readonly notified: readonly string[];
  /** Only say what it would hold. */
  readonly dryRun: boolean;
  /** SHA-256 of the file that a person has agreed to. */
  readonly confirmed?: string | undefined;
  /** What an officer has signed who makes it, about the digest of the file. */
  readonly act?: Uint8Array | undefined;
}

/** What a file is made of. */
interface Composed {
  readonly records: DossierRecords;
  readonly proofs: ReadonlyMap<string, string>;
  readonly notifications: readonly ShownNotification[];
  readonly leftOut: readonly LeftOut[];
  readonly bytes: Uint8Array;
}

/**
 * Makes one file of records as the readers of a state may be shown them, with what they are verified with. Before it is given
 * out, what that state was not released before is in its ledger, and the export is a line of the audit chain: all in one commit.
 *
 * @throws Fault record.not-found, record.ambiguous-id, peer.*, node.clock-held, node.put-back-held, dossier.not-released,
 *   dossier.retraction-withheld, dossier.too-large, dossier.changed-meanwhile, act.*, approval.*, officer.*
 */
export function exportDossier(
  sovereign: Sovereign,
  request: DossierRequest,
  emit: Emit,
): Promise<DossierExported> {
  return sovereign.releases.take(async () => {
    const { peers, door, store } = sovereign;
    const reader = peers.byCode(request.to);
    assertServed(sovereign, reader.state);
    // What is refused because of it would be released otherwise: it is said first.
    door.assertOpen(reader.state);
    const others = request.notified.map((code) => peers.byCode(code));
    const records = new DossierRecords(sovereign, reader, request.purpose);
    try {
      await records.choose(request.ids, emit);
    } catch (error) {
      // What waits for officers is in their queue, so that they can let it go.
      const isRefused =
        isFault(error, 'dossier.not-released') || isFault(error, 'dossier.retraction-withheld');
      if (isRefused && !request.dryRun && !records.waiting.isEmpty) await store.commit(records.waiting);
      throw error;
    }
    const composed = await compose(sovereign, records, reader, others, emit);
    if (!request.dryRun) {
      assertConfirmed(composed, request);
      const by = readBy(sovereign, EXPORT_DOSSIER, toHex(sha256(composed.bytes)), request.act);
      noteExport(sovereign, composed, reader, request.purpose, by);
      await commitReleases(sovereign, records.set, records.planned);
    }
    return described(sovereign, request, composed);
  });
}

/** Between a preview and the file a policy may have changed, a receipt may have come. @throws Fault dossier.changed-meanwhile */
function assertConfirmed({ bytes }: Composed, { confirmed }: DossierRequest): void {
  if (confirmed === undefined || toHex(sha256(bytes)) === confirmed) return;
  throw new Fault('dossier.changed-meanwhile', 'the file would not be the one that was shown any more');
}

async function compose(
  sovereign: Sovereign,
  records: DossierRecords,
  reader: Peer,
  others: readonly Peer[],
  emit: Emit,
): Promise<Composed> {
  const chosen = [...records.chosen.values()];
  const parties = new Map([reader, ...others].map((peer) => [peer.state, peer]));
  const proofs = new Map<string, string>();
  const found: Notifications[] = [];
  const leftOut: LeftOut[] = [...records.leftOut];
  const signatories = new Set<StateId>([sovereign.self.state]);
  for (const [place, record] of chosen.entries()) {
    emit({ progress: 'proving', done: place + 1, total: chosen.length });
    const { id, issuer, kid } = record.view.header;
    signatories.add(issuer);
    if (!isVerifiable(sovereign, issuer, kid))
      leftOut.push({ record: id, what: 'keys', state: null, reason: 'no-certificate' });
    const proof = issuer === sovereign.self.state ? await originProof(sovereign, id) : undefined;
    if (proof !== undefined) {
      proofs.set(id, proof.text);
      for (const cosigner of proof.cosigners) signatories.add(cosigner);
    }
    for (const peer of parties.values())
      found.push(await notificationsWith(sovereign, record, peer, reader.state));
  }
  const notifications = found.flatMap(({ shown }) => shown);
  for (const { sender, recipient } of notifications) signatories.add(sender).add(recipient);
  const documents = documentsOf(sovereign, signatories);
  const dossier: Dossier = {
    federation: sovereign.federation.name,
    ...documents,
    records: chosen.map(({ view, shown }) => {
      const proof = proofs.get(view.header.id);
      return { ...sovereign.door.hand(view, shown), ...(proof !== undefined && { proof }) };
    }),
    notifications: notifications.map(({ sender, recipient, entry, proof, receipt }) => ({
      ...{ sender, recipient, entry, proof, receipt },
    })),
  };
  return {
    records,
    proofs,
    notifications,
    leftOut: [...leftOut, ...found.flatMap((each) => each.leftOut)],
    bytes: encodeFitting(dossier),
  };
}

function noteExport(
  sovereign: Sovereign,
  { records, notifications, bytes }: Composed,
  reader: Peer,
  purpose: string,
  by: ReadBy | undefined,
): void {
  for (const id of records.chosen.keys()) putRead(sovereign, records.set, id, 'dossier.export', by);
  records.set.audit({
    atSeconds: sovereign.now(),
    event: 'dossier-exported',
    fields: {
      peer: reader.state,
      records: [...records.chosen.keys()].sort().join(' '),
      notifications: notifications.length,
      purpose,
      sha256: toHex(sha256(bytes)),
      policy: sovereign.policy?.digest ?? '',
    },
  });
}

function described(
  sovereign: Sovereign,
  { to, purpose, dryRun }: DossierRequest,
  { records, proofs, notifications, leftOut, bytes }: Composed,
): DossierExported {
  return {
    ...{ to, purpose },
    records: [...records.chosen.values()].map((record) => recordTold(sovereign, record, proofs)),
    notifications: notifications.map(({ record, sender, recipient, atSeconds, receivedAtSeconds }) => ({
      record,
      sender: codeOrId(sovereign, sender),
      recipient: codeOrId(sovereign, recipient),
      at: formatTime(atSeconds),
      receivedAt: formatTime(receivedAtSeconds),
    })),
    leftOut: [...leftOut],
    bytes: bytes.length,
    sha256: toHex(sha256(bytes)),
    content: dryRun ? null : Buffer.from(bytes).toString('base64'),
  };
}

function recordTold(
  sovereign: Sovereign,
  { view, why, decision, shown, isNew }: ChosenRecord,
  proofs: ReadonlyMap<string, string>,
): DossierExported['records'][number] {
  const { id, issuer } = view.header;
  const missing = issuer === sovereign.self.state ? 'not-logged-yet' : 'log-of-another';
  return {
    record: id,
    title: titleText(view),
    issuer: issuerName(sovereign, view),
    ...{ why, outcome: decision.outcome, isNew },
    envelope: told(decision.envelope),
    parts: toldParts(sovereign, view, decision, shown),
    proof: proofs.has(id) ? 'logged' : missing,
  };
}
