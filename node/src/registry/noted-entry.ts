import { fromHex, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type RegistryEntry, registryEntry } from '@comity/registry';
import type { RowValue } from '@comity/store';

/** What goes into the registry of a record that has been opened, and by which key it opens. */
export interface OpenedEntry extends RegistryEntry {
  readonly type: string;
  readonly issuer: StateId;
  readonly issuedAtSeconds: number;
  /** The key that signed it. */
  readonly kid: Uint8Array;
}

/** The same of a record that is held. */
export interface NotedEntry extends OpenedEntry {
  /** Since when, by the clock of this node, UTC seconds. */
  readonly heldSinceSeconds: number;
}

type EntryRow = [
  version: number,
  id: Uint8Array,
  type: string,
  issuer: StateId,
  issuedAtSeconds: number,
  heldSinceSeconds: number,
  kid: Uint8Array,
  shown: Uint8Array,
  subjects: Uint8Array[],
];

const VERSION = 1;

/** What of an opened record goes into the registry. */
export function entryOfView(view: View): OpenedEntry {
  const { type, issuer, issuedAtSeconds, kid } = view.header;
  return { ...registryEntry(view), type, issuer, issuedAtSeconds, kid };
}

/** The row that is noted of a record, so that the registry is built without opening it. Sealed, as its content is. */
export function entryRow(entry: OpenedEntry, heldSinceSeconds: number): RowValue {
  const row: EntryRow = [
    VERSION,
    fromHex(entry.id),
    entry.type,
    entry.issuer,
    entry.issuedAtSeconds,
    heldSinceSeconds,
    entry.kid,
    entry.shown,
    entry.subjects.map(fromHex),
  ];
  return row;
}

/** What was noted; undefined where another version noted it. */
export function notedEntry(row: RowValue): NotedEntry | undefined {
  if (!Array.isArray(row) || row[0] !== VERSION) return undefined;
  const [, id, type, issuer, issuedAtSeconds, heldSinceSeconds, kid, shown, subjects] =
    row as unknown as EntryRow;
  return {
    id: toHex(id) as RecordId,
    ...{ type, issuer, kid, shown },
    issuedAtSeconds: Number(issuedAtSeconds),
    heldSinceSeconds: Number(heldSinceSeconds),
    subjects: subjects.map(toHex),
  };
}
