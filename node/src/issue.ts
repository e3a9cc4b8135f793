import { compareBytes, equalBytes } from '@comity/digest';
import { DocumentFaults, Fault } from '@comity/fault';
import type { KeyCertificate, KeyScope } from '@comity/identity';
import { type DraftContext, issueRecord, parseDraft, type RecordDraft, type View } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { followConsents } from './consents/consents.ts';
import type { Emit } from './control/operation.ts';
import type { Peer } from './peers/peers.ts';
import { sketchToNote } from './policy/record-sketch.ts';
import { localUser } from './process/local-user.ts';
import { assertRecordKey } from './records/record-key.ts';
import { knownNormKinds } from './registry/norm-kinds.ts';
import { entryOfView, entryRow } from './registry/noted-entry.ts';
import { requireHeld } from './registry/remarks.ts';
import { addDue } from './release/due.ts';
import type { Grounds } from './release/grounds.ts';
import { noteHeld } from './release/holds.ts';
import { noteKept } from './release/kept-from.ts';
import type { PlannedRelease } from './release/planned-release.ts';
import { addReleases, announceReleases, planFor } from './release/planned-releases.ts';
import { requireNoRelayWarning } from './release/relay-warnings.ts';
import type { Sovereign } from './sovereign.ts';

export interface IssuedRecord {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly released: { peer: string; parts: number }[];
}

/** Records signed and released in one synced batch. */
const RECORDS_PER_COMMIT = 64;

/**
 * Reads drafts, signs them, and releases to each peer what the policy in force allows, all in one batch for each group of
 * records: record, what waits for the origin log, release ledgers, audit (ARCHITECTURE §6). All drafts are read before the first is signed.
 *
 * @param author the officer who wrote them: nobody approves the release of what he has written
 * @param user the local user who issues them; taken for the author where no officer is named
 * @param acceptRelay issue also what the labels let others hand further than this state would
 * @throws DocumentFaults record.*, label.*, release.relay-* with paths; Fault record.*, node.clock-held, node.record-key-ended,
 *   officer.unknown
 */
export async function issueDrafts(
  sovereign: Sovereign,
  values: readonly unknown[],
  {
    acceptRelay,
    author,
    user = localUser(),
  }: {
    readonly acceptRelay: boolean;
    readonly author?: string | undefined;
    readonly user?: string | undefined;
  },
  emit: Emit,
): Promise<IssuedRecord[]> {
  // A name that is mistyped would keep nobody from approving what he has written.
  if (author !== undefined && !sovereign.officers.isOwn(author))
    throw new Fault('officer.unknown', `${author} is no officer of this state`, {
      fields: { officer: author },
    });
  const context = await draftContext(sovereign);
  const drafts: RecordDraft[] = [];
  for (const [index, value] of values.entries()) {
    const read = async (): Promise<RecordDraft> => {
      const draft = await readDraft(sovereign, value, context);
      if (!acceptRelay) requireNoRelayWarning(sovereign, draft);
      return draft;
    };
    drafts.push(await atIndex(values.length === 1 ? undefined : index, read));
  }
  const issued: IssuedRecord[] = [];
  for (let from = 0; from < drafts.length; from += RECORDS_PER_COMMIT) {
    issued.push(
      ...(await issueTogether(sovereign, drafts.slice(from, from + RECORDS_PER_COMMIT), author ?? user)),
    );
    emit({ progress: 'issuing', done: issued.length, total: drafts.length });
  }
  const { state: issuer } = sovereign.self;
  await followConsents(
    sovereign,
    drafts.map((draft) => ({ ...draft, issuer })),
  );
  return issued;
}

/** What a draft of this state is read with. */
export async function draftContext(sovereign: Sovereign): Promise<DraftContext> {
  const { self, peers } = sovereign;
  const kinds = await knownNormKinds(sovereign);
  return {
    issuer: self.state,
    scheme: self.charter.scheme,
    atSeconds: sovereign.now(),
    stateOf: (code) => (code === self.charter.code ? self.state : peers.stateOf(code)),
    normKindOf: (norm) => kinds.get(norm),
  };
}

/** Reads a draft of this state. @throws DocumentFaults record.*, label.* with paths */
export async function readDraft(
  { store }: Pick<Sovereign, 'store'>,
  value: unknown,
  context: DraftContext,
): Promise<RecordDraft> {
  const draft = parseDraft(value, context);
  await requireHeld(store, draft);
  return draft;
}

/** Signs a draft without storing it: what a preview looks at, and what is then issued. */
export async function sealDraft(sovereign: Sovereign, draft: RecordDraft): Promise<View> {
  const { self, entropy, signers } = sovereign;
  const { view } = await issueRecord(draft, {
    issuer: self.state,
    scheme: self.charter.scheme,
    atSeconds: sovereign.now(),
    entropy,
    signer: signers.record,
    scope: scopeNow(sovereign),
  });
  return view;
}

/** What the record key of this node may sign now, which is less than everything where a ministry has certified it. */
function scopeNow({ self, now, signers }: Sovereign): KeyScope {
  const atSeconds = now();
  const isInForce = ({ notBeforeSeconds, notAfterSeconds, publicKey }: KeyCertificate): boolean =>
    equalBytes(publicKey, signers.record.publicKey) &&
    atSeconds >= notBeforeSeconds &&
    atSeconds < notAfterSeconds;
  // Of several the one that others go by (charter.md 6.6).
  const [found] = self.certificates
    .filter(isInForce)
    .toSorted(
      (a, b) => a.notBeforeSeconds - b.notBeforeSeconds || compareBytes(a.certificateId, b.certificateId),
    );
  return found?.scope ?? {};
}

function issueTogether(
  sovereign: Sovereign,
  drafts: readonly RecordDraft[],
  author: string,
): Promise<IssuedRecord[]> {
  return sovereign.releases.take(() => issueInTurn(sovereign, drafts, author));
}

async function issueInTurn(
  sovereign: Sovereign,
  drafts: readonly RecordDraft[],
  author: string,
): Promise<IssuedRecord[]> {
  assertRecordKey(sovereign);
  const { store, peers, events, remarks } = sovereign;
  const set = new WriteSet();
  const issued: IssuedRecord[] = [];
  const planned: PlannedRelease[] = [];
  for (const draft of drafts) {
    const view = await sealDraft(sovereign, draft);
    const { id, type, subject, issuedAtSeconds } = view.header;
    remarks.note([view.header]);
    const releases: PlannedRelease[] = [];
    addDue(sovereign, set, view);
    const kept: [Peer, Grounds | undefined][] = [];
    for (const peer of peers.all()) {
      const plan = await planFor(sovereign, view, peer.state, { before: [...planned, ...releases] });
      releases.push(...plan.releases);
      await noteHeld(sovereign, set, view, peer.state, plan.held);
      if (plan.releases.length === 0 && plan.held.length === 0) kept.push([peer, plan.grounds]);
    }
    const source = { peer: null, receivedAtSeconds: issuedAtSeconds, ledgerIndex: null };
    const sketch = sketchToNote(view, [source]);
    set
      .putRecord({
        header: view.header,
        bytes: view.bytes,
        disclosures: [...view.disclosures.values()],
        source,
        ...(sketch !== undefined && { sketch }),
        registered: entryRow(entryOfView(view), issuedAtSeconds),
      })
      .put(TABLES.unlogged, [id], 'record')
      .put(TABLES.authors, [id], author)
      .audit({
        atSeconds: issuedAtSeconds,
        event: 'record-issued',
        fields: { record: id, type, user: localUser(), author },
      });
    addReleases(sovereign, set, releases);
    for (const [peer, grounds] of kept) await noteKept(sovereign, set, view, peer, grounds ?? {});
    planned.push(...releases);
    issued.push({ id, type, subject, released: releasedParts(sovereign, releases) });
  }
  // Nobody would open a record that is signed before its key is valid, or ahead of everybody's time.
  sovereign.clock.assertTrusted();
  await store.commit(set);
  for (const { id, type } of issued) events.emit('record-issued', { record: id, type });
  announceReleases(sovereign, planned);
  return issued;
}

function releasedParts(
  { peers }: Sovereign,
  releases: readonly PlannedRelease[],
): { peer: string; parts: number }[] {
  const parts = new Map<string, number>();
  for (const { peer, entry } of releases) {
    const code = peers.codeOf(peer) ?? peer;
    parts.set(code, (parts.get(code) ?? 0) + entry.disclosures.length);
  }
  return [...parts].map(([peer, count]) => ({ peer, parts: count }));
}

/** Reads one draft; among several, its faults are placed under its index. */
async function atIndex(index: number | undefined, read: () => Promise<RecordDraft>): Promise<RecordDraft> {
  try {
    return await read();
  } catch (error) {
    if (index === undefined || !(error instanceof DocumentFaults)) throw error;
    throw new DocumentFaults(error.faults.map((fault) => ({ ...fault, path: [index, ...fault.path] })));
  }
}
