import { basename } from 'node:path';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { type HumanDocument, placeFaults, readHumanDocument, readTextFile } from '../config/yaml-document.ts';
import { importMispEvents } from '../operations/import.ts';
import { localUser } from '../process/local-user.ts';
import { confirm } from './ask.ts';
import { acceptRelayOption } from './draft-file.ts';
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
    .addOption(
      new Option(
        '--overrule <marking...>',
        'the labels of --label apply though tags of the events are stricter; each such case is reported',
      ).choices(['tlp', 'pap']),
    )
    .option(
      '--exercise <id>',
      'the events are part of this exercise: records apart from real ones, in no list and released to nobody',
    )
    .option('--dry-run', 'only report what would be issued and what cannot be mapped', false)
    .option('--yes', 'do not ask', false)
    .option(
      '--again',
      'import also events that are held already: new, separate records beside those held',
      false,
    )
    .addOption(acceptRelayOption())
    .addHelpText(
      'after',
      `
Tags such as tlp:amber and pap:green fill in what the labels do not state, and raise what they state less strictly.
A label file has what a draft has, for instance:

  label: { classification: restricted, tlp: AMBER, releasableTo: [XBB] }
  labels: { sources: { releasableTo: null } }`,
    )
    .action(async (files: string[], options: ImportOptions) => {
      const current = session();
      const events = files.map((file) => ({ name: basename(file), event: parseEvent(file) }));
      const labelling = options.label === undefined ? undefined : readHumanDocument(options.label);
      const { overrule = [], exercise, acceptRelay, again } = options;
      const args = {
        events,
        overrule,
        acceptRelay,
        user: localUser(),
        again,
        ...(labelling !== undefined && { labelling: labelling.value }),
        ...(exercise !== undefined && { exercise }),
      };
      await inFile(labelling, async () => {
        if (!options.dryRun) await confirm(questionFor(events.length, options), options.yes);
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
            ...done.events.flatMap((event) => heldLines(event, options)),
            // No list shows records of an exercise, so their ids are told here.
            ...(exercise === undefined ? [] : done.events.flatMap(exerciseLines)),
          ].join('\n'),
        );
      });
    });
}

interface ImportOptions {
  readonly label?: string;
  readonly overrule?: ('tlp' | 'pap')[];
  readonly exercise?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly acceptRelay: boolean;
  readonly again: boolean;
}

function questionFor(count: number, { overrule, exercise }: ImportOptions): string {
  const events = count === 1 ? 'the event as a record' : `${count} events as records`;
  const question =
    exercise === undefined
      ? `Issue ${events} and release what policy allows?`
      : `Issue ${events} of the exercise ${exercise}?`;
  if (overrule === undefined) return question;
  return `${overrule.join(' and ').toUpperCase()} tags of the events give way to the labels given. ${question}`;
}

type Imported = z.output<typeof importMispEvents.result>['events'][number];

/** What is held of an event already, and what that means for it. */
function heldLines({ name, uuid, held }: Imported, { again, dryRun }: ImportOptions): string[] {
  const said = again
    ? `${dryRun ? 'would become' : 'became'} a new, separate record`
    : 'not imported unless with --again';
  return held.map(
    ({ id, issuedAt }) =>
      `  ${safeText(name)} ${uuid}: held already, record ${id.slice(0, 12)} of ${issuedAt}; ${said}`,
  );
}

function exerciseLines({ name, records }: Imported): string[] {
  return records.map(({ id }) => `  ${safeText(name)} ${id}: in the exercise, see 'record show'`);
}

function parseEvent(file: string): unknown {
  try {
    return JSON.parse(readTextFile(file, MAX_EVENT_BYTES));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('document.syntax', `${file} is not JSON, as MISP exports events`, {
      fields: { file },
      cause,
    });
  }
}

async function inFile(document: HumanDocument | undefined, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof DocumentFaults && document !== undefined ? inLabelFile(document, error) : error;
  }
}

/** What is wrong with the labels stands in their file; what is wrong with the rest stands in the event's. */
function inLabelFile(document: HumanDocument, { faults }: DocumentFaults): DocumentFaults {
  const isOfLabels = ({ path: [key] }: DocumentFault): boolean =>
    key === 'label' || key === 'envelope' || key === 'labels';
  return new DocumentFaults(
    faults.flatMap((fault) =>
      isOfLabels(fault) ? placeFaults(document, new DocumentFaults([fault])).faults : [fault],
    ),
  );
}
