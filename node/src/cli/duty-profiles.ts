import { styleText } from 'node:util';
import type { Command } from 'commander';
import { profilesMatching } from '../operations/duty-profiles.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

type Profile = ReturnType<typeof profilesMatching>['profiles'][number];

export function addDutyProfilesCommand(duty: Command, session: () => Session): void {
  duty
    .command('profiles')
    .description('the registered profiles of laws, each with what it asks for and how it came to be known')
    .argument('[word]', 'begin of an id such as nis2, or a country such as ITA')
    .addHelpText('after', '\nExample:\n  comity duty profiles nis2-it')
    .action((word: string | undefined) => {
      session().print(profilesMatching(word), ({ profiles }) => profilesText(profiles));
    });
}

function profilesText(profiles: readonly Profile[]): string {
  const [only, ...others] = profiles;
  if (only === undefined) return 'no such profile';
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  if (others.length === 0) return [profilesTable(profiles, bold), '', ...details(only)].join('\n');
  return profilesTable(profiles, bold);
}

function profilesTable(profiles: readonly Profile[], bold: (text: string) => string): string {
  return table(
    ['profile', 'of', 'state', 'known', 'asks for', 'title'],
    profiles.map(({ id, jurisdiction, state, from, checked, stages, title }) => [
      id,
      jurisdiction,
      state === 'pending' || from === undefined ? state : `since ${from}`,
      checked,
      stages.map(stageText).join(', ') || 'no limit',
      title,
    ]),
    bold,
  );
}

function stageText({ id, amount, unit, anchor }: Profile['stages'][number]): string {
  return amount === undefined ? id : `${id} ${amount} ${unit ?? ''} from ${anchor}`;
}

function details({ instrument, whom, sources, notes }: Profile): string[] {
  const remarks = Array.isArray(notes) ? notes.map(String) : [];
  return [
    `law      ${instrument}`,
    `whom     ${whom}`,
    ...sources.map((each) => `source   ${each}`),
    ...remarks,
  ];
}
