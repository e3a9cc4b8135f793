import { styleText } from 'node:util';
import { DocumentFaults, Fault } from '@comity/fault';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { type HumanDocument, placeFaults, readHumanDocument } from '../config/yaml-document.ts';
import { localUser } from '../local-user.ts';
import {
  type issuedRecord,
  recordFind,
  recordIssue,
  recordList,
  recordRetract,
  recordShow,
  recordVerify,
} from '../operations/record.ts';
import { releasePreview } from '../operations/release.ts';
import { formatTime, type RecordSummary } from '../operations/shapes.ts';
import { confirm } from './ask.ts';
import { addAudienceCommand } from './audience.ts';
import { addRetainCommand } from './orders.ts';
import { requireKnownTypes, unknownTypeOption } from './record-types.ts';
import { previewTable } from './release.ts';
import { safeText, shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

/** What `--yes` alone does not confirm. */
/** Whoever writes a record does not decide about its release: his name is kept beside it, and goes nowhere. */
export function authorOption(): Option {
  return new Option(
    '--author <id>',
    'the officer who wrote it, and who then cannot approve its release (default: whoever has the name of the local user)',
  );
}

export function acceptRelayOption(): Option {
  return new Option(
    '--accept-relay',
    'issue also where labels let others hand parts to a state that would not get them from here',
  ).default(false);
}

/** Runs something on a draft; faults of the draft get the line and column of its file. */
export async function withDraft<T>(document: HumanDocument, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof DocumentFaults ? placeFaults(document, error) : error;
  }
}

export function addRecordCommands(program: Command, session: () => Session): void {
  const record = program.command('record').description('records: write, read, search, verify, withdraw');

  record
    .command('issue')
    .description('signs a draft, stores it, and releases to each peer what policy allows')
    .argument('<draft>', 'YAML or JSON draft, - for standard input')
    .option('--dry-run', 'only show who would receive which part', false)
    .option('--yes', 'do not ask before releasing', false)
    .addOption(acceptRelayOption())
    .addOption(authorOption())
    .addHelpText(
      'after',
      '\nA draft names type, label and content; it is the label of the whole, and labels lowers it part by part:\n\n  type: incident\n  label: { classification: restricted, tlp: AMBER, releasableTo: [XBB] }\n  labels: { indicators: { tlp: GREEN } }\n  content:\n    title: { en: Outage of a registry }\n    stage: early-warning\n    classification: { rsitClass: availability }\n    summary: { en: The registry was down for two hours. }\n    victim: { name: Registry One }',
    )
    .action(
      async (
        file: string,
        options: { dryRun: boolean; yes: boolean; acceptRelay: boolean; author?: string },
      ) => {
        const current = session();
        const document = readHumanDocument(file);
        await withDraft(document, async () => {
          let { acceptRelay } = options;
          if (options.dryRun || !options.yes) {
            const preview = await current.call(releasePreview, { draft: document.value });
            if (options.dryRun) {
              current.print(preview, previewTable);
              return;
            }
            current.note(previewTable(preview));
            const receivers = preview.peers
              .filter((peer) => peer.outcome === 'release')
              .map((peer) => peer.peer);
            const beyond = [...new Set(preview.relay.map(({ state }) => state))];
            const warned =
              beyond.length === 0 ? '' : `Its label lets others hand parts on to ${beyond.join(', ')}. `;
            await confirm(
              receivers.length === 0
                ? `${warned}Sign it? No peer receives any of it.`
                : `${warned}Sign it and release to ${receivers.join(', ')} as shown?`,
              false,
            );
            // Whoever has seen the warnings and says yes accepts them.
            acceptRelay ||= beyond.length > 0;
          }
          const result = await current.call(recordIssue, {
            drafts: [document.value],
            acceptRelay,
            ...(options.author !== undefined && { author: options.author }),
            user: localUser(),
          });
          current.print(result, ({ records }) => records.map(releasedText).join('\n'));
        });
      },
    );

  record
    .command('show')
    .description('one record as this node holds it')
    .argument('<id>', 'record id, or its first characters')
    .option('--raw', 'add the signed bytes and their diagnostic notation', false)
    .action(async (id: string, options: { raw: boolean }) => {
      const current = session();
      current.print(await current.call(recordShow, { id, raw: options.raw }), showText);
    });

  addAudienceCommand(record, session);
  addRetainCommand(record, session);

  record
    .command('list')
    .description('records held, newest first')
    .option('--type <type>', 'only this record type')
    .addOption(unknownTypeOption())
    .option('--issuer <code>', 'only of this state')
    .option('--since <time>', 'only issued at or after this RFC 3339 time')
    .option('--limit <n>', 'at most so many', '50')
    .option('--after <cursor>', 'continue after a page')
    .action(
      async (options: {
        type?: string;
        unknownType: boolean;
        issuer?: string;
        since?: string;
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

  record
    .command('retract')
    .description('issues a retraction of a record of this state; holders are asked to stop using it')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why it is withdrawn')
    .option('--language <tag>', 'language of the reason', 'en')
    .option('--action <action>', 'what holders are asked to do: cease-use, delete or none', 'cease-use')
    .option('--yes', 'do not ask', false)
    .action(
      async (id: string, options: { reason: string; language: string; action: string; yes: boolean }) => {
        const current = session();
        const args = {
          id,
          reason: options.reason,
          language: options.language,
          action: options.action as 'cease-use',
        };
        const { told, notTold } = await current.call(recordRetract, { ...args, dryRun: true });
        const nobody = notTold.length === 0 ? 'no peer: none was released any of it' : 'no peer';
        const whom = told.length === 0 ? nobody : told.join(', ');
        await confirm(
          [
            ...notToldLines(notTold),
            `Retract ${id.slice(0, 12)}? The retraction and its reason go to ${whom}.`,
          ].join('\n'),
          options.yes,
        );
        current.print(await current.call(recordRetract, args), (result) =>
          [...result.records.map(releasedText), ...notToldLines(result.notTold)].join('\n'),
        );
      },
    );
}

const WHY_NOT_TOLD: Readonly<Record<string, string>> = {
  'no-permit': ' (no rule of the policy hands it retractions)',
  faulty: " (what is stored of it is refused; it is told once 'peer add CARD --renew' has put that right)",
};

/** Who was handed the record and goes on using it, because something keeps the retraction from him. */
function notToldLines(notTold: z.output<typeof recordRetract.result>['notTold']): string[] {
  return notTold.map(
    ({ peer, reason }) =>
      `${peer} WILL NOT BE TOLD, though it was released some of it: ${reason}${WHY_NOT_TOLD[reason] ?? ''}`,
  );
}

type Released = z.infer<typeof issuedRecord>;

function releasedText(record: Released): string {
  const to =
    record.released.length === 0
      ? 'released to nobody'
      : `released to ${record.released.map((each) => `${each.peer} (${each.parts} parts)`).join(', ')}`;
  return `${record.id}  ${safeText(record.subject)}  ${to}`;
}

export function recordTable(records: readonly RecordSummary[]): string {
  if (records.length === 0) return 'no records';
  return table(
    ['id', 'type', 'issuer', 'issued', 'parts', 'status', 'title', 'label'],
    records.map((each) => [
      each.id.slice(0, 12),
      each.type,
      each.issuer,
      each.issuedAt,
      String(each.parts),
      each.status,
      shorten(each.title ?? '(withheld)', 52),
      each.label,
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

type Shown = z.output<typeof recordShow.result>;

function showText(shown: Shown): string {
  const { record } = shown;
  const lines = [
    styleText('bold', record.label, { stream: process.stdout }),
    '',
    safeText(record.title ?? '(title withheld)'),
    `${record.type} ${safeText(record.subject)}, ${record.status}`,
    `id        ${record.id}`,
    `issuer    ${record.issuer}, signed ${record.issuedAt}${shown.receivedAt === null ? '' : `; received ${shown.receivedAt} from ${shown.sources.join(', ')}`}`,
    `envelope  ${shown.envelopeLabel}`,
  ];
  if (shown.supersedes.length > 0) lines.push(`replaces  ${shown.supersedes.join(', ')}`);
  if (shown.supersededBy.length > 0) lines.push(`REPLACED by ${shown.supersededBy.join(', ')}`);
  if (shown.retracts !== null) lines.push(`retracts  ${shown.retracts}`);
  if (shown.retractedBy.length > 0) lines.push(`RETRACTED by ${shown.retractedBy.join(', ')}`);
  lines.push(...shown.orders.map(takenBackText));
  if (shown.retainedBecause !== null) lines.push(`RETAINED  ${safeText(shown.retainedBecause)}`);
  lines.push(
    '',
    table(
      ['part', 'value', 'label'],
      shown.parts.map((part) => [part.path, shorten(valueText(part.path, part.value), 76), part.label]),
    ),
  );
  lines.push(
    '',
    shown.mayBeWithheld === 0
      ? 'nothing is withheld from this node'
      : `${shown.mayBeWithheld} ${shown.mayBeWithheld === 1 ? 'digest' : 'digests'} without content: withheld parts and padding, which look alike`,
  );
  if (shown.raw !== undefined)
    lines.push(
      '',
      'COSE',
      shown.raw.cose,
      '',
      'diagnostic',
      safeText(shown.raw.diagnostic).replaceAll('\\u{a}', '\n'),
    );
  return lines.join('\n');
}

/** That a record, or some of it, was taken back: what is read here may not be used as if it were not. */
function takenBackText(order: Shown['orders'][number]): string {
  const what = order.kind === 'narrow' ? `${order.parts ?? 0} parts TAKEN BACK` : 'TAKEN BACK';
  const note = order.note === null ? '' : `: ${shorten(order.note, 200)}`;
  const fate = order.state === 'issued' ? '' : `; here ${order.state} ${order.at}`;
  return `${what} by ${order.issuer} ${order.issuedAt}, ${safeText(order.reason)}${note}${fate} (order ${order.order.slice(0, 12)})`;
}

/** The value of a part as one line. */
export function valueText(path: string, value: unknown): string {
  // A part that is made of parts: they follow it.
  if (value === null) return '';
  if (typeof value === 'string') return value;
  // By the naming rule of records, times are whole seconds in fields that end in At.
  if (typeof value === 'number' && /At$/.test(path)) return formatTime(value);
  if (typeof value === 'object' && !Array.isArray(value)) {
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && typeof only?.[1] === 'string' && /^[a-z]{2,3}(-|$)/.test(only[0]))
      return `[${only[0]}] ${only[1]}`;
  }
  return JSON.stringify(value);
}

/** RFC 3339 to seconds. @throws Fault cli.usage */
export function parseTime(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new Fault('cli.usage', `${JSON.stringify(text)} is no RFC 3339 time such as 2026-03-01T00:00:00Z`);
  return Math.floor(milliseconds / 1000);
}
