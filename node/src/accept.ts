import { sha256, toHex } from '@comity/digest';
import type { LedgerBatch, LedgerPosition, LedgerSinkPort } from '@comity/exchange';
import { Fault, type FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import { extendLedger, type Order, openLedgerCheckpoint } from '@comity/ledger';
import { cosign, ledgerLogName, type OpenedCheckpoint, witnessName } from '@comity/log';
import { CompactTree } from '@comity/merkle';
import { TABLES, WriteSet } from '@comity/store';
import type { JudgedItem, Judges } from './jobs/judges.ts';
import { fetchMissingAfterBatch } from './ledgers/fetch-again.ts';
import { type MissingEntry, rememberMissing } from './ledgers/missing.ts';
import { commitReceived, type ReceivedRecord } from './ledgers/received.ts';
import {
  announceLetters,
  dropRecalled,
  keepLetters,
  type ReceivedLetter,
  sortLetters,
} from './letters/letter-intake.ts';
import { admitOrders } from './orders/order-budget.ts';
import { noteOrders, obey } from './orders/order-intake.ts';
import { peerTurns } from './peers/peer-turns.ts';
import { assertServed } from './release/served.ts';
import type { Sovereign } from './sovereign.ts';

/**
 * The way in: what peers release to this state (ARCHITECTURE, "How data flows"). A batch is judged off the main thread,
 * compared with the checkpoint it claims, stored in one synced batch with its receipt, and only then receipted. A record
 * that does not pass is quarantined by digest and code; it never holds up the entries after it.
 */
export class LedgerIntake implements LedgerSinkPort {
  readonly #sovereign: Sovereign;
  readonly #judges: Pick<Judges, 'judge'>;

  constructor(sovereign: Sovereign, judges: Pick<Judges, 'judge'>) {
    this.#sovereign = sovereign;
    this.#judges = judges;
  }

  async position(peer: StateId): Promise<LedgerPosition> {
    const log = await this.#sovereign.store.log(`ledger/in/${peer}`);
    const { size, root } = log.head();
    const own =
      size === 0
        ? undefined
        : (await log.cosignatures(size)).find(({ cosigner }) => cosigner === this.#sovereign.self.state);
    return { size, root, ...(own !== undefined && { receipt: own.line }) };
  }

  async verifyHead(peer: StateId, checkpoint: string): Promise<{ size: number; root: Uint8Array }> {
    assertServed(this.#sovereign, peer);
    const { size, root } = this.#open(peer, checkpoint).checkpoint;
    return { size, root };
  }

  accept(peer: StateId, batch: LedgerBatch, _signal: AbortSignal): Promise<string> {
    // Judged at once, so that several batches are judged side by side; committed in the order of the ledger.
    const judged = this.#judges.judge(batch, this.#sovereign.now());
    const done = peerTurns(this.#sovereign, peer).take(async () => this.#commit(peer, batch, await judged));
    // A batch before this one may fail first; this judgement then has nobody who waits for it.
    judged.catch(() => {});
    return done;
  }

  async #commit(peer: StateId, batch: LedgerBatch, judged: readonly JudgedItem[]): Promise<string> {
    const { store, self, federation, signers, events, peers } = this.#sovereign;
    assertServed(this.#sovereign, peer);
    const code = peers.codeOf(peer) ?? peer;
    const name = `ledger/in/${peer}` as const;
    const log = await store.log(name);
    const { size, frontier } = log.head();
    const { checkpoint, text } = this.#open(peer, batch.checkpoint);
    const entries = batch.items.map(({ entry }) => entry);
    extendLedger(CompactTree.resume(size, frontier), { from: batch.from, entries, checkpoint });

    const atSeconds = this.#sovereign.now();
    const { records, indexes, unusable, letters } = sorted(judged, peer, size, atSeconds);
    const ordersStored = await admitOrders(this.#sovereign, peer, judged, atSeconds);
    const { kept, ...others } = await sortLetters(this.#sovereign, peer, letters);
    const line = await cosign(
      text,
      Math.max(atSeconds, 1),
      witnessName(federation.name, self.state),
      signers.witness,
    );
    let rejected: readonly Rejected[] = [];
    let orders: readonly Order[] = [];
    await commitReceived(
      this.#sovereign,
      records,
      (refused) => {
        const missing: (MissingEntry | Rejected)[] = [
          ...unusable,
          ...others.missing.map((index) => ({ index, code: null })),
        ];
        const recalled = [...others.recalled];
        for (const [place, cause] of refused) {
          const index = indexes[place] as number;
          // What was taken back is not missing: nobody asks for it again.
          if (cause === 'node.recalled') recalled.push(index);
          else missing.push({ index, code: 'node.merge-refused', cause });
        }
        rejected = missing.filter((entry): entry is Rejected => entry.code !== null);
        const set = new WriteSet()
          .append(
            name,
            entries.map((leaf) => ({ leaf })),
            { atSize: size },
          )
          .putCheckpoint({ log: name, size: batch.to, root: checkpoint.root, note: batch.checkpoint })
          .put(TABLES.cosignatures, [name, batch.to, self.state], { line, atSeconds });
        for (const { index, ...why } of rejected) {
          set.audit({ atSeconds, event: 'item-rejected', fields: { peer, index, ...why } });
          const received = batch.items[index - size]?.record;
          if (received === undefined) continue;
          const row = { code: why.code, peer, byteLength: received.length, atSeconds };
          set.put(TABLES.quarantine, [toHex(sha256(received))], row);
        }
        for (const index of recalled)
          set.audit({ atSeconds, event: 'recalled-kept-out', fields: { peer, index } });
        rememberMissing(set, peer, missing, atSeconds);
        orders = noteOrders(this.#sovereign, set, peer, judged, atSeconds);
        keepLetters(set, peer, kept, atSeconds);
        return set.audit({
          atSeconds,
          event: 'batch-accepted',
          fields: { peer, from: batch.from, to: batch.to, rejected: rejected.length },
        });
      },
      () => {
        ordersStored();
        obey(this.#sovereign, peer, orders, atSeconds);
      },
    );
    await dropRecalled(this.#sovereign, peer, kept);
    announceLetters(this.#sovereign, peer, kept);
    for (const each of rejected) events.emit('item-rejected', { peer: code, ...each });
    events.emit('batch-accepted', { peer: code, from: batch.from, to: batch.to, rejected: rejected.length });
    fetchMissingAfterBatch(this.#sovereign, peer, (items) =>
      this.#judges.judge({ items }, this.#sovereign.now()),
    );
    return line;
  }

  #open(peer: StateId, note: string): OpenedCheckpoint {
    const { federation, self, directory, peers } = this.#sovereign;
    const certificates = peers.get(peer)?.certificates ?? [];
    const origin = ledgerLogName(federation.name, peer, self.state);
    return openLedgerCheckpoint(note, origin, { certificates, directory, atSeconds: this.#sovereign.now() });
  }
}

interface Rejected extends MissingEntry {
  readonly code: FaultCode;
  /** Why a record would no longer open with what came for it. */
  readonly cause?: FaultCode;
}

/**
 * Records that passed, entries without usable content, and letters. A ledger of which an entry cannot be read is refused: nothing of
 * the batch is held, and nothing is receipted.
 *
 * @throws Fault with the code of the first malformed entry
 */
function sorted(judged: readonly JudgedItem[], peer: StateId, from: number, atSeconds: number) {
  const records: ReceivedRecord[] = [];
  const indexes: number[] = [];
  const unusable: (MissingEntry | Rejected)[] = [];
  const letters: ReceivedLetter[] = [];
  for (const [offset, item] of judged.entries()) {
    const index = from + offset;
    if (item.verdict === 'accepted') {
      indexes.push(index);
      records.push({ ...item.record, source: { peer, receivedAtSeconds: atSeconds, ledgerIndex: index } });
    } else if (item.verdict === 'bare') unusable.push({ index, code: null });
    else if (item.verdict === 'rejected') unusable.push({ index, code: item.code });
    else if (item.verdict === 'letter') letters.push({ index, letter: item.letter });
    // An order or a report is all in its entry: nothing of it can be missing.
    else if (item.verdict === 'malformed')
      throw new Fault(item.code, 'an entry of the ledger is malformed', { fields: { index } });
  }
  return { records, indexes, unusable, letters };
}
