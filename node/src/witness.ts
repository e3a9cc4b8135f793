import { keyThumbprint } from '@comity/cose';
import { toHex } from '@comity/digest';
import type { WitnessAnswer, WitnessPort, WitnessRequest } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import {
  type AddCheckpoint,
  bareNote,
  cosign,
  formatEvidence,
  judgeAddCheckpoint,
  noteVerifier,
  openCheckpoint,
  openedBy,
  parseAddCheckpoint,
  parseCheckpoint,
  splitNote,
  type WitnessMemory,
  witnessName,
} from '@comity/log';
import { TABLES, type WitnessedRow, WriteSet } from '@comity/store';
import { holdAgainstSeen, isBarred, keepEvidence, seenAt, takeEvidence } from './logs/equivocations.ts';
import { takeKeyProof } from './logs/keys-in-log.ts';
import { codeOf, isAlarmed, raiseLogAlarm } from './logs/log-alarms.ts';
import { inLogTurn } from './logs/log-generation.ts';
import {
  everyLogVerifierOf,
  logVerifiersOf,
  readShown,
  unrevokedLogVerifiersOf,
} from './logs/origin-keys.ts';
import { ownCheckpoint } from './logs/origin-log.ts';
import { assertServed } from './release/served.ts';
import type { Sovereign } from './sovereign.ts';

/** Of a log that this witness cosigns no more: there is evidence against it, or this node has lost what it had cosigned. */
const GONE = { status: 410, text: '' };
const BAD_REQUEST = { status: 400, text: '' };
const UNKNOWN = { status: 404, text: '' };
const REFUSED = { status: 422, text: '' };

/** This state as witness of the origin logs of its peers (witness.md §3, §5). */
export class Witness implements WitnessPort {
  readonly #sovereign: Sovereign;

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  async *answer(peer: StateId, request: WitnessRequest, signal: AbortSignal): AsyncGenerator<WitnessAnswer> {
    const { kind, texts } = request;
    assertServed(this.#sovereign, peer);
    if (kind === 'add') {
      yield await inLogTurn(this.#sovereign, peer, async (isLeft) =>
        isLeft ? GONE : this.#add(peer, texts[0] ?? '', texts[1]),
      );
      return;
    }
    for (const text of texts) {
      if (signal.aborted) return;
      if (kind === 'compare') yield await this.#compare(text);
      else yield await (kind === 'keys' ? this.#prove(peer, text) : this.#take(peer, text));
    }
  }

  /** In the turn of the log: nothing else is decided of it until the new state is durable. */
  async #add(peer: StateId, body: string, shown: string | undefined): Promise<WitnessAnswer> {
    const sovereign = this.#sovereign;
    const { store, events } = sovereign;
    const request = requestIn(body);
    if (request === undefined) return BAD_REQUEST;
    const last = await store.get(TABLES.witnessed, [peer]);
    if (shown !== undefined) await this.#lookBack(peer, shown, last);
    if (await this.#isGone(peer)) return GONE;
    const decision = judgeAddCheckpoint(request, await this.#memory(peer, request, last));
    if (decision.status === 200) {
      const { opened, logVerifier } = decision;
      const note = bareNote({ note: request.note, logVerifier });
      const line = await this.#cosign(peer, opened.text, note, last);
      events.emit('cosigned', { peer: codeOf(sovereign, peer), size: opened.checkpoint.size });
      return { status: 200, text: line };
    }
    const { status, size, evidence } = decision;
    if (evidence !== undefined) await keepEvidence(sovereign, peer, evidence, null);
    else if (status !== 403 && status !== 404) await this.#noteDeparture(peer, request, status, last);
    return { status, text: size === undefined ? '' : String(size) };
  }

  async #memory(
    peer: StateId,
    { note }: AddCheckpoint,
    last: WitnessedRow | undefined,
  ): Promise<WitnessMemory> {
    const sovereign = this.#sovereign;
    const logVerifiers = logVerifiersOf(sovereign, peer);
    const size = openedBy(note, logVerifiers)?.opened.checkpoint.size;
    const seen = size === undefined ? undefined : await seenAt(sovereign, peer, size);
    const signed = seen && openedBy(seen.note, unrevokedLogVerifiersOf(sovereign, peer));
    return {
      logVerifiers,
      last: last && parseCheckpoint(last.note.slice(0, last.note.lastIndexOf('\n\n') + 1)),
      sameSize: seen && signed && { note: seen.note, logVerifier: signed.logVerifier },
    };
  }

  /** Durable first, in one batch: only then the line may leave this node (witness.md 3.4). */
  async #cosign(peer: StateId, text: string, note: string, last: WitnessedRow | undefined): Promise<string> {
    const { store, signers, federation, self, clock } = this.#sovereign;
    clock.assertTrusted();
    const atSeconds = Math.max(this.#sovereign.now(), last?.atSeconds ?? 0);
    const line = await cosign(text, atSeconds, witnessName(federation.name, self.state), signers.witness);
    const { size, root } = parseCheckpoint(text);
    await store.commit(
      new WriteSet()
        .put(TABLES.witnessed, [peer], { size, root, note, line, atSeconds })
        .put(TABLES.seen, [peer, size], { root, note })
        .delete(TABLES.logAlarms, ['frozen', peer]),
    );
    return line;
  }

  /** What the log should not have signed although nothing of it is evidence: less than before, or what does not continue. */
  async #noteDeparture(
    peer: StateId,
    { note }: AddCheckpoint,
    status: number,
    last: WitnessedRow | undefined,
  ): Promise<void> {
    const size = openedBy(note, logVerifiersOf(this.#sovereign, peer))?.opened.checkpoint.size;
    if (size === undefined) return;
    if (last !== undefined && size < last.size)
      await raiseLogAlarm(this.#sovereign, 'rolled-back', peer, size);
    else if (status === 422) await raiseLogAlarm(this.#sovereign, 'does-not-continue', peer, size);
  }

  /** Whether what is shown is an own cosignature that is not known here any more (witness.md 3.5). */
  async #lookBack(peer: StateId, shown: string, last: WitnessedRow | undefined): Promise<void> {
    const { federation, self, signers } = this.#sovereign;
    const name = witnessName(federation.name, self.state);
    const own = noteVerifier(name, 'cosignature', signers.witness.publicKey);
    // Whichever key of the log has signed it, also one that was replaced since: the cosignature is this node's own.
    for (const logVerifier of everyLogVerifierOf(this.#sovereign, peer)) {
      try {
        const trust = { origin: logVerifier.name, logVerifier, cosigners: [own] };
        const { checkpoint, cosignatures } = openCheckpoint(shown, trust);
        if (cosignatures.length === 0 || checkpoint.size <= (last?.size ?? 0)) continue;
        await raiseLogAlarm(this.#sovereign, 'witness-lost', peer, checkpoint.size, this.#kid());
      } catch (error) {
        // Not signed with this key, or not at all: it shows nothing.
        if (!isFault(error)) throw error;
      }
    }
  }

  async #isGone(peer: StateId): Promise<boolean> {
    const sovereign = this.#sovereign;
    return (
      (await isBarred(sovereign, peer)) || (await isAlarmed(sovereign, 'witness-lost', peer, this.#kid()))
    );
  }

  #kid(): string {
    return toHex(keyThumbprint(this.#sovereign.signers.witness.publicKey));
  }

  async #compare(note: string): Promise<WitnessAnswer> {
    const sovereign = this.#sovereign;
    const shown = readShown(sovereign, note);
    if (shown === undefined) return UNKNOWN;
    return inLogTurn(sovereign, shown.origin, async (isLeft) => {
      if (isLeft) return UNKNOWN;
      const evidence = await holdAgainstSeen(sovereign, shown);
      if (evidence !== undefined) return { status: 422, text: formatEvidence(evidence) };
      const [held] = await sovereign.store.list(TABLES.equivocations, [shown.origin], { limit: 1 });
      if (held !== undefined && (await isBarred(sovereign, shown.origin)))
        return { status: 422, text: held.row.file };
      const newest = await newestOf(sovereign, shown.origin);
      return newest === undefined ? UNKNOWN : { status: 200, text: newest };
    });
  }

  /** In the turn of the log: what is proved is proved under what was cosigned last. */
  #prove(peer: StateId, proof: string): Promise<WitnessAnswer> {
    const sovereign = this.#sovereign;
    return inLogTurn(sovereign, peer, async (isLeft) => {
      if (isLeft) return UNKNOWN;
      const last = await sovereign.store.get(TABLES.witnessed, [peer]);
      return { status: await takeKeyProof(sovereign, peer, proof, last), text: '' };
    });
  }

  async #take(peer: StateId, file: string): Promise<WitnessAnswer> {
    try {
      const outcome = await takeEvidence(this.#sovereign, file, peer);
      return outcome === 'kept' ? { status: 200, text: '' } : UNKNOWN;
    } catch (error) {
      if (!isFault(error) || !error.code.startsWith('log.')) throw error;
      return REFUSED;
    }
  }
}

/** The newest checkpoint of a log that is known here, with the own cosignature where there is one. */
export async function newestOf(sovereign: Sovereign, origin: StateId): Promise<string | undefined> {
  const { store, self } = sovereign;
  if (origin === self.state) return (await ownCheckpoint(sovereign))?.note;
  const [seen] = await store.list(TABLES.seen, [origin], { reverse: true, limit: 1 });
  const witnessed = await store.get(TABLES.witnessed, [origin]);
  if (witnessed !== undefined && witnessed.size >= (seen?.key[1] ?? 0))
    return witnessed.note + witnessed.line;
  return seen?.row.note;
}

/** The checkpoints of a peer's log that are known here, the newest first: that one with the own cosignature where there is one. */
export async function lastSeen(sovereign: Sovereign, origin: StateId, limit: number): Promise<string[]> {
  const newest = await newestOf(sovereign, origin);
  if (newest === undefined) return [];
  const seen = await sovereign.store.list(TABLES.seen, [origin], { reverse: true, limit });
  const { size } = parseCheckpoint(splitNote(newest).text);
  const before = seen.filter(({ key }) => key[1] < size).map(({ row }) => row.note);
  return [newest, ...before].slice(0, limit);
}

function requestIn(body: string): AddCheckpoint | undefined {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}
