import { Fault, type FaultCode, isFault } from '@comity/fault';
import { PURPOSES } from '@comity/label';
import { openView, type View } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { authoriseBytes } from './judge.ts';
import { matchesFilter } from './matches.ts';
import type { RecordSummary } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import { issueQuestion, type Question, type QuestionFilter } from './question.ts';
import { commitReceived } from './received.ts';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { summarise } from './summary.ts';

export interface Answered {
  readonly peer: string;
  readonly outcome: 'answered' | 'failed';
  readonly code: FaultCode | null;
  readonly records: RecordSummary[];
}

export interface AskArguments {
  readonly peers: readonly string[];
  readonly purpose: string;
  readonly filter: QuestionFilter;
  readonly timeoutMs: number;
}

/**
 * Asks several peers at once, each its own signed question. Answers are verified and stored as they come, and told through
 * `emit`. A peer that fails or is slow does not hold up the others.
 *
 * @throws Fault peer.unknown, query.malformed
 */
export async function askPeers(
  sovereign: Sovereign,
  args: AskArguments,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ question: string; answers: Answered[] }> {
  if (!PURPOSES.has(args.purpose))
    throw new Fault('query.malformed', `the purpose must be one of ${[...PURPOSES.keys()].join(', ')}`);
  const peers = args.peers.map((code) => sovereign.peers.byCode(code));
  const ids: string[] = [];
  const answers = await Promise.all(peers.map((peer) => askOne(sovereign, peer, args, emit, signal, ids)));
  return { question: ids.join(' '), answers };
}

async function askOne(
  sovereign: Sovereign,
  peer: Peer,
  { purpose, filter, timeoutMs }: AskArguments,
  emit: Emit,
  signal: AbortSignal,
  ids: string[],
): Promise<Answered> {
  const { self, signers, entropy, store, exchange } = sovereign;
  if (exchange === undefined) throw new Fault('node.not-running', 'questions need a running node');
  const lowest = self.charter.scheme.levels[0]?.id ?? '';
  // The question says what this state looks for: it goes to the peer and to nobody else.
  const label = {
    scheme: self.charter.scheme.id,
    classification: lowest,
    releasableTo: [peer.state],
    purposes: [purpose],
  };
  const question = await issueQuestion(
    { issuer: self.state, audience: peer.state, purpose, label, filter },
    signers.record,
    sovereign.now(),
    entropy,
  );
  ids.push(question.id);
  const records: RecordSummary[] = [];
  const log = async (outcome: 'open' | 'answered' | 'failed', code: FaultCode | null): Promise<void> => {
    const atSeconds = sovereign.now();
    const set = new WriteSet().put(TABLES.queries, ['real', 'asked', question.issuedAtSeconds, question.id], {
      peer: peer.state,
      bytes: question.bytes,
      outcome,
      code,
      recordCount: records.length,
      updatedAtSeconds: atSeconds,
    });
    set.audit({
      atSeconds,
      event: outcome === 'open' ? 'question-asked' : 'question-ended',
      fields: { peer: peer.state, question: question.id, purpose, records: records.length, code: code ?? '' },
    });
    await store.commit(set);
  };
  await log('open', null);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const stop = (): void => limit.abort();
  signal.addEventListener('abort', stop);
  try {
    const keeping = new Answers(sovereign, peer, question, (summary) => {
      records.push(summary);
      emit({ item: { peer: peer.code, record: summary } });
    });
    try {
      for await (const answer of exchange.ask(peer.state, question.bytes, limit.signal))
        await keeping.take(answer);
    } catch (error) {
      limit.abort();
      // What came before it went wrong was asked for, and is kept.
      await keeping.end().catch(() => {});
      throw error;
    }
    await keeping.end();
    await log('answered', null);
    return { peer: peer.code, outcome: 'answered', code: null, records };
  } catch (error) {
    if (!isFault(error)) throw error;
    await log('failed', error.code);
    return { peer: peer.code, outcome: 'failed', code: error.code, records };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

type Answer = Parameters<typeof openAnswer>[1];

/** Answers verified and not yet stored: as many as come while others are being written, up to this much. */
const MAX_PENDING_BYTES = 4 * 1_048_576;
const MAX_PENDING_ANSWERS = 256;

/**
 * The answers to one question. Each must be what was asked for; they are stored together with those that came while the
 * ones before were being written, merged with what is held. The peer's ledger brings them again, with a receipt.
 */
class Answers {
  readonly #sovereign: Sovereign;
  readonly #peer: Peer;
  readonly #question: Question;
  readonly #kept: (summary: RecordSummary) => void;
  #count = 0;
  #pending: View[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #fault: Error | undefined;

  constructor(sovereign: Sovereign, peer: Peer, question: Question, kept: (summary: RecordSummary) => void) {
    this.#sovereign = sovereign;
    this.#peer = peer;
    this.#question = question;
    this.#kept = kept;
  }

  /** @throws Fault query.too-many-answers, query.answer-unasked, node.merge-refused, and as `openAnswer` */
  async take(answer: Answer): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const { maxAnswers } = this.#sovereign.config.query;
    this.#count += 1;
    if (this.#count > maxAnswers)
      throw new Fault('query.too-many-answers', `expected at most ${maxAnswers} answers`, {
        fields: { peer: this.#peer.code, maxAnswers },
      });
    const view = openAnswer(this.#sovereign, answer);
    // The peer has judged the filter on the very parts that it sends; a question is about real records.
    if (view.header.exercise !== undefined || !matchesFilter(view, this.#question))
      throw new Fault('query.answer-unasked', 'an answer does not meet the filter of the question', {
        fields: { peer: this.#peer.code, record: view.header.id },
      });
    this.#pending.push(view);
    this.#pendingBytes += answer.record.length;
    for (const disclosure of answer.disclosures) this.#pendingBytes += disclosure.length;
    this.#writing ??= this.#write();
    if (this.#pending.length >= MAX_PENDING_ANSWERS || this.#pendingBytes >= MAX_PENDING_BYTES)
      await this.#writing;
  }

  /** Waits until everything taken is stored. @throws as `take` */
  async end(): Promise<void> {
    await this.#writing;
    if (this.#fault !== undefined) throw this.#fault;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const views = this.#pending;
        this.#pending = [];
        this.#pendingBytes = 0;
        await this.#keep(views);
      }
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#writing = undefined;
    }
  }

  async #keep(views: readonly View[]): Promise<void> {
    const sovereign = this.#sovereign;
    const source = {
      peer: this.#peer.state,
      receivedAtSeconds: sovereign.now(),
      ledgerIndex: null,
    };
    const records = views.map(({ header, bytes, disclosures }) => ({
      header,
      bytes,
      disclosures: [...disclosures.values()],
      source,
    }));
    const { refused } = await commitReceived(sovereign, records, () => new WriteSet());
    const ids = views.map(({ header }) => header.id);
    const held = await sovereign.store.records('real').getMany(ids);
    for (const [place, stored] of held.entries()) {
      const view = stored === undefined ? undefined : openReadable(sovereign, stored);
      if (view !== undefined && !refused.has(place)) this.#kept(await summarise(sovereign, view));
    }
    for (const [place, cause] of refused)
      throw new Fault('node.merge-refused', 'a record would no longer open with what came for it', {
        fields: { peer: this.#peer.code, record: ids[place] ?? null, cause },
      });
  }
}

/** @throws Fault record.*, cbor.*, cose.*, ed25519.*, identity.* */
function openAnswer(
  sovereign: Sovereign,
  { record, disclosures }: { readonly record: Uint8Array; readonly disclosures: readonly Uint8Array[] },
): View {
  return openView(authoriseBytes(record, sovereign.directory, sovereign.now()), disclosures);
}
