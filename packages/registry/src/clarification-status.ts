import type { StateId } from '@comity/label';
import { factOf, type RecordId, type View } from '@comity/record';
import { type CessationCause, Cessations } from './cessation.ts';
import { mergedLists } from './merged.ts';
import { known } from './norm.ts';

export interface ClarificationRecords {
  /** A clarification whose `kind` is `question`, or is not shown. */
  readonly question: View;
  /** Clarifications that may reply to it, and what ends it or these. Others among them say nothing here. */
  readonly others: Iterable<View>;
}

/** What the state that was asked has said last, and still says. */
export interface ClarificationReply {
  readonly id: RecordId;
  readonly kind: 'answer' | 'decline';
  readonly issuedAtSeconds: number;
  /** Why it declines, where that is shown. */
  readonly reason?: string;
}

/** Where a question to another state stands at a time. */
export interface ClarificationStatus {
  readonly id: RecordId;
  readonly status: 'open' | 'acknowledged' | 'answered' | 'declined' | 'withdrawn' | 'superseded' | 'expired';
  /** Since when it is so. */
  readonly sinceSeconds: number;
  /** The state that is asked, where that is shown. */
  readonly to?: StateId;
  readonly replyBySeconds?: number;
  /** Whether a reply is still waited for, and its time has passed. */
  readonly overdue: boolean;
  /** Whether there is a reply, and the first one came after its time. */
  readonly late: boolean;
  /** When the state that is asked first said that the question has arrived. This is no concurrence. */
  readonly acknowledgedAtSeconds?: number;
  readonly reply?: ClarificationReply;
  /** Fields of the question that are not shown: the status is not certain. */
  readonly unknown: readonly ('kind' | 'to' | 'replyBy')[];
}

type Word = ClarificationStatus['status'];

const WORD_OF: Readonly<Record<CessationCause, Word>> = {
  retracted: 'withdrawn',
  superseded: 'superseded',
  expired: 'expired',
};

/**
 * Where a question to another state stands at a time (record-types.md §30): a function of the records, whatever the order in which
 * they came and however often. Only the state that is asked replies, and an acknowledgement is no answer.
 *
 * @param atSeconds UTC seconds
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function clarificationStatus(records: ClarificationRecords, atSeconds: number): ClarificationStatus {
  const [questions, all] = mergedLists([records.question], records.others);
  const question = questions[0] as View;
  const { header } = question;
  const others = all.filter(
    (view) => view.header.exercise === header.exercise && view.header.issuedAtSeconds <= atSeconds,
  );
  const cessations = new Cessations(
    others.map((view) => view.header),
    atSeconds,
  );
  const kind = factOf(question, 'kind', (value) => value as string);
  const to = factOf(question, 'to', (value) => value as StateId);
  const replyBy = factOf(question, 'replyBy', (value) => value as number);
  const asked = known(to);
  const replyBySeconds = known(replyBy);
  const said = others
    .filter((view) => asked !== undefined && isReply(view, question, asked))
    .sort(byTimeAndId);
  const standing = said.filter((view) => cessations.of(view.header) === undefined);
  const receipt = standing.find((view) => text(view, 'kind') === 'acknowledgement');
  const reply = standing.filter(isFinal).at(-1);
  const first = said.filter(isFinal).find((view) => cessations.of(view.header)?.cause !== 'retracted');
  const ceased = cessations.of(header);
  const now: { readonly status: Word; readonly sinceSeconds: number } =
    reply !== undefined
      ? {
          status: text(reply, 'kind') === 'answer' ? 'answered' : 'declined',
          sinceSeconds: reply.header.issuedAtSeconds,
        }
      : ceased !== undefined
        ? { status: WORD_OF[ceased.cause], sinceSeconds: ceased.atSeconds }
        : receipt !== undefined
          ? { status: 'acknowledged', sinceSeconds: receipt.header.issuedAtSeconds }
          : { status: 'open', sinceSeconds: header.issuedAtSeconds };
  return {
    id: header.id,
    ...now,
    ...(asked !== undefined && { to: asked }),
    ...(replyBySeconds !== undefined && { replyBySeconds }),
    overdue:
      replyBySeconds !== undefined &&
      replyBySeconds < atSeconds &&
      (now.status === 'open' || now.status === 'acknowledged'),
    late:
      reply !== undefined &&
      replyBySeconds !== undefined &&
      replyBySeconds < (first ?? reply).header.issuedAtSeconds,
    ...(receipt !== undefined && { acknowledgedAtSeconds: receipt.header.issuedAtSeconds }),
    ...(reply !== undefined && { reply: replyOf(reply) }),
    unknown: [
      ...(kind.status === 'unknown' ? (['kind'] as const) : []),
      ...(to.status === 'unknown' ? (['to'] as const) : []),
      ...(replyBy.status === 'unknown' ? (['replyBy'] as const) : []),
    ],
  };
}

/** §30.2: from the state that is asked, to the one that asks, and about this question. */
function isReply(view: View, question: View, asked: StateId): boolean {
  const { type, issuer } = view.header;
  return (
    type === 'clarification' &&
    issuer === asked &&
    issuer !== question.header.issuer &&
    text(view, 'inReplyTo') === question.header.id &&
    text(view, 'to') === question.header.issuer
  );
}

function isFinal(view: View): boolean {
  const kind = text(view, 'kind');
  return kind === 'answer' || kind === 'decline';
}

function replyOf(view: View): ClarificationReply {
  const { id, issuedAtSeconds } = view.header;
  if (text(view, 'kind') === 'answer') return { id, kind: 'answer', issuedAtSeconds };
  const reason = text(view, 'reason');
  return { id, kind: 'decline', issuedAtSeconds, ...(reason !== undefined && { reason }) };
}

function text(view: View, field: 'kind' | 'to' | 'inReplyTo' | 'reason'): string | undefined {
  return known(factOf(view, field, (value) => value as string));
}

function byTimeAndId({ header: a }: View, { header: b }: View): number {
  return a.issuedAtSeconds - b.issuedAtSeconds || (a.id < b.id ? -1 : 1);
}
