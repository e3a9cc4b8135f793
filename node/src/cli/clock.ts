import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { ClockDeviation } from '../clock/clock-judgement.ts';
import { type clockResult, nodeClock, nodeClockAccept } from '../operations/node.ts';
import { confirm } from './ask.ts';
import type { Session } from './session.ts';

type Clock = z.output<typeof clockResult>;

const FOUND: Readonly<Record<ClockDeviation, string>> = {
  'set-back': 'it was set back while the node ran',
  'set-forward': 'it was set forward while the node ran',
  behind: 'it showed less when the node was started than when it ran before',
  'far-ahead': 'it showed much more when the node was started than when it ran before',
};

export function addClockCommands(node: Command, session: () => Session): void {
  const clock = node
    .command('clock')
    .description('whether the clock of this machine can be believed; while it cannot, nothing is released')
    .addHelpText(
      'after',
      `
Labels, embargoes and consents go by the time. A clock that is set by more than clock.maxJumpSeconds while the node runs, that
shows less than when the node last ran, or more than clock.maxOfflineDays later, therefore holds all releases: nothing new is
released, no content of a ledger is served, and questions of peers are refused. Receiving goes on. The hold survives a restart.

A node that was off for longer than clock.maxUnheardMinutes knows the time from its own clock alone. What only the time between lets
go (the end of an embargo, the succession of a label, a state that comes into a group, a consent that begins, a limit that is over)
waits until a peer agrees, one other than the recipient where there is another, and none says otherwise; or until you accept the clock.

The hold ends by itself when the clock is set right. A machine that was suspended looks like a clock that was set forward: compare
the clock with another one, then 'comity node clock accept'. What was held is released then, by the rules of that moment.

Example:
  comity node clock accept`,
    )
    .action(async () => {
      const current = session();
      current.print(await current.call(nodeClock, {}), clockText);
    });

  clock
    .command('accept')
    .description('goes by the clock as it is, and releases what was held because of it')
    .option('--yes', 'do not ask', false)
    .action(async (options: { yes: boolean }) => {
      const current = session();
      const shown = await current.call(nodeClock, {});
      if (shown.held || shown.unheardSince !== null)
        await confirm(
          `Is it ${shown.clock} now, in UTC? The node expected ${shown.unheardSince ?? shown.expected}. Releases go by this clock from now on.`,
          options.yes,
        );
      current.print(await current.call(nodeClockAccept, {}), (done) =>
        done.accepted ? `the node goes by ${done.clock.clock}` : 'nothing was held',
      );
    });
}

function clockText({ held, deviation, clock, expected, heldAt, unheardSince }: Clock): string {
  const lines = [`clock     ${clock}`, `expected  ${expected}`];
  if (unheardSince !== null)
    lines.push(
      `unheard   since ${unheardSince}: what only time lets go waits for what peers say of the time`,
    );
  if (!held || deviation === null) return lines.join('\n');
  return [
    ...lines,
    `${styleText('red', 'HELD', { stream: process.stdout })}      ${FOUND[deviation]} (${heldAt ?? '?'}). Nothing is released.`,
    "Set the clock right, or 'comity node clock accept' where it is right.",
  ].join('\n');
}

/** The line of `node status`, where there is anything to say. */
export function clockNotice({ held, deviation, unheardSince }: Clock): string[] {
  if (!held && unheardSince !== null)
    return [
      `clock    not heard from peers since ${unheardSince}: what only time lets go waits ('comity node clock')`,
    ];
  if (!held || deviation === null) return [];
  return [
    `clock    ${styleText('red', 'HELD', { stream: process.stdout })}: ${FOUND[deviation]}; nothing is released ('comity node clock')`,
  ];
}
