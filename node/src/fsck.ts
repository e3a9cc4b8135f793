import { existsSync } from 'node:fs';
import { Fault, isFault } from '@comity/fault';
import {
  decodeStateCard,
  KeyDirectory,
  MAX_CARD_BYTES,
  type VerifiedCharter,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { type Finding, REALMS, Store, TABLES } from '@comity/store';
import { readBinaryFile } from './config/binary-file.ts';
import type { Home } from './home.ts';
import { faultOf } from './stored-view.ts';

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
    const unreadable = await checkViews(home, store, (done) => progress(`checking views: ${done}`));
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

/** Opens each record as the node would: signature, key, labels and all disclosures together. */
async function checkViews(home: Home, store: Store, progress: (done: number) => void): Promise<Finding[]> {
  const directory = await knownKeys(home, store);
  const known = { directory, now: () => Math.floor(Date.now() / 1000) };
  const findings: Finding[] = [];
  let done = 0;
  try {
    for (const realm of REALMS) {
      for await (const chunk of store.records(realm).byArrival()) {
        for (const record of chunk) {
          const code = faultOf(known, record);
          if (code === undefined || findings.length >= MAX_UNREADABLE) continue;
          const fields = { record: record.id, realm, cause: code };
          findings.push({ code: 'node.record-unreadable', message: 'a record does not open', fields });
        }
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

/** The keys of everybody known here, as far as the stored documents verify: what does not, shows in the records it signs. */
async function knownKeys(home: Home, store: Store): Promise<KeyDirectory> {
  const directory = new KeyDirectory();
  const own = decodeStateCard(readBinaryFile(home.card, MAX_CARD_BYTES, 'config'));
  directory.add(own.charter, own.certificates);
  const charters = new Map<StateId, VerifiedCharter>();
  const documents = await store.list(TABLES.documents, []);
  for (const { key, row } of documents) {
    if (key[1] !== 'charter') continue;
    attempt(() => {
      const charter = verifyCharter(row.bytes);
      directory.add(charter, []);
      charters.set(key[0], charter);
    });
  }
  for (const { key, row } of documents) {
    const charter = charters.get(key[0]);
    if (key[1] === 'certificate' && charter !== undefined)
      attempt(() => directory.add(charter, [verifyKeyCertificate(row.bytes, charter)]));
  }
  return directory;
}

function attempt(addition: () => void): void {
  try {
    addition();
  } catch (error) {
    if (!isFault(error)) throw error;
  }
}
