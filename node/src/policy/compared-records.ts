import { type Embargo, embargoesText } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { VerifiedKeyCertificate } from '@comity/identity';
import type { RecordId } from '@comity/record';
import {
  type NotedRecord,
  type RecordSource,
  type RowValue,
  type StoredRecord,
  WriteSet,
} from '@comity/store';
import type { FoundKind, RecordSorter, SortedRecord } from '../jobs/record-sorter.ts';
import type { Sovereign } from '../sovereign.ts';
import { type NotedSketch, notedSketch } from './record-sketch.ts';

/** A record of which the kind is known. */
export interface ComparedRecord {
  readonly id: RecordId;
  readonly sources: readonly Pick<RecordSource, 'peer' | 'parts'>[];
  readonly kind: FoundKind;
  /** The record itself; undefined where it was erased meanwhile. */
  read(): Promise<StoredRecord | undefined>;
}

/** Records of which the same was noted, signed by the same key: all are of the kind of the first of them. */
interface SketchClass {
  readonly round: number;
  /** Undefined until the first one is opened, and where it does not open. */
  kind: FoundKind;
}

/** Records read at once. */
interface Batch {
  readonly items: readonly Item[];
  readonly opened: Promise<readonly Opened[]>;
}

interface Item {
  /** What was noted of the record; undefined where it was read itself. */
  readonly noted: NotedSketch | undefined;
  readonly sketchClass: SketchClass | undefined;
  /** Place among those that are opened; undefined where it is not. */
  readonly place: number | undefined;
}

interface Opened {
  /** Undefined: erased meanwhile. */
  readonly record: StoredRecord | undefined;
  readonly kind: FoundKind;
  /** What is to be noted of it. */
  readonly sketch: RowValue | undefined;
}

/** Classes kept before beginning anew: tens of megabytes, reached by hostile variety only. */
const MAX_CLASSES = 131_072;

/**
 * All real records in the order of their arrival, each with its kind. Of a record of which something is noted that is read and
 * no more, and one of each class is opened. What had to be opened is noted for the next time.
 */
export class ComparedRecords {
  readonly #sovereign: Sovereign;
  readonly #sorter: RecordSorter;
  readonly #embargoes: readonly Embargo[];
  readonly #atSeconds: number;
  readonly #isParticular: (record: RecordId) => boolean;
  readonly #classes = new Map<string, SketchClass>();
  readonly #certificates = new Map<VerifiedKeyCertificate, number>();
  #round = 0;

  /**
   * @param embargoes of the policies that are compared
   * @param isParticular whether something is known of a record beside what it says itself
   */
  constructor(
    sovereign: Sovereign,
    sorter: RecordSorter,
    embargoes: readonly Embargo[],
    atSeconds: number,
    isParticular: (record: RecordId) => boolean,
  ) {
    this.#sovereign = sovereign;
    this.#sorter = sorter;
    this.#embargoes = embargoes;
    this.#atSeconds = atSeconds;
    this.#isParticular = isParticular;
  }

  /** From now on nothing is taken to be of the kind of a record from before: what is known of kinds is forgotten. */
  beginAnew(): void {
    this.#classes.clear();
    this.#round += 1;
  }

  /** Each portion is to be gone through before the next is asked for, each record of it before the next one. */
  async *portions(): AsyncGenerator<AsyncIterable<ComparedRecord>> {
    const underWay: Batch[] = [];
    const records = this.#sovereign.store.records('real');
    for await (const chunk of records.notedByArrival('sketch', notedSketch)) {
      underWay.push(this.#begin(chunk));
      if (underWay.length >= this.#sorter.width) yield this.#compared(underWay.shift() as Batch);
    }
    while (underWay.length > 0) yield this.#compared(underWay.shift() as Batch);
  }

  #begin(chunk: readonly NotedRecord<NotedSketch>[]): Batch {
    const toOpen: (StoredRecord | RecordId)[] = [];
    const items = chunk.map(({ record, note: noted }): Item => {
      if (noted === undefined) return { noted, sketchClass: undefined, place: toOpen.push(record) - 1 };
      const key = this.#classKeyOf(noted);
      const known = key === undefined ? undefined : this.#classes.get(key);
      if (known !== undefined) return { noted, sketchClass: known, place: undefined };
      const sketchClass = key === undefined ? undefined : this.#newClass(key);
      return { noted, sketchClass, place: toOpen.push(noted.id) - 1 };
    });
    const opened = this.#open(toOpen);
    // It is awaited later: until then a failure is nobody's.
    opened.catch(() => {});
    return { items, opened };
  }

  async #open(toOpen: readonly (StoredRecord | RecordId)[]): Promise<readonly Opened[]> {
    if (toOpen.length === 0) return [];
    const ids = toOpen.filter((each) => typeof each === 'string');
    const read = await this.#sovereign.store.records('real').getMany(ids);
    const byId = new Map(ids.map((id, place) => [id, read[place]]));
    const records = toOpen.map((each) => (typeof each === 'string' ? byId.get(each) : each));
    const found = records.filter((record) => record !== undefined);
    const sorted = await this.#sorter.sort(
      found.map((record) => ({ ...record, isNoted: byId.has(record.id) })),
    );
    let next = 0;
    return records.map((record) =>
      record === undefined
        ? { record, kind: undefined, sketch: undefined }
        : { record, ...(sorted[next++] as SortedRecord) },
    );
  }

  async *#compared({ items, opened: opening }: Batch): AsyncGenerator<ComparedRecord> {
    const opened = await opening;
    const notes = new WriteSet();
    for (const item of items) {
      const { noted, sketchClass, place } = item;
      if (noted !== undefined && place === undefined) {
        const kind = sketchClass?.round === this.#round ? sketchClass.kind : undefined;
        if (kind !== undefined) yield this.#asNoted(noted, kind);
        else {
          const [own] = await this.#open([noted.id]);
          if (own?.record !== undefined) yield asRead(own.record, own.kind);
        }
        continue;
      }
      const { record, kind, sketch } = opened[place as number] as Opened;
      if (record === undefined) continue;
      if (sketchClass !== undefined) sketchClass.kind = kind;
      if (sketch !== undefined) notes.note('sketch', record, sketch);
      yield asRead(record, kind);
    }
    await this.#sovereign.store.commit(notes);
  }

  #asNoted({ id, peer }: NotedSketch, kind: FoundKind): ComparedRecord {
    const records = this.#sovereign.store.records('real');
    return { id, sources: [{ peer }], kind, read: () => records.get(id) };
  }

  /** Undefined of a record that is to be opened in any case. */
  #classKeyOf(noted: NotedSketch): string | undefined {
    const { id, digest, kid, issuedAtSeconds, receivedAtSeconds, peer } = noted;
    // What is dated ahead does not open, and by and by it does.
    if (this.#isParticular(id) || issuedAtSeconds > this.#atSeconds) return undefined;
    const certificate = this.#certificateOf(kid, issuedAtSeconds, receivedAtSeconds);
    if (certificate === undefined) return undefined;
    const embargoes = embargoesText(noted, this.#embargoes, this.#atSeconds);
    return `${digest} ${certificate} ${peer} ${embargoes}`;
  }

  /** The number of the certificate by which a record opens today; undefined where it does not. */
  #certificateOf(kid: Uint8Array, issuedAtSeconds: number, heldSinceSeconds: number): number | undefined {
    try {
      const { directory } = this.#sovereign;
      const certificate = directory.resolve(kid, 'record', issuedAtSeconds, undefined, heldSinceSeconds);
      const number = this.#certificates.get(certificate) ?? this.#certificates.size;
      this.#certificates.set(certificate, number);
      return number;
    } catch (error) {
      if (isFault(error)) return undefined;
      throw error;
    }
  }

  #newClass(key: string): SketchClass {
    if (this.#classes.size >= MAX_CLASSES) this.#classes.clear();
    const fresh = { round: this.#round, kind: undefined };
    this.#classes.set(key, fresh);
    return fresh;
  }
}

function asRead(record: StoredRecord, kind: FoundKind): ComparedRecord {
  return { id: record.id, sources: record.sources, kind, read: async () => record };
}
