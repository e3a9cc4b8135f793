import { equalBytes, sha256, toHex } from '@comity/digest';
import type { LedgerBatch, LedgerPosition, LedgerSinkPort } from '@comity/exchange';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import {
  cosign,
  ledgerLogName,
  noteVerifier,
  type OpenedCheckpoint,
  openCheckpoint,
  splitNote,
  witnessName,
} from '@comity/log';
import { CompactTree, leafHash } from '@comity/merkle';
import { TABLES, WriteSet } from '@comity/store';
import type { JudgedItem, Judges } from './jobs/judges.ts';
import { rememberMissing } from './missing.ts';
import { relayNew } from './relay.ts';
import { assertServed } from './release.ts';
import type { Sovereign } from './sovereign.ts';

/**
 * The way in: what peers release to this state (ARCHITECTURE, "How data flows"). A batch is judged off the main thread,
 * compared with the checkpoint it claims, stored in one synced batch with its receipt, and only then receipted. A record
 * that does not pass is quarantined by digest and code; it never holds up the entries after it.
 */
export class LedgerIntake implements LedgerSinkPort {
  readonly #sovereign: Sovereign;
  readonly #judges: Judges;
  readonly #turns = new Map<StateId, Promise<unknown>>();

  constructor(sovereign: Sovereign, judges: Judges) {
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
    const turn = this.#turns.get(peer) ?? Promise.resolve();
    const done = turn.then(async () => this.#commit(peer, batch, await judged));
    this.#turns.set(
      peer,
      done.then(
        () => {},
        () => {},
      ),
    );
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
    if (batch.from !== size)
      throw new Fault('exchange.batch-out-of-order', 'the batch does not begin where the ledger held ends', {
        fields: { from: batch.from, size },
      });
    const { checkpoint, text } = this.#open(peer, batch.checkpoint);
    const tree = CompactTree.resume(size, frontier);
    for (const { entry } of batch.items) tree.append(leafHash(entry));
    if (checkpoint.size !== batch.to || tree.size !== batch.to || !equalBytes(tree.root(), checkpoint.root)) {
      throw new Fault('exchange.batch-mismatch', 'the entries are not those of the checkpoint', {
        fields: { from: batch.from, to: batch.to },
      });
    }

    const atSeconds = this.#sovereign.now();
    const set = new WriteSet();
    const missing: number[] = [];
    const rejected: { index: number; code: FaultCode }[] = [];
    for (const [offset, item] of judged.entries()) {
      const index = size + offset;
      if (item.verdict === 'accepted') {
        set.putRecord({ ...item.record, source: { peer, receivedAtSeconds: atSeconds, ledgerIndex: index } });
        continue;
      }
      // A ledger of which an entry cannot be read is refused: nothing of the batch is held, and nothing is receipted.
      if (item.verdict === 'malformed')
        throw new Fault(item.code, 'an entry of the ledger is malformed', { fields: { index } });
      missing.push(index);
      if (item.verdict === 'bare') continue;
      rejected.push({ index, code: item.code });
      const received = batch.items[offset]?.record;
      if (received !== undefined)
        set.put(TABLES.quarantine, [toHex(sha256(received))], {
          code: item.code,
          peer,
          byteLength: received.length,
          atSeconds,
        });
      set.audit({ atSeconds, event: 'item-rejected', fields: { peer, index, code: item.code } });
    }
    const line = await cosign(
      text,
      Math.max(atSeconds, 1),
      witnessName(federation.name, self.state),
      signers.witness,
    );
    set
      .append(
        name,
        batch.items.map(({ entry }) => ({ leaf: entry })),
        { atSize: size },
      )
      .putCheckpoint({ log: name, size: batch.to, root: checkpoint.root, note: batch.checkpoint })
      .put(TABLES.cosignatures, [name, batch.to, self.state], { line, atSeconds })
      .audit({
        atSeconds,
        event: 'batch-accepted',
        fields: { peer, from: batch.from, to: batch.to, rejected: rejected.length },
      });
    await rememberMissing(this.#sovereign, set, peer, missing);
    const outcome = await store.commit(set);
    for (const each of rejected) events.emit('item-rejected', { peer: code, ...each });
    events.emit('batch-accepted', { peer: code, from: batch.from, to: batch.to, rejected: rejected.length });
    // After the receipt is safe: handing on to others is this state's own decision, and made good at the next start if it fails.
    void relayNew(this.#sovereign, outcome.records).catch((error: unknown) => {
      events.emit('unexpected-error', { where: 'relay', error: isFault(error) ? error.code : String(error) });
    });
    return line;
  }

  /** Opens a checkpoint with the log key of the peer whose signature is on it. */
  #open(peer: StateId, note: string): OpenedCheckpoint {
    const { federation, self, directory, peers } = this.#sovereign;
    const origin = ledgerLogName(federation.name, peer, self.state);
    const { lines } = splitNote(note);
    for (const { usage, publicKey, kid } of peers.get(peer)?.certificates ?? []) {
      if (usage !== 'log') continue;
      const logVerifier = noteVerifier(origin, 'log', publicKey);
      if (!lines.some((line) => equalBytes(line.keyId, logVerifier.keyId))) continue;
      directory.resolve(kid, 'log', this.#sovereign.now());
      return openCheckpoint(note, { origin, logVerifier });
    }
    throw new Fault('log.no-log-signature', 'the checkpoint is not signed by a known log key of the peer');
  }
}
