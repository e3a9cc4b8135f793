import { Fault, type FaultCode, isFault } from '@comity/fault';
import { PURPOSES } from '@comity/label';
import { mergeViews, openView } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { authoriseBytes } from './judge.ts';
import type { RecordSummary } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import { issueQuestion, type QuestionFilter } from './question.ts';
import type { Sovereign } from './sovereign.ts';
import { openStored } from './stored-view.ts';
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
    for await (const answer of exchange.ask(peer.state, question.bytes, limit.signal)) {
      const summary = await keep(sovereign, peer, answer);
      records.push(summary);
      emit({ item: { peer: peer.code, record: summary } });
    }
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

/** Verifies one answer and stores it, merged with what is held. The peer's ledger brings it again, with a receipt. */
async function keep(
  sovereign: Sovereign,
  peer: Peer,
  answer: { readonly record: Uint8Array; readonly disclosures: readonly Uint8Array[] },
): Promise<RecordSummary> {
  const view = openView(
    authoriseBytes(answer.record, sovereign.directory, sovereign.now()),
    answer.disclosures,
  );
  const { header, bytes } = view;
  const source = { peer: peer.state, receivedAtSeconds: sovereign.now(), ledgerIndex: null };
  await sovereign.store.commit(
    new WriteSet().putRecord({ header, bytes, disclosures: [...view.disclosures.values()], source }),
  );
  const realm = header.exercise === undefined ? 'real' : 'exercise';
  const held = await sovereign.store.records(realm).get(header.id);
  return summarise(sovereign, held === undefined ? view : mergeViews(view, openStored(sovereign, held)));
}
