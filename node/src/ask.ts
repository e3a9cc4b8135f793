import { codeForQuestion } from '@comity/exchange';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import { PURPOSES } from '@comity/label';
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import { formatPosition, issueQuestion, type QuestionFilter } from '@comity/query';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import type { RecordSummary } from './operations/shapes.ts';
import { questionTurns } from './peers/peer-turns.ts';
import type { Peer } from './peers/peers.ts';
import { AnswerIntake } from './questions/answer-intake.ts';
import { assertRecordKey } from './records/record-key.ts';
import type { Sovereign } from './sovereign.ts';

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

/**
 * Asks several peers at once, each its own signed question. Answers are verified and stored as they come, and told through
 * `emit`. A peer that fails or is slow does not hold up the others, nor those who ask it something else for longer than they
 * want to wait.
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
  const answers = await Promise.all(peers.map((peer) => askInTurn(sovereign, peer, args, emit, signal)));
  return { question: answers.flatMap(({ question }) => question ?? []).join(' '), answers };
}

/** Asks a peer when its turn comes, within the time given, of which waiting for the turn is a part. */
async function askInTurn(
  sovereign: Sovereign,
  peer: Peer,
  args: AskArguments,
  emit: Emit,
  signal: AbortSignal,
): Promise<Answered> {
  const { code, state } = peer;
  if (signal.aborted) return unasked(code, 'exchange.stopping');
  const wanted = new AbortController();
  const timer = setTimeout(
    () => wanted.abort(new Fault('query.timeout', 'the answer did not end in the time given')),
    args.timeoutMs,
  );
  const leave = (): void => wanted.abort();
  signal.addEventListener('abort', leave);
  const turns = questionTurns(sovereign, state);
  const waits = !turns.isFree;
  const waiting = `${code} is answering another question of this state, waiting`;
  if (waits) emit({ progress: waiting });
  const endWaiting = (): void => {
    if (waits) emit({ progress: waiting, done: 1, total: 1 });
  };
  try {
    return await new Promise<Answered>((resolve, reject) => {
      // Nothing is signed any more for whoever has left meanwhile, or has waited long enough.
      const giveUp = (): void => {
        endWaiting();
        resolve(unasked(code, hasRunOut(wanted.signal) ? 'query.busy' : 'exchange.stopping'));
      };
      wanted.signal.addEventListener('abort', giveUp);
      turns
        .take(async () => {
          if (wanted.signal.aborted) return;
          wanted.signal.removeEventListener('abort', giveUp);
          endWaiting();
          resolve(await askOne(sovereign, peer, args, emit, wanted));
        })
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

/** Whether it was time that ended a question, and not whoever asked it. */
function hasRunOut({ aborted, reason }: AbortSignal): boolean {
  return aborted && isFault(reason, 'query.timeout');
}

function unasked(peer: string, code: FaultCode): Answered {
  return { peer, question: null, outcome: 'failed', code, records: [], more: false, next: null };
}

/** @param limit ends the question */
async function askOne(
  sovereign: Sovereign,
  peer: Peer,
  { purpose, filter, limit: wanted }: AskArguments,
  emit: Emit,
  limit: AbortController,
): Promise<Answered> {
  const { self, signers, entropy, store, exchange, config } = sovereign;
  if (exchange === undefined) throw new Fault('node.not-running', 'questions need a running node');
  // Looked up now: it may have been suspended while this question waited for its turn.
  if (sovereign.peers.get(peer.state)?.suspended === true) return unasked(peer.code, 'peer.suspended');
  const lowest = self.charter.scheme.levels[0]?.id ?? '';
  // The question says what this state looks for: it goes to the peer and to nobody else.
  const label = {
    scheme: self.charter.scheme.id,
    classification: lowest,
    releasableTo: [peer.state],
    purposes: [purpose],
  };
  const { maxAnswers } = config.query;
  assertRecordKey(sovereign);
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
  try {
    const keeping = new AnswerIntake(sovereign, peer, question, (summary) => {
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
      await keeping.end(false).catch(() => {});
      throw error;
    } finally {
      await answers.return({ more: false });
    }
    const position = await keeping.end(more);
    await log('answered', null);
    const next = position === undefined ? null : formatPosition(position);
    return { peer: peer.code, question: question.id, outcome: 'answered', code: null, records, more, next };
  } catch (error) {
    if (!isFault(error)) throw error;
    const isOver = error.code === 'exchange.stopping' && hasRunOut(limit.signal);
    const code = isOver ? 'query.timeout' : codeForQuestion(error);
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
  }
}
