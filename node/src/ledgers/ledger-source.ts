import { toHex } from '@comity/digest';
import type { LedgerHead, LedgerItem, LedgerSourcePort } from '@comity/exchange';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { verifyReceipt } from '@comity/ledger';
import {
  decodeLedgerEntry,
  ledgerLogName,
  type ReleaseEntry,
  signCheckpoint,
  witnessName,
} from '@comity/log';
import { consistencyProof, rootAt } from '@comity/merkle';
import { disclosureDigestHex, isDecoy, type RecordId } from '@comity/record';
import { type LogEntry, type LogReader, type StoredRecord, TABLES, WriteSet } from '@comity/store';
import { piecesOf } from '../letters/letter-source.ts';
import { openReadable } from '../records/stored-view.ts';
import { releaseWhatRemains } from '../recovery/reconcile.ts';
import type { ReleaseNote } from '../release/planned-release.ts';
import { assertServed } from '../release/served.ts';
import type { Handover } from '../release.ts';
import type { Sovereign } from '../sovereign.ts';

/** This node's release ledgers, as peers pull them. Content goes out through the door alone. */
export class LedgerSource implements LedgerSourcePort {
  readonly #sovereign: Sovereign;

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  async head(peer: StateId, heldSize: number): Promise<LedgerHead> {
    assertServed(this.#sovereign, peer);
    // It would find a ledger that does not continue what it holds, and not ask again: first it gives back what it holds.
    if (this.#sovereign.putBack.lacksLedger(peer)) this.#sovereign.door.assertOpen(peer);
    const log = await this.#log(peer);
    const { size, root } = log.head();
    const proof =
      heldSize > 0 && heldSize < size ? await consistencyProof(heldSize, size, log.subtrees()) : [];
    return { size, checkpoint: await this.#sign(peer, size, root), consistencyProof: proof };
  }

  async size(peer: StateId): Promise<number> {
    return (await this.#log(peer)).size;
  }

  async checkpoint(peer: StateId, size: number): Promise<string> {
    const log = await this.#log(peer);
    const head = log.head();
    return this.#sign(peer, size, size === head.size ? head.root : await rootAt(size, log.subtrees()));
  }

  async *items(peer: StateId, from: number, to: number, signal?: AbortSignal): AsyncGenerator<LedgerItem> {
    const log = await this.#log(peer);
    for await (const entries of log.entries(from, to)) {
      if (signal?.aborted === true) return;
      // Again for each chunk: a peer may be suspended while its ledger streams.
      assertServed(this.#sovereign, peer);
      const { state } = this.#sovereign.door;
      const items = await this.#withContent(peer, entries);
      const bare = entries.filter((_, index) => items[index]?.record === undefined);
      // Noted before they go: the ledger names parts that this peer does not get by these entries.
      if (bare.length > 0) await releaseWhatRemains(this.#sovereign, peer, bare);
      for (const [place, item] of items.entries())
        yield await this.#current(peer, entries[place], item, state);
    }
  }

  /** The item as it may go now: a peer takes its time, and what was decided with its chunk may not stand any more. */
  async #current(
    peer: StateId,
    entry: LogEntry | undefined,
    item: LedgerItem,
    decidedIn: string,
  ): Promise<LedgerItem> {
    if (item.record === undefined || entry === undefined) return item;
    if (this.#sovereign.door.state === decidedIn) return item;
    assertServed(this.#sovereign, peer);
    const [current] = await this.#withContent(peer, [entry]);
    if (current?.record !== undefined) return current;
    await releaseWhatRemains(this.#sovereign, peer, [entry]);
    return { entry: entry.leaf, record: undefined, disclosures: [] };
  }

  /** Entries again, by index: what a peer lost, or was sent bare. */
  async *again(peer: StateId, indexes: readonly number[], signal: AbortSignal): AsyncGenerator<LedgerItem> {
    const log = await this.#log(peer);
    const { size } = log;
    for (const index of indexes) {
      if (signal.aborted) return;
      if (index >= size) throw new Fault('store.no-such-entry', 'the ledger has no such entry');
      assertServed(this.#sovereign, peer);
      yield* await this.#withContent(peer, [await log.entry(index)]);
    }
  }

  watch(peer: StateId, listener: () => void): () => void {
    return this.#sovereign.growth.watch(peer, listener);
  }

  async receipt(peer: StateId, size: number, line: string): Promise<void> {
    const { federation, store, directory, self, events, peers } = this.#sovereign;
    const log = await this.#log(peer);
    if (size > log.size) throw new Fault('log.other-checkpoint', 'a receipt for more than the ledger holds');
    const held = await log.latestCosignature(peer);
    if (held !== undefined && held.size >= size) return;
    const root = size === log.size ? log.head().root : await rootAt(size, log.subtrees());
    const origin = ledgerLogName(federation.name, self.state, peer);
    const certificates = peers.get(peer)?.certificates ?? [];
    const cosignedAtSeconds = verifyReceipt(
      line,
      { origin, size, root },
      witnessName(federation.name, peer),
      {
        certificates,
        directory,
        atSeconds: this.#sovereign.now(),
      },
    );
    await store.commit(
      new WriteSet()
        .putCheckpoint({ log: log.log, size, root, note: await this.#sign(peer, size, root) })
        .put(TABLES.cosignatures, [log.log, size, peer], { line, atSeconds: cosignedAtSeconds }),
    );
    events.emit('receipt', { peer: peers.codeOf(peer) ?? peer, size });
  }

  #log(peer: StateId): Promise<LogReader> {
    return this.#sovereign.store.log(`ledger/out/${peer}`);
  }

  #sign(peer: StateId, size: number, root: Uint8Array): Promise<string> {
    const { federation, self, signers } = this.#sovereign;
    return signCheckpoint(
      { origin: ledgerLogName(federation.name, self.state, peer), size, root },
      signers.log,
    );
  }

  async #withContent(peer: StateId, entries: readonly LogEntry[]): Promise<LedgerItem[]> {
    const { store } = this.#sovereign;
    const decoded = entries.map(({ leaf }) => decodeLedgerEntry(leaf));
    const ids = decoded.flatMap((entry) => (entry.kind === 'release' ? [recordIdOf(entry)] : []));
    const found = await store.records('real').getMany(ids);
    const records = new Map(found.flatMap((record) => (record === undefined ? [] : [[record.id, record]])));
    const items: LedgerItem[] = [];
    for (const [index, entry] of decoded.entries()) {
      const { leaf, note } = entries[index] as LogEntry;
      if (entry.kind === 'letter') {
        const disclosures = await piecesOf(this.#sovereign, peer, entry, readNote(note));
        items.push({ entry: leaf, record: undefined, disclosures });
        continue;
      }
      const record = entry.kind === 'release' ? records.get(recordIdOf(entry)) : undefined;
      const handed =
        entry.kind === 'release' && record !== undefined
          ? await this.#contentOf(peer, entry, record, readNote(note))
          : undefined;
      items.push({ entry: leaf, ...(handed ?? { record: undefined, disclosures: [] }) });
    }
    return items;
  }

  /** Undefined where today's rules no longer allow all of an entry. */
  async #contentOf(
    peer: StateId,
    entry: ReleaseEntry,
    record: StoredRecord,
    note: ReleaseNote,
  ): Promise<Handover | undefined> {
    const { door } = this.#sovereign;
    // Entries without content go whatever holds releases: a recall does not wait for it.
    door.assertOpen(peer);
    if (door.stillStands(peer, note))
      return { record: record.bytes, disclosures: disclosuresOf(record, entry.disclosures) };
    const view = openReadable(this.#sovereign, record);
    const handed = view === undefined ? undefined : await door.recheck(view, peer, entry);
    // What is only held here for now is not bare for good: the peer asks again.
    if (handed === undefined) door.assertOpen(peer);
    return handed;
  }
}

function recordIdOf({ recordId }: ReleaseEntry): RecordId {
  return toHex(recordId) as RecordId;
}

function readNote(note: unknown): ReleaseNote {
  const [revision, untilSeconds] = note as [number, number | null];
  return { revision, untilSeconds };
}

/**
 * The stored disclosures that a ledger entry names. An entry names only what was stored when it was written, no decoy among
 * it, and what is stored is never less than it was: as many as there are is all there are, which is known without a hash.
 */
function disclosuresOf(record: StoredRecord, digests: readonly Uint8Array[]): readonly Uint8Array[] {
  const parts = record.disclosures.filter((disclosure) => !isDecoy(disclosure));
  if (parts.length === digests.length) return parts;
  const wanted = new Set(digests.map(toHex));
  return parts.filter((disclosure) => wanted.has(disclosureDigestHex(disclosure)));
}
