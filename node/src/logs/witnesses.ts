import { setTimeout as sleep } from 'node:timers/promises';
import type { WitnessAnswer, WitnessRequest } from '@comity/exchange';
import { MAX_WITNESS_TEXTS } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { formatAddCheckpoint, parseCheckpoint, splitNote, verifyCosignature } from '@comity/log';
import { consistencyProof } from '@comity/merkle';
import { CLOCK_SKEW_SECONDS } from '@comity/record';
import { type StoredCheckpoint, TABLES, WriteSet } from '@comity/store';
import { hearTime } from '../clock/clock-hold.ts';
import type { Peer } from '../peers/peers.ts';
import type { Sovereign } from '../sovereign.ts';
import { lastSeen, newestOf } from '../witness.ts';
import { holdAgainstSeen, takeEvidence } from './equivocations.ts';
import { watchKeyProofs } from './keys-in-log.ts';
import { raiseLogAlarm } from './log-alarms.ts';
import { generationOf, inLogTurn, ownLogName } from './log-generation.ts';
import { proofText } from './log-proof.ts';
import { COSIGNED_SETTING } from './log-settings.ts';
import { keyDocuments } from './logged-keys.ts';
import { readShown, witnessVerifiersOf } from './origin-keys.ts';
import { ownCheckpoint, placeInOriginLog } from './origin-log.ts';

/** How often it is looked whether a peer is to be asked. */
const LOOK_EACH_MS = 500;
/** Pause after a peer could not be asked. */
const RETRY_MS = 15_000;
/** Pause after a peer has said that it does not speak the protocol. */
const UNSUPPORTED_MS = 600_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Checkpoints of each log that a peer is shown when it is reached: two who were shown two histories have one size in common. */
const SHOWN_OF_A_LOG = 16;
/** The same over all logs: where there are many, fewer are shown of each. */
const SHOWN_OF_ALL_LOGS = 1_024;

/** How far a peer has been asked since it was reached. */
interface Asked {
  /** Size of the own log at that time. */
  size: number | undefined;
  notBeforeMs: number;
  isBusy: boolean;
}

/** The peers of this state as witnesses of its log, and as those who may have been shown other histories. */
export class Witnesses {
  readonly #sovereign: Sovereign;
  readonly #asked = new Map<StateId, Asked>();
  readonly #atWork = new Set<Promise<void>>();
  readonly #startedMs: number = performance.now();
  /** Peers that have said what they know of the own log since the start. */
  readonly #compared = new Set<StateId>();
  /** Peers that were asked and did not say it. */
  readonly #silent = new Set<StateId>();
  /** Digests of charters and key states that each peer has taken as proved. */
  readonly #proved = new Map<StateId, Set<string>>();
  /** What was looked at last of each peer's charters and key states, and since when it is known. */
  readonly #watched = new Map<StateId, { readonly of: string; readonly sinceSeconds: number }>();

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  /**
   * Whether the own log may go on: each peer has said what it knows of it, or, after one interval, each that is reached then has
   * been asked (witness.md 5.5). One that was shown more than this node knows may be any of them.
   */
  get isCompared(): boolean {
    const { peers, config } = this.#sovereign;
    const served = peers.all().filter(({ suspended }) => !suspended);
    if (served.every(({ state }) => this.#compared.has(state))) return true;
    if (performance.now() - this.#startedMs < config.witness.checkpointSeconds * 1_000) return false;
    return this.#connected().every(({ state }) => this.#compared.has(state) || this.#silent.has(state));
  }

  /** Asks each peer when it is reached, and again after each checkpoint, until the node stops. */
  async keepAsking(signal: AbortSignal, succeeded: () => void): Promise<void> {
    try {
      for (;;) {
        signal.throwIfAborted();
        await this.#look(signal);
        succeeded();
        await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
      }
    } finally {
      await Promise.all(this.#atWork);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const size = (await ownCheckpoint(this.#sovereign))?.size ?? 0;
    const connected = this.#connected();
    const reached = new Set(connected.map(({ state }) => state));
    // Who was away is asked anew: meanwhile it may have been shown something else.
    for (const [state, { isBusy }] of this.#asked)
      if (!reached.has(state) && !isBusy) this.#asked.delete(state);
    for (const peer of connected) {
      const asking = this.#askWhenDue(peer, size, signal).finally(() => this.#atWork.delete(asking));
      this.#atWork.add(asking);
    }
    await this.#noteFrozen();
  }

  #connected(): Peer[] {
    const { exchange, peers } = this.#sovereign;
    const live = new Set(
      exchange
        ?.peers()
        .filter(({ state }) => state === 'live')
        .map(({ peer }) => peer),
    );
    return peers.all().filter(({ state, suspended }) => !suspended && live.has(state));
  }

  async #askWhenDue(peer: Peer, size: number, signal: AbortSignal): Promise<void> {
    const asked = this.#asked.get(peer.state) ?? { size: undefined, notBeforeMs: 0, isBusy: false };
    this.#asked.set(peer.state, asked);
    if (asked.isBusy || asked.size === size || performance.now() < asked.notBeforeMs) return;
    asked.isBusy = true;
    try {
      await this.#compare(peer, asked.size === undefined, signal);
      this.#compared.add(peer.state);
      await this.#askToCosign(peer, signal);
      await this.#handOnEvidence(peer, signal);
      asked.size = size;
    } catch (error) {
      if (signal.aborted) return;
      if (!isFault(error)) throw error;
      this.#silent.add(peer.state);
      const isNever = error.code === 'exchange.protocol-unsupported';
      asked.notBeforeMs = performance.now() + (isNever ? UNSUPPORTED_MS : RETRY_MS);
      this.#sovereign.events.emit('request-failed', {
        peer: peer.code,
        protocol: '/comity/witness/1',
        code: error.code,
      });
    } finally {
      asked.isBusy = false;
    }
  }

  /**
   * Shows a peer what is known here of all logs, and holds what it knows against that.
   *
   * @param isReached whether it has been shown nothing since it was reached
   */
  async #compare({ state }: Peer, isReached: boolean, signal: AbortSignal): Promise<void> {
    const sovereign = this.#sovereign;
    const others = sovereign.peers.all().map((each) => each.state);
    const limit = isReached
      ? Math.min(SHOWN_OF_A_LOG, Math.ceil(SHOWN_OF_ALL_LOGS / (others.length + 1)))
      : 1;
    const own = await newestOf(sovereign, sovereign.self.state);
    const known = await Promise.all(others.map((origin) => lastSeen(sovereign, origin, limit)));
    const texts = [...(own === undefined ? [] : [own]), ...known.flat()];
    for (let at = 0; at < texts.length; at += MAX_WITNESS_TEXTS) {
      const request = { kind: 'compare' as const, texts: texts.slice(at, at + MAX_WITNESS_TEXTS) };
      for await (const answer of this.#request(state, request, signal)) await this.#hear(state, answer);
    }
  }

  async #hear(peer: StateId, { status, text }: WitnessAnswer): Promise<void> {
    const sovereign = this.#sovereign;
    if (status === 422) {
      await takeEvidence(sovereign, text, peer);
      return;
    }
    const shown = status === 200 ? readShown(sovereign, text) : undefined;
    if (shown === undefined) return;
    await inLogTurn(sovereign, shown.origin, async (isLeft) => {
      if (!isLeft) await holdAgainstSeen(sovereign, shown);
    });
  }

  async #askToCosign(peer: Peer, signal: AbortSignal): Promise<void> {
    const own = await ownCheckpoint(this.#sovereign);
    if (own === undefined) return;
    const known = await this.#cosignedSize(peer.state);
    let answer = await this.#add(peer, own, known, known, signal);
    // It says what it cosigned last: asked once more from there.
    if (answer.status === 409) {
      const told = /^\d{1,16}$/.test(answer.text) ? Number(answer.text) : Number.NaN;
      if (Number.isSafeInteger(told) && told <= own.size && told !== known)
        answer = await this.#add(peer, own, told, known, signal);
    }
    if (answer.status === 200) {
      await this.#keep(peer, own, answer.text);
      await this.#proveKeys(peer.state, own, signal);
    } else
      this.#sovereign.events.emit('cosignature-refused', {
        peer: peer.code,
        size: own.size,
        status: answer.status,
      });
  }

  /** Shows a witness that the own charters and key state are in the log that it has just cosigned, each once. */
  async #proveKeys(peer: StateId, own: StoredCheckpoint, signal: AbortSignal): Promise<void> {
    const sovereign = this.#sovereign;
    const proved = this.#proved.get(peer) ?? new Set<string>();
    this.#proved.set(peer, proved);
    const log = await sovereign.store.log(ownLogName(sovereign));
    const generation = generationOf(sovereign, sovereign.self.state);
    const leaves: string[] = [];
    const texts: string[] = [];
    for (const { leaf } of keyDocuments(sovereign.self)) {
      const place = proved.has(leaf) ? undefined : await placeInOriginLog(sovereign, leaf);
      if (place?.generation !== generation || place.index >= own.size) continue;
      leaves.push(leaf);
      texts.push(await proofText(log, place.index, own));
    }
    if (texts.length === 0) return;
    let at = 0;
    for await (const { status } of this.#request(peer, { kind: 'keys', texts }, signal)) {
      if (status === 200) proved.add(leaves[at] as string);
      at += 1;
    }
  }

  async #cosignedSize(peer: StateId): Promise<number> {
    const size = await this.#sovereign.store.get(TABLES.settings, [COSIGNED_SETTING + peer]);
    return typeof size === 'number' ? size : 0;
  }

  /** @param cosignedSize where the peer's own line is, which it is shown */
  async #add(
    { state }: Peer,
    own: StoredCheckpoint,
    oldSize: number,
    cosignedSize: number,
    signal: AbortSignal,
  ): Promise<WitnessAnswer> {
    const { store } = this.#sovereign;
    const log = await store.log(ownLogName(this.#sovereign));
    const proof =
      oldSize > 0 && oldSize < own.size ? await consistencyProof(oldSize, own.size, log.subtrees()) : [];
    const texts = [formatAddCheckpoint({ oldSize, proof, note: own.note })];
    const before = cosignedSize === 0 ? undefined : await log.checkpoint(cosignedSize);
    const line = await store.get(TABLES.cosignatures, [log.log, cosignedSize, state]);
    if (before !== undefined && line !== undefined) texts.push(before.note + line.line);
    for await (const answer of this.#request(state, { kind: 'add', texts }, signal)) return answer;
    throw new Fault('exchange.count-mismatch', 'no answer');
  }

  /** @throws Fault `log.*` where the line is no cosignature of the peer on this checkpoint, or dated ahead */
  async #keep({ state, code }: Peer, own: StoredCheckpoint, line: string): Promise<void> {
    const sovereign = this.#sovereign;
    const { text } = splitNote(own.note);
    const atSeconds = this.#timeOf(state, line, text);
    if (atSeconds > sovereign.now() + CLOCK_SKEW_SECONDS)
      throw new Fault('log.bad-time', 'a cosignature that is dated ahead', { fields: { peer: state } });
    // What a witness has cosigned before it gives again with the time of then.
    hearTime(sovereign, state, atSeconds, false);
    await sovereign.store.commit(
      new WriteSet()
        .put(TABLES.cosignatures, [ownLogName(sovereign), own.size, state], { line, atSeconds })
        .put(TABLES.settings, [COSIGNED_SETTING + state], own.size),
    );
    sovereign.events.emit('cosignature-received', { peer: code, size: parseCheckpoint(text).size });
  }

  #timeOf(peer: StateId, line: string, text: string): number {
    if (line.slice(0, -1).includes('\n'))
      throw new Fault('log.signature-line', 'a cosignature is one signature line');
    let refusal: unknown = new Fault('log.no-known-signature', 'no witness key of the peer counts');
    for (const verifier of witnessVerifiersOf(this.#sovereign, peer)) {
      try {
        return verifyCosignature(line, text, verifier).atSeconds;
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  async #handOnEvidence({ state }: Peer, signal: AbortSignal): Promise<void> {
    const { store } = this.#sovereign;
    for (const { key, row } of await store.list(TABLES.equivocations, [])) {
      if (row.told.includes(state) || row.peer === state) continue;
      for await (const { status } of this.#request(state, { kind: 'evidence', texts: [row.file] }, signal)) {
        if (status !== 200) continue;
        const told = await store.get(TABLES.equivocations, key);
        if (told === undefined) continue;
        const row = { ...told, told: [...told.told, state].sort() };
        await store.commit(new WriteSet().put(TABLES.equivocations, key, row));
      }
    }
  }

  /**
   * Logs of peers that were not cosigned here for a long time, also those that were never shown since the peer was reached first;
   * and charters and key states that are not in them.
   */
  async #noteFrozen(): Promise<void> {
    const sovereign = this.#sovereign;
    const { store, peers, config } = sovereign;
    const reached = new Set(this.#connected().map(({ state }) => state));
    for (const peer of peers.all()) {
      const { state } = peer;
      if (peer.suspended) continue;
      const last = await store.get(TABLES.witnessed, [state]);
      if (reached.has(state)) await this.#watchKeys(peer, last?.atSeconds);
      const sinceSeconds = last?.atSeconds ?? this.#watched.get(state)?.sinceSeconds;
      if (sinceSeconds === undefined || sovereign.now() - sinceSeconds < config.witness.frozenSeconds)
        continue;
      await raiseLogAlarm(sovereign, 'frozen', state, last?.size ?? 0);
    }
  }

  /** Looks again where the peer has other documents, or was cosigned again. */
  async #watchKeys(peer: Peer, cosignedSeconds: number | undefined): Promise<void> {
    const of = [cosignedSeconds, ...keyDocuments(peer).map(({ leaf }) => leaf)].join('/');
    if (this.#watched.get(peer.state)?.of === of) return;
    this.#watched.set(peer.state, { of, sinceSeconds: await watchKeyProofs(this.#sovereign, peer) });
  }

  async *#request(
    peer: StateId,
    request: WitnessRequest,
    signal: AbortSignal,
  ): AsyncGenerator<WitnessAnswer> {
    const { exchange } = this.#sovereign;
    if (exchange === undefined) throw new Fault('exchange.stopping', 'the node does not run');
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const timer = setTimeout(end, REQUEST_TIMEOUT_MS);
    signal.addEventListener('abort', end);
    try {
      yield* exchange.witness(peer, request, ended.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }
}
