import { factOf, type RecordId, type View } from '@comity/record';
import { type ClarificationStatus, clarificationStatus } from '@comity/registry';
import type { z } from 'zod';
import type { clarificationEntry } from '../operations/clarification.ts';
import { formatTime, timeOrNull } from '../operations/shapes.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';

type Clarification = z.input<typeof clarificationEntry>;

/** A question that is held here, and where it stands. */
export interface HeldQuestion {
  readonly question: View;
  readonly status: ClarificationStatus;
  /** The reply, where there is one. */
  readonly reply: View | undefined;
}

/**
 * The questions between states that are held here, with where they stand at a time (record-types.md §30). Those of exercises are
 * not among them, and neither is a clarification that does not show that it is a question and says to what it replies.
 *
 * @param atSeconds UTC seconds
 */
export async function questionsHeld({ registry }: Sovereign, atSeconds: number): Promise<HeldQuestion[]> {
  const held: HeldQuestion[] = [];
  for (const question of await registry.views(await registry.idsOfType('clarification'))) {
    if (question.header.issuedAtSeconds > atSeconds || !mayAsk(question)) continue;
    const replies = await registry.about(`record ${question.header.id}`);
    // What ends a reply is found by the reply.
    const ends = await registry.about(...replies.map(({ header }) => `record ${header.id}` as const));
    const others = [...replies, ...ends];
    const status = clarificationStatus({ question, others }, atSeconds);
    const reply = others.find(({ header }) => header.id === status.reply?.id);
    held.push({ question, status, reply });
  }
  return held;
}

/** Who is waited for: this state, the one that this state has asked, or one of two others. Null where nobody is. */
export function waitsFor(
  { self }: Pick<Sovereign, 'self'>,
  { question, status }: HeldQuestion,
): Clarification['waitsFor'] {
  if (status.status !== 'open' && status.status !== 'acknowledged') return null;
  if (status.to === self.state) return 'this-state';
  return question.header.issuer === self.state ? 'peer' : 'others';
}

/**
 * What `clarification list` shows: what waits for this state first, then what it waits for; each by the time for a reply; what is
 * over last, newest first.
 *
 * @param atSeconds UTC seconds
 */
export async function listClarifications(sovereign: Sovereign, atSeconds: number): Promise<Clarification[]> {
  const listed = (await questionsHeld(sovereign, atSeconds)).map((held) => entryOf(sovereign, held));
  return listed
    .sort(
      (a, b) =>
        ORDER.indexOf(a.waitsFor) - ORDER.indexOf(b.waitsFor) ||
        (a.waitsFor === null ? b.sinceSeconds - a.sinceSeconds : a.dueSeconds - b.dueSeconds),
    )
    .map(({ sinceSeconds: _since, dueSeconds: _due, ...entry }) => entry);
}

const ORDER: readonly Clarification['waitsFor'][] = ['this-state', 'peer', 'others', null];

function entryOf(
  sovereign: Sovereign,
  held: HeldQuestion,
): Clarification & { readonly sinceSeconds: number; readonly dueSeconds: number } {
  const { question, status, reply } = held;
  const { id, subject, issuer } = question.header;
  const { sinceSeconds, replyBySeconds } = status;
  return {
    ...{ id, subject, issuer: codeOrId(sovereign, issuer) },
    to: status.to === undefined ? null : codeOrId(sovereign, status.to),
    text: titleText(question),
    about: recordNamed(question, 'about') ?? null,
    ...{ status: status.status, since: formatTime(sinceSeconds), waitsFor: waitsFor(sovereign, held) },
    replyBy: timeOrNull(replyBySeconds),
    ...{ overdue: status.overdue, late: status.late },
    acknowledgedAt: timeOrNull(status.acknowledgedAtSeconds),
    reply:
      status.reply === undefined
        ? null
        : {
            ...{ id: status.reply.id, kind: status.reply.kind },
            at: formatTime(status.reply.issuedAtSeconds),
            reason: status.reply.reason ?? null,
            text: reply === undefined ? null : titleText(reply),
          },
    unknown: [...status.unknown],
    ...{ sinceSeconds, dueSeconds: replyBySeconds ?? Number.MAX_SAFE_INTEGER },
  };
}

/** What shows itself to be a reply is no question, also where its kind is withheld. */
function mayAsk(view: View): boolean {
  const kind = factOf(view, 'kind', (value) => value as string);
  if (kind.status === 'known') return kind.value === 'question';
  return recordNamed(view, 'inReplyTo') === undefined;
}

function recordNamed(view: View, field: 'about' | 'inReplyTo'): RecordId | undefined {
  const named = factOf(view, field, (value) => value as RecordId);
  return named.status === 'known' ? named.value : undefined;
}
