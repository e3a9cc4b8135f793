import { fromHex, toHex } from '@comity/digest';
import type { RecordId } from '@comity/record';
import { DigestMap } from './digest-map.ts';
import type { RegistryEntry } from './registry-entry.ts';

/**
 * Which records say something of which subject, with a digest of each subject and of all (registry.md): a function of the
 * records that are held and of their parts, whatever the order in which they came and however often. Nothing in it depends on the
 * time: what is in force, due or over at a time is worked out from the records of a subject when it is asked.
 */
export class Registry {
  readonly #entries = new Map<RecordId, RegistryEntry>();
  /** By subject in hexadecimal the records that are about it, with what is shown of each. */
  readonly #folds = new Map<string, DigestMap>();
  readonly #all = new DigestMap();
  /** Subjects of which the digest in `#all` is not that of now. */
  readonly #changed = new Set<string>();

  /** Records in it. */
  get size(): number {
    return this.#entries.size;
  }

  /** Subjects in it. */
  get subjectCount(): number {
    return this.#folds.size;
  }

  /** Of everything, 32 bytes: two registries have the same where they hold the same. */
  get digest(): Uint8Array {
    for (const subject of this.#changed) {
      const fold = this.#folds.get(subject);
      if (fold === undefined) this.#all.delete(fromHex(subject));
      else this.#all.set(fromHex(subject), fold.digest);
    }
    this.#changed.clear();
    return this.#all.digest;
  }

  /** Of one subject by its key, 32 bytes; undefined where no record is about it. */
  digestOf(key: string): Uint8Array | undefined {
    return this.#folds.get(key)?.digest;
  }

  /** Ids of the records that say something of a subject, by its key, in ascending order. */
  recordsOf(key: string): RecordId[] {
    return [...(this.#folds.get(key)?.keys() ?? [])].map((id) => toHex(id) as RecordId);
  }

  /** Puts a record into it as it is held now, in the place of what was there of it. */
  put(entry: RegistryEntry): void {
    this.remove(entry.id);
    this.#entries.set(entry.id, entry);
    const key = fromHex(entry.id);
    for (const subject of entry.subjects) {
      let fold = this.#folds.get(subject);
      if (fold === undefined) {
        fold = new DigestMap();
        this.#folds.set(subject, fold);
      }
      fold.set(key, entry.shown);
      this.#changed.add(subject);
    }
  }

  /** Takes a record out of it that is held no more. */
  remove(id: RecordId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    for (const subject of entry.subjects) {
      const fold = this.#folds.get(subject);
      fold?.delete(fromHex(id));
      if (fold?.size === 0) this.#folds.delete(subject);
      this.#changed.add(subject);
    }
  }
}
