import { styleText } from 'node:util';
import type {
  KeptStatement,
  PendingAnswer,
  PendingRelease,
  RejectedRelease,
} from '../operations/approvals.ts';
import { counted } from './counted.ts';
import { shorten } from './safe-text.ts';
import { table } from './table.ts';

export function statementTable(statements: readonly KeptStatement[]): string {
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

/** What still waits after officers have decided. */
export function stillWaitsText(waiting: number): string {
  return `${counted(waiting, 'release')} still ${waiting === 1 ? 'waits' : 'wait'}: comity release pending`;
}

export function pendingText({ total, pending, next, full }: PendingAnswer): string {
  return [
    pendingTable(pending),
    ...(next === null
      ? []
      : [`of ${total} records and peers; go on with: comity release pending --after '${next}'`]),
    ...full.map(
      (peer) =>
        `warning: ${peer} has asked for more than is queued for it; what it asks beyond waits for nobody`,
    ),
  ].join('\n');
}

export function rejectedText({
  rejected,
  next,
}: {
  readonly rejected: readonly RejectedRelease[];
  readonly next: string | null;
}): string {
  const more = `there are more; go on with: comity release pending --rejected --after '${next}'`;
  return [rejectedTable(rejected), ...(next === null ? [] : [more])].join('\n');
}

function rejectedTable(rejected: readonly RejectedRelease[]): string {
  if (rejected.length === 0) return 'nothing is rejected';
  return table(
    ['record', 'type', 'to', 'parts', 'rule', 'rejected by', 'at', 'until', 'reason', 'title'],
    rejected.map((each) => [
      each.record.slice(0, 12),
      each.type,
      each.peer,
      String(each.parts.length),
      each.rule,
      each.officer,
      each.rejectedAt,
      each.until,
      shorten(each.reason ?? '', 40),
      shorten(each.title ?? '(withheld)', 40),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

/** What an officer has rejected, before he approves it. */
export function rejectedInFull(each: RejectedRelease): string {
  const { record, type, title, peer, addressee, mode, purpose, rule, officer, rejectedAt, until, reason } =
    each;
  return [
    `${type} ${record.slice(0, 12)}  ${shorten(title ?? '(withheld)', 80)}`,
    `to ${addressee === null ? peer : `${addressee} of ${peer} alone`}, ${mode}, for ${purpose}; asked by ${rule}`,
    `rejected by ${officer} at ${rejectedAt} until ${until}${reason === null ? '' : `: ${shorten(reason, 200)}`}`,
    'to approve it takes that back: it goes where the policy lets it go by now, and waits where others have to approve',
    table(
      ['part', 'label'],
      each.parts.map(({ path, label }) => [path, label]),
    ),
  ].join('\n');
}

function pendingTable(pending: readonly PendingRelease[]): string {
  if (pending.length === 0) return 'nothing waits';
  return table(
    ['record', 'type', 'to', 'since', 'parts', 'rule', 'needs', 'approved by', 'title'],
    pending.map((each) => [
      each.record.slice(0, 12),
      each.type,
      each.peer,
      each.since,
      String(each.parts.length),
      each.rule,
      `${each.approvedBy.length} of ${each.persons} ${each.role}${each.persons > each.ruleAsks ? ', author not proven' : ''}`,
      each.approvedBy.join(', ') || '-',
      shorten(each.title ?? '(withheld)', 40),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}

/** How many officers have to approve, and why it is more than the rule says. */
function askedText({ persons, ruleAsks, role }: PendingRelease): string {
  return persons === ruleAsks
    ? `${persons} ${role}`
    : `${persons} ${role} (author not proven: needs ${persons} instead of ${ruleAsks})`;
}

/** Everything that an officer signs, so that nothing is signed that was not shown. */
export function inFull(each: PendingRelease): string {
  const { record, type, title, peer, addressee, mode, purpose, rule, reason, persons } = each;
  const { approvedBy, author, isAuthorProven, ruleAsks } = each;
  const isOurs = persons > ruleAsks || isAuthorProven;
  const writer = isOurs
    ? `${author ?? 'nobody knows whom'}${isAuthorProven ? ', who has signed it' : '; not proven, so whoever did must not decide'}`
    : 'another state';
  return [
    `${type} ${record.slice(0, 12)}  ${shorten(title ?? '(withheld)', 80)}`,
    `to ${addressee === null ? peer : `${addressee} of ${peer} alone`}, ${mode}, for ${purpose}; ${reason}: ${rule} asks for ${askedText(each)}`,
    `written by ${writer}; approved by ${approvedBy.join(', ') || 'nobody yet'}`,
    table(
      ['part', 'label'],
      each.parts.map(({ path, label }) => [path, label]),
    ),
  ].join('\n');
}
