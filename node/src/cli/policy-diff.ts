import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { z } from 'zod';
import { parseHumanDocument, readTextFile } from '../config/yaml-document.ts';
import { policyCheck } from '../operations/policy.ts';
import { type diffResult, policyDiff } from '../operations/policy-diff.ts';
import { counted } from './counted.ts';
import { withDraft } from './draft-file.ts';
import { interruptible } from './interrupt.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

type Diff = z.output<typeof diffResult>;
type Group = Diff['groups'][number];
type Turn = Pick<Group, 'mode' | 'was' | 'becomes' | 'shift'>;

export const MAX_POLICY_BYTES = 1024 * 1024;
/** Paths that a row names before it only counts the others. */
const MAX_PATHS = 8;

export function addDiffCommand(policy: Command, session: () => Session): void {
  policy
    .command('diff')
    .description('what another policy would release, hold or keep, of all records; nothing is applied')
    .argument('<file>', 'the policy that might be applied')
    .option('--old <file>', 'compare with this policy instead of the one in force')
    .option('--peer <code...>', 'only these peers')
    .action(async (file: string, options: { old?: string; peer?: string[] }) => {
      const current = session();
      const text = readTextFile(file, MAX_POLICY_BYTES);
      const oldText = options.old === undefined ? undefined : readTextFile(options.old, MAX_POLICY_BYTES);
      // Looked at by itself first: faults are told of with their place in the file that they are in.
      if (options.old !== undefined && oldText !== undefined)
        await withDraft(parseHumanDocument(oldText, options.old), () =>
          current.call(policyCheck, { text: oldText }),
        );
      await withDraft(parseHumanDocument(text, file), async () =>
        current.print(await diffWith(current, { text, oldText, peers: options.peer }), diffText),
      );
    });
}

/** Compares policies until Ctrl-C ends it. */
export function diffWith(
  session: Session,
  { text, oldText, peers }: { text: string; oldText?: string | undefined; peers?: string[] | undefined },
): Promise<Diff> {
  const args = { text, ...(oldText !== undefined && { oldText }), ...(peers !== undefined && { peers }) };
  return interruptible((signal) => session.call(policyDiff, args, undefined, signal));
}

/** A few rows for each peer, and once for peers of which the very same is to be said. */
export function diffText(diff: Diff): string {
  const { old, records, changedRecords, unreadable, peers } = diff;
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  const blocks = new Map<string, string[]>();
  for (const peer of peers) {
    const text = peerText(diff, peer, bold);
    if (text !== undefined) blocks.set(text, [...(blocks.get(text) ?? []), peer]);
  }
  const than =
    old === null ? 'no policy' : old.version === null ? 'the other file' : `version ${old.version}`;
  const what = `compared with ${than}: ${counted(records, 'record')}, ${counted(peers.length, 'peer')}`;
  return [
    changedRecords === 0
      ? `${what}, nothing changes`
      : `${what}, something changes of ${counted(changedRecords, 'record')}`,
    ...(unreadable === 0
      ? []
      : [`${counted(unreadable, 'record')} of them cannot be opened: such a record is handed to nobody`]),
    ...[...blocks].flatMap(([text, codes]) => ['', bold(codes.join(', ')), text]),
  ].join('\n');
}

function peerText(
  { totals, groups }: Diff,
  peer: string,
  style: (text: string) => string,
): string | undefined {
  const rows = alike(
    groups.filter((group) => group.peer === peer),
    ({ was, becomes, shift, type, reason, rule, ruleBefore, awaits, awaited, records, parts }) => [
      ...[was, becomes, shift, type, reason, rule, ruleBefore, awaits, awaited, records],
      ...parts.map(({ part, count }) => `${part} ${count}`),
    ],
  );
  if (rows.length === 0) return undefined;
  const sums = alike(
    totals.filter((total) => total.peer === peer),
    ({ was, becomes, shift, records, parts }) => [was, becomes, shift, records, parts],
  );
  return [
    ...sums.map(
      ({ turn, one }) => `  ${turn}: ${counted(one.parts, 'part')} of ${counted(one.records, 'record')}`,
    ),
    table(
      ['', 'type', 'because', 'records', 'parts', 'which', 'for instance'],
      rows.map(({ turn, one }) => [
        turn,
        one.type,
        because(one),
        one.records.toLocaleString('en'),
        one.parts.reduce((sum, each) => sum + each.count, 0).toLocaleString('en'),
        pathsOf(one),
        one.examples.map((id) => id.slice(0, 12)).join(' '),
      ]),
      style,
    ),
  ].join('\n');
}

/** Once what is the same unasked and when asked, as it is where rules tell no modes apart. */
function alike<T extends Turn>(
  turns: readonly T[],
  told: (turn: T) => readonly unknown[],
): { readonly one: T; readonly turn: string }[] {
  const sets = Map.groupBy(turns, (turn) => JSON.stringify(told(turn)));
  return [...sets.values()].map((same) => {
    const one = same[0] as T;
    const how = same.length > 1 ? ', also when asked' : HOW[one.mode];
    return { one, turn: `${turnOf(one)}${how}` };
  });
}

/** By what becomes of a part, then by what it was: each reads otherwise. */
const TURNS: Readonly<Record<Turn['becomes'], Readonly<Partial<Record<Turn['was'], string>>>>> = {
  release: {
    hold: 'released, no longer held',
    embargo: 'released at once, no longer later',
    withhold: 'newly released',
  },
  hold: {
    release: 'no longer released, but held',
    embargo: 'no longer released later, but held',
    withhold: 'newly held',
  },
  embargo: {
    release: 'no longer released, but later',
    hold: 'no longer held, but released later',
    withhold: 'newly released later',
  },
  withhold: {
    release: 'no longer released',
    hold: 'no longer held',
    embargo: 'not even released later',
  },
};

/** What does not become anything else, but waits for something else. */
const SHIFTED: Readonly<Record<Exclude<Turn['shift'], null>, string>> = {
  sooner: 'goes sooner',
  later: 'goes later',
  fewer: 'needs fewer officers',
  more: 'needs more officers',
  other: 'waits for something else',
};

const HOW: Readonly<Record<Turn['mode'], string>> = {
  push: '',
  relay: ', handed on',
  query: ', when asked',
};

function turnOf({ was, becomes, shift }: Turn): string {
  return (shift === null ? TURNS[becomes][was] : SHIFTED[shift]) ?? becomes;
}

/** The rule that says so now; where none does, the one that did. */
function because({ becomes, reason, rule, ruleBefore, shift, awaits, awaited }: Group): string {
  if (shift !== null) return `${rule ?? reason}: from ${awaited ?? 'nothing'} to ${awaits ?? 'nothing'}`;
  if (rule !== null) return becomes === 'release' ? rule : `${reason}: ${rule}`;
  return ruleBefore === null ? reason : `${reason}, before by ${ruleBefore}`;
}

function pathsOf({ parts }: Group): string {
  const named = parts.slice(0, MAX_PATHS).map(({ part }) => part);
  const others = parts.length - named.length;
  return safeText(others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} more`);
}
