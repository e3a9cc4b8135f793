import { styleText } from 'node:util';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { dutyList, type dutyResult } from '../operations/duty.ts';
import { addDutyProfilesCommand } from './duty-profiles.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

type Incident = z.output<typeof dutyResult>['incidents'][number];
type Duty = Incident['duties'][number];

const STATUSES = [
  'pending',
  'met',
  'late-explained',
  'missed',
  'not-started',
  'anchor-unknown',
  'no-clock',
] as const;

export function addDutyCommands(program: Command, session: () => Session): void {
  const duty = program
    .command('duty')
    .description('what laws ask to be reported about incidents, and by when');
  addDutyProfilesCommand(duty, session);
  duty
    .command('list')
    .description('each report that is due: under which law, counted from what, by when; who was told of it')
    .option('--incident <record>', 'only the incident of this record: its id, or its first characters')
    .option('--state <code>', 'incidents of this state, as far as they are held here (default: own)')
    .addOption(new Option('--status <word...>', 'only duties of this status').choices(STATUSES))
    .option('--open', 'only what is still to be reported', false)
    .addHelpText(
      'after',
      '\nExample:\n  comity duty list --open\n\nLimits are computed from registered profiles of laws, each with its sources: a reminder, not legal advice.',
    )
    .action(async (options: { incident?: string; state?: string; status?: string[]; open: boolean }) => {
      const current = session();
      const { incident, state, status, open } = options;
      const found = await current.call(dutyList, {
        ...(incident !== undefined && { incident }),
        ...(state !== undefined && { state }),
      });
      const wanted = (each: Duty): boolean =>
        (status === undefined || status.includes(each.status)) && (!open || isOpen(each));
      const incidents = found.incidents
        .map((each) => ({ ...each, duties: each.duties.filter(wanted) }))
        .filter(({ duties }) => duties.length > 0 || (status === undefined && !open));
      current.print({ incidents }, dutiesText);
    });
}

function isOpen({ report, status }: Duty): boolean {
  return report === null && status !== 'no-clock';
}

function dutiesText({ incidents }: { readonly incidents: readonly Incident[] }): string {
  if (incidents.length === 0) return 'nothing is due';
  return incidents.map(incidentText).join('\n\n');
}

function incidentText({ issuer, incident, newest, title, profiles, duties, unknown }: Incident): string {
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  const others = profiles.filter(({ standing }) => standing !== 'applies');
  return [
    bold(`${issuer}  ${safeText(title ?? '(title withheld)')}`),
    `${safeText(incident)}  newest ${newest.slice(0, 12)}`,
    ...(profiles.length === 0
      ? ['no deadline profile: the charter names none, nor does the configuration (duties.profiles)']
      : []),
    ...(duties.length === 0
      ? []
      : [
          table(
            ['law', 'report', 'counted from', 'due', 'status', 'reported', 'told'],
            duties.map((each) => [
              lawText(each),
              each.stage,
              fromText(each),
              dueText(each),
              each.reason === null ? each.status : `${each.status} (${each.reason})`,
              each.report === null ? '' : `${each.report.at} ${each.report.record.slice(0, 12)}`,
              each.told.map(toldText).join('; '),
            ]),
            bold,
          ),
        ]),
    ...others.map(({ profile, standing, by }) => `${profile}: ${standing}${by === null ? '' : ` by ${by}`}`),
    ...(unknown.length === 0
      ? []
      : [`not certain, as not everything is shown here: ${unknown.map(safeText).join(', ')}`]),
  ].join('\n');
}

function lawText({ profile, jurisdiction, checked }: Duty): string {
  return `${profile} (${jurisdiction}${checked === 'read' ? '' : `, ${checked}`})`;
}

function fromText({ event, countedFrom, restated }: Duty): string {
  if (countedFrom === null) return event;
  return `${event} ${countedFrom}${restated ? ', restated' : ''}`;
}

function dueText({ dueAt, secondsLeft, report, capAt }: Duty): string {
  if (dueAt === null) return capAt === null ? '' : `by ${capAt} at most`;
  if (report !== null || secondsLeft === null) return dueAt;
  return secondsLeft < 0 ? `${dueAt}, ${span(-secondsLeft)} ago` : `${dueAt}, in ${span(secondsLeft)}`;
}

function span(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  );
  if (days !== 0) return `${days} d ${hours} h`;
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes} min`;
}

function toldText({ peer, at, receipted }: Duty['told'][number]): string {
  return `${peer} ${at}, ${receipted ? 'receipted' : 'without a receipt yet'}`;
}
