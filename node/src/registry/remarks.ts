import { DocumentFaults } from '@comity/fault';
import {
  isAboutRecord,
  type RecordDraft,
  type RecordHeader,
  type RecordId,
  recordAbout,
  recordTypes,
} from '@comity/record';
import type { Store, StoredRecord } from '@comity/store';

const TYPES: readonly string[] = recordTypes.filter(({ aboutRecord }) => aboutRecord).map(({ id }) => id);

/**
 * Of which records something is held that is about them: sightings, annotations, attributions. In memory, ids only: whenever
 * anything is released it is asked, and most records have none.
 */
export class Remarks {
  readonly #records: Set<RecordId>;

  private constructor(records: Set<RecordId>) {
    this.#records = records;
  }

  static async load(store: Store): Promise<Remarks> {
    const found = new Set<RecordId>();
    for (const type of TYPES) {
      for await (const subject of store.records('real').subjectsOf(type)) {
        const record = recordAbout({ type, subject });
        if (record !== undefined) found.add(record);
      }
    }
    return new Remarks(found);
  }

  /** Told before they are stored: one more than there are costs a look, one less would leave somebody uninformed. */
  note(headers: Iterable<Pick<RecordHeader, 'type' | 'subject'>>): void {
    for (const header of headers) {
      const record = recordAbout(header);
      if (record !== undefined) this.#records.add(record);
    }
  }

  areAbout(record: RecordId): boolean {
    return this.#records.has(record);
  }

  /** What is about a record, oldest first within each type. */
  async about(store: Pick<Store, 'records'>, record: RecordId): Promise<StoredRecord[]> {
    if (!this.#records.has(record)) return [];
    const records = store.records('real');
    return (await Promise.all(TYPES.map((type) => records.bySubject(`${type}/${record}`)))).flat();
  }
}

/**
 * Whoever says something about a record has that record: about what it does not hold, nobody could be told.
 *
 * @throws DocumentFaults record.not-found
 */
export async function requireHeld(store: Pick<Store, 'records'>, draft: RecordDraft): Promise<void> {
  if (!isAboutRecord(draft.type)) return;
  const realm = draft.exercise === undefined ? 'real' : 'exercise';
  const [arrival] = await store.records(realm).arrivalsOf([draft.subjectId as RecordId]);
  if (arrival !== undefined) return;
  const message = 'the record that this is about is not held here';
  throw new DocumentFaults([{ code: 'record.not-found', path: ['subject'], message }]);
}
