import { type CodeEntry, codes, explainCode, Fault, isFaultCode } from '@comity/fault';
import registry from '@comity/protocol/registries/code-audiences.json' with { type: 'json' };
import type { Command } from 'commander';
import { codesWithExit, EXIT_CODES } from './exit-codes.ts';
import type { Session } from './session.ts';

export function addExplainCommand(program: Command, session: () => Session): void {
  program
    .command('explain')
    .description('what an error code means, who sees it and what to do; or what an exit code means')
    .argument('<code>', 'for instance record.label-below-part; or an exit code, for instance 21')
    .action((code: string) => {
      if (/^\d{1,3}$/.test(code)) {
        printExitCode(session(), Number(code));
        return;
      }
      if (!isFaultCode(code)) {
        const near = Object.keys(codes).filter(
          (known) => known.includes(code) || code.includes(known.split('.')[0] ?? ''),
        );
        throw new Fault(
          'cli.usage',
          `there is no code ${JSON.stringify(code)}${near.length > 0 ? `; near it: ${near.slice(0, 8).join(', ')}` : '; protocol/errors.md lists them all'}`,
        );
      }
      session().print({ ...explainCode(code) }, (entry) =>
        [
          `${entry.code} (exit code ${entry.exit})`,
          `  ${entry.summary}`,
          `  Seen by: ${audienceText(entry)}`,
          `  What to do: ${entry.remedy}`,
        ].join('\n'),
      );
    });
}

function audienceText({ seenBy }: CodeEntry): string {
  return registry.audiences
    .filter(({ id }) => seenBy.some((each) => each === id))
    .map(({ id, name }) => `${id} (${name})`)
    .join(', ');
}

/** @throws Fault cli.usage */
function printExitCode(session: Session, exit: number): void {
  const found = EXIT_CODES.find((each) => each.exit === exit);
  if (found === undefined)
    throw new Fault('cli.usage', `no command ends with ${exit}; see the exit codes of 'comity --help'`);
  session.print({ ...found, codes: codesWithExit(exit) }, (entry) =>
    [`${entry.exit} ${entry.name}: ${entry.summary}`, ...entry.codes.map((code) => `  ${code}`)].join('\n'),
  );
}
