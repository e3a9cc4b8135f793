import type { Command } from 'commander';
import { z } from 'zod';
import { loadNodeConfig, nodeConfigSchema } from '../config/node-config.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addConfigCommands(program: Command, session: () => Session): void {
  const config = program.command('config').description('the configuration file of the node');

  config
    .command('show')
    .description('every setting in force')
    .option('--origin', 'tell for each setting whether environment, file or default decided', false)
    .action((options: { origin: boolean }) => {
      const current = session();
      const { settings } = loadNodeConfig(current.home.config, process.env);
      const rows = [...settings].map(([name, setting]) => ({ name, ...setting }));
      current.print({ settings: rows }, () =>
        options.origin
          ? table(
              ['setting', 'value', 'origin', 'environment variable'],
              rows.map((row) => [row.name, show(row.value), row.origin, row.variable]),
            )
          : table(
              ['setting', 'value'],
              rows.map((row) => [row.name, show(row.value)]),
            ),
      );
    });

  config
    .command('validate')
    .description('checks the file; errors name line and column')
    .action(() => {
      const current = session();
      loadNodeConfig(current.home.config, process.env);
      current.print({ valid: true, file: current.home.config }, ({ file }) => `${file} is valid`);
    });

  config
    .command('schema')
    .description('prints the JSON Schema of the file, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(nodeConfigJsonSchema(), null, 2)}\n`);
    });
}

export function nodeConfigJsonSchema(): object {
  return z.toJSONSchema(nodeConfigSchema, { io: 'input' });
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
