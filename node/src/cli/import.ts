import { basename } from 'node:path';
import { DocumentFaults, Fault } from '@comity/fault';
import type { Command } from 'commander';
import { type HumanDocument, placeFaults, readHumanDocument, readTextFile } from '../config/yaml-document.ts';
import { importMispEvents } from '../operations/import.ts';
import { confirm } from './ask.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;

export function addImportCommands(program: Command, session: () => Session): void {
  const imports = program.command('import').description('records from what other platforms export');

  imports
    .command('misp')
    .description('issues MISP events as incident records, every attribute a part of its own')
    .argument('<event...>', 'MISP event files (JSON)')
    .option(
      '--label <file>',
      'YAML with label, envelope and labels as in a draft (default: lowest level, this state only)',
    )
    .option('--dry-run', 'only report what would be issued and what cannot be mapped', false)
    .option('--yes', 'do not ask', false)
    .action(async (files: string[], options: { label?: string; dryRun: boolean; yes: boolean }) => {
      const current = session();
      const events = files.map((file) => ({ name: basename(file), event: parseEvent(file) }));
      const labelling = options.label === undefined ? undefined : readHumanDocument(options.label);
      const args = { events, ...(labelling !== undefined && { labelling: labelling.value }) };
      await inFile(labelling, async () => {
        if (!options.dryRun)
          await confirm(
            `Issue ${events.length} events as records and release what policy allows?`,
            options.yes,
          );
        const result = await current.call(importMispEvents, { ...args, dryRun: options.dryRun });
        current.print(result, (done) =>
          [
            table(
              ['file', 'event', 'attributes', 'issued', 'not mapped'],
              done.events.map((event) => [
                event.name,
                event.uuid,
                String(event.attributes),
                `${event.records.length} of ${event.drafts}`,
                String(event.losses.length),
              ]),
            ),
            ...done.events.flatMap((event) =>
              event.losses.map(
                (loss) =>
                  `  ${safeText(event.name)} ${safeText(loss.path)}: ${loss.reason}, ${safeText(loss.detail)}`,
              ),
            ),
          ].join('\n'),
        );
      });
    });
}

function parseEvent(file: string): unknown {
  try {
    return JSON.parse(readTextFile(file, MAX_EVENT_BYTES));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('config.syntax', `${file} is not JSON`, { fields: { file }, cause });
  }
}

async function inFile(document: HumanDocument | undefined, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof DocumentFaults && document !== undefined ? placeFaults(document, error) : error;
  }
}
