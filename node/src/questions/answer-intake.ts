import { Fault } from '@comity/fault';
import { authoriseBytes } from '@comity/ledger';
import { type AnswerPosition, ExpectedAnswers, type Question } from '@comity/query';
import { openView, type View } from '@comity/record';
import { WriteSet } from '@comity/store';
import { commitReceived } from '../ledgers/received.ts';
import type { RecordSummary } from '../operations/shapes.ts';
import type { Peer } from '../peers/peers.ts';
import { openReadable } from '../records/stored-view.ts';
import { summarise } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';

type Answer = Parameters<typeof openAnswer>[1];

/** Answers verified and not yet stored: as many as come while others are being written, up to this much. */
const MAX_PENDING_BYTES = 4 * 1_048_576;
const MAX_PENDING_ANSWERS = 256;

/**
 * The answers to one question. Each must be what was asked for; they are stored together with those that came while the
 * ones before were being written, merged with what is held. The peer's ledger brings them again, with a receipt.
 */
export class AnswerIntake {
  readonly #sovereign: Sovereign;
  readonly #peer: Peer;
  readonly #expected: ExpectedAnswers;
  readonly #kept: (summary: RecordSummary) => void;
  #pending: View[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #fault: Error | undefined;

  constructor(sovereign: Sovereign, peer: Peer, question: Question, kept: (summary: RecordSummary) => void) {
    this.#sovereign = sovereign;
    this.#peer = peer;
    this.#expected = new ExpectedAnswers(question, question.limit);
    this.#kept = kept;
  }

  /** @throws Fault query.too-many-answers, query.answer-unasked, query.answer-out-of-order, node.merge-refused, and as `openAnswer` */
  async take(answer: Answer): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    this.#expected.count();
    const view = openAnswer(this.#sovereign, answer);
    this.#expected.take(view);
    this.#pending.push(view);
    this.#pendingBytes += answer.record.length;
    for (const disclosure of answer.disclosures) this.#pendingBytes += disclosure.length;
    this.#writing ??= this.#write();
    if (this.#pending.length >= MAX_PENDING_ANSWERS || this.#pendingBytes >= MAX_PENDING_BYTES)
      await this.#writing;
  }

  /**
   * Waits until everything taken is stored; gives the position from which a further question goes on, where there is more.
   *
   * @throws Fault query.more-without-answers, and as `take`
   */
  async end(more: boolean): Promise<AnswerPosition | undefined> {
    await this.#writing;
    if (this.#fault !== undefined) throw this.#fault;
    return this.#expected.end(more);
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
