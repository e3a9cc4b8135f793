import { readFileSync } from 'node:fs';
import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import type { z } from 'zod';
import { type letterResult, releaseLetter } from '../operations/letter.ts';
import { confirm } from './ask.ts';
import { safeText, shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

interface LetterOptions {
  readonly to: string;
  readonly purpose: string;
  readonly part?: string[];
  readonly note?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export function addLetterCommand(release: Command, session: () => Session): void {
  release
    .command('letter')
    .description('writes parts of an own record to one officer of a peer; nobody else there can read them')
    .argument('<record>', 'record id, or its first characters')
    .requiredOption(
      '--to <peer:officer>',
      'for instance XBO:anna; "officer import" takes the certificate first',
    )
    .requiredOption('--purpose <id>', 'what it is for')
    .option('--part <path...>', 'only these parts, with what stands in them and may go')
    .option('--note <file>', 'a text file that goes along, at most 1000 bytes')
    .option('--dry-run', 'only show what it would say', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      '\nThis is the only way for what is marked TLP:RED. A rule of the policy has to name the mode letter.\n\nExample:\n  comity --home a release letter 3f2a91c0 --to XBO:anna --purpose incident-response',
    )
    .action(async (id: string, options: LetterOptions) => {
      const current = session();
      const [, to = '', officer = ''] = /^([A-Z]{3}):(.+)$/.exec(options.to) ?? [];
      const note = options.note === undefined ? undefined : readNote(options.note);
      const args = {
        ...{ id, to, officer, purpose: options.purpose },
        ...(options.part !== undefined && { parts: options.part }),
        ...(note !== undefined && { note }),
      };
      if (options.dryRun || !options.yes) {
        const would = await current.call(releaseLetter, { ...args, dryRun: true });
        if (options.dryRun) {
          current.print(would, letterText);
          return;
        }
        current.note(letterText(would));
        await confirm(
          `Write this to ${safeText(would.officer.name)} (${would.officer.id} of ${would.peer})?`,
          false,
        );
      }
      current.print(await current.call(releaseLetter, args), letterText);
    });
}

/** @throws Fault document.unreadable */
function readNote(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new Fault('document.unreadable', `${file} cannot be read`, { fields: { path: file }, cause });
  }
}

function letterText(result: z.output<typeof letterResult>): string {
  const { letter, record, title, peer, officer, purpose, note, parts } = result;
  return [
    `${record.slice(0, 12)}  ${shorten(title ?? '(title withheld)', 80)}`,
    `to        ${officer.id} of ${peer}, ${safeText(officer.name)}`,
    `key       ${officer.kid}`,
    `for       ${purpose}`,
    ...(note === null ? [] : [`note      ${shorten(safeText(note), 80)}`]),
    '',
    table(
      ['part', 'goes', 'outcome', 'label'],
      parts.map((part) => [
        part.path,
        part.shown ? 'yes' : 'no',
        `${part.outcome} (${part.rule ?? part.reason})`,
        part.label,
      ]),
    ),
    '',
    letter === null ? 'not written' : `letter ${letter}`,
  ].join('\n');
}
