import { fromHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type Command, Option } from 'commander';
import { recordFind, recordList, recordShow, recordVerify } from '../operations/record.ts';
import { RECORD_STATUSES } from '../operations/shapes.ts';
import { READ_RECORD } from '../release/reads.ts';
import { addAudienceCommand } from './audience.ts';
import { addClaimCommand } from './claim.ts';
import { addIssueCommand } from './issue.ts';
import { addRetainCommand } from './orders.ts';
import { addDraftCommands } from './record-draft.ts';
import { recordTable, showText } from './record-text.ts';
import { requireKnownTypes, unknownTypeOption } from './record-types.ts';
import { addRetractCommand } from './retract.ts';
import { shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { AS_HELP, actBy, actingKey, KEY_HELP } from './signed-act.ts';
import { table } from './table.ts';
import { parseTime } from './time-argument.ts';

export function addRecordCommands(program: Command, session: () => Session): void {
  const record = program.command('record').description('records: write, read, search, verify, withdraw');

  addIssueCommand(record, session);
  addClaimCommand(record, session);

  record
    .command('show')
    .description('one record as this node holds it')
    .argument('<id>', 'record id, or its first characters')
    .option('--raw', 'add the signed bytes and their diagnostic notation', false)
    .option('--as <officer>', AS_HELP)
    .option('--key <file>', `${KEY_HELP}; the record is named by its whole id then`)
    .action(async (id: string, options: { raw: boolean; as?: string; key?: string }) => {
      const current = session();
      const key = actingKey(options);
      // What is signed names one record, and no beginning of ids.
      if (key !== undefined && !/^[0-9a-f]{64}$/.test(id))
        throw new Fault('cli.usage', 'expected the whole id of the record beside --key');
      const act = key === undefined ? undefined : await actBy(key, READ_RECORD, fromHex(id));
      current.print(
        await current.call(recordShow, { id, raw: options.raw, ...(act !== undefined && { act }) }),
        showText,
      );
    });

  addDraftCommands(record, session);
  addAudienceCommand(record, session);
  addRetainCommand(record, session);

  record
    .command('list')
    .description('records held, newest first')
    .option('--type <type>', 'only this record type')
    .addOption(unknownTypeOption())
    .option('--issuer <code>', 'only of this state')
    .option('--since <time>', 'only issued at or after this RFC 3339 time')
    .addOption(
      new Option('--state <state>', 'only records of this state, such as recalled or narrowed').choices(
        RECORD_STATUSES,
      ),
    )
    .option('--limit <n>', 'at most so many', '50')
    .option('--after <cursor>', 'continue after a page')
    .action(
      async (options: {
        type?: string;
        unknownType: boolean;
        issuer?: string;
        since?: string;
        state?: (typeof RECORD_STATUSES)[number];
        limit: string;
        after?: string;
      }) => {
        const current = session();
        requireKnownTypes(options.type, options.unknownType);
        const page = await current.call(recordList, {
          ...(options.type !== undefined && { type: options.type }),
          ...(options.issuer !== undefined && { issuer: options.issuer }),
          ...(options.since !== undefined && { sinceSeconds: parseTime(options.since) }),
          ...(options.after !== undefined && { after: options.after }),
          ...(options.state !== undefined && { status: options.state }),
          limit: Number(options.limit),
        });
        current.print(
          page,
          ({ records, next }) => `${recordTable(records)}${next === null ? '' : `\nmore: --after ${next}`}`,
        );
      },
    );

  record
    .command('find')
    .description('records that hold a text in any part this node may see')
    .argument('<text>')
    .option('--type <type>', 'only this record type')
    .addOption(unknownTypeOption())
    .option('--limit <n>', 'at most so many', '50')
    .action(async (text: string, options: { type?: string; unknownType: boolean; limit: string }) => {
      const current = session();
      requireKnownTypes(options.type, options.unknownType);
      const result = await current.call(recordFind, {
        text,
        ...(options.type !== undefined && { type: options.type }),
        limit: Number(options.limit),
      });
      current.print(result, ({ records }) =>
        records.length === 0
          ? 'nothing found'
          : table(
              ['id', 'issuer', 'title', 'found in'],
              records.map((each) => [
                each.id.slice(0, 12),
                each.issuer,
                shorten(each.title ?? '(withheld)', 48),
                shorten(each.found.join(', '), 60),
              ]),
            ),
      );
    });

  record
    .command('verify')
    .description('checks a held record again from its stored bytes, step by step')
    .argument('<id>')
    .action(async (id: string) => {
      const current = session();
      const result = await current.call(recordVerify, { id });
      current.print(result, ({ verdict, steps, issuer }) =>
        [
          table(
            ['check', 'result', 'detail'],
            steps.map((step) => [step.step, step.code ?? step.result, step.detail]),
          ),
          '',
          `${verdict}${issuer === null ? '' : `, issued by ${issuer}`}`,
        ].join('\n'),
      );
      if (result.verdict !== 'VALID') process.exitCode = result.verdict === 'INVALID' ? 10 : 14;
    });

  addRetractCommand(record, session);
}
