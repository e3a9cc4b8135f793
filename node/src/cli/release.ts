import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { z } from 'zod';
import { readHumanDocument } from '../config/yaml-document.ts';
import type { previewResult } from '../operations/record.ts';
import { type ledgerResult, releaseLedger, releasePreview } from '../operations/release.ts';
import { describeWarning } from '../release/relay-warnings.ts';
import { addApprovalCommands } from './approvals.ts';
import { addConsentCommands } from './consent.ts';
import { counted } from './counted.ts';
import { withDraft } from './draft-file.ts';
import { addLetterCommand } from './letter.ts';
import { addOrderCommands } from './orders.ts';
import { shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addReleaseCommands(program: Command, session: () => Session): void {
  const release = program.command('release').description('what leaves this node, and what has left it');

  release
    .command('preview')
    .description('who would receive which part, and by which rule; nothing is signed or sent')
    .argument('<draft-or-id>', 'draft file, or the id of a record held here')
    .option('--peer <code...>', 'only these peers')
    .action(async (target: string, options: { peer?: string[] }) => {
      const current = session();
      const peers = options.peer === undefined ? {} : { peers: options.peer };
      if (/^[0-9a-f]{4,64}$/.test(target) && !existsSync(target)) {
        current.print(await current.call(releasePreview, { id: target, ...peers }), previewTable);
        return;
      }
      const document = readHumanDocument(target);
      await withDraft(document, async () =>
        current.print(await current.call(releasePreview, { draft: document.value, ...peers }), previewTable),
      );
    });

  addApprovalCommands(release, session);
  addConsentCommands(release, session);
  addOrderCommands(release, session);
  addLetterCommand(release, session);

  release
    .command('ledger')
    .description('what was released to a peer, with its receipts')
    .argument('<peer>', 'code of the peer')
    .option('--in', 'what the peer released to us instead', false)
    .option('--from <index>', 'first entry', '0')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (peer: string, options: { in: boolean; from: string; limit: string }) => {
      const current = session();
      const result = await current.call(releaseLedger, {
        peer,
        direction: options.in ? 'in' : 'out',
        from: Number(options.from),
        limit: Number(options.limit),
      });
      current.print(result, (ledger) =>
        [
          `${ledger.direction === 'out' ? 'released to' : 'released by'} ${ledger.peer}: ${counted(ledger.size, 'entry', 'entries')}, root ${ledger.root.slice(0, 16)}`,
          ledger.receipt === null
            ? 'no receipt yet'
            : `receipt of ${ledger.receipt.by} over ${counted(ledger.receipt.size, 'entry', 'entries')}, ${ledger.receipt.at}`,
          '',
          table(
            ['#', 'at', 'mode', 'purpose', 'parts', 'receipt', 'record', 'title'],
            ledger.entries.map(ledgerRow),
          ),
        ].join('\n'),
      );
    });
}

function ledgerRow(entry: z.output<typeof ledgerResult>['entries'][number]): string[] {
  const line = [String(entry.index), entry.at];
  const receipt = entry.receipted ? 'yes' : 'no';
  switch (entry.kind) {
    case 'release': {
      const parts = entry.content ? String(entry.disclosures) : `${entry.disclosures}, without content`;
      const title = shorten(entry.title ?? '(withheld)', 48);
      return [...line, entry.mode, entry.purpose, parts, receipt, entry.record.slice(0, 12), title];
    }
    case 'order': {
      const about = entry.state === null ? '' : ` ${entry.state}`;
      const said = `${entry.what ?? 'unreadable'}${about} by ${entry.issuer ?? 'nobody known'}, ${entry.order.slice(0, 12)}`;
      const parts = entry.parts === 0 ? '' : String(entry.parts);
      return [...line, 'order', entry.reason ?? '', parts, receipt, entry.record?.slice(0, 12) ?? '', said];
    }
    case 'report': {
      const said = `${entry.outcome}: ${entry.order.slice(0, 12)}`;
      return [...line, 'report', entry.reason ?? '', '', receipt, '', said];
    }
    case 'letter':
      return [...line, 'letter', '', '', receipt, '', `to ${entry.officer}, ${entry.letter.slice(0, 12)}`];
  }
}

const AUTHOR_NOT_PROVEN =
  'author not proven: one officer more has to approve than each rule says; to prove it: record issue, or record claim, with --key';

/** One row a part, one column a peer. Long runs of list elements with the same outcomes are one row. */
export function previewTable(preview: z.output<typeof previewResult>): string {
  const shown = ({
    outcome,
    rule,
    reason,
    from,
    missing,
  }: {
    outcome: string;
    rule?: string | null;
    reason: string;
    from?: string | undefined;
    missing?: { role: string; persons: number; have: number } | undefined;
  }): string => {
    if (outcome === 'release') return `release (${rule ?? reason})`;
    if (outcome === 'hold')
      return `hold (${rule ?? reason}${missing === undefined ? '' : `: ${missing.have} of ${missing.persons} ${missing.role}`})`;
    return `withheld (${rule ?? reason})${from === undefined ? '' : `, release from ${from}`}`;
  };
  const envelope = ['envelope', ...preview.peers.map((peer) => shown(peer.envelope)), ''];
  const rows = preview.parts.map((part) => [
    part.path,
    ...preview.peers.map((peer) => {
      const decided = peer.parts.find((each) => each.path === part.path);
      return decided === undefined ? 'withheld' : shown(decided);
    }),
    part.label,
  ]);
  const outcomes = table(
    ['part', ...preview.peers.map((peer) => peer.peer), 'label'],
    [envelope, ...foldElements(rows)],
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
  const waits = preview.peers.some(({ parts }) => parts.some(({ missing }) => missing !== undefined));
  const warnings = [
    ...(waits && !preview.isAuthorProven ? [AUTHOR_NOT_PROVEN] : []),
    ...preview.relay.map((warning) => `warning: ${describeWarning(warning)} [${warning.code}]`),
  ];
  return warnings.length === 0 ? outcomes : [outcomes, '', ...warnings].join('\n');
}

/** Folds neighbouring `name[3]`, `name[7]` rows that are alike in every other column into `name[*] ×2`. */
export function foldElements(rows: readonly (readonly string[])[]): string[][] {
  const folded: { key: string; row: string[]; count: number; name: string }[] = [];
  for (const row of rows) {
    const [path = '', ...rest] = row;
    const name = /^(.*)\[\d+\]$/.exec(path)?.[1];
    const key = name === undefined ? path : `${name}[]${JSON.stringify(rest)}`;
    const same = name === undefined ? undefined : folded.find((each) => each.key === key);
    if (same === undefined) folded.push({ key, row: [...row], count: 1, name: name ?? '' });
    else same.count += 1;
  }
  return folded.map(({ row, count, name }) =>
    count === 1 ? row : [`${name}[*] ×${count}`, ...row.slice(1)],
  );
}
