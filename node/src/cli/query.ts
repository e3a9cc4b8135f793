import { styleText } from 'node:util';
import { explainCode, isFaultCode } from '@comity/fault';
import type { Command } from 'commander';
import type { z } from 'zod';
import { peerShow } from '../operations/peer.ts';
import { queryAsk, queryList } from '../operations/query.ts';
import { confirm } from './ask.ts';
import { exitOfPeer } from './exit-codes.ts';
import { recordTable } from './record-text.ts';
import { requireKnownTypes, unknownTypeOption } from './record-types.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { parseTime } from './time-argument.ts';

function failureOf(code: string | null): string {
  if (code === null || !isFaultCode(code)) return 'failed';
  const { summary, remedy } = explainCode(code);
  return `failed: ${summary} [${code}]\n  what to do: ${remedy}`;
}

type Answer = z.output<typeof queryAsk.result>['answers'][number];

/** Where a question is written down. Of a peer only its answer shows that it has read and logged the question. */
function loggedText({ peer, question, outcome, records }: Answer): string {
  if (question === null) return `no question left for ${peer}`;
  const there = outcome === 'answered' || records.length > 0;
  return `question ${question.slice(0, 12)} to ${peer}: logged here${there ? ` and at ${peer}` : ''}`;
}

export function addQueryCommands(program: Command, session: () => Session): void {
  const query = program.command('query').description('ask peers; both sides keep a log');

  query
    .command('ask')
    .description('asks peers for records; each decides part by part what it answers')
    .argument('<peer...>', 'codes of the peers')
    .requiredOption('--purpose <purpose>', 'why you ask; the peer decides by it and logs it')
    .option('--type <type...>', 'record types')
    .addOption(unknownTypeOption())
    .option('--sector <sector...>', 'sectors (NIS2 identifiers)')
    .option('--indicator <value>', 'records with an indicator of exactly this value')
    .option('--text <text>', 'records that hold this text')
    .option('--since <time>', 'issued at or after this RFC 3339 time')
    .option('--before <position>', 'only what comes after this position: `next` of an earlier answer')
    .option('--limit <n>', 'records from each peer at most')
    .option(
      '--timeout <seconds>',
      'how long each peer may take for its whole answer, its turn included (at most 600)',
      '30',
    )
    .option('--yes', 'do not ask before the question leaves', false)
    .addHelpText(
      'after',
      `
The question itself tells the peer what you look for. Answers come newest first; where a peer has more, ask it again with
--before and the position that is printed.

A peer answers one question of this state at a time; a second one waits for its turn. A peer of which nothing is heard for 45
seconds, or that goes 2 minutes without a further answer, is given up whatever --timeout says: then narrow the question. What
came until then is kept.

Example:
  comity query ask XAR --purpose incident-response --type incident --indicator 198.51.100.7`,
    )
    .action(
      async (
        peers: string[],
        options: {
          purpose: string;
          type?: string[];
          unknownType: boolean;
          sector?: string[];
          indicator?: string;
          text?: string;
          since?: string;
          before?: string;
          limit?: string;
          timeout: string;
          yes: boolean;
        },
      ) => {
        const current = session();
        requireKnownTypes(options.type, options.unknownType);
        const filter = {
          ...(options.type !== undefined && { types: options.type }),
          ...(options.sector !== undefined && { sectors: options.sector }),
          ...(options.indicator !== undefined && { indicator: options.indicator }),
          ...(options.text !== undefined && { text: options.text }),
          ...(options.since !== undefined && { sinceSeconds: parseTime(options.since) }),
          ...(options.before !== undefined && { before: options.before }),
        };
        // A name that is mistyped is told of before anybody is asked whether to send.
        if (!options.yes) for (const peer of peers) await current.call(peerShow, { peer });
        await confirm(
          `Send this question to ${peers.join(', ')} for ${options.purpose}?\n${JSON.stringify(filter)}`,
          options.yes,
        );
        const streamed = !current.json && process.stdout.isTTY;
        const result = await current.call(
          queryAsk,
          {
            peers,
            purpose: options.purpose,
            filter,
            ...(options.limit !== undefined && { limit: Number(options.limit) }),
            timeoutMs: Math.round(Number(options.timeout) * 1000),
          },
          (event) => {
            if (!streamed || !('item' in event)) return;
            const { peer, record } = event.item as {
              peer: string;
              record: { id: string; title: string | null; parts: number };
            };
            process.stdout.write(
              `${peer}  ${record.id.slice(0, 12)}  ${String(record.parts).padStart(4)} parts  ${safeText(record.title ?? '(title withheld)')}\n`,
            );
          },
        );
        current.print(result, ({ answers }) =>
          [
            ...(streamed
              ? ['']
              : answers.flatMap((answer) => [
                  styleText('bold', answer.peer, { stream: process.stdout }),
                  recordTable(answer.records),
                  '',
                ])),
            ...answers.flatMap((answer) => [
              `${answer.peer}: ${answer.outcome === 'answered' ? `${answer.records.length} records` : failureOf(answer.code)}`,
              ...(answer.next === null
                ? []
                : [`  there is more: ask ${answer.peer} the same again with --before ${answer.next}`]),
            ]),
            '',
            ...answers.map(loggedText),
          ].join('\n'),
        );
        const failed = result.answers.find((answer) => answer.outcome === 'failed');
        if (failed !== undefined) process.exitCode = exitOfPeer(failed.code);
      },
    );

  query
    .command('list')
    .description('questions this node asked and answered')
    .option('--limit <n>', 'at most so many', '50')
    .action(async (options: { limit: string }) => {
      const current = session();
      current.print(await current.call(queryList, { limit: Number(options.limit) }), ({ queries }) =>
        queries.length === 0
          ? 'no questions yet'
          : table(
              ['at', '', 'peer', 'purpose', 'filter', 'records', 'outcome'],
              queries.map((each) => [
                each.at,
                each.direction,
                each.peer,
                each.purpose,
                each.filter,
                each.records === null ? '' : String(each.records),
                each.outcome,
              ]),
            ),
      );
    });
}
