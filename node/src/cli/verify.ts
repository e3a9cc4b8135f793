import { resolve } from 'node:path';
import { MAX_DOSSIER_BYTES, MAX_POLICY_BYTES, type Verdict } from '@comity/dossier';
import { Fault, isFault } from '@comity/fault';
import { MAX_CARD_BYTES } from '@comity/identity';
import { parseTimeText } from '@comity/record';
import {
  formatReport,
  readTrust,
  type Trusted,
  trustId,
  verifyFile,
  WORDINGS,
  wordingFor,
} from '@comity/verifier';
import { type Command, Option } from 'commander';
import { readBinaryFile } from '../config/binary-file.ts';
import { lateProgress } from './late-progress.ts';
import type { Session } from './session.ts';
import { reportText } from './verify-report.ts';

interface Options {
  readonly trust: readonly string[];
  readonly federation?: string;
  readonly at?: string;
  readonly policy?: string;
  readonly language: string;
}

/** The exit code that a verdict ends the command with, so that a script need not read the report. */
const EXITS: Readonly<Record<Verdict, number>> = { VALID: 0, INVALID: 10, INDETERMINATE: 14 };

/** `comity verify`, the short form of `comity dossier verify`: it needs no node, no home and no network. */
export function addVerifyCommand(parent: Command, session: () => Session): void {
  parent
    .command('verify')
    .description('checks a dossier against the states that you trust; needs no node, no home and no network')
    .argument('<file>', 'the dossier')
    .requiredOption(
      '--trust <anchor...>',
      'charters or cards of states that you trust, or their ids; never from the file itself',
    )
    .option('--federation <name>', 'refuse a file of another federation')
    .option('--policy <file>', 'whose cosignatures are enough for a time to be trusted (a quorum policy)')
    .option('--at <time>', 'what could be known at this RFC 3339 time (default: now)')
    .addOption(
      new Option('--language <tag>', 'language of the report')
        .choices(WORDINGS.map(({ language }) => language))
        .default('en'),
    )
    .addHelpText(
      'after',
      `
Ends with 0 where the dossier is VALID, 10 where it is INVALID, 14 where that cannot be decided.

No time is believed that only the issuer gives: when a record was there is said by the cosignatures that a policy asks for.
Without a policy nothing can be decided of what a revoked key has signed.

  comity verify case.comity --trust arcadia.card borealis.card
  comity verify case.comity --trust arcadia.card --policy witnesses.policy
  comity verify case.comity --trust 60c0…7d --at 2026-11-24T10:30:00Z --json`,
    )
    .action((file: string, options: Options) => {
      const current = session();
      const atSeconds = options.at === undefined ? Math.floor(Date.now() / 1000) : timeGiven(options.at);
      const trust = options.trust.map(trustGiven);
      const policy = options.policy === undefined ? undefined : policyText(options.policy);
      const report = verifyFile(readBinaryFile(file, MAX_DOSSIER_BYTES, 'document'), {
        trust,
        atSeconds,
        onProgress: lateProgress(current.progress, 'verifying', () => performance.now()),
        ...(policy !== undefined && { policy }),
        ...(options.federation !== undefined && { federation: options.federation }),
      });
      process.stdout.write(
        current.json ? formatReport(report) : `${reportText(report, wordingFor(options.language))}\n`,
      );
      process.exitCode = EXITS[report.verdict];
    });
}

/** @throws Fault cli.usage */
function timeGiven(text: string): number {
  const seconds = parseTimeText(text);
  if (seconds === undefined)
    throw new Fault(
      'cli.usage',
      `--at: expected a time such as 2026-11-24T10:30:00Z, got ${JSON.stringify(text)}`,
    );
  return seconds;
}

/** @throws Fault log.not-text, naming what was given */
function policyText(path: string): string {
  const bytes = readBinaryFile(path, MAX_POLICY_BYTES, 'document');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('log.not-text', `${path}: expected a quorum policy, which is text in UTF-8`, {
      fields: { path: resolve(path) },
    });
  }
}

/** @throws Fault cli.usage, document.no-anchor, naming what was given */
function trustGiven(given: string): Trusted {
  const id = trustId(given);
  if (id !== undefined) return id;
  const bytes = readBinaryFile(given, MAX_CARD_BYTES, 'document');
  try {
    return readTrust(bytes);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault(error.code, `${given}: ${error.message}`, { fields: { path: resolve(given) } });
  }
}
