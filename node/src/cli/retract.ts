import type { Command } from 'commander';
import type { z } from 'zod';
import { recordRetract } from '../operations/record.ts';
import { confirm } from './ask.ts';
import { namedInFull, releasedText } from './record-text.ts';
import type { Session } from './session.ts';

export function addRetractCommand(record: Command, session: () => Session): void {
  record
    .command('retract')
    .description('issues a retraction of a record of this state; holders are asked to stop using it')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why it is withdrawn')
    .option('--language <tag>', 'language of the reason', 'en')
    .option('--action <action>', 'what holders are asked to do: cease-use, delete or none', 'cease-use')
    .option('--yes', 'do not ask', false)
    .action(
      async (id: string, options: { reason: string; language: string; action: string; yes: boolean }) => {
        const current = session();
        const args = {
          id,
          reason: options.reason,
          language: options.language,
          action: options.action as 'cease-use',
        };
        const { about, told, notTold } = await current.call(recordRetract, { ...args, dryRun: true });
        const nobody = notTold.length === 0 ? 'no peer: none was released any of it' : 'no peer';
        const whom = told.length === 0 ? nobody : told.join(', ');
        if (!options.yes) current.note(namedInFull(about));
        await confirm(
          [...notToldLines(notTold), `Retract it? The retraction and its reason go to ${whom}.`].join('\n'),
          options.yes,
        );
        current.print(await current.call(recordRetract, args), (result) =>
          [...result.records.map(releasedText), ...notToldLines(result.notTold)].join('\n'),
        );
      },
    );
}

const WAITS = " (waits for officers: 'comity release pending')";

const WHY_NOT_TOLD: Readonly<Record<string, string>> = {
  'approval-needed': WAITS,
  limit: WAITS,
  reciprocity: WAITS,
  'no-permit': ' (no rule of the policy hands it retractions)',
  faulty: " (what is stored of it is refused; it is told once 'peer add CARD --renew' has put that right)",
};

/** Who was handed the record and goes on using it, because something keeps the retraction from him. */
export function notToldLines(notTold: z.output<typeof recordRetract.result>['notTold']): string[] {
  return notTold.map(({ peer, reason }) => {
    const fate = WHY_NOT_TOLD[reason] === WAITS ? 'WILL NOT BE TOLD YET' : 'WILL NOT BE TOLD';
    return `${peer} ${fate}, though it was released some of it: ${reason}${WHY_NOT_TOLD[reason] ?? ''}`;
  });
}
