import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { AUDIT_EVENTS } from '../audit/audit-events.ts';
import {
  type auditLine,
  type auditResult,
  logAudit,
  logProve,
  logProveKeys,
  MAX_AUDIT_LINES,
  type ProofFormat,
  type proveKeysResult,
  type proveResult,
} from '../operations/log.ts';
import { counted } from './counted.ts';
import { addRestoredCommands } from './log-restored.ts';
import { addCheckpointCommand, addEvidenceCommands } from './log-witness.ts';
import { writeNewFile } from './new-file.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';

type Line = z.output<typeof auditLine>;
type Audit = z.output<typeof auditResult>;

/** Exit code of a store that is damaged. */
const DAMAGED = 40;

export function addLogCommands(program: Command, session: () => Session): void {
  const log = program.command('log').description('the logs of this node');

  log
    .command('audit')
    .description('verifies the audit log from its first line to its last, and prints or exports it')
    .option('--from <n>', 'print or export from this line on; all are verified', '1')
    .option('--export <file>', 'write the lines to a new file, as JSON lines')
    .option(
      '--expect <line:hash>',
      'a line that somebody has kept elsewhere, such as 120:9f2c…; it has to be there',
    )
    .addHelpText('after', auditHelp())
    .action(async (options: { from: string; export?: string; expect?: string }) => {
      const current = session();
      const from = lineNumber(options.from);
      const kept: Line[] = [];
      const { export: path } = options;
      if (path !== undefined) requireNew(path);
      // Made with the first lines: where the log cannot be read at all, no file is left that would be in the way.
      let file: number | undefined;
      const take = (lines: readonly Line[]): void => {
        if (path !== undefined) {
          file ??= openSync(path, 'wx', 0o600);
          writeSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
        } else if (current.json) kept.push(...lines);
        else process.stdout.write(lines.map((line) => `${lineText(line)}\n`).join(''));
      };
      try {
        const expected = options.expect === undefined ? undefined : expectedLine(options.expect);
        const audit = await followAudit(current, from, take, expected);
        if (current.json) current.print({ ...audit, lines: kept }, () => '');
        else current.note(verdictText(audit, path));
        if (audit.broken !== null) process.exitCode = DAMAGED;
      } finally {
        if (file !== undefined) closeSync(file);
      }
    });
  addRestoredCommands(log, session);
  addCheckpointCommand(log, session);
  addEvidenceCommands(log, session);

  log
    .command('prove')
    .description(
      'the proof that a record, a charter or a key state of this state is in the log of what it has issued',
    )
    .argument('[record]', 'record id, or its first characters')
    .option('--charter', 'of the charter in force', false)
    .option('--key-state', 'of the key state in force', false)
    .addOption(
      new Option('--format <format>', 'C2SP tlog-proof, or a COSE receipt (RFC 9942) of a record')
        .choices(['tlog-proof', 'cose'])
        .default('tlog-proof'),
    )
    .option('-o, --output <file>', 'write it to a new file; default: standard output')
    .option('--force', 'write over a file that is there', false)
    .addHelpText('after', PROVE_HELP)
    .action(async (id: string | undefined, options: ProveOptions) => {
      const { output, force } = options;
      const current = session();
      const proved = await provedFor(current, id, options);
      if (output === undefined) {
        if (current.json) current.print(proved, () => '');
        else process.stdout.write(bytesOf(proved));
        return;
      }
      writeNewFile(output, bytesOf(proved), { force });
      current.print(
        { ...proved, file: output },
        (done) => `${done.file}: ${provedName(done)} is leaf ${done.index} of ${done.size} in ${done.origin}`,
      );
    });
}

/** What stands in the file: a receipt is no text. */
function bytesOf(proved: Proved): Uint8Array {
  const isReceipt = 'format' in proved && proved.format === 'cose';
  return isReceipt ? Buffer.from(proved.proof, 'base64') : new TextEncoder().encode(proved.proof);
}

interface ProveOptions {
  readonly format: ProofFormat;
  readonly output?: string;
  readonly force: boolean;
  readonly charter: boolean;
  readonly keyState: boolean;
}

type Proved = z.output<typeof proveResult> | z.output<typeof proveKeysResult>;

/** @throws Fault cli.usage where it is not said of one thing; as the operations */
function provedFor(current: Session, id: string | undefined, options: ProveOptions): Promise<Proved> {
  const { charter, keyState } = options;
  if ([id !== undefined, charter, keyState].filter(Boolean).length !== 1)
    throw new Fault('cli.usage', 'expected a record, --charter or --key-state, and one of them');
  if (id !== undefined) return current.call(logProve, { id, format: options.format });
  if (options.format !== 'tlog-proof') throw new Fault('cli.usage', '--format cose: expected a record');
  return current.call(logProveKeys, { document: charter ? 'charter' : 'key-state' });
}

function provedName(proved: Proved): string {
  if ('record' in proved) return `record ${proved.record.slice(0, 12)}`;
  const name = proved.document === 'charter' ? 'charter' : 'key state';
  return `${name} ${proved.version} (${proved.digest.slice(0, 12)})`;
}

const PROVE_HELP = `
The text is a C2SP tlog-proof. Whoever has the id of the record, and knows the log key of this state, verifies with it that the
record was logged; it tells nothing else of the record. A record is in the log after the next checkpoint, by default within ten
minutes while the node runs. Charters and key states are in it by the digest of their payload, so that each is the same for all.

With --format cose it is a receipt of RFC 9942, for tools that read no other: signed by the log key over the same tree, without
cosignatures and so without a time. Where you can choose, give the text.

Examples:
  comity log prove 3f2a91c0 -o outage.tlog-proof
  comity log prove 3f2a91c0 --format cose -o outage.receipt
  comity log prove --key-state -o keys.tlog-proof`;

/** Goes through the chain from its first line, so that all of it is verified, and gives the lines that are wanted. */
async function followAudit(
  current: Session,
  from: number,
  take: (lines: readonly Line[]) => void,
  expected?: ExpectedLine,
): Promise<Omit<Audit, 'lines'>> {
  let next = 1;
  let isFound = expected === undefined;
  for (;;) {
    const { lines, ...audit } = await current.call(logAudit, { from: next });
    take(lines.filter(({ sequence }) => sequence >= from));
    isFound ||= lines.some(({ sequence, hash }) => sequence === expected?.sequence && hash === expected.hash);
    if (audit.broken !== null) return { ...audit, from };
    if (lines.length < MAX_AUDIT_LINES)
      return { ...audit, from, broken: isFound ? null : missingLine(expected) };
    next = (lines.at(-1)?.sequence ?? next) + 1;
  }
}

/** A line that somebody has kept elsewhere. */
interface ExpectedLine {
  readonly sequence: number;
  /** Hexadecimal. */
  readonly hash: string;
}

/** @throws Fault cli.usage */
function expectedLine(text: string): ExpectedLine {
  const found = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text);
  if (found !== null) return { sequence: Number(found[1]), hash: found[2] as string };
  throw new Fault('cli.usage', '--expect: expected the number of a line and its hash, such as 120:9f2c…', {
    fields: { argument: 'expect' },
  });
}

function missingLine(expected: ExpectedLine | undefined): Audit['broken'] {
  const sequence = expected?.sequence ?? 0;
  return {
    code: 'store.audit-broken',
    sequence,
    message: `line ${sequence} is not the one that was expected`,
  };
}

/** @throws Fault cli.usage */
function lineNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Fault('cli.usage', '--from: expected the number of a line, from 1', {
    fields: { argument: 'from' },
  });
}

/** @throws Fault cli.output-exists */
function requireNew(path: string): void {
  if (existsSync(path)) throw new Fault('cli.output-exists', `${path} exists already`, { fields: { path } });
}

function lineText({ sequence, time, event, fields }: Line): string {
  const told = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return safeText([String(sequence).padStart(6), time, event, ...told].join('  '));
}

/** Ids are shortened as everywhere; the export has them whole. */
function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}

function verdictText({ broken, end, witnessed }: Omit<Audit, 'lines'>, file: string | undefined): string {
  const exported = file === undefined ? [] : [`exported to ${file}`];
  if (broken === null)
    return [
      `${counted(end.sequence, 'line')}, each continues the one before; line ${witnessed.sequence} is the one written down outside the database`,
      ...exported,
    ].join('\n');
  return [
    `${styleText('red', 'BROKEN', { stream: process.stderr })} at line ${broken.sequence}: ${broken.message} [${broken.code}]`,
    `what to do: 'comity explain ${broken.code}'`,
    ...exported,
  ].join('\n');
}

function auditHelp(): string {
  const width = Math.max(...Object.keys(AUDIT_EVENTS).map((event) => event.length)) + 2;
  const events = Object.entries(AUDIT_EVENTS).map(([event, tells]) => `  ${event.padEnd(width)}${tells}`);
  return `
Each line holds the hash of the one before. The last one is also written down outside the database (audit-head.json beside it),
so that a log that was cut, changed or put back is noticed. The exit code is 40 where it is broken. A log that was replaced
together with that file shows only by comparison: keep exports, and their last line, elsewhere.

An exported line has sequence, hash, previous, time, event, fields and entry. The hash is the SHA-256 of entry (base64), which
is CBOR of [sequence, previous, time in seconds, event, fields]: anybody can check an export without this program.

Events:
${events.join('\n')}

Example:
  comity log audit --export audit-2026.jsonl`;
}
