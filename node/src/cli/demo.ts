import type { Command } from 'commander';
import type { Session } from './session.ts';

export function addDemoCommand(program: Command, session: () => Session): void {
  program
    .command('demo')
    .description('three sovereign nodes on this machine exchange real incidents, and each shows what it sees')
    .option(
      '--once',
      'run the scripted exchange, compare what each state holds with the decisions, and exit',
      false,
    )
    .option(
      '--dir <dir>',
      'where the three homes are made (default: .comity/demo, with --once .comity/demo-once)',
    )
    .option('--json', 'as the global --json')
    .addHelpText(
      'after',
      '\nWithout --once the three nodes keep running until Ctrl-C, and the screen tells what to try.',
    )
    .action(async (options: { once: boolean; dir?: string; json?: boolean }) => {
      const { json } = session();
      const { runDemo } = await import('../demo/demo.ts');
      process.exitCode = await runDemo({
        once: options.once,
        directory: options.dir ?? (options.once ? '.comity/demo-once' : '.comity/demo'),
        json: json || options.json === true,
      });
    });
}
