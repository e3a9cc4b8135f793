import { fromHex, sha256, toHex } from '@comity/digest';
import { decodeDossier, verifyDossier } from '@comity/dossier';
import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import type { z } from 'zod';
import { dossierExport, type dossierResult } from '../operations/dossier.ts';
import { EXPORT_DOSSIER } from '../release/reads.ts';
import { confirm } from './ask.ts';
import { assertNewFile, writeNewFile } from './new-file.ts';
import { safeText, shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { AS_HELP, actBy, actingKey, KEY_HELP } from './signed-act.ts';
import { table } from './table.ts';

type Exported = z.output<typeof dossierResult>;

interface ExportOptions {
  readonly to: string;
  readonly for: string;
  readonly notified?: string[];
  readonly output?: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly as?: string;
  readonly key?: string;
}

export function addDossierExport(dossier: Command, session: () => Session): void {
  dossier
    .command('export')
    .description(
      'writes a file of records, as readers of a state may be shown them, with all that proves them',
    )
    .argument('<record...>', 'record ids, or their first characters')
    .requiredOption('--to <state>', 'code of the peer whose courts, auditors or other readers it is for')
    .requiredOption('--for <purpose>', 'what it is for')
    .option(
      '--notified <state...>',
      'also show what these peers were told of the records, or told us, with the receipts',
    )
    .option('-o, --output <file>', 'where to write it, usually NAME.comity')
    .option('--force', 'write over a file that is there', false)
    .option('--dry-run', 'only show what it would hold', false)
    .option('--as <officer>', AS_HELP)
    .option('--key <file>', KEY_HELP)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', HELP)
    .action(async (ids: string[], options: ExportOptions) => {
      const current = session();
      const { to, output, force, dryRun, yes } = options;
      const args = { ids, to, purpose: options.for, notified: options.notified ?? [] };
      if (dryRun) {
        current.print(await current.call(dossierExport, { ...args, dryRun }), exportText);
        return;
      }
      if (output === undefined)
        throw new Fault('cli.usage', 'name the file with -o, or use --dry-run', {
          fields: { argument: 'output' },
        });
      // Before anything is written down as handed over.
      assertNewFile(output, { force });
      const key = actingKey(options);
      let confirmed: string | undefined;
      if (!yes || key !== undefined) {
        const would = await current.call(dossierExport, { ...args, dryRun: true });
        if (!yes) current.note(exportText(would));
        await confirm(`Write this to ${safeText(output)} for readers of ${to}?`, yes);
        confirmed = would.sha256;
      }
      const exported = await current.call(dossierExport, {
        ...args,
        ...(confirmed !== undefined && { confirmed }),
        ...(key !== undefined &&
          confirmed !== undefined && { act: await actBy(key, EXPORT_DOSSIER, fromHex(confirmed)) }),
      });
      const bytes = new Uint8Array(Buffer.from(exported.content ?? '', 'base64'));
      assertVerifies(bytes, exported.sha256);
      writeNewFile(output, bytes, { force });
      current.print(
        { ...exported, content: null, file: output },
        (done) => `${exportText(done)}\n\nwritten to ${done.file}`,
      );
    });
}

/**
 * What was just made is verified like any other dossier, by the states in it: nobody is handed a file that proves against him.
 *
 * @throws Fault dossier.does-not-verify
 */
export function assertVerifies(bytes: Uint8Array, digest: string): void {
  const isWhole = toHex(sha256(bytes)) === digest;
  const anchors = isWhole ? decodeDossier(bytes).charters : [];
  const atSeconds = Math.floor(Date.now() / 1000);
  if (isWhole && verifyDossier(bytes, { anchors, atSeconds }).verdict !== 'INVALID') return;
  throw new Fault('dossier.does-not-verify', 'the dossier does not verify, and was not written');
}

/** Records whose parts are shown one by one; of more of them a person would read none. */
const MAX_RECORDS_IN_PARTS = 20;

function exportText({
  to,
  purpose,
  records,
  notifications,
  leftOut,
  bytes,
  sha256: digest,
}: Exported): string {
  const parts = records.flatMap(({ record, parts }) =>
    parts.map((part) => [
      record.slice(0, 12),
      part.path,
      part.shown ? 'yes' : 'no',
      `${part.outcome} (${part.rule ?? part.reason})`,
      part.label,
    ]),
  );
  return [
    `for readers of ${to}, ${purpose}`,
    '',
    table(
      ['record', 'issuer', 'why', 'parts shown', 'new to them', 'in the log', 'title'],
      records.map(({ record, issuer, why, parts, isNew, proof, title }) => [
        ...[record.slice(0, 12), issuer, why],
        `${parts.filter(({ shown }) => shown).length} of ${parts.length}`,
        isNew ? 'yes' : 'no',
        proof === 'logged' ? 'proved' : proof,
        shorten(title ?? '(title withheld)', 60),
      ]),
    ),
    '',
    records.length > MAX_RECORDS_IN_PARTS
      ? `parts of more than ${MAX_RECORDS_IN_PARTS} records: --dry-run --json shows each with its outcome`
      : table(['record', 'part', 'shown', 'outcome', 'label'], parts),
    ...notifications.map(
      ({ record, sender, recipient, at, receivedAt }) =>
        `${record.slice(0, 12)}  ${sender} told ${recipient} at ${at}, its receipt is of ${receivedAt}`,
    ),
    ...leftOut.map(
      ({ record, what, state, reason }) =>
        `${record.slice(0, 12)}  left out: ${what}${state === null ? '' : ` with ${state}`} (${reason})`,
    ),
    '',
    `${bytes} bytes, SHA-256 ${digest}`,
  ].join('\n');
}

const HELP = `
Each record is decided about as if that state had asked for it by a question: a rule of the policy has to permit the mode query,
for records of others the mode relay, and nothing else is shown. What the state was not handed before goes into its release ledger
first, so its node receives it too. Retractions and successors that are known go along, and what originators have said about
handing their records on. A record that is not released refuses the whole file. What waits for officers is then in 'comity release
pending'.

Example:
  comity --home a dossier export 3f2a91c0 --to XBO --for legal-compliance --notified XBO -o outage.comity`;
