// measure.status: what has become of an emergency measure (record-types.md §29).

import { hex } from '../cbor-text.ts';
import { invalid, valid } from '../record/inputs.ts';
import { field, type RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, type State } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { whole } from './norm-inputs.ts';
import { day, english, issued, type Options, retraction, STATES, without } from './norm-records.ts';

/** Starts on the first day, to be reviewed by the tenth, ends on the thirtieth. */
function measure(salt = '', options: Options = {}, claims: NonNullable<Options['payload']> = []): RecordText {
  const fields = [
    field('title', english('Traffic is filtered'), { salt }),
    field('startsAt', day(1), { salt }),
    field('reviewBy', day(10), { salt }),
  ];
  return issued('measure', fields, {
    subject: 'grid',
    ...options,
    payload: [[6, day(30)], ...claims],
  });
}

const about = measure();

function review(status: string, onDay: number, options: Options = {}): RecordText {
  return issued('review', [field('status', status), field('summary', english(`Day ${onDay}`))], {
    ...{ subject: about.idText, atSeconds: day(onDay) },
    ...options,
  });
}

interface Expected {
  readonly status: string;
  readonly since: number;
  readonly overdue?: boolean;
  readonly reviews?: readonly (readonly [RecordText, number, State?])[];
  readonly renewedBy?: readonly RecordText[];
  readonly of?: RecordText;
  readonly expires?: number;
  readonly unknown?: readonly string[];
}

function input(
  given: RecordText | Uint8Array,
  others: readonly (RecordText | Uint8Array)[],
  atSeconds: number,
): ValidCase['in'] {
  const bytesOf = (text: RecordText | Uint8Array): string =>
    hex(text instanceof Uint8Array ? text : whole(text));
  return {
    measure: bytesOf(given),
    others: others.map(bytesOf),
    charters: STATES.map(({ charter }) => hex(charter)),
    certificates: STATES.map(({ certificates }) => hex(certificates.record)),
    atSeconds,
  };
}

function measureCase(
  comment: string,
  [given, others, atSeconds]: Parameters<typeof input>,
  { status, since, overdue = false, reviews = [], renewedBy = [], of = about, ...expected }: Expected,
): ValidCase {
  const { unknown = [], expires = day(30) } = expected;
  return valid(comment, input(given, others, atSeconds), {
    ...{ id: of.idText, status, sinceSeconds: since, expiresAtSeconds: expires },
    ...(!unknown.includes('reviewBy') && { reviewBySeconds: day(10) }),
    reviewOverdue: overdue,
    reviews: reviews
      .map(([text, issuedAtSeconds, by = arcadia]) => ({
        ...{ id: text.idText, issuer: by.idText, issuedAtSeconds },
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    renewedBy: renewedBy.map(({ idText }) => idText).sort(),
    unknown,
  });
}

function statuses(): readonly ValidCase[] {
  const ended = retraction(about, { atSeconds: day(5) });
  const renewal = measure('again', { atSeconds: day(20) }, [[4, [about.id]]]);
  const foreign = measure('foreign', { by: borealis, atSeconds: day(4) }, [[4, [about.id]]]);
  const adopted = review('adopted', 9);
  const open = review('open', 9, { subject: about.idText, by: borealis });
  const theirs = review('adopted', 8, { by: borealis });
  const late = review('adopted', 15);
  const other = review('adopted', 9, { subject: 'grid' });
  const played = review('adopted', 7, { payload: [[3, 'storm-1']] });
  return [
    measureCase('Before it starts.', [about, [], day(1) - 1], { status: 'proclaimed', since: BEGIN_SECONDS }),
    measureCase('From its start on.', [about, [], day(1)], { status: 'active', since: day(1) }),
    measureCase('The second before its review is due.', [about, [], day(10) - 1], {
      status: 'active',
      since: day(1),
    }),
    measureCase('Nobody has reviewed it.', [about, [], day(10)], {
      status: 'active',
      since: day(1),
      overdue: true,
    }),
    measureCase('The last second.', [about, [], day(30) - 1], {
      status: 'active',
      since: day(1),
      overdue: true,
    }),
    measureCase('It has ended, and nobody has said so.', [about, [], day(30)], {
      ...{ status: 'expired', since: day(30), overdue: true },
    }),
    measureCase('Its issuer has reviewed it.', [about, [adopted], day(12)], {
      ...{ status: 'active', since: day(1), reviews: [[adopted, day(9)]] },
    }),
    measureCase('A review that came late.', [about, [late], day(15)], {
      ...{ status: 'active', since: day(1), reviews: [[late, day(15)]] },
    }),
    measureCase('The second before that.', [about, [late], day(15) - 1], {
      ...{ status: 'active', since: day(1), overdue: true },
    }),
    measureCase(
      'A review of another state does not spare its issuer one.',
      [about, [theirs, open], day(12)],
      {
        ...{ status: 'active', since: day(1), overdue: true, reviews: [[theirs, day(8), borealis]] },
      },
    ),
    measureCase('Reviews of something else, and in an exercise.', [about, [other, played], day(12)], {
      ...{ status: 'active', since: day(1), overdue: true },
    }),
    measureCase('A review that does not show its status.', [about, [without(adopted, 'status')], day(12)], {
      ...{ status: 'active', since: day(1), overdue: true },
    }),
    measureCase('Ended by its issuer, before a review was due.', [about, [ended], day(12)], {
      ...{ status: 'terminated', since: day(5) },
    }),
    measureCase('The second before that.', [about, [ended], day(5) - 1], { status: 'active', since: day(1) }),
    measureCase('Renewed, and reviewed before.', [about, [renewal, adopted, adopted], day(25)], {
      ...{ status: 'renewed', since: day(20), reviews: [[adopted, day(9)]], renewedBy: [renewal] },
    }),
    measureCase('The measure that renews it has its own status.', [renewal, [about, adopted], day(25)], {
      ...{ of: renewal, status: 'active', since: day(1), overdue: true },
    }),
    measureCase('A measure of another state renews nothing.', [about, [foreign], day(9)], {
      ...{ status: 'active', since: day(1) },
    }),
    measureCase(
      'Where its start is withheld, its issue stands for that.',
      [without(about, 'startsAt'), [], day(9)],
      {
        ...{ status: 'active', since: BEGIN_SECONDS, unknown: ['startsAt'] },
      },
    ),
    measureCase(
      'Where it is withheld when its review is due, none is overdue.',
      [without(about, 'reviewBy'), [], day(12)],
      {
        ...{ status: 'active', since: day(1), unknown: ['reviewBy'] },
      },
    ),
  ];
}

function refused(): readonly InvalidCase[] {
  const changed = Buffer.from(whole(about));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  return [
    invalid(
      ...([
        'ed25519.bad-signature',
        'keys 2.5',
        'A bit of the signature of another record is changed.',
      ] as const),
      input(measure('other'), [changed], day(9)),
    ),
  ];
}

export function measureVectors(): readonly VectorFile[] {
  const file = { topic: 'record-types', op: 'measure.status' };
  return [
    { ...file, name: 'measure-status', valid: statuses() },
    { ...file, name: 'measure-refused', invalid: refused() },
  ];
}
