import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_APPROVAL_SECONDS, signApproval } from '@comity/approval';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Command } from 'commander';
import { type OfficerKey, readOfficerKey } from '../keys/officer-key.ts';
import {
  type PendingRelease,
  type RejectedRelease,
  releaseDecide,
  releasePending,
  releaseRejected,
} from '../operations/approvals.ts';
import { inFull, rejectedInFull, stillWaitsText } from './approval-text.ts';
import { confirm } from './ask.ts';
import { counted } from './counted.ts';
import type { Session } from './session.ts';

/** Recipients of one record that are decided about at a time. */
const MAX_OF_A_RECORD = 1_000;
/** What the node says about times is not waited for longer than this; a statement that is too early is refused there. */
const LONGEST_WAIT_MS = 2_000;
const DAY_SECONDS = 86_400;
const MAX_DAYS = MAX_APPROVAL_SECONDS / DAY_SECONDS;

/** Something that an officer decides about: it waits, or he has rejected it. */
type Decidable = Pick<
  PendingRelease,
  'record' | 'recipient' | 'mode' | 'purpose' | 'addressee' | 'rule' | 'ruleDigest'
> & { readonly digests: readonly string[]; readonly shown: string; readonly notBeforeSeconds: number };

interface DecideOptions {
  readonly part?: string[];
  readonly to?: string;
  readonly key: string;
  readonly rule?: string;
  readonly days: string;
  readonly reason?: string;
  readonly yes: boolean;
}

const DAYS_HELP = {
  approve: 'how long the statement counts; the rule may count it for less',
  reject: 'how long it stays here; a year is the longest',
};
/** What is kept comes up again late rather than early: nobody has said that it may go. */
const DEFAULT_DAYS = { approve: '30', reject: '365' };

const DECISION_HELP = {
  approve: `
Shows first what would go to whom, part by part, and asks. As many officers of the role have to approve as the rule says; the
author of the record is not asked, and an officer counts once. What has all it needs is released at once. What the officer has
rejected is shown as well: to approve it takes the rejection back.

Example:
  comity --home a release approve 5c1fa0 --key /media/anna/officer.key --reason "Agreed with the operator"`,
  reject: `
One officer of the role is enough: what waits of it stays here until the statement ends, for whatever purpose it would go, whoever
else has approved it and whatever the policy says by then. What has gone before stays gone. The same officer takes it back by
approving it.

Example:
  comity --home a release reject 5c1fa0 --key /media/anna/officer.key --reason "The victim has asked us not to"`,
};

export function addDecision(
  release: Command,
  session: () => Session,
  decision: 'approve' | 'reject',
  description: string,
): void {
  const command = release
    .command(decision)
    .description(description)
    .argument('<record...>', 'record ids, or their first characters')
    .requiredOption('--key <file>', 'key file of the officer; it is read here and never given to the node')
    .option('--to <code>', 'only what waits for this peer')
    .option('--rule <name>', 'only what waits for this rule or limit')
    .option('--part <path...>', 'only these of the parts that wait, with what they stand in')
    .option('--days <days>', DAYS_HELP[decision], DEFAULT_DAYS[decision])
    .option('--yes', 'do not ask', false)
    .addHelpText('after', DECISION_HELP[decision]);
  if (decision === 'reject')
    command.requiredOption('--reason <text>', 'why; it is kept here and goes nowhere');
  else command.option('--reason <text>', 'a note; it is kept here and goes nowhere');
  command.action(async (records: string[], options: DecideOptions) => {
    const current = session();
    const days = wholeDays(options.days);
    const { reason } = options;
    const key = readOfficerKey(options.key);
    const decidable: Decidable[] = [];
    for (const record of new Set(records))
      decidable.push(...(await decidableOf(current, key, record, decision, options)));
    current.note(decidable.map(({ shown }) => shown).join('\n\n'));
    const count = decidable.length === 1 ? 'this release' : `these ${decidable.length} releases`;
    await confirm(`As ${key.officer}, ${decision} ${count}?`, options.yes);
    // In the second of a rejection an approval does not take it back.
    const waitMs = Math.max(...decidable.map((each) => each.notBeforeSeconds)) * 1_000 - Date.now();
    if (waitMs > 0) await sleep(Math.min(waitMs, LONGEST_WAIT_MS));
    const statements = await Promise.all(
      decidable.map((each) => sign(each, decision, key, { days, reason })),
    );
    current.print(await current.call(releaseDecide, { statements }), (done) =>
      [
        `${counted(done.stored, 'statement')} of ${key.officer} stored`,
        ...done.released.map(
          ({ peer, record: id, parts }) =>
            `released ${counted(parts, 'part')} of ${id.slice(0, 12)} to ${peer}`,
        ),
        ...(done.waiting > 0 ? [stillWaitsText(done.waiting)] : []),
      ].join('\n'),
    );
  });
}

/**
 * What of a record an officer decides about: what waits, and, to approve, what he has rejected.
 *
 * @throws Fault release.not-held, record.ambiguous-id, record.no-such-part, approval.wrong-officer
 */
async function decidableOf(
  current: Session,
  key: OfficerKey,
  record: string,
  decision: 'approve' | 'reject',
  { to, rule, part }: DecideOptions,
): Promise<Decidable[]> {
  const wanted = { record, ...(to !== undefined && { peer: to }) };
  const { state, pending } = await current.call(releasePending, { ...wanted, limit: MAX_OF_A_RECORD });
  requireOwnState(key, state);
  const { rejected } =
    decision === 'reject'
      ? { rejected: [] }
      : await current.call(releaseRejected, { ...wanted, limit: MAX_OF_A_RECORD });
  const own = rejected.filter(({ officer }) => officer === key.officer);
  const isAsked = (each: { readonly rule: string }): boolean => rule === undefined || each.rule === rule;
  const found = [
    ...pending.filter(isAsked).flatMap((each) => waitingDecidable(each, decision, part)),
    ...own.filter(isAsked).flatMap((each) => rejectedDecidable(each, part)),
  ];
  const fields = { record };
  if (found.length === 0 && part !== undefined && pending.length + own.length > 0)
    throw new Fault('record.no-such-part', `of ${record} no such part waits for an officer`, { fields });
  if (found.length === 0)
    throw new Fault('release.not-held', `nothing of ${record} waits for an officer`, { fields });
  if (new Set(found.map((each) => each.record)).size > 1)
    throw new Fault('record.ambiguous-id', `several of the records that wait begin with ${record}`);
  return found;
}

function waitingDecidable(
  each: PendingRelease,
  decision: 'approve' | 'reject',
  paths: readonly string[] | undefined,
): Decidable[] {
  const chosen = partsAt(each.parts, paths);
  // A rejection keeps what it names: not what others stand in, of which more may go.
  const parts = decision === 'reject' ? chosen.filter(({ waits }) => waits) : chosen;
  if (!parts.some(({ waits }) => waits)) return [];
  const digests = parts.map(({ digest }) => digest);
  return [{ ...each, digests, shown: inFull({ ...each, parts }), notBeforeSeconds: 0 }];
}

function rejectedDecidable(each: RejectedRelease, paths: readonly string[] | undefined): Decidable[] {
  const parts = partsAt(each.parts, paths);
  if (parts.length === 0) return [];
  const digests = parts.map(({ digest }) => digest);
  const notBeforeSeconds = Date.parse(each.rejectedAt) / 1_000 + 1;
  return [{ ...each, digests, shown: rejectedInFull({ ...each, parts }), notBeforeSeconds }];
}

/** Parts at or inside one of these paths, and what those stand in. */
function partsAt<P extends { readonly path: string }>(
  parts: readonly P[],
  paths: readonly string[] | undefined,
): P[] {
  if (paths === undefined) return [...parts];
  const isWithin = (path: string, top: string): boolean =>
    path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[`);
  const chosen = parts.filter(({ path }) => paths.some((top) => isWithin(path, top)));
  return parts.filter(
    (part) => chosen.includes(part) || chosen.some(({ path }) => isWithin(path, part.path)),
  );
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
  { record, recipient, mode, purpose, addressee, rule, ruleDigest, digests }: Decidable,
  decision: 'approve' | 'reject',
  { officer, signer, state }: OfficerKey,
  { days, reason }: { readonly days: number; readonly reason?: string | undefined },
): Promise<string> {
  const atSeconds = Math.floor(Date.now() / 1_000);
  const approval = {
    state: state as StateId,
    officer,
    decision,
    recordId: record as RecordId,
    parts: new Set(digests),
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
