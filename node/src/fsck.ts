import { existsSync } from 'node:fs';
import { Fault } from '@comity/fault';
import { Store } from '@comity/store';
import type { Home } from './home.ts';

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
 * and audit line is looked at. Only `rebuild` writes, and only derived rows.
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
    if (rebuild) await store.rebuildDerived();
    return {
      rows: Object.values(report.rows).reduce((sum, count) => sum + count, 0),
      records: report.records,
      logEntries: report.logEntries,
      auditEntries: report.auditEntries,
      findings: report.findings.map(({ code, message, fields }) => ({
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
