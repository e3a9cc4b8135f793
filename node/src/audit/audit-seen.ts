import { existsSync } from 'node:fs';
import { equalBytes, fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type AuditTip, type Store, WriteSet } from '@comity/store';
import { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import type { Home } from '../home.ts';
import { replaceFile } from '../process/replace-file.ts';
import { begunAt, ledgerHolders, PutBack } from '../recovery/put-back.ts';

const MAX_SEEN_BYTES = 1_024;
/** How far the file may be behind, beside what the store itself writes down each second. */
const WRITE_EACH_MS = 5_000;
const FORM = z.strictObject({
  sequence: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The end of the audit chain as it was last seen, in a file of the home beside the directory of the store: whoever puts an older
 * copy of that whole directory in its place is noticed here. It is written after what it names is durable, so that a crash
 * leaves it behind and never ahead.
 */
export class AuditSeen {
  readonly #path: string;
  readonly #store: Store;
  #written: number | undefined;
  #writtenMs = Number.NEGATIVE_INFINITY;

  /**
   * @throws Fault `store.put-back` where the chain does not hold what was seen of it, or the file cannot be read as one
   */
  static async open(home: Home, store: Store): Promise<AuditSeen> {
    const seen = readSeen(home, store);
    if (seen === 'unreadable')
      throw new Fault(
        'store.put-back',
        'audit-seen.json, which says how far the audit log went, is missing or cannot be read',
      );
    if (seen !== undefined && !(await holds(store, seen)))
      throw new Fault(
        'store.put-back',
        `the audit log ends at line ${store.auditTip.sequence} or is another one, and line ${seen.sequence} was seen before`,
        { fields: { sequence: seen.sequence } },
      );
    return new AuditSeen(home.auditSeen, store, seen?.sequence);
  }

  /**
   * Goes on with a store that was put back: a line of the audit log says so, and who and why.
   */
  static async accept(
    home: Home,
    store: Store,
    {
      atSeconds,
      user,
      because,
    }: { readonly atSeconds: number; readonly user: string; readonly because: string },
  ): Promise<void> {
    const found = readSeen(home, store);
    if (found === undefined || (found !== 'unreadable' && (await holds(store, found)))) return;
    const { sequence, hash } = found === 'unreadable' ? NOTHING_SEEN : found;
    const set = new WriteSet().audit({
      atSeconds,
      event: 'store-put-back',
      fields: { sequence, hash: toHex(hash), user, because },
    });
    // In one commit: whoever goes on releases nothing before the peers have given back what was lost.
    await store.commit(PutBack.put(set, begunAt(atSeconds, await ledgerHolders(store))));
    new AuditSeen(home.auditSeen, store, undefined).write();
  }

  /** For a new store: from here on a file that is missing was taken away. */
  static begin({ auditSeen }: Home): void {
    writeSeen(auditSeen, NOTHING_SEEN);
  }

  private constructor(path: string, store: Store, written: number | undefined) {
    this.#path = path;
    this.#store = store;
    this.#written = written;
  }

  /** To be called often: writes the file where the chain has grown and the last time is some seconds ago. */
  keepUp(): void {
    if (performance.now() - this.#writtenMs >= WRITE_EACH_MS) this.write();
  }

  write(): void {
    const tip = this.#store.auditTip;
    if (tip.sequence === this.#written) return;
    writeSeen(this.#path, tip);
    this.#written = tip.sequence;
    this.#writtenMs = performance.now();
  }
}

const NOTHING_SEEN: AuditTip = { sequence: 0, hash: new Uint8Array(32) };

function writeSeen(path: string, { sequence, hash }: AuditTip): void {
  const text = `${JSON.stringify({ sequence, hash: toHex(hash) })}\n`;
  replaceFile(path, new TextEncoder().encode(text), 0o600);
}

/** What was seen; undefined where there was nothing to see yet. A file that is missing later was taken away. */
function readSeen({ auditSeen: path }: Home, { auditTip }: Store): AuditTip | 'unreadable' | undefined {
  if (!existsSync(path)) return auditTip.sequence === 0 ? undefined : 'unreadable';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      readBinaryFile(path, MAX_SEEN_BYTES, 'config'),
    );
    const { sequence, hash } = FORM.parse(JSON.parse(text));
    return { sequence, hash: fromHex(hash) };
  } catch {
    // Whoever goes on with it says so (`accept`): nothing is lost by that but the comparison.
    return 'unreadable';
  }
}

async function holds(store: Store, { sequence, hash }: AuditTip): Promise<boolean> {
  if (sequence === 0) return true;
  if (store.auditTip.sequence < sequence) return false;
  for await (const [entry] of store.audit(sequence, 1))
    return entry !== undefined && equalBytes(entry.hash, hash);
  return false;
}
