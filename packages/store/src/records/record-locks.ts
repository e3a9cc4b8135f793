/**
 * Keeps two commits from deciding about the same record at once: each reads what is stored before it plans, and would
 * overwrite what the other adds.
 */
export class RecordLocks {
  readonly #held = new Map<string, Promise<void>>();

  /** Resolves when none of the ids is held by anyone else; the result gives them back. All are taken at one moment, so nobody waits in a circle. */
  async acquire(ids: readonly string[]): Promise<() => void> {
    for (;;) {
      const other = ids.find((id) => this.#held.has(id));
      if (other === undefined) break;
      await this.#held.get(other);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const id of ids) this.#held.set(id, promise);
    return () => {
      for (const id of ids) this.#held.delete(id);
      resolve();
    };
  }
}
