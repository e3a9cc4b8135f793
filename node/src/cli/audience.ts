import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { z } from 'zod';
import { recordAudience } from '../operations/audience.ts';
import { erasedText } from '../records/erased.ts';
import { counted } from './counted.ts';
import { orderText } from './orders.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

type Audience = z.output<typeof recordAudience.result>;
type PeerAudience = Audience['peers'][number];
type AudiencePart = PeerAudience['parts'][number];

export function addAudienceCommand(record: Command, session: () => Session): void {
  record
    .command('audience')
    .description('who has which parts since when, who would get more or is refused and why, who read it here')
    .argument('<id>', 'record id, or its first characters')
    .action(async (id: string) => {
      const current = session();
      current.print(await current.call(recordAudience, { id }), audienceText);
    });
}

function audienceText({ id, record, erased, sources, peers, letters, orders, readers }: Audience): string {
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  return [
    ...(record === null
      ? [`${id}  ${erased === null ? 'erased' : safeText(erasedText(erased))}`]
      : [bold(record.label), safeText(record.title ?? '(title withheld)'), `${id}  ${record.status}`]),
    ...sources.map(sourceLine),
    ...peers.flatMap((peer) => [
      '',
      bold(`${peer.peer}: ${standing(peer)}`),
      ...rowsOf(peer).map((row) => `  ${safeText(row)}`),
    ]),
    ...(letters.length === 0 ? [] : ['', ...letters.map(letterLine)]),
    ...orders.flatMap((order) => ['', orderText(order)]),
    '',
    readers.length === 0
      ? 'nobody was shown what is in it here'
      : table(
          ['read here by', 'times', 'first', 'last'],
          readers.map((each) => [
            each.isProven ? `${each.user} (signed)` : `${safeText(each.user)} (unproven)`,
            String(each.times),
            each.firstAt,
            each.lastAt,
          ]),
          bold,
        ),
  ].join('\n');
}

function letterLine({
  letter,
  peer,
  officer,
  at,
  purpose,
  parts,
  recalled,
}: Audience['letters'][number]): string {
  const line = `letter ${letter.slice(0, 12)} to ${officer} of ${peer} ${at}, for ${purpose}: ${foldPaths(parts)}`;
  return recalled ? `${line}; recalled` : line;
}

function sourceLine({ peer, at, entry }: Audience['sources'][number]): string {
  if (peer === null) return `issued here ${at}`;
  return `received from ${peer} ${at}${entry === null ? '' : `, entry ${entry} of its ledger`}`;
}

function standing({ gaveIt, parts, noLongerHeld }: PeerAudience): string {
  const has = parts.filter(({ handed }) => handed !== null && handed.erasedAt === null).length;
  const erased = parts.filter(({ handed }) => handed !== null && handed.erasedAt !== null).length;
  const beside = noLongerHeld === 0 ? '' : `, and ${noLongerHeld} that are no longer held here`;
  const handed =
    has === 0 && erased === 0 && noLongerHeld === 0
      ? 'was given none of it by this node'
      : `has ${has} of the ${counted(parts.length, 'part')} held here${erased === 0 ? '' : `, and has erased ${erased}`}`;
  return gaveIt ? `gave it to this node; ${handed}${beside}` : `${handed}${beside}`;
}

/** One row for all parts of which the same is to be said. */
function rowsOf(peer: PeerAudience): string[] {
  const rows = new Map<string, string[]>();
  for (const part of peer.parts) {
    for (const row of sayings(part)) rows.set(row, [...(rows.get(row) ?? []), part.path]);
  }
  const bare = peer.entries.filter(({ content }) => !content);
  return [
    ...[...rows].map(([row, paths]) => `${row}: ${foldPaths(paths)}`),
    ...peer.byConsent.map(
      ({ holder, grant, parts, until }) =>
        `may be handed it by ${holder} until ${until} (grant ${grant.slice(0, 12)}): ${parts === null ? 'all parts' : foldPaths(parts)}`,
    ),
    ...bare.map(({ index, at }) => `entry ${index} of ${at} went out without content: the rules had changed`),
  ];
}

function sayings({ handed, outcome, rule, reason, from }: AudiencePart): string[] {
  const because = rule === null ? reason : `${reason}, ${rule}`;
  const said: string[] = [];
  if (handed !== null)
    said.push(
      handed.erasedAt === null
        ? `has since ${handed.since}, ${handed.receipted ? 'receipted' : 'without a receipt yet'}`
        : `had since ${handed.since}, and has erased it ${handed.erasedAt}, as it says`,
    );
  const later = from === undefined ? '' : `, release from ${from}`;
  if (outcome === 'hold') said.push(`held (${because})`);
  else if (reason === 'gave-it') said.push('gave it to this node');
  else if (outcome === 'withhold')
    said.push(`${handed === null ? 'withheld' : 'would be withheld now'} (${because})${later}`);
  else if (handed === null) said.push(`would get (${because})`);
  return said;
}

/** `indicators[0]`, `indicators[2]` as `indicators[*] ×2`. */
function foldPaths(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folded = path.replace(/\[\d+\]/g, '[*]');
    counts.set(folded, (counts.get(folded) ?? 0) + 1);
  }
  return [...counts].map(([path, count]) => (count === 1 ? path : `${path} ×${count}`)).join(', ');
}
