import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { CLOCK_SKEW_SECONDS, headerOf, type RecordId, type View } from '@comity/record';
import { Registry, type SubjectText, subjectKey } from '@comity/registry';
import { type NotedRecord, type StoredRecord, WriteSet } from '@comity/store';
import { WorkSlices } from '../process/work-slices.ts';
import { heldSince, openReadable } from '../records/stored-view.ts';
import { ViewCache } from '../records/view-cache.ts';
import type { Sovereign } from '../sovereign.ts';
import { entryOfView, entryRow, type NotedEntry, notedEntry } from './noted-entry.ts';

type Opening = Pick<Sovereign, 'store' | 'directory' | 'events' | 'now'>;

/** Records read at once. */
const PAGE_RECORDS = 256;

interface Listed {
  readonly issuer: StateId;
  readonly issuedAtSeconds: number;
}

/**
 * The registry of the real records that this node holds and that open (registry.md). It is in memory, and built from what is noted
 * of each record beside it; of what came, changed or went since it was last asked, that record alone is looked at. Whatever is
 * shown of a record is read and verified.
 */
export class KeptRegistry {
  readonly #opening: Opening;
  readonly #views: ViewCache;
  readonly #nowMs: () => number;
  #registry = new Registry();
  /** By type. */
  #listed = new Map<string, Map<RecordId, Listed>>();
  /** Where a record is listed. */
  #types = new Map<RecordId, string>();
  /** Not yet looked at. */
  readonly #changed = new Set<RecordId>();
  /** Dated ahead of the clock: by and by they open. */
  readonly #ahead = new Map<RecordId, number>();
  /** Of the directory by which it was built: with other keys other records open. */
  #revision: number | undefined;
  #loadedMs = 0;
  #atWork: Promise<unknown> = Promise.resolve();

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(opening: Opening, nowMs: () => number) {
    this.#opening = opening;
    this.#nowMs = nowMs;
    this.#views = new ViewCache(opening, nowMs);
    opening.store.onRecords((ids) => {
      for (const id of ids) {
        this.#changed.add(id);
        this.#views.forget(id);
      }
    });
  }

  /** How long it took to build it, in milliseconds. */
  get loadedMs(): number {
    return this.#loadedMs;
  }

  /** The registry as of now. Not to be changed. */
  current(): Promise<Registry> {
    return this.#inTurn(() => this.#bringUpToDate());
  }

  /** Opens each record anew, and notes what goes into the registry of those of which something else was noted, or nothing. */
  rebuild(): Promise<Registry> {
    return this.#inTurn(async () => {
      await this.#load((records) => records.byArrival());
      await this.#bringUpToDate();
    });
  }

  /** Records of a type, newest first; of one issuer where it is said. */
  async idsOfType(type: string, issuer?: StateId): Promise<RecordId[]> {
    await this.current();
    return [...(this.#listed.get(type) ?? [])]
      .filter(([, listed]) => issuer === undefined || listed.issuer === issuer)
      .sort(
        ([id, one], [otherId, other]) =>
          other.issuedAtSeconds - one.issuedAtSeconds || (id < otherId ? 1 : -1),
      )
      .map(([id]) => id);
  }

  /** The type of a record that is held and opens; undefined for any other. */
  async typeOf(id: RecordId): Promise<string | undefined> {
    await this.current();
    return this.#types.get(id);
  }

  /** Records that say something of any of these subjects, each once. */
  async idsAbout(...subjects: readonly SubjectText[]): Promise<RecordId[]> {
    const registry = await this.current();
    return [...new Set(subjects.flatMap((subject) => registry.recordsOf(subjectKey(subject))))];
  }

  /** The views of records, as far as they are held and open, in the order of the ids. */
  async views(ids: readonly RecordId[]): Promise<View[]> {
    const views: View[] = [];
    const slices = new WorkSlices(this.#nowMs);
    for (let at = 0; at < ids.length; at += PAGE_RECORDS) {
      const page = ids.slice(at, at + PAGE_RECORDS);
      for (const record of await slices.during(this.#opening.store.records('real').getMany(page))) {
        const view = record && this.#views.open(record);
        if (view !== undefined) views.push(view);
        await slices.rest();
      }
    }
    return views;
  }

  /** The views of what says something of any of these subjects, in ascending order of ids for each. */
  async about(...subjects: readonly SubjectText[]): Promise<View[]> {
    return this.views(await this.idsAbout(...subjects));
  }

  /** What says that it withdraws any of these records, as far as it opens. Whether it may, the reader judges. */
  async retractionsOf(views: readonly View[]): Promise<View[]> {
    const about = await this.about(...views.map(({ header }): SubjectText => `record ${header.id}`));
    return about.filter(({ header }) => header.retracts !== undefined);
  }

  #inTurn(work: () => Promise<void>): Promise<Registry> {
    const done = this.#atWork.then(work).then(() => this.#registry);
    this.#atWork = done.catch(() => {});
    return done;
  }

  async #bringUpToDate(): Promise<void> {
    const { store, directory } = this.#opening;
    const records = store.records('real');
    // Keys may be learnt while it is built.
    while (this.#revision !== directory.revision)
      await this.#load(() => records.notedByArrival('registered', notedEntry));
    for (const [id, atSeconds] of this.#ahead) if (!this.#isAhead(atSeconds)) this.#changed.add(id);
    while (this.#changed.size > 0) {
      const ids = [...this.#changed].slice(0, PAGE_RECORDS);
      for (const id of ids) this.#changed.delete(id);
      try {
        const found = await records.notedMany(ids, 'registered', notedEntry);
        for (const id of ids) this.#drop(id);
        await this.#take(found.filter((each) => each !== undefined));
      } catch (error) {
        for (const id of ids) this.#changed.add(id);
        throw error;
      }
    }
  }

  async #load(
    chunksOf: (
      records: ReturnType<Opening['store']['records']>,
    ) => AsyncIterable<readonly (StoredRecord | NotedRecord<NotedEntry>)[]>,
  ): Promise<void> {
    const { store, directory } = this.#opening;
    const { revision } = directory;
    const sinceMs = this.#nowMs();
    // Whoever asks meanwhile waits for its turn: nobody sees it half built. Where building fails, it is begun anew.
    this.#revision = undefined;
    this.#registry = new Registry();
    this.#listed = new Map();
    this.#types = new Map();
    this.#ahead.clear();
    this.#changed.clear();
    for await (const chunk of chunksOf(store.records('real')))
      await this.#take(chunk.map((each) => ('bytes' in each ? { record: each } : each)));
    this.#loadedMs = this.#nowMs() - sinceMs;
    this.#revision = revision;
  }

  async #take(found: readonly NotedRecord<NotedEntry>[]): Promise<void> {
    const notes = new WriteSet();
    const slices = new WorkSlices(this.#nowMs);
    for (const { note, record } of found) {
      if (note !== undefined) this.#put(note);
      else this.#putOpened(record, notes);
      await slices.rest();
    }
    await this.#opening.store.commit(notes);
  }

  #putOpened(record: StoredRecord, notes: WriteSet): void {
    const view = openReadable(this.#opening, record);
    if (view === undefined) {
      const { issuedAtSeconds } = headerOf(record.bytes);
      if (this.#isAhead(issuedAtSeconds)) this.#ahead.set(record.id, issuedAtSeconds);
      return;
    }
    const entry = entryOfView(view);
    const heldSinceSeconds = heldSince(record) ?? entry.issuedAtSeconds;
    notes.note('registered', record, entryRow(entry, heldSinceSeconds));
    this.#put({ ...entry, heldSinceSeconds });
  }

  #put(entry: NotedEntry): void {
    const { id, type, issuer, issuedAtSeconds } = entry;
    if (this.#isAhead(issuedAtSeconds)) {
      this.#ahead.set(id, issuedAtSeconds);
      return;
    }
    if (!this.#opens(entry)) return;
    this.#registry.put(entry);
    this.#types.set(id, type);
    const listed = this.#listed.get(type) ?? new Map<RecordId, Listed>();
    this.#listed.set(type, listed.set(id, { issuer, issuedAtSeconds }));
  }

  #drop(id: RecordId): void {
    this.#registry.remove(id);
    this.#ahead.delete(id);
    const type = this.#types.get(id);
    if (type === undefined) return;
    this.#types.delete(id);
    const listed = this.#listed.get(type);
    listed?.delete(id);
    if (listed?.size === 0) this.#listed.delete(type);
  }

  /** It did when it was noted: what may have changed since is what its issuer says of the key. */
  #opens({ kid, issuedAtSeconds, heldSinceSeconds }: NotedEntry): boolean {
    try {
      this.#opening.directory.resolve(kid, 'record', issuedAtSeconds, undefined, heldSinceSeconds);
      return true;
    } catch (error) {
      if (isFault(error)) return false;
      throw error;
    }
  }

  #isAhead(issuedAtSeconds: number): boolean {
    return issuedAtSeconds > this.#opening.now() + CLOCK_SKEW_SECONDS;
  }
}
