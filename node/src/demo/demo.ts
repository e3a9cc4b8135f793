import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import { OUTPUT_VERSION } from '../cli/session.ts';
import { importMispEvents } from '../operations/import.ts';
import { nodeStatus } from '../operations/node.ts';
import { queryAsk } from '../operations/query.ts';
import { recordIssue } from '../operations/record.ts';
import { type Comparison, compareHoldings } from './comparison.ts';
import { DRAFT_TO_TRY } from './draft-to-try.ts';
import { clearDirectory, foundStates, recogniseEachOther } from './found-states.ts';
import { Member } from './member.ts';
import { SAMPLE_STATES } from './sample-states.ts';
import {
  ENDORSEMENT,
  ENDORSEMENT_EXPECTED,
  type Expectation,
  NORM,
  NORM_EXPECTED,
  QUESTION,
  QUESTION_EXPECTED,
  REPORT_TO_TRY,
  REPORTS,
  VARIANCE,
  VARIANCE_EXPECTED,
} from './scenario.ts';
import { comparisonText, invitation } from './screen.ts';

export interface DemoOptions {
  /** Compare, print, exit. Without it the nodes keep running until Ctrl-C. */
  readonly once: boolean;
  readonly directory: string;
  readonly json: boolean;
}

/** The whole exchange takes seconds; a machine ten times slower still makes it. */
const EXCHANGE_DEADLINE_MS = 120_000;
const POLL_MS = 150;
/** Polls without any movement after which the exchange has come to rest. */
const QUIET_POLLS = 4;

/** Tells on standard error how far it is. */
type Step = (text: string) => void;

/** What a shell reports of a program that Ctrl-C has ended. */
const EXIT_STOPPED = 130;

/**
 * The main job, end to end: three states found their nodes, recognise each other, and exchange real reports, a norm and
 * commitments over real sockets; then what each holds is compared with what was decided for it.
 *
 * @returns exit code: 1 where anything differs, 130 where it was stopped before that was known
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const members = SAMPLE_STATES.map(({ code, name }) => new Member(code, name, options.directory));
  const step: Step = (text) => {
    process.stderr.write(`${styleText('bold', '•', { stream: process.stderr })} ${text}\n`);
  };
  const stop = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(undefined));
  });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  await clearDirectory(options.directory, members);
  const exchanging = exchange(members, step, stop.signal);
  try {
    const exchanged = await Promise.race([exchanging, stopped]);
    if (exchanged === undefined) return EXIT_STOPPED;
    const { comparison, shows, toTry } = exchanged;
    print(options, comparison, shows);
    const exit = comparison.differences.length === 0 ? 0 : 1;
    if (options.once) return exit;
    const draft = join(options.directory, 'draft.yaml');
    writeFileSync(draft, DRAFT_TO_TRY);
    process.stdout.write(`\n${invitation(members, { recordId: toTry, draft, command: 'npx comity' })}\n`);
    await stopped;
    return exit;
  } finally {
    stop.abort();
    await Promise.all(members.map((member) => member.stop()));
    // What was under way fails now at the latest, and does nothing after the last word.
    await exchanging.catch(() => {});
    if (!options.once) step('all nodes are stopped; nothing is lost, their homes stay where they are');
  }
}

interface Exchanged {
  readonly comparison: Comparison;
  readonly shows: ReadonlyMap<string, string>;
  readonly toTry: string;
}

/** Everything up to the comparison. Starts nothing more once `signal` has aborted. */
async function exchange(members: readonly Member[], step: Step, signal: AbortSignal): Promise<Exchanged> {
  const [arcadia, borealis, caldera] = members as [Member, Member, Member];
  await foundStates(members, step, signal);
  await recogniseEachOther(members, step, signal);
  signal.throwIfAborted();
  const starting = members.map((member) =>
    member.start((how) => {
      process.stderr.write(`${member.code} has stopped (${how}); its log is ${member.log}\n`);
    }),
  );
  step('their nodes are starting, each a process of its own');
  await Promise.all(starting);
  step(`three processes are running: ${members.map(({ code }) => code).join(', ')}`);

  const { shows, expected, toTry } = await issueAll(arcadia, borealis, caldera, step);
  await settled(members, step);
  const { answers } = await caldera.call(queryAsk, QUESTION);
  const found = answers[0]?.records.length ?? 0;
  step(
    `XCA asked XAR who has seen ${QUESTION.filter.indicator}: ${found} ${found === 1 ? 'record' : 'records'}; both sides have logged the question`,
  );
  if (found !== QUESTION_EXPECTED)
    throw new Fault('demo.difference', `the question found ${found} records, expected ${QUESTION_EXPECTED}`);
  await settled(members, () => {});
  return { comparison: await compareHoldings(members, expected), shows, toTry };
}

/** What is to be seen of the records that were issued, by record id. */
interface Issued {
  /** What a report is there to show. */
  readonly shows: ReadonlyMap<string, string>;
  /** In the order of issue. */
  readonly expected: ReadonlyMap<string, Expectation>;
  /** The record that the commands of the invitation are about. */
  readonly toTry: string;
}

/** Everything the three states issue. */
async function issueAll(arcadia: Member, borealis: Member, caldera: Member, step: Step): Promise<Issued> {
  const shown = new Map<string, string>();
  const expectations = new Map<string, Expectation>();
  let toTry = '';
  for (const { file, labelling, shows, expected } of REPORTS) {
    const event: unknown = JSON.parse(
      readFileSync(new URL(`../../samples/misp-osint/${file}`, import.meta.url), 'utf8'),
    );
    const { events } = await arcadia.call(importMispEvents, { events: [{ name: file, event }], labelling });
    const [imported] = events;
    for (const { id } of imported?.records ?? []) {
      shown.set(id, shows);
      expectations.set(id, expected);
      if (file === REPORT_TO_TRY) toTry = id;
    }
    const lost = imported?.losses.length ?? 0;
    step(
      `XAR issues ${file}: ${imported?.attributes ?? 0} attributes, each a part of its own${lost > 0 ? `; ${lost} things could not be mapped` : ''}`,
    );
  }
  const others = [
    { member: arcadia, draft: NORM, expected: NORM_EXPECTED, told: 'XAR issues a voluntary norm' },
    { member: borealis, draft: ENDORSEMENT, expected: ENDORSEMENT_EXPECTED, told: 'XBO endorses it' },
    {
      member: caldera,
      draft: VARIANCE,
      expected: VARIANCE_EXPECTED,
      told: 'XCA declares how its law differs',
    },
  ];
  for (const { member, draft, expected, told } of others) {
    const { records } = await member.call(recordIssue, { drafts: [draft] });
    for (const { id } of records) expectations.set(id, expected);
    step(told);
  }
  return { shows: shown, expected: expectations, toTry };
}

/** Waits until every ledger is receipted as far as it goes, and has stopped growing. */
async function settled(members: readonly Member[], step: Step): Promise<void> {
  const deadline = Date.now() + EXCHANGE_DEADLINE_MS;
  let last = '';
  let quiet = 0;
  while (quiet < QUIET_POLLS) {
    const statuses = await Promise.all(members.map((member) => member.call(nodeStatus, {})));
    const ledgers = statuses.flatMap(({ code, peers }) =>
      peers.map(({ code: peer, out }) => ({ code, peer, ...out })),
    );
    const now = JSON.stringify(ledgers);
    const complete = ledgers.every(({ size, receiptSize }) => size === receiptSize);
    quiet = complete && now === last ? quiet + 1 : 0;
    last = now;
    if (Date.now() > deadline)
      throw new Fault('demo.timeout', 'the ledgers were not receipted in time', { fields: { ledgers: now } });
    await pause(POLL_MS);
  }
  const total = (JSON.parse(last) as { size: number }[]).reduce((sum, { size }) => sum + size, 0);
  step(`${total} ledger entries handed over, verified, stored and receipted`);
}

function print({ json }: DemoOptions, comparison: Comparison, shows: ReadonlyMap<string, string>): void {
  if (json) process.stdout.write(`${JSON.stringify({ version: OUTPUT_VERSION, ...comparison }, null, 2)}\n`);
  else process.stdout.write(`\n${comparisonText(comparison, shows)}\n`);
}
