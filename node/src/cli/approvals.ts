import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import { releaseApprovals, releasePending, releaseRejected } from '../operations/approvals.ts';
import { pendingText, rejectedText, statementTable } from './approval-text.ts';
import { addDecision } from './decide-release.ts';
import type { Session } from './session.ts';

/** Records and peers of one list. */
const MAX_LISTED = 1_000;

interface PendingOptions {
  readonly to?: string;
  readonly rejected: boolean;
  readonly limit: string;
  readonly after?: string;
}

export function addApprovalCommands(release: Command, session: () => Session): void {
  release
    .command('pending')
    .description('what waits for officers before it is released, the longest first')
    .argument('[record]', 'only what waits of this record: its id, or its first characters')
    .option('--to <code>', 'only what waits for this peer')
    .option('--rejected', 'instead what officers have rejected, by whom, why and until when', false)
    .option('--limit <n>', 'records and peers, or rejections, to show', '100')
    .option('--after <place>', 'go on after this place, which the list before has named')
    .addHelpText(
      'after',
      `
A rule of the policy with "approve", a limit or reciprocity that is reached: each leaves to a person what would go otherwise.
Each line is decided again as it is shown; what need not wait any more is gone from the list.

Example, and what comes next:
  comity --home a release pending
  comity --home a release approve 5c1fa0 --key /media/anna/officer.key`,
    )
    .action(async (record: string | undefined, options: PendingOptions) => {
      const current = session();
      const { to, after } = options;
      const wanted = { ...(record !== undefined && { record }), ...(to !== undefined && { peer: to }) };
      const args = { ...wanted, limit: limitOf(options.limit), ...(after !== undefined && { after }) };
      if (options.rejected) {
        current.print(await current.call(releaseRejected, args), rejectedText);
        return;
      }
      current.print(await current.call(releasePending, args), pendingText);
    });
  release
    .command('approvals')
    .description('what officers have signed about the release of a record, each verified again')
    .argument('<record>', 'record id, or its first characters')
    .action(async (record: string) => {
      const current = session();
      current.print(await current.call(releaseApprovals, { record }), ({ statements }) =>
        statements.length === 0 ? 'no officer has signed anything about it' : statementTable(statements),
      );
    });
  addDecision(
    release,
    session,
    'approve',
    'signs, as an officer, that what waits of a record may go to a peer',
  );
  addDecision(release, session, 'reject', 'signs, as an officer, that what waits of a record stays here');
}

/** @throws Fault cli.usage */
function limitOf(text: string): number {
  const limit = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (limit <= MAX_LISTED) return limit;
  throw new Fault('cli.usage', `expected --limit from 1 to ${MAX_LISTED}`, {
    fields: { argument: '--limit' },
  });
}
