import { styleText } from 'node:util';
import { foldElements } from '../cli/release.ts';
import { safeText, shorten } from '../cli/safe-text.ts';
import { table } from '../cli/table.ts';
import type { Comparison } from './comparison.ts';
import type { Member } from './member.ts';

const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
const dim = (text: string): string => styleText('dim', text, { stream: process.stdout });

/** One table a record: part × state, seen or withheld, with the rule. Never colour alone. */
export function comparisonText(
  { states, differences }: Comparison,
  shows: ReadonlyMap<string, string>,
): string {
  const [first] = states;
  const blocks = (first?.records ?? []).map((record, index) => {
    const rows = record.parts.map((part, row) => [
      part.path,
      ...states.map((state) => {
        const seen = state.records[index]?.parts[row];
        if (seen === undefined) return '';
        return `${seen.seen ? 'seen' : 'withheld'} (${seen.rule})`;
      }),
    ]);
    const why = shows.get(record.id);
    return [
      bold(`${record.type}  ${safeText(shorten(record.title, 90))}`),
      dim(`${record.id.slice(0, 16)}${why === undefined ? '' : `  ${why}`}`),
      table(['part', ...states.map(({ code }) => code)], foldElements(rows), bold),
    ].join('\n');
  });
  const verdict =
    differences.length === 0
      ? bold('Every state holds exactly what was decided for it: no difference.')
      : [
          bold(`${differences.length} DIFFERENCES between what was decided and what is held:`),
          ...differences.map(
            (each) =>
              `  ${each.state} ${each.record.slice(0, 16)} ${each.path}: ${each.kind}, ${each.detail}`,
          ),
        ].join('\n');
  return [...blocks, verdict].join('\n\n');
}

/** What the commands of the invitation are about. */
export interface Invited {
  readonly recordId: string;
  /** File of a draft that Arcadia may issue. */
  readonly draft: string;
  /** How the command line is started. */
  readonly command: string;
}

/** What to try while the three nodes run: each line works as it stands, one after the other. */
export function invitation(members: readonly Member[], { recordId, draft, command }: Invited): string {
  const here = (path: string): string => path.replace(`${process.cwd()}/`, '');
  const [arcadia, borealis, caldera] = members.map(({ home }) => here(home.root));
  const id = recordId.slice(0, 12);
  return `${bold('Three nodes are running.')} In another terminal:

  ${command} --home ${borealis} record list
  ${command} --home ${caldera} record show ${id}                ${dim('# its view; what is withheld stays out of sight')}
  ${command} --home ${arcadia} policy explain ${id} XCA         ${dim('# why each part goes there or does not')}
  ${command} --home ${arcadia} policy explain ${id} XCA --part title
  ${command} --home ${caldera} query ask XAR --purpose incident-response --type incident --yes
  ${command} --home ${borealis} record verify ${id}             ${dim('# the signature, whatever was withheld')}
  ${command} --home ${arcadia} release ledger XBO               ${dim('# what was handed over, with receipts')}

One of them is away for a while:

  ${command} --home ${borealis} node stop
  ${command} --home ${arcadia} record issue ${here(draft)} --yes    ${dim('# Caldera has it at once')}
  ${command} --home ${borealis} node run                              ${dim('# it resumes where it was; runs until Ctrl-C')}
  ${command} --home ${borealis} record list                           ${dim('# in a third terminal: here it is')}

Ctrl-C stops all that were started here.`;
}
