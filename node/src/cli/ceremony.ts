import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes, toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import { decodeStateCard, MAX_CARD_BYTES, type SupersededKey } from '@comity/identity';
import type { Command } from 'commander';
import type { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import { describeProposal } from '../keys/describe-proposal.ts';
import { MAX_PROPOSAL_BYTES, type Proposal, proposalText, readProposal } from '../keys/proposal.ts';
import {
  combineProposal,
  countSignatures,
  type HolderSignatures,
  MAX_SIGNATURES_BYTES,
  proposalDigest,
  readSignatures,
} from '../keys/sign-proposal.ts';
import { stateAffected } from '../operations/state.ts';
import type { EndingKey } from '../records/affected.ts';
import { counted } from './counted.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { endingLogLines, writeNew } from './state.ts';

type Affected = z.output<typeof stateAffected.result>;

const PROPOSAL = 'proposal.json';
const SIGNATURES = /^signatures-[0-9a-f]{16}\.json$/;
/** A state has at most 16 root keys, and in a rotation twice as many sign. */
const MAX_HOLDERS = 32;

/** The file in a ceremony directory that one holder's signatures go to. */
export function signaturesFile(directory: string, key: string): string {
  return join(directory, `signatures-${key}.json`);
}

export function readText(path: string, maxBytes: number): string {
  return new TextDecoder().decode(readBinaryFile(path, maxBytes, 'document'));
}

/** The proposal of a ceremony directory, with all that it says checked. */
export function proposalIn(directory: string): Proposal {
  return readProposal(readText(join(directory, PROPOSAL), MAX_PROPOSAL_BYTES));
}

function signaturesIn(directory: string): HolderSignatures[] {
  const names = readdirSync(directory).filter((name) => SIGNATURES.test(name));
  if (names.length > MAX_HOLDERS)
    throw new Fault('ceremony.malformed', `expected at most ${MAX_HOLDERS} files of signatures`);
  return names
    .toSorted()
    .map((name) => readSignatures(readText(join(directory, name), MAX_SIGNATURES_BYTES)));
}

/** What a proposal says, for people. */
export function tellProposal(proposal: Proposal): string[] {
  return [...describeProposal(proposal).map(safeText), `proposal ${proposalDigest(proposal)}`];
}

/** Writes a proposal into its directory, or only says what it would be. */
export async function putProposal(
  session: Session,
  directory: string,
  proposal: Proposal,
  isDryRun: boolean,
): Promise<void> {
  const path = join(directory, PROPOSAL);
  if (!isDryRun) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeNew(path, new TextEncoder().encode(proposalText(proposal)));
  }
  const affected = isDryRun ? await affectedOf(session, proposal) : null;
  session.print(
    {
      action: proposal.action,
      proposal: proposalDigest(proposal),
      says: describeProposal(proposal),
      affects: affected,
      file: isDryRun ? null : path,
    },
    () =>
      [
        ...tellProposal(proposal),
        ...(affected === null ? [] : affectedLines(affected)),
        isDryRun
          ? 'Nothing was written.'
          : `${path}: to be signed by each holder with 'comity state sign --dir ${directory} --root-key FILE'`,
      ].join('\n'),
  );
}

/** What a proposal would touch, where the home is that of a node of this state: a ceremony needs none. */
async function affectedOf({ home, call, note }: Session, proposal: Proposal): Promise<Affected | null> {
  if (proposal.action === 'recognise' || !existsSync(home.store)) return null;
  const { base, keyState } = proposal;
  const before = base.keyState;
  const ended = (list: readonly SupersededKey[], known: readonly SupersededKey[] = []): EndingKey[] =>
    list
      .filter(({ kid }) => !known.some((each) => equalBytes(each.kid, kid)))
      .map(({ kid, fromSeconds }) => ({ kid: toHex(kid), fromSeconds }));
  const keys = [
    ...ended(keyState.revoked, before?.revoked),
    ...ended(keyState.superseded, before?.superseded),
  ];
  try {
    const endedLogs = (keyState.endedLogs ?? [])
      .slice(before?.endedLogs?.length ?? 0)
      .map(({ end }) => end && { size: end.size, root: toHex(end.root) });
    const affected = await call(stateAffected, { state: base.charter.state, keys, endedLogs });
    return affected.isOwn ? affected : null;
  } catch (error) {
    // A proposal says what it says whether or not the node of this home can be asked.
    if (!isFault(error)) throw error;
    note(`what it would touch is not known here (${error.code})`);
    return null;
  }
}

function affectedLines({ peers, keys, endedLogs }: Affected): string[] {
  return [
    ...keys.map(
      ({ kid, records, since }) =>
        `key ${kid.slice(0, 16)}: records of this state that rest on it: ${records}, of them ${since} dated from its end on`,
    ),
    ...endingLogLines(endedLogs),
    `when it is applied, ${counted(peers, 'peer')} will be told`,
  ];
}

/** Combines what the holders have signed to the new card, and shows what is missing. */
export function addCombineCommand(state: Command, session: () => Session): void {
  state
    .command('combine')
    .description(
      'makes the new card, or the recognition, of what the holders of the root keys have signed, and verifies it',
    )
    .requiredOption('--dir <directory>', 'the ceremony directory')
    .option('-o, --output <file>', 'where it goes (default: state.card, or CODE.recognition)')
    .option('--dry-run', 'only say what is signed and what is missing', false)
    .addHelpText(
      'after',
      '\nExample:\n  comity state combine --dir /media/ceremony -o /media/ceremony/state.card',
    )
    .action((options: { dir: string; output?: string; dryRun: boolean }) => {
      const current = session();
      const proposal = proposalIn(options.dir);
      const output = options.output ?? outputOf(proposal);
      const given = signaturesIn(options.dir);
      const counts = countSignatures(proposal, given);
      const isComplete = counts.every(({ quorums }) =>
        quorums.every(({ signed, threshold }) => signed >= threshold),
      );
      const told = [
        ...tellProposal(proposal),
        ...counts.map(
          ({ kind, quorums }) =>
            `${kind}: ${quorums.map(({ signed, threshold }) => `${signed} of ${threshold} signatures`).join(' of the old root keys, ')}${quorums.length > 1 ? ' of the new ones' : ''}`,
        ),
      ];
      // With a dry run too, once all is there: whoever says that it is complete has verified it.
      const card = isComplete || !options.dryRun ? combineProposal(proposal, given) : undefined;
      if (card !== undefined && !options.dryRun) writeNew(output, card);
      current.print(
        {
          proposal: proposalDigest(proposal),
          documents: counts.map(({ kind, quorums }) => ({ kind, quorums })),
          complete: isComplete,
          file: options.dryRun ? null : output,
        },
        () =>
          [
            ...told,
            options.dryRun
              ? `${isComplete ? 'Complete, and every signature is good' : 'Not complete'}. Nothing was written.`
              : madeText(proposal, output),
          ].join('\n'),
      );
    });
}

function outputOf(proposal: Proposal): string {
  return proposal.action === 'recognise'
    ? `${proposal.subject.charter.code.toLowerCase()}.recognition`
    : 'state.card';
}

function madeText(proposal: Proposal, output: string): string {
  if (proposal.action !== 'recognise')
    return `${output}: the new card, verified. 'comity state apply ${output}' puts it in force.`;
  const { code } = proposal.subject.charter;
  return `${output}: the recognition, verified. Give it to ${code}; 'comity peer add CARD --ours ${output}' puts it in force.`;
}

/** The card that a ceremony goes on from, checked. @throws Fault document.*, identity.*, cbor.*, cose.* */
export function baseCard(path: string): Uint8Array {
  const bytes = readBinaryFile(path, MAX_CARD_BYTES, 'document');
  decodeStateCard(bytes);
  return bytes;
}
