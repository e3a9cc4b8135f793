import { codes, explainCode, Fault, isFaultCode } from '@comity/fault';
import type { Command } from 'commander';
import type { Session } from './session.ts';

export function addExplainCommand(program: Command, session: () => Session): void {
  program
    .command('explain')
    .description('what an error code means and what to do')
    .argument('<code>', 'for instance record.label-below-part')
    .action((code: string) => {
      if (!isFaultCode(code)) {
        const near = Object.keys(codes).filter(
          (known) => known.includes(code) || code.includes(known.split('.')[0] ?? ''),
        );
        throw new Fault(
          'cli.usage',
          `there is no code ${JSON.stringify(code)}${near.length > 0 ? `; near it: ${near.slice(0, 8).join(', ')}` : ''}`,
        );
      }
      session().print(
        { ...explainCode(code) },
        (entry) =>
          `${entry.code} (exit code ${entry.exit})\n  ${entry.summary}\n  What to do: ${entry.remedy}`,
      );
    });
}
