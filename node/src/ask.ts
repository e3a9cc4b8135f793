import { Fault, type FaultCode, isFault, isFaultCode } from '@comity/fault';
import { PURPOSES, type StateId } from '@comity/label';
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import { openView, type View } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { type AnswerPosition, comesAfter, formatPosition, positionOf } from './answer-order.ts';
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
import { Turns } from './turns.ts';

export interface Answered {
  readonly peer: string;
  /** Id of the question as signed for this peer; null where none was signed. */
  readonly question: string | null;
  readonly outcome: 'answered' | 'failed';
  readonly code: FaultCode | null;
  readonly records: RecordSummary[];
  /** Whether the peer said that it has more answers. */
  readonly more: boolean;
  /** Where the next question goes on, as text; null where the peer has no more, or did not get to its end. */
  readonly next: string | null;
}

export interface AskArguments {
  readonly peers: readonly string[];
  readonly purpose: string;
  readonly filter: QuestionFilter;
  /** Answers to take from each peer at most; the setting `query.maxAnswers` unless given. */
  readonly limit?: number | undefined;
  readonly timeoutMs: number;
}

/** What a question may name: a sector, or a sub-sector as `sector/sub-sector`. */
const SECTORS: ReadonlySet<string> = new Set(
  sectors.sectors.flatMap(({ id, subsectors }) => [id, ...subsectors.map((sub) => `${id}/${sub}`)]),
);

const turns = new WeakMap<Sovereign, Map<StateId, Turns>>();

/** A peer answers one question of this state at a time, and refuses another: those of several users wait for each other. */
function questionTurns(sovereign: Sovereign, peer: StateId): Turns {
  const ofPeers = turns.get(sovereign) ?? new Map<StateId, Turns>();
  turns.set(sovereign, ofPeers);
  const known = ofPeers.get(peer) ?? new Turns();
  ofPeers.set(peer, known);
  return known;
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
  for (const sector of args.filter.sectors ?? []) {
    if (!SECTORS.has(sector))
      throw new Fault('query.malformed', `no sector ${sector}; there are ${[...SECTORS].join(', ')}`, {
        fields: { sector },
      });
  }
  const peers = args.peers.map((code) => sovereign.peers.byCode(code));
  const answers = await Promise.all(
    peers.map((peer) =>
      questionTurns(sovereign, peer.state).take(() => askOne(sovereign, peer, args, emit, signal)),
    ),
  );
  return { question: answers.flatMap(({ question }) => question ?? []).join(' '), answers };
}

async function askOne(
  sovereign: Sovereign,
  peer: Peer,
  { purpose, filter, limit: wanted, timeoutMs }: AskArguments,
  emit: Emit,
  signal: AbortSignal,
): Promise<Answered> {
  const { self, signers, entropy, store, exchange, config } = sovereign;
  if (exchange === undefined) throw new Fault('node.not-running', 'questions need a running node');
  // Looked up now: it may have been suspended while this question waited for its turn.
  if (sovereign.peers.get(peer.state)?.suspended === true) {
    const nothing = { question: null, records: [], more: false, next: null };
    return { peer: peer.code, outcome: 'failed', code: 'peer.suspended', ...nothing };
  }
  const lowest = self.charter.scheme.levels[0]?.id ?? '';
  // The question says what this state looks for: it goes to the peer and to nobody else.
  const label = {
    scheme: self.charter.scheme.id,
    classification: lowest,
    releasableTo: [peer.state],
    purposes: [purpose],
  };
  const { maxAnswers } = config.query;
  const question = await issueQuestion(
    {
      issuer: self.state,
      audience: peer.state,
      purpose,
      label,
      filter,
      limit: Math.min(wanted ?? maxAnswers, maxAnswers),
    },
    signers.record,
    sovereign.now(),
    entropy,
  );
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
  // Whoever asked may have left while this question waited for its turn.
  if (signal.aborted) stop();
  try {
    const keeping = new Answers(sovereign, peer, question, (summary) => {
      records.push(summary);
      emit({ item: { peer: peer.code, record: summary } });
    });
    let more: boolean;
    const answers = exchange.ask(peer.state, question.bytes, limit.signal);
    try {
      let answer = await answers.next();
      for (; answer.done !== true; answer = await answers.next()) await keeping.take(answer.value);
      more = answer.value.more;
    } catch (error) {
      limit.abort();
      // What came before it went wrong was asked for, and is kept.
      await keeping.end().catch(() => {});
      throw error;
    } finally {
      await answers.return({ more: false });
    }
    const last = await keeping.end();
    if (more && last === undefined)
      throw new Fault('query.more-without-answers', 'the peer has more to answer and answered nothing', {
        fields: { peer: peer.code },
      });
    await log('answered', null);
    const next = more && last !== undefined ? formatPosition(last) : null;
    return { peer: peer.code, question: question.id, outcome: 'answered', code: null, records, more, next };
  } catch (error) {
    if (!isFault(error)) throw error;
    const code = refusedWith(error) ?? error.code;
    await log('failed', code);
    return {
      peer: peer.code,
      question: question.id,
      outcome: 'failed',
      code,
      records,
      more: false,
      next: null,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Why a peer refused a question, where it says so: only codes about questions are taken over from a peer. */
function refusedWith({ code, fields }: Fault): FaultCode | undefined {
  const { peerCode } = fields;
  if (code !== 'exchange.refused' || typeof peerCode !== 'string') return undefined;
  return peerCode.startsWith('query.') && isFaultCode(peerCode) ? peerCode : undefined;
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
  #last: AnswerPosition | undefined;
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

  /** @throws Fault query.too-many-answers, query.answer-unasked, query.answer-out-of-order, node.merge-refused, and as `openAnswer` */
  async take(answer: Answer): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const { limit = 0 } = this.#question;
    this.#count += 1;
    if (this.#count > limit)
      throw new Fault('query.too-many-answers', `expected at most ${limit} answers`, {
        fields: { peer: this.#peer.code, limit },
      });
    const view = openAnswer(this.#sovereign, answer);
    // The peer has judged the filter on the very parts that it sends; a question is about real records.
    if (view.header.exercise !== undefined || !matchesFilter(view, this.#question))
      throw new Fault('query.answer-unasked', 'an answer does not meet the filter of the question', {
        fields: { peer: this.#peer.code, record: view.header.id },
      });
    const position = positionOf(view.header);
    // Strictly: so no record comes twice, and whoever goes on after the last one comes to an end.
    if (this.#last !== undefined && !comesAfter(position, this.#last))
      throw new Fault('query.answer-out-of-order', 'an answer does not come after the one before it', {
        fields: { peer: this.#peer.code, record: view.header.id },
      });
    this.#last = position;
    this.#pending.push(view);
    this.#pendingBytes += answer.record.length;
    for (const disclosure of answer.disclosures) this.#pendingBytes += disclosure.length;
    this.#writing ??= this.#write();
    if (this.#pending.length >= MAX_PENDING_ANSWERS || this.#pendingBytes >= MAX_PENDING_BYTES)
      await this.#writing;
  }

  /** Waits until everything taken is stored; gives the position of the last answer. @throws as `take` */
  async end(): Promise<AnswerPosition | undefined> {
    await this.#writing;
    if (this.#fault !== undefined) throw this.#fault;
    return this.#last;
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
