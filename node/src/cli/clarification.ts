import { styleText } from 'node:util';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { clarificationEntry, clarificationList } from '../operations/clarification.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { parseTime } from './time-argument.ts';

type Clarification = z.output<typeof clarificationEntry>;

const STATUSES = clarificationEntry.shape.status.options;

const WAITS_FOR: Readonly<Record<NonNullable<Clarification['waitsFor']>, string>> = {
  'this-state': 'this state',
  peer: 'the peer',
  others: 'others',
};

export function addClarificationCommands(program: Command, session: () => Session): void {
  const clarification = program
    .command('clarification')
    .description('questions between states that remove an ambiguity: who waits for whom');
  clarification
    .command('list')
    .description('what waits for this state first, then what it waits for; what is due first comes first')
    .addOption(new Option('--status <word...>', 'only those of this status').choices(STATUSES))
    .option('--waiting', 'only those that wait for this state, or for which it waits', false)
    .option('--overdue', 'only those whose time for a reply has passed without one', false)
    .option('--at <time>', 'as of this time (default: now)')
    .addHelpText(
      'after',
      '\nAn acknowledgement says that a question has arrived. It is no concurrence with what the question says; and a question that\nnobody answers is a fact, and no accusation.',
    )
    .action(async (options: { status?: string[]; waiting: boolean; overdue: boolean; at?: string }) => {
      const current = session();
      const { clarifications } = await current.call(
        clarificationList,
        options.at === undefined ? {} : { atSeconds: parseTime(options.at) },
      );
      const wanted = clarifications.filter(
        ({ status, waitsFor, overdue }) =>
          (options.status === undefined || options.status.includes(status)) &&
          (!options.waiting || waitsFor === 'this-state' || waitsFor === 'peer') &&
          (!options.overdue || overdue),
      );
      current.print({ clarifications: wanted }, clarificationsText);
    });
}

function clarificationsText({
  clarifications,
}: {
  readonly clarifications: readonly Clarification[];
}): string {
  if (clarifications.length === 0) return 'no such question is held here';
  return table(
    ['id', 'from', 'to', 'status', 'since', 'waits for', 'reply by', 'question'],
    clarifications.map((each) => [
      each.id.slice(0, 12),
      each.issuer,
      each.to ?? '(withheld)',
      statusText(each),
      each.since,
      each.waitsFor === null ? '' : WAITS_FOR[each.waitsFor],
      clockText(each),
      each.text ?? '(text withheld)',
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

function statusText({ status, reply, unknown }: Clarification): string {
  const notes = [
    ...(status === 'acknowledged' ? ['no concurrence'] : []),
    ...(status === 'declined' ? [reply?.reason ?? 'reason withheld'] : []),
    ...(unknown.length > 0 ? [`${unknown.join(', ')} not shown`] : []),
  ];
  return notes.length === 0 ? status : `${status} (${notes.join('; ')})`;
}

function clockText({ replyBy, overdue, late }: Clarification): string {
  if (replyBy === null) return '';
  if (overdue) return `OVERDUE since ${replyBy}`;
  return late ? `${replyBy}, late` : replyBy;
}
