import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import {
  decodeStateCard,
  KeyDirectory,
  MAX_CARD_BYTES,
  type VerifiedCharter,
  verifyCharters,
  verifyKeyCertificate,
  verifyKeyState,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import {
  type Finding,
  REALMS,
  type RowValue,
  Store,
  type StoredRecord,
  TABLES,
  WriteSet,
} from '@comity/store';
import { readBinaryFile } from '../config/binary-file.ts';
import type { Home } from '../home.ts';
import { faultOf, heldSince, openStored } from '../records/stored-view.ts';
import { entryOfView, entryRow, type NotedEntry, notedEntry } from '../registry/noted-entry.ts';

export interface FsckResult {
  readonly rows: number;
  readonly records: number;
  readonly logEntries: number;
  readonly auditEntries: number;
  readonly findings: { code: string; detail: string }[];
  readonly rebuilt: boolean;
}

/**
 * Checks the store of a node that does not run. Opening alone proves files and heads; then every row, record, log, index
 * and audit line is looked at, and each record is opened with what is held of it. Only `rebuild` writes, and only derived
 * rows.
 *
 * @throws Fault node.home-missing, store.locked; damage is a finding, not an exception, wherever the store still opens
 */
export async function fsckHome(
  home: Home,
  rebuild: boolean,
  progress: (text: string) => void,
): Promise<FsckResult> {
  if (!existsSync(home.config))
    throw new Fault('node.home-missing', `no node at ${home.root}`, { fields: { home: home.root } });
  const store = await Store.open(home.store);
  try {
    const report = await store.fsck({
      onProgress: ({ step, done }) => progress(`checking ${step}: ${done}`),
    });
    const unreadable = await checkViews(home, store, rebuild, (done) => progress(`checking views: ${done}`));
    if (rebuild) await store.rebuildDerived();
    return {
      rows: Object.values(report.rows).reduce((sum, count) => sum + count, 0),
      records: report.records,
      logEntries: report.logEntries,
      auditEntries: report.auditEntries,
      findings: [...report.findings, ...unreadable].map(({ code, message, fields }) => ({
        code,
        detail: `${message}${
          Object.keys(fields).length > 0
            ? ` (${Object.entries(fields)
                .map(([name, value]) => `${name} ${String(value)}`)
                .join(', ')})`
            : ''
        }`,
      })),
      rebuilt: rebuild,
    };
  } finally {
    await store.close();
  }
}

/** Unreadable records that are listed one by one. */
const MAX_UNREADABLE = 1_000;

/** What its issuer says of a key since is no damage of the store: the record is as it was. */
const KEY_ENDED: ReadonlySet<FaultCode> = new Set([
  'identity.key-not-listed',
  'identity.key-revoked',
  'identity.key-superseded',
]);

/** Opens each record as the node would: signature, key, labels and all disclosures together. */
async function checkViews(
  home: Home,
  store: Store,
  rebuild: boolean,
  progress: (done: number) => void,
): Promise<Finding[]> {
  const directory = await knownKeys(home, store);
  const known = { directory, now: () => Math.floor(Date.now() / 1000) };
  const findings: Finding[] = [];
  let done = 0;
  try {
    for (const realm of REALMS) {
      for await (const chunk of store.records(realm).byArrival()) {
        const notes = new WriteSet();
        const ids = chunk.map(({ id }) => id);
        const noted = await store.records(realm).notedMany(ids, 'registered', notedEntry);
        for (const [place, record] of chunk.entries()) {
          const code = faultOf(known, record);
          if (code === undefined) {
            const row = rowToNote(known, record, noted[place]?.note);
            if (row === undefined) continue;
            notes.note('registered', record, row);
            if (noted[place]?.note !== undefined && findings.length < MAX_UNREADABLE) {
              const fields = { record: record.id, realm };
              const message = 'what the registry keeps of a record is not what it says';
              findings.push({ code: 'store.index-missing', message, fields });
            }
            continue;
          }
          if (KEY_ENDED.has(code) || findings.length >= MAX_UNREADABLE) continue;
          const fields = { record: record.id, realm, cause: code };
          findings.push({ code: 'node.record-unreadable', message: 'a record does not open', fields });
        }
        if (rebuild) await store.commit(notes);
        done += chunk.length;
        progress(done);
      }
    }
  } catch (error) {
    // A damaged row ends the walk; the check of rows has found it already.
    if (!isFault(error)) throw error;
  }
  return findings;
}

/** What the registry is to keep of a record, where that is not what it keeps. */
function rowToNote(
  known: Parameters<typeof openStored>[0],
  record: StoredRecord,
  note: NotedEntry | undefined,
): RowValue | undefined {
  const row = entryRow(entryOfView(openStored(known, record)), heldSince(record) ?? 0);
  const kept = note && entryRow(note, note.heldSinceSeconds);
  return isDeepStrictEqual(row, kept) ? undefined : row;
}

/** The keys of everybody known here, as far as the stored documents verify: what does not, shows in the records it signs. */
async function knownKeys(home: Home, store: Store): Promise<KeyDirectory> {
  const directory = new KeyDirectory();
  const own = decodeStateCard(readBinaryFile(home.card, MAX_CARD_BYTES, 'config'));
  directory.add(own.charter, own.certificates, { keyState: own.keyState });
  const documents = await store.list(TABLES.documents, []);
  const stored = (state: StateId, kind: string): Uint8Array[] =>
    documents.flatMap(({ key, row }) => (key[0] === state && key[1] === kind ? [row.bytes] : []));
  for (const state of new Set(documents.map(({ key }) => key[0]))) {
    attempt(() => {
      for (const charter of verifyCharters(stored(state, 'charter'))) addStored(directory, charter, stored);
    });
  }
  return directory;
}

/** Each for itself: what is wrong with one does not keep records from being read that were signed under another. */
function addStored(
  directory: KeyDirectory,
  charter: VerifiedCharter,
  stored: (state: StateId, kind: string) => Uint8Array[],
): void {
  const { state } = charter;
  directory.add(charter, []);
  for (const bytes of stored(state, 'key-state'))
    attempt(() => directory.add(charter, [], { keyState: verifyKeyState(bytes, charter) }));
  for (const bytes of stored(state, 'certificate'))
    attempt(() => directory.add(charter, [verifyKeyCertificate(bytes, charter)]));
}

function attempt(addition: () => void): void {
  try {
    addition();
  } catch (error) {
    if (!isFault(error)) throw error;
  }
}
