import type { Command } from 'commander';
import type { z } from 'zod';
import { registryDigestOf, type registryResult } from '../operations/registry.ts';
import { counted } from './counted.ts';
import type { Session } from './session.ts';

export function addRegistryCommands(program: Command, session: () => Session): void {
  const registry = program
    .command('registry')
    .description('which records say something of which subject, as a digest');
  registry
    .command('digest')
    .description('the digest of what is held here: the same at every node that holds the same')
    .option('--subject <text>', 'also of one subject, such as "norm norm/hospitals" or "record ID"')
    .option('--rebuild', 'open every record anew and compare', false)
    .addHelpText(
      'after',
      '\nMost nodes do not hold the same, and then their digests differ: compare what only two of you speak of, by its subject.',
    )
    .action(async (options: { subject?: string; rebuild: boolean }) => {
      const current = session();
      current.print(await current.call(registryDigestOf, options), registryText);
    });
}

function registryText(told: z.output<typeof registryResult>): string {
  const { records, subjects, digest, subject, subjectRecords, kept } = told;
  return [
    `${digest}  ${counted(records, 'record')}, ${counted(subjects, 'subject')}`,
    ...(subject === null ? [] : [`${subject}  the subject, ${counted(subjectRecords.length, 'record')}`]),
    ...(kept === null
      ? []
      : [kept === digest ? 'built anew: the same' : `built anew: it was ${kept} before`]),
  ].join('\n');
}
