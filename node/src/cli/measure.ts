import { styleText } from 'node:util';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { type measureEntry, measureList } from '../operations/measure.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { parseTime } from './time-argument.ts';

type Measure = z.output<typeof measureEntry>;

const STATUSES = ['proclaimed', 'active', 'renewed', 'expired', 'terminated'] as const;

export function addMeasureCommands(program: Command, session: () => Session): void {
  const measure = program
    .command('measure')
    .description('emergency measures: which are active, and until when');
  measure
    .command('list')
    .description('the measures that are held here, of whatever state; those that end first come first')
    .addOption(new Option('--status <word...>', 'only those of this status').choices(STATUSES))
    .option('--overdue', 'only those whose review is overdue', false)
    .option('--at <time>', 'as of this time (default: now)')
    .addHelpText('after', '\nA measure ends by itself when its time is over, also where nobody says so.')
    .action(async (options: { status?: string[]; overdue: boolean; at?: string }) => {
      const current = session();
      const { measures } = await current.call(
        measureList,
        options.at === undefined ? {} : { atSeconds: parseTime(options.at) },
      );
      const wanted = measures.filter(
        ({ status, reviewOverdue }) =>
          (options.status === undefined || options.status.includes(status)) &&
          (!options.overdue || reviewOverdue),
      );
      current.print({ measures: wanted }, measuresText);
    });
}

function measuresText({ measures }: { readonly measures: readonly Measure[] }): string {
  if (measures.length === 0) return 'no such measure is held here';
  return table(
    ['id', 'issuer', 'status', 'since', 'ends', 'review', 'title'],
    measures.map((each) => [
      each.id.slice(0, 12),
      each.issuer,
      each.unknown.length === 0 ? each.status : `${each.status} (${each.unknown.join(', ')} not shown)`,
      each.since,
      each.expiresAt ?? 'not stated',
      reviewText(each),
      each.title ?? '(title withheld)',
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

function reviewText({ reviewBy, reviewOverdue, reviews, issuer }: Measure): string {
  const own = reviews.filter((review) => review.issuer === issuer).at(-1);
  if (own !== undefined) return `reviewed ${own.at}`;
  if (reviewBy === null) return '';
  return reviewOverdue ? `OVERDUE since ${reviewBy}` : `by ${reviewBy}`;
}
