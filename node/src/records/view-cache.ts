import { grantOf } from '@comity/ledger';
import type { RecordId, View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { heldSince, openReadable, sameDisclosures } from './stored-view.ts';

type Opening = Pick<Sovereign, 'directory' | 'events' | 'now'>;

interface Entry {
  readonly view: View;
  /** As they were stored when the view was opened. */
  readonly disclosures: readonly Uint8Array[];
  readonly byteLength: number;
  usedAtMs: number;
}

export interface ViewCacheLimits {
  /** Stored bytes of the records whose views are kept; a view takes some ten times as much memory. */
  readonly maxBytes: number;
  /** A view that was used so recently is not given up for another: going through more than fits would keep nothing. */
  readonly keptMs: number;
}

/** Some 160 MB of memory where it is full, which some 10,000 incidents of ten parts fill. */
const DEFAULT_LIMITS: ViewCacheLimits = { maxBytes: 16 * 1_048_576, keptMs: 300_000 };

/**
 * Opened views of stored records, for whoever goes through many of them again and again. A view is given out again only for
 * a row that holds the same bytes and disclosures, signed by a key that is still granted as it was: verification is done
 * once for each stored state, and nothing that changed is seen as it used to be.
 */
export class ViewCache {
  readonly #sovereign: Opening;
  readonly #nowMs: () => number;
  readonly #limits: ViewCacheLimits;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  #byteLength = 0;

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(sovereign: Opening, nowMs: () => number, limits: ViewCacheLimits = DEFAULT_LIMITS) {
    this.#sovereign = sovereign;
    this.#nowMs = nowMs;
    this.#limits = limits;
  }

  /** Stored bytes of the records whose views are kept. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** The view of a record as it is stored; undefined where it does not open, which is told of as by `openReadable`. */
  open(record: StoredRecord): View | undefined {
    const known = this.#entries.get(record.id);
    if (known !== undefined) {
      this.#entries.delete(record.id);
      if (
        sameDisclosures(known.disclosures, record.disclosures) &&
        isGranted(this.#sovereign, known.view, record)
      ) {
        known.usedAtMs = this.#nowMs();
        this.#entries.set(record.id, known);
        return known.view;
      }
      this.#byteLength -= known.byteLength;
    }
    const view = openReadable(this.#sovereign, record);
    if (view !== undefined) this.#keep(record, view);
    return view;
  }

  /** A record has changed or went: its view is kept no longer. */
  forget(id: RecordId): void {
    this.#byteLength -= this.#entries.get(id)?.byteLength ?? 0;
    this.#entries.delete(id);
  }

  #keep(record: StoredRecord, view: View): void {
    const { maxBytes, keptMs } = this.#limits;
    const byteLength = record.disclosures.reduce((sum, { length }) => sum + length, record.bytes.length);
    const nowMs = this.#nowMs();
    for (const [id, oldest] of this.#entries) {
      if (this.#byteLength + byteLength <= maxBytes || nowMs - oldest.usedAtMs < keptMs) break;
      this.#entries.delete(id);
      this.#byteLength -= oldest.byteLength;
    }
    if (this.#byteLength + byteLength > maxBytes) return;
    this.#entries.set(record.id, { view, disclosures: record.disclosures, byteLength, usedAtMs: nowMs });
    this.#byteLength += byteLength;
  }
}

/** Whether the key that signed is known as it was when the view was opened. */
function isGranted({ directory }: Opening, { header, record }: View, stored: StoredRecord): boolean {
  try {
    return (
      grantOf(
        directory.resolve(header.kid, 'record', header.issuedAtSeconds, undefined, heldSince(stored)),
        directory,
      ) === record.grant
    );
  } catch {
    // Why not is told when the record is opened anew.
    return false;
  }
}
