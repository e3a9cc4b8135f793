import { Fault } from '@comity/fault';
import { isStateId, type StateId } from '@comity/label';
import { readIfPresent, replaceFile } from './durable-file.ts';

/** The format of keys, rows and files that this version reads and writes. */
export const STORE_FORMAT = 3;

/** What store.json says. It is written once, last of all, when a store is made. */
export interface StoreMarker {
  readonly format: number;
  readonly state: StateId;
}

/** Undefined where there is no marker. @throws Fault `store.damaged`, `store.format-unsupported` */
export async function readMarker(path: string): Promise<StoreMarker | undefined> {
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  const { format, state } = parse(text);
  if (typeof format !== 'number' || typeof state !== 'string' || !isStateId(state)) {
    throw new Fault('store.damaged', 'store.json is not a marker of a store');
  }
  if (format !== STORE_FORMAT) {
    throw new Fault('store.format-unsupported', `expected format ${STORE_FORMAT}, got ${format}`, {
      fields: { expected: STORE_FORMAT, got: format },
    });
  }
  return { format, state };
}

export async function writeMarker(path: string, state: StateId): Promise<void> {
  await replaceFile(path, `${JSON.stringify({ format: STORE_FORMAT, state })}\n`);
}

function parse(text: string): { format?: unknown; state?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
