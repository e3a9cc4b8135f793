import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import { ORDER_REASONS } from '@comity/ledger';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import {
  type OrderStatus,
  recordRetain,
  releaseComply,
  releaseOrders,
  releaseRecall,
} from '../operations/orders.ts';
import { confirm } from './ask.ts';
import { counted } from './counted.ts';
import { namedInFull } from './record-text.ts';
import { safeText, shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addOrderCommands(release: Command, session: () => Session): void {
  addRecall(release, session);
  addOrders(release, session);
  addComply(release, session);
}

function addRecall(release: Command, session: () => Session): void {
  release
    .command('recall')
    .description('takes back a record of this state, or parts of it, from everybody who was handed it')
    .argument('<record>', 'record id, or its first characters')
    .option('--part <path...>', 'only these parts, with all that stands in them')
    .addOption(
      new Option('--reason <word>', 'why; the recipients are told')
        .choices([...ORDER_REASONS.keys()])
        .makeOptionMandatory(),
    )
    .option('--note <text>', 'a sentence for the people of the recipients')
    .option('--language <tag>', 'language of the note', 'en')
    .option('--dry-run', 'only say whom it would reach', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      '\nThe nodes of the recipients destroy what they hold and report it. What people have read there stays read.',
    )
    .action(
      async (
        id: string,
        options: {
          part?: string[];
          reason: string;
          note?: string;
          language: string;
          dryRun: boolean;
          yes: boolean;
        },
      ) => {
        const current = session();
        const args = {
          id,
          reason: options.reason,
          language: options.language,
          ...(options.part !== undefined && { parts: options.part }),
          ...(options.note !== undefined && { note: options.note }),
        };
        const would = await current.call(releaseRecall, { ...args, dryRun: true });
        if (options.dryRun) {
          current.print(would, recallText);
          return;
        }
        if (!options.yes) current.note(recallText(would));
        await confirm('Take it back? This cannot be undone.', options.yes);
        current.print(await current.call(releaseRecall, args), recallText);
      },
    );
}

function recallText(recall: z.output<typeof releaseRecall.result>): string {
  const whom = recall.told.length === 0 ? 'nobody: it was released to no peer' : recall.told.join(', ');
  return [
    `${recall.order === null ? 'would take back' : 'taken back'}: ${partsText(recall.parts)} of`,
    namedInFull(recall.about),
    `from ${whom}`,
    ...recall.letters.map(
      ({ letter, peer, officer }) => `and the letter ${letter} to ${safeText(officer)} of ${peer}`,
    ),
    ...(recall.order === null
      ? []
      : [`order ${recall.order.slice(0, 12)}; comity release orders shows what they do`]),
  ].join('\n');
}

function partsText(parts: readonly string[]): string {
  return parts.length === 0 ? 'the whole record' : parts.map(safeText).join(', ');
}

interface OrderOptions {
  readonly open: boolean;
  readonly overdue: boolean;
  readonly limit: string;
  readonly after?: string;
}

function addOrders(release: Command, session: () => Session): void {
  release
    .command('orders')
    .description('what was taken back or barred, here and by others, and what each peer has done about it')
    .argument('[record]', 'only orders about this record: its id, or its first characters')
    .option('--open', 'only those that somebody has not obeyed or refused yet', false)
    .option('--overdue', 'only those that a peer has not answered in time', false)
    .option('--limit <n>', 'at most so many', '100')
    .option('--after <order>', 'continue after a page')
    .action(async (record: string | undefined, options: OrderOptions) => {
      const current = session();
      current.print(
        await current.call(releaseOrders, {
          ...(record !== undefined && { record }),
          ...(options.open && { only: 'open' as const }),
          ...(options.overdue && { only: 'overdue' as const }),
          ...(options.after !== undefined && { after: options.after }),
          limit: Number(options.limit),
        }),
        ({ orders, next }) =>
          orders.length === 0
            ? 'no orders'
            : `${orders.map(orderText).join('\n\n')}${next === null ? '' : `\nmore: --after ${next}`}`,
      );
    });
}

function peerFate({ status, reason, reportedAt }: OrderStatus['peers'][number]): string {
  if (status === 'removed') return reportedAt === null ? 'removed, never answered' : 'removed, never decided';
  return reason === null ? status : `${status}: ${safeText(reason)}`;
}

export function orderText(order: OrderStatus): string {
  const what =
    order.record === null
      ? `${order.kind} of ${order.about ?? ''}`
      : `${order.kind} of ${order.record.slice(0, 12)}${order.parts === null ? '' : `, ${counted(order.parts, 'part')}`}  ${shorten(order.title ?? '', 48)}`;
  const came = order.from === null ? 'issued here' : `by ${order.issuer}, brought by ${order.from}`;
  const fate =
    order.state === 'issued'
      ? ''
      : `; ${order.state}${order.refused === null ? '' : ` (${order.refused})`} ${order.at}`;
  const head = `${order.order.slice(0, 12)}  ${safeText(what)}\n${came} ${order.issuedAt}, reason ${safeText(order.reason)}${order.note === null ? '' : `: ${shorten(order.note, 200)}`}${fate}`;
  if (order.peers.length === 0) return head;
  return `${head}\n${table(
    ['peer', 'sent', 'status', 'reported', ''],
    order.peers.map((peer) => [
      peer.peer,
      peer.sentAt,
      peerFate(peer),
      peer.reportedAt ?? '-',
      peer.overdue ? 'OVERDUE' : '',
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  )}`;
}

function addComply(release: Command, session: () => Session): void {
  release
    .command('comply')
    .description(
      'obeys an order that waits because the record is retained here, and destroys it; or refuses with --refuse',
    )
    .argument('<order>', 'id of the order, or its first characters')
    .addOption(
      new Option('--refuse <reason>', 'keep the record, and tell its originator why').choices([
        'retention',
        'evidence',
      ]),
    )
    .option('--yes', 'do not ask', false)
    .action(async (order: string, options: { refuse?: 'retention' | 'evidence'; yes: boolean }) => {
      const current = session();
      const args = { order, ...(options.refuse !== undefined && { refuse: options.refuse }) };
      if (!options.yes)
        current.note(complyText(await current.call(releaseComply, { ...args, dryRun: true })));
      await confirm(
        options.refuse === undefined
          ? 'Destroy what this node holds of it? This cannot be undone.'
          : `Refuse, and tell its originator: ${options.refuse}?`,
        options.yes,
      );
      current.print(
        await current.call(releaseComply, args),
        (done) => `order ${done.order.slice(0, 12)}: ${done.outcome}`,
      );
    });
}

/** What is decided about, before it is destroyed or refused. */
export function complyText({ order, about, parts }: z.output<typeof releaseComply.result>): string {
  return [
    `order ${order} takes back ${about === null ? 'what is not held here' : `${partsText(parts)} of`}`,
    ...(about === null ? [] : [namedInFull(about)]),
  ].join('\n');
}

export function addRetainCommand(record: Command, session: () => Session): void {
  record
    .command('retain')
    .description('keeps a record of another state though it be recalled, until a person decides')
    .argument('<id>', 'record id, or its first characters')
    .option('--because <text>', 'what obliges this state to keep it; stays here')
    .option('--end', 'it need not be kept any longer', false)
    .action(async (id: string, options: { because?: string; end: boolean }) => {
      const current = session();
      const because = options.because ?? (options.end ? 'ended' : undefined);
      if (because === undefined)
        throw new Fault('cli.usage', 'expected --because TEXT, or --end', {
          fields: { argument: 'because' },
        });
      current.print(
        await current.call(recordRetain, { id, because, end: options.end }),
        (done) =>
          `${done.record.slice(0, 12)} ${done.retained ? 'is kept here; a recall of it waits for a person' : 'is no longer retained'}`,
      );
    });
}
