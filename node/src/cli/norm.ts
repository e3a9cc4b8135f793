import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import type { z } from 'zod';
import {
  type betweenTwo,
  type normEntry,
  normList,
  type normResult,
  normStatusOf,
} from '../operations/norm.ts';
import { counted } from './counted.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { parseTime } from './time-argument.ts';

type NormEntry = z.output<typeof normEntry>;
type Norm = z.output<typeof normResult>;
type Between = z.output<typeof betweenTwo>;
type Reservation = NonNullable<Between['treaty']>['provisions'][number]['reservations'][number];

export function addNormCommands(program: Command, session: () => Session): void {
  const norm = program
    .command('norm')
    .description('norms and treaties: who stands where, and what binds two states');

  norm
    .command('list')
    .description('the norms that are held here, newest first')
    .option('--at <time>', 'as of this time (default: now)')
    .action(async (options: { at?: string }) => {
      const current = session();
      current.print(await current.call(normList, atOf(options)), ({ norms }) =>
        norms.length === 0
          ? 'no norm is held here'
          : table(
              ['id', 'norm', 'issuer', 'kind', 'in force', 'states', 'own', 'title'],
              norms.map(row),
              bold,
            ),
      );
    });

  norm
    .command('status')
    .description('who stands where about a norm; between two states, what binds them or how they differ')
    .argument('<norm>', 'record id, its first characters, or a subject such as norm/hospitals')
    .option('--between <states...>', 'codes of two states')
    .option('--at <time>', 'as of this time (default: now)')
    .addHelpText(
      'after',
      '\nExamples:\n  comity norm status norm/hospitals\n  comity norm status norm/hospitals --between XAR XBO --at 2026-06-01\n\nWhere states differ about a voluntary norm, that is a difference: nobody has broken anything.',
    )
    .action(async (named: string, options: { at?: string; between?: string[] }) => {
      const current = session();
      const { between } = options;
      if (between !== undefined && (between.length !== 2 || between[0] === between[1]))
        throw new Fault('cli.usage', '--between takes the codes of two different states');
      const result = await current.call(normStatusOf, {
        norm: named,
        ...atOf(options),
        ...(between !== undefined && { between: between as [string, string] }),
      });
      current.print(result, statusText);
    });
}

function atOf({ at }: { readonly at?: string }): { atSeconds?: number } {
  return at === undefined ? {} : { atSeconds: parseTime(at) };
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

function row(norm: NormEntry): string[] {
  return [
    norm.id.slice(0, 12),
    norm.subject,
    norm.issuer,
    norm.kind ?? 'not shown',
    forceText(norm),
    Object.entries(norm.states)
      .map(([standing, count]) => `${count} ${standing}`)
      .join(', '),
    norm.own,
    norm.title ?? '(title withheld)',
  ];
}

function forceText({ kind, ceased, inForce, inForceFrom }: NormEntry): string {
  const force =
    kind !== 'treaty'
      ? ''
      : inForce === true
        ? `since ${inForceFrom}`
        : inForceFrom === null
          ? 'no'
          : `from ${inForceFrom}`;
  return [force, ceased ?? ''].filter((word) => word !== '').join(', ');
}

function statusText(norm: Norm): string {
  const force = forceText(norm);
  return [
    bold(safeText(norm.title ?? '(title withheld)')),
    `${safeText(norm.subject)}  ${norm.id.slice(0, 12)}  of ${norm.issuer}  ${norm.kind ?? 'kind not shown'}${
      norm.kind === 'treaty' ? `  in force: ${force}` : force === '' ? '' : `  ${force}`
    }  as of ${norm.at}`,
    norm.between === null ? standingsText(norm) : betweenText(norm, norm.between),
    ...(norm.unknown.length === 0
      ? []
      : [`not certain: of the norm, ${norm.unknown.map(safeText).join(', ')} is not shown here`]),
    ...(norm.ignored.length === 0
      ? []
      : [`not counted: ${counted(norm.ignored.length, 'record')}; --json says which, and why`]),
  ].join('\n');
}

function standingsText({ standings }: Norm): string {
  if (standings.length === 0) return 'no state has said anything about it';
  return table(
    ['state', 'standing', 'since', 'has said', 'to come'],
    standings.map(({ state, standing, since, leavesAt, acts, pending }) => [
      state,
      leavesAt === null ? standing : `${standing}, leaves ${leavesAt}`,
      since ?? '',
      acts.map(actText).join('; '),
      pending.map((act) => `${actText(act)} from ${act.from}`).join('; '),
    ]),
    bold,
  );
}

function actText({ act, provisions, legalBasis, ceased }: Norm['standings'][number]['acts'][number]): string {
  return [
    act,
    ...(provisions === null ? [] : [`to ${provisions.join(', ')}`]),
    ...(legalBasis === null ? [] : [`(${legalBasis})`]),
    ...(ceased === null ? [] : [`(${ceased})`]),
  ].join(' ');
}

function betweenText(norm: Norm, between: Between): string {
  const [one, other] = between.states;
  const text = new Map(norm.provisions.map(({ id, text }) => [id, text]));
  const title = (id: string): string =>
    firstWords(text.get(id)?.en ?? Object.values(text.get(id) ?? {})[0] ?? '');
  return [
    `between ${[one, other].map((each) => `${each?.state} (${each?.standing}${each?.since === null ? '' : ` since ${each?.since}`})`).join(' and ')}`,
    ...(between.treaty === null ? [] : [RELATIONS[between.treaty.relation]]),
    ...(between.treaty === null
      ? []
      : [
          table(
            ['provision', 'between the two', 'because', 'text'],
            between.treaty.provisions.map(({ provision, binds, reservations }) => [
              provision,
              BINDS[binds],
              reservations.map(reservationText).join('; '),
              title(provision),
            ]),
            bold,
          ),
        ]),
    ...(between.voluntary === null
      ? []
      : [
          table(
            ['provision', 'the two', 'differences', 'text'],
            between.voluntary.map(({ provision, stands, stances }) => [
              provision,
              STANDS[stands],
              stances
                .flatMap(({ state, variances }) =>
                  variances.map(({ legalBasis }) => `${state}: ${legalBasis ?? 'legal basis not shown'}`),
                )
                .join('; '),
              title(provision),
            ]),
            bold,
          ),
        ]),
    ...between.unknown.map(
      ({ id, fields }) =>
        `not certain: of ${id.slice(0, 12)}, ${fields.map(safeText).join(', ')} is not shown here`,
    ),
  ].join('\n');
}

function firstWords(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

const RELATIONS = {
  bound: 'both are bound',
  'entry-opposed': 'an objection keeps the treaty from entering into force between them',
  'not-both-bound': 'not both are bound',
  'not-in-force': 'the treaty is not in force',
  'entry-not-stated': 'when the treaty enters into force is not stated or not shown',
} as const;

const BINDS = {
  applies: 'applies',
  modified: 'applies as a reservation modifies it',
  open: 'open: silence is not acceptance yet',
  excluded: 'does not apply, as far as the reservation goes',
  'not-consented': 'not consented to',
  nothing: 'nothing binds',
} as const;

const STANDS = {
  shared: 'both endorse it',
  difference: 'both endorse it, with a declared difference',
  'one-sided': 'one endorses it',
  'not-endorsed': 'neither has endorsed it',
} as const;

function reservationText({ id, state, outcome, since, until, objections }: Reservation): string {
  const what = {
    accepted: `accepted${since === null ? '' : ` since ${since}`}`,
    open: `open until ${until}`,
    objected: `objected to by ${objections.map((each) => each.slice(0, 12)).join(', ')}`,
    unconfirmed: 'not confirmed on consent',
    'late-open': `late, open until ${until}`,
    'late-opposed': 'late, and opposed',
  }[outcome];
  return `${state} reserves (${id.slice(0, 12)}): ${what}`;
}
