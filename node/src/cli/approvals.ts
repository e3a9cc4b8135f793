import { styleText } from 'node:util';
import { MAX_APPROVAL_SECONDS, signApproval } from '@comity/approval';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Command } from 'commander';
import { type OfficerKey, readOfficerKey } from '../keys/officer-key.ts';
import {
  type KeptStatement,
  type PendingRelease,
  releaseApprovals,
  releaseDecide,
  releasePending,
} from '../operations/approvals.ts';
import { confirm } from './ask.ts';
import { shorten } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

const DAY_SECONDS = 86_400;
const MAX_DAYS = MAX_APPROVAL_SECONDS / DAY_SECONDS;

interface DecideOptions {
  readonly to?: string;
  readonly key: string;
  readonly rule?: string;
  readonly days: string;
  readonly reason?: string;
  readonly yes: boolean;
}

const DECISION_HELP = {
  approve: `
Shows first what would go to whom, part by part, and asks. As many officers of the role have to approve as the rule says; the
author of the record is not asked, and an officer counts once. What has all it needs is released at once.

Example:
  comity --home a release approve 5c1fa0 --key /media/anna/officer.key --reason "Agreed with the operator"`,
  reject: `
One officer of the role is enough: nothing of it goes by this rule while the statement counts, whoever else has approved it. What a
limit or reciprocity holds goes by itself when the count is reached no longer: a policy that forbids it keeps it for good.

Example:
  comity --home a release reject 5c1fa0 --key /media/anna/officer.key --reason "The victim has asked us not to"`,
};

export function addApprovalCommands(release: Command, session: () => Session): void {
  release
    .command('pending')
    .description('what waits for officers before it is released, the longest first')
    .option('--to <code>', 'only what waits for this peer')
    .addHelpText(
      'after',
      `
A rule of the policy with "approve", a limit or reciprocity that is reached: each leaves to a person what would go otherwise.
Each line is decided again as it is shown; what need not wait any more is gone from the list.

Example, and what comes next:
  comity --home a release pending
  comity --home a release approve 5c1fa0 --key /media/anna/officer.key`,
    )
    .action(async (options: { to?: string }) => {
      const current = session();
      const args = options.to === undefined ? {} : { peer: options.to };
      current.print(await current.call(releasePending, args), ({ pending }) => pendingTable(pending));
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

function addDecision(
  release: Command,
  session: () => Session,
  decision: 'approve' | 'reject',
  description: string,
): void {
  const command = release
    .command(decision)
    .description(description)
    .argument('<record>', 'record id, or its first characters')
    .requiredOption('--key <file>', 'key file of the officer; it is read here and never given to the node')
    .option('--to <code>', 'only what waits for this peer')
    .option('--rule <name>', 'only what waits for this rule or limit')
    .option('--days <days>', 'how long the statement counts; the rule may count it for less', '30')
    .option('--yes', 'do not ask', false)
    .addHelpText('after', DECISION_HELP[decision]);
  if (decision === 'reject')
    command.requiredOption('--reason <text>', 'why; it is kept here and goes nowhere');
  else command.option('--reason <text>', 'a note; it is kept here and goes nowhere');
  command.action(async (record: string, options: DecideOptions) => {
    const current = session();
    const days = wholeDays(options.days);
    const { reason } = options;
    const key = readOfficerKey(options.key);
    const found = await current.call(releasePending, {
      record,
      ...(options.to !== undefined && { peer: options.to }),
    });
    requireOwnState(key, found.state);
    const pending = found.pending.filter(({ rule }) => options.rule === undefined || rule === options.rule);
    if (pending.length === 0)
      throw new Fault('release.not-held', `nothing of ${record} waits for an officer`, {
        fields: { record },
      });
    if (new Set(pending.map((each) => each.record)).size > 1)
      throw new Fault('record.ambiguous-id', `several of the records that wait begin with ${record}`);
    current.note(pending.map(inFull).join('\n\n'));
    const count = pending.length === 1 ? 'this release' : `these ${pending.length} releases`;
    await confirm(`As ${key.officer}, ${decision} ${count}?`, options.yes);
    const statements = await Promise.all(
      pending.map((each) => sign(each, decision, key, found.state as StateId, { days, reason })),
    );
    current.print(await current.call(releaseDecide, { statements }), (done) =>
      [
        `${done.stored} ${done.stored === 1 ? 'statement' : 'statements'} of ${key.officer} stored`,
        ...done.released.map(
          ({ peer, record: id, parts }) => `released ${parts} parts of ${id.slice(0, 12)} to ${peer}`,
        ),
        ...(done.waiting > 0 ? [`${done.waiting} still wait: comity release pending`] : []),
      ].join('\n'),
    );
  });
}

/** @throws Fault cli.usage */
function wholeDays(text: string): number {
  const days = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= MAX_DAYS) return days;
  throw new Fault('cli.usage', `expected --days from 1 to ${MAX_DAYS}`, { fields: { argument: '--days' } });
}

function requireOwnState({ state, officer }: OfficerKey, own: string): void {
  if (state === own) return;
  throw new Fault('approval.wrong-officer', 'the key is that of an officer of another state', {
    fields: { officer },
  });
}

async function sign(
  { record, recipient, mode, purpose, addressee, rule, ruleDigest, parts }: PendingRelease,
  decision: 'approve' | 'reject',
  { officer, signer }: OfficerKey,
  state: StateId,
  { days, reason }: { readonly days: number; readonly reason?: string | undefined },
): Promise<string> {
  const atSeconds = Math.floor(Date.now() / 1_000);
  const approval = {
    state,
    officer,
    decision,
    recordId: record as RecordId,
    parts: new Set(parts.map(({ digest }) => digest)),
    recipient: recipient as StateId,
    mode,
    purpose,
    ...(addressee !== null && { addressee }),
    rule,
    ruleDigest,
    atSeconds,
    notAfterSeconds: atSeconds + days * DAY_SECONDS,
    ...(reason !== undefined && { reason }),
  };
  return Buffer.from(await signApproval(approval, signer)).toString('base64');
}

function statementTable(statements: readonly KeptStatement[]): string {
  return table(
    ['signed', 'officer', 'decision', 'to', 'rule', 'parts', 'then', 'now', 'reason'],
    statements.map((each) => [
      each.signedAt,
      each.officer,
      each.decision,
      each.peer,
      each.rule,
      String(each.parts),
      each.whenSigned,
      each.now,
      shorten(each.reason ?? '', 40),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

function pendingTable(pending: readonly PendingRelease[]): string {
  if (pending.length === 0) return 'nothing waits';
  return table(
    ['record', 'to', 'since', 'parts', 'rule', 'needs', 'approved by', 'title'],
    pending.map((each) => [
      each.record.slice(0, 12),
      each.peer,
      each.since,
      String(each.parts.length),
      each.rule,
      `${each.approvedBy.length} of ${each.persons} ${each.role}`,
      each.approvedBy.join(', ') || '-',
      shorten(each.title ?? '(withheld)', 40),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

/** Everything that an officer signs, so that nothing is signed that was not shown. */
function inFull(each: PendingRelease): string {
  const { record, type, title, peer, addressee, mode, purpose, rule, reason, role, persons } = each;
  const { approvedBy, author, isAuthorKnown } = each;
  // Who is kept from approving is told apart by the ids of officers: of a user nobody knows which of them he is.
  const writer =
    author === null
      ? 'another state'
      : isAuthorKnown
        ? author
        : `${author}, who is no officer: whoever wrote it must not decide`;
  const isCounted = reason === 'limit' || reason === 'reciprocity';
  return [
    `${type} ${record.slice(0, 12)}  ${shorten(title ?? '(withheld)', 80)}`,
    `to ${addressee === null ? peer : `${addressee} of ${peer} alone`}, ${mode}, for ${purpose}; ${reason}: ${rule} asks for ${persons} ${role}`,
    `written by ${writer}; approved by ${approvedBy.join(', ') || 'nobody yet'}`,
    ...(isCounted
      ? ['held by a count: rejected, it stays as long as the count is reached, and goes by itself after that']
      : []),
    table(
      ['part', 'label'],
      each.parts.map(({ path, label }) => [path, label]),
    ),
  ].join('\n');
}
