// clarification.status: where a question to another state stands (record-types.md §30).

import { hex, type Item } from '../cbor-text.ts';
import { invalid, valid } from '../record/inputs.ts';
import { field, type RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { whole } from './norm-inputs.ts';
import { caldera, day, english, issued, type Options, retraction, STATES, without } from './norm-records.ts';

type Fields = Readonly<Record<string, Item>>;

function clarification(subject: string, fields: Fields, options: Options = {}): RecordText {
  const salt = { salt: `${subject} ${options.atSeconds ?? ''}` };
  return issued(
    'clarification',
    Object.entries(fields).map(([name, value]) => field(name, value, salt)),
    { subject, ...options },
  );
}

const ASKED: Fields = { kind: 'question', to: borealis.idText, text: english('Is it yours?') };

/** Arcadia asks Borealis, for a reply by the tenth day. */
const asked = clarification('question', { ...ASKED, replyBy: day(10) });
/** Without a clock. */
const idle = clarification('idle', ASKED);

function reply(kind: string, onDay: number, more: Fields = {}, options: Options = {}): RecordText {
  return clarification(
    `${kind}-${onDay}`,
    { kind, to: arcadia.idText, inReplyTo: asked.idText, ...more },
    { by: borealis, atSeconds: day(onDay), ...options },
  );
}

const acknowledged = reply('acknowledgement', 2);
const answered = reply('answer', 5, { text: english('It is not.') });
const declined = reply('decline', 6, { reason: 'defence' });
const late = reply('answer', 11, { text: english('It is.') });

type Given = readonly (RecordText | Uint8Array)[];

function input(question: RecordText | Uint8Array, others: Given, atSeconds: number): ValidCase['in'] {
  const bytesOf = (text: RecordText | Uint8Array): string =>
    hex(text instanceof Uint8Array ? text : whole(text));
  return {
    question: bytesOf(question),
    others: others.map(bytesOf),
    charters: STATES.map(({ charter }) => hex(charter)),
    certificates: STATES.map(({ certificates }) => hex(certificates.record)),
    atSeconds,
  };
}

type Expected = { readonly status: string; readonly since: number } & Readonly<Record<string, Json>>;

/** Of the question above, unless another one is given. A member that is null is not there. */
function statusCase(
  comment: string,
  others: Given,
  atSeconds: number,
  { status, since, ...expected }: Expected,
  [question, of]: readonly [RecordText | Uint8Array, RecordText] = [asked, asked],
): ValidCase {
  const out = {
    ...{ id: of.idText, status, sinceSeconds: since, to: borealis.idText, replyBySeconds: day(10) },
    ...{ overdue: false, late: false, unknown: [], ...expected },
  };
  return valid(
    comment,
    input(question, others, atSeconds),
    Object.fromEntries(Object.entries(out).filter(([, value]) => value !== null)),
  );
}

const given = (text: RecordText, kind: string, issuedAtSeconds: number, reason?: string): Json => ({
  ...{ id: text.idText, kind, issuedAtSeconds },
  ...(reason !== undefined && { reason }),
});

const open: Expected = { status: 'open', since: BEGIN_SECONDS };
const received: Expected = { status: 'acknowledged', since: day(2), acknowledgedAtSeconds: day(2) };
const answer: Expected = { status: 'answered', since: day(5), reply: given(answered, 'answer', day(5)) };
const decline: Expected = {
  ...{ status: 'declined', since: day(6), reply: given(declined, 'decline', day(6), 'defence') },
};
const after: Expected = {
  ...{ status: 'answered', since: day(11), late: true, reply: given(late, 'answer', day(11)) },
};

function replies(): readonly ValidCase[] {
  return [
    statusCase('Nobody has said anything.', [], day(10), open),
    statusCase('The second after the time for a reply.', [], day(10) + 1, { ...open, overdue: true }),
    statusCase('An acknowledgement says that it has arrived.', [acknowledged], day(2), received),
    statusCase('The second before that.', [acknowledged], day(2) - 1, open),
    statusCase('It is no reply.', [acknowledged], day(11), { ...received, overdue: true }),
    statusCase('Answered, and acknowledged before.', [answered, acknowledged, answered], day(20), {
      ...answer,
      acknowledgedAtSeconds: day(2),
    }),
    statusCase('An answer that was not acknowledged.', [answered], day(20), answer),
    statusCase('Declined, with the reason.', [declined], day(20), decline),
    statusCase('Where the reason is withheld.', [without(declined, 'reason')], day(20), {
      ...{ ...decline, reply: given(declined, 'decline', day(6)) },
    }),
    statusCase('What was said last counts.', [declined, answered], day(20), decline),
    statusCase('A late answer.', [late], day(20), after),
    statusCase('The second before that.', [late], day(11) - 1, { ...open, overdue: true }),
    statusCase('A second answer is not late where the first was not.', [late, answered], day(20), {
      ...{ ...after, late: false },
    }),
    statusCase(
      'An answer in the last second.',
      [reply('answer', 10, { text: english('Now.') })],
      day(10) + 1,
      {
        ...{ status: 'answered', since: day(10) },
        reply: given(reply('answer', 10, { text: english('Now.') }), 'answer', day(10)),
      },
    ),
    statusCase('A question without a time has no clock.', [], day(300), { ...open, replyBySeconds: null }, [
      idle,
      idle,
    ]),
  ];
}

function strangers(): readonly ValidCase[] {
  const more = { text: english('It is mine.') };
  const notAsked = reply('answer', 5, more, { by: caldera });
  const elsewhere = reply('answer', 5, { ...more, to: caldera.idText });
  const other = reply('answer', 5, { ...more, inReplyTo: idle.idText });
  const played = reply('answer', 5, more, { payload: [[3, 'storm-1']] });
  const own = reply('answer', 5, more, { by: arcadia });
  const hidden = ['kind', 'to', 'inReplyTo'].map((name) => without(answered, name));
  return [
    statusCase('A state that was not asked answers.', [notAsked], day(9), open),
    statusCase('An answer that is addressed to another state.', [elsewhere], day(9), open),
    statusCase('An answer to another question.', [other], day(9), open),
    statusCase('An answer in an exercise.', [played], day(9), open),
    statusCase('The state that asks answers itself.', [own], day(9), open),
    statusCase('An answer that does not show its kind.', hidden.slice(0, 1), day(9), open),
    statusCase('An answer that does not show to whom.', hidden.slice(1, 2), day(9), open),
    statusCase('An answer that does not show to what.', hidden.slice(2), day(9), open),
    statusCase('Of two views of an answer.', [...hidden, answered], day(9), answer),
  ];
}

function ended(): readonly ValidCase[] {
  const by = { by: borealis };
  const taken = retraction(answered, { ...by, atSeconds: day(7) });
  const foreign = retraction(answered, { atSeconds: day(7) });
  const again = reply('answer', 12, { text: english('Rather so.') }, { payload: [[4, [answered.id]]] });
  const changed = reply('decline', 12, { reason: 'complexity' }, { payload: [[4, [answered.id]]] });
  const withdrawn = retraction(asked, { atSeconds: day(4) });
  const anew = clarification('anew', ASKED, { atSeconds: day(4), payload: [[4, [asked.id]]] });
  const short = clarification('short', { ...ASKED, replyBy: day(10) }, { payload: [[6, day(3)]] });
  const unheard = retraction(acknowledged, { ...by, atSeconds: day(3) });
  return [
    statusCase('An answer that was taken back.', [answered, taken], day(9), open),
    statusCase('The second before that.', [answered, taken], day(7) - 1, answer),
    statusCase('It is waited for again.', [answered, taken], day(11), { ...open, overdue: true }),
    statusCase('Another answer after it was taken back is late.', [answered, taken, late], day(20), after),
    statusCase('Nobody takes back the answer of another state.', [answered, foreign], day(9), answer),
    statusCase('An answer that was amended was given in time.', [answered, again], day(20), {
      ...{ status: 'answered', since: day(12), reply: given(again, 'answer', day(12)) },
    }),
    statusCase('A decline instead of an answer.', [changed, answered], day(20), {
      ...{ status: 'declined', since: day(12), reply: given(changed, 'decline', day(12), 'complexity') },
    }),
    statusCase('An acknowledgement that was taken back.', [acknowledged, unheard], day(9), open),
    statusCase('Withdrawn before its time: nothing is overdue.', [acknowledged, withdrawn], day(20), {
      ...{ status: 'withdrawn', since: day(4), acknowledgedAtSeconds: day(2) },
    }),
    statusCase('Answered, although it was withdrawn.', [withdrawn, answered], day(20), answer),
    statusCase('Asked anew.', [anew], day(20), { status: 'superseded', since: day(4) }),
    statusCase('It has expired.', [], day(20), { status: 'expired', since: day(3) }, [short, short]),
  ];
}

function hiddenQuestion(): readonly ValidCase[] {
  const hide = (name: string): readonly [Buffer, RecordText] => [without(asked, name), asked];
  return [
    statusCase(
      'Where it is withheld who is asked, nobody replies.',
      [answered],
      day(11),
      { ...open, to: null, overdue: true, unknown: ['to'] },
      hide('to'),
    ),
    statusCase(
      'Where the time for a reply is withheld, none is overdue or late.',
      [],
      day(11),
      { ...open, replyBySeconds: null, unknown: ['replyBy'] },
      hide('replyBy'),
    ),
    statusCase(
      'A clarification that does not show that it is a question.',
      [answered],
      day(11),
      { ...answer, unknown: ['kind'] },
      hide('kind'),
    ),
  ];
}

function refused(): readonly InvalidCase[] {
  const changed = Buffer.from(whole(answered));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  return [
    invalid(
      ...([
        'ed25519.bad-signature',
        'keys 2.5',
        'A bit of the signature of another record is changed.',
      ] as const),
      input(asked, [changed], day(9)),
    ),
  ];
}

export function clarificationVectors(): readonly VectorFile[] {
  const file = { topic: 'record-types', op: 'clarification.status' };
  return [
    { ...file, name: 'clarification-replies', valid: replies() },
    { ...file, name: 'clarification-strangers', valid: strangers() },
    { ...file, name: 'clarification-ended', valid: ended() },
    { ...file, name: 'clarification-hidden', valid: hiddenQuestion() },
    { ...file, name: 'clarification-refused', invalid: refused() },
  ];
}
