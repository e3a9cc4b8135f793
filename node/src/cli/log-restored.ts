import { styleText } from 'node:util';
import type { Command } from 'commander';
import { openSovereign } from '../open.ts';
import {
  logRestored,
  logRestoredConfirm,
  logRestoredWithout,
  type RestoredStatus,
} from '../operations/put-back.ts';
import { localUser } from '../process/local-user.ts';
import { openWhenFree } from '../process/open-when-free.ts';
import { confirm } from './ask.ts';
import type { Session } from './session.ts';

/** Exit code while something is still to be known again. */
const INDETERMINATE = 14;

export function addRestoredCommands(log: Command, session: () => Session): void {
  log
    .command('accept-restored')
    .description(
      'goes on with a store that was put back to an older copy, where the node refuses to (store.put-back)',
    )
    .requiredOption('--because <text>', 'why it was put back; it is written into the audit log')
    .option('--yes', 'do not ask', false)
    .addHelpText('after', ACCEPT_HELP)
    .action(async ({ because, yes }: { because: string; yes: boolean }) => {
      const current = session();
      await confirm('Go on with the store as it is, without what was written since?', yes);
      const sovereign = await openWhenFree(() =>
        openSovereign(current.home, { putBack: { user: localUser(), because: because.slice(0, 500) } }),
      );
      const { sequence } = sovereign.store.auditTip;
      await sovereign.close();
      current.print({ sequence }, () =>
        [
          `the audit log goes on at line ${sequence}, which says that the store was put back`,
          "nothing is released until the peers are heard and the rest is confirmed: 'comity log restored'",
        ].join('\n'),
      );
    });

  log
    .command('restored')
    .description(
      'what is still to be known again after the store was put back; until then nothing is released',
    )
    .option('--without <peer...>', 'releases to others do not wait for these peers')
    .option('--confirm', 'policy, suspensions and rejections are as they should be', false)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', RESTORED_HELP)
    .action(async (options: { without?: string[]; confirm: boolean; yes: boolean }) => {
      const current = session();
      let status = await current.call(logRestored, {});
      if (options.without !== undefined) {
        await confirm(
          `Release to others without what ${options.without.join(', ')} could give back? What this state has taken back is known here only as far as other peers hold it.`,
          options.yes,
        );
        status = await current.call(logRestoredWithout, { peers: options.without });
      }
      if (options.confirm && !status.confirmed) {
        await confirm(confirmQuestion(status), options.yes);
        status = await current.call(logRestoredConfirm, {});
      }
      current.print(status, restoredText);
      if (status.held) process.exitCode = INDETERMINATE;
    });
}

function confirmQuestion({ policy, suspended, rejections }: RestoredStatus): string {
  const inForce =
    policy === null ? 'no policy' : `policy version ${policy.version} (${policy.digest.slice(0, 12)})`;
  const without = suspended.length === 0 ? 'nobody is suspended' : `${suspended.join(', ')} suspended`;
  return `In force are ${inForce}, ${without}, ${rejections ?? 0} rejections of officers. Is that all that there was before the store was put back?`;
}

function restoredText({
  since,
  held,
  confirmed,
  policy,
  suspended,
  rejections,
  unheard,
}: RestoredStatus): string {
  if (since === null) return 'the store was never put back';
  const awaited = unheard.filter((each) => each.awaited);
  return [
    `put back   ${since}${held ? `  ${styleText('red', 'HELD', { stream: process.stdout })}: nothing is released` : '  releases go on'}`,
    `peers      ${awaited.length === 0 ? 'none is waited for' : `waiting for ${awaited.map(({ peer }) => peer).join(', ')}`}`,
    ...unheard
      .filter((each) => !each.awaited)
      .map(({ peer }) => `           ${peer} is not heard: nothing goes to it until it is`),
    `policy     ${policy === null ? 'none' : `version ${policy.version} (${policy.digest.slice(0, 12)})`}; suspended: ${suspended.join(', ') || 'nobody'}${rejections === null ? '' : `; rejections in force: ${rejections}`}`,
    ...(confirmed
      ? []
      : [
          "           not confirmed: put right what is missing of these, then 'comity log restored --confirm'",
        ]),
    ...(awaited.length > 0
      ? [
          "           peers are heard while the node runs; one that cannot be reached: 'comity log restored --without PEER'",
        ]
      : []),
  ].join('\n');
}

/** The line of `node status`, where there is anything to say. */
export function restoredNotice({ held, confirmed, unheard }: RestoredStatus): string[] {
  const awaited = unheard.filter((each) => each.awaited).map(({ peer }) => peer);
  const left = unheard.filter((each) => !each.awaited).map(({ peer }) => peer);
  if (!held && left.length === 0) return [];
  const why = [
    ...(awaited.length > 0 ? [`waiting for ${awaited.join(', ')}`] : []),
    ...(confirmed ? [] : ['policy, suspensions and rejections are not confirmed']),
  ];
  const said = held
    ? `${styleText('red', 'HELD', { stream: process.stdout })}: the store was put back, nothing is released; ${why.join('; ')}`
    : `the store was put back; nothing goes to ${left.join(', ')} until heard`;
  return [`restored ${said} ('comity log restored')`];
}

const ACCEPT_HELP = `
What was issued, released, received and decided after the copy was made is not known here any more. Nothing is released until it is known
again as far as it can be ('comity log restored'): from each peer, as it connects, this node takes back its own ledger, with all that it
has recalled, narrowed, barred and reported, and puts it in force again; what peers have sent and taken back comes again.
What no peer has is for people to put right and confirm: the policy, who is suspended, what officers have rejected, what is retained.
What officers had approved is to be approved again.

Example:
  comity log accept-restored --because "Disk replaced; backup of last night"`;

const RESTORED_HELP = `
The exit code is 14 while nothing is released because of it. Peers are heard while the node runs. One that is suspended is not
waited for, nor is one that is left out with --without: nothing is written or released to it until it is heard. A recall that
only such a peer was told is unknown here until then, and what it takes back may be released to others.

Examples:
  comity log restored
  comity log restored --without XCC
  comity policy apply policy.yaml && comity log restored --confirm`;
