import { fromHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { LOG_END_REASONS, type LogEnd, type LogEndReason } from '@comity/identity';
import { type Command, Option } from 'commander';
import { proposeLogEnd } from '../keys/propose.ts';
import { baseCard, putProposal } from './ceremony.ts';
import { type ProposeOptions, proposing, termOf } from './proposing.ts';
import type { Session } from './session.ts';

interface EndLogOptions extends ProposeOptions {
  readonly at?: string;
  readonly nothing: boolean;
  readonly reason: LogEndReason;
}

export function addEndLogCommand(state: Command, session: () => Session): void {
  proposing(state, 'end-log', 'proposes to end a log that has two histories, and to go on with a new one')
    .option('--at <size:root>', 'the last tree of it that stands (log checkpoint)')
    .option('--nothing', 'nothing of it stands', false)
    .addOption(new Option('--reason <reason>', 'why').choices(LOG_END_REASONS).makeOptionMandatory())
    .addHelpText('after', HELP)
    .action((options: EndLogOptions) => {
      const proposal = proposeLogEnd(baseCard(options.card), endIn(options), options.reason, termOf(options));
      return putProposal(session(), options.dir, proposal, options.dryRun);
    });
}

/** @throws Fault cli.usage */
function endIn({ at, nothing }: EndLogOptions): LogEnd | null {
  if ((at === undefined) !== nothing)
    throw new Fault('cli.usage', 'expected --at or --nothing, and one of them', {
      fields: { argument: 'at' },
    });
  if (at === undefined) return null;
  const [, size = '', root = ''] = /^([1-9][0-9]{0,15}):([0-9a-f]{64})$/.exec(at) ?? [];
  if (!Number.isSafeInteger(Number(size)) || root === '')
    throw new Fault('cli.usage', '--at: expected a size and a root, such as 192:9f2c…', {
      fields: { argument: 'at' },
    });
  return { size: Number(size), root: fromHex(root) };
}

const HELP = `
A log has two histories when a thief of the log key has signed one, or when this node has lost what it signed (own-log-lost).
Nobody cosigns it any more. Revoke a stolen key first (state revoke); where that is not enough, end the log. What stands up to --at
goes on being proved; what this node has entered beyond it is entered in the new log. Take a tree that most peers have
cosigned: 'comity log checkpoint' shows the newest that has its quorum. Evidence of two histories goes on being shown.
A log that has ended stays ended, and there are nine at most.

Examples:
  comity state end-log --card state.card --dir /media/ceremony --at 192:9f2c… --reason compromised --dry-run
  comity state end-log --card state.card --dir /media/ceremony --nothing --reason lost`;
