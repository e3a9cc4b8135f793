import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { decodeStateCard, MAX_CARD_BYTES } from '@comity/identity';
import { type EquivocationEvidence, MAX_EVIDENCE_CHARACTERS, verifyEvidence } from '@comity/log';
import type { Command } from 'commander';
import type { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import { logCheckpoint, logEvidenceGet, logEvidenceList } from '../operations/log.ts';
import { readText } from './ceremony.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';
import { table } from './table.ts';

type Checkpoint = z.output<typeof logCheckpoint.result>;

export function addCheckpointCommand(log: Command, session: () => Session): void {
  log
    .command('checkpoint')
    .description(
      'the newest checkpoint of what this state has issued, who cosigned it, whether they are enough',
    )
    .option('--policy', 'print the quorum as a C2SP tlog-policy instead, for whoever verifies proofs', false)
    .addHelpText('after', '\nExample:\n  comity log checkpoint --policy > quorum.policy')
    .action(async (options: { policy: boolean }) => {
      const current = session();
      const checkpoint = await current.call(logCheckpoint, {});
      current.print(checkpoint, (shown) =>
        options.policy ? shown.quorum.policy.trimEnd() : checkpointText(shown),
      );
    });
}

function checkpointText({ newest, quorate, quorum }: Checkpoint): string {
  if (newest === null) return 'no checkpoint yet: the running node makes the first one';
  const needs = quorum.of === 0 ? 'no peer that could cosign it' : `${quorum.needed} of ${quorum.of} peers`;
  const said = newest.reached && quorum.of > 0 ? 'reached' : 'not reached';
  return [
    `size     ${newest.size} leaves, padding included`,
    `root     ${newest.root}`,
    `cosigned ${newest.cosigners.length === 0 ? 'by nobody' : newest.cosigners.map(({ peer, at }) => `${safeText(peer)} ${at}`).join(', ')}`,
    `quorum   ${needs}: ${quorum.of === 0 ? 'none' : said}`,
    `trusted  ${newest.trustedAt ?? 'no time: too few have cosigned it'}`,
    ...(quorate === null || quorate.size === newest.size || quorum.of === 0
      ? []
      : [`before   size ${quorate.size} has its quorum since ${quorate.trustedAt}, root ${quorate.root}`]),
  ].join('\n');
}

export function addEvidenceCommands(log: Command, session: () => Session): void {
  const evidence = log
    .command('evidence')
    .description('evidence that the log of a state keeps two histories: signed by that state, and false');

  evidence
    .command('list')
    .description('what is held, who brought it, and which peers keep it')
    .action(async () => {
      const current = session();
      current.print(await current.call(logEvidenceList, {}), ({ evidence: held }) =>
        held.length === 0
          ? 'no evidence is held'
          : table(
              ['log of', 'size', 'found by', 'at', 'kept by'],
              held.map(({ state, size, from, at, told }) => [
                state,
                String(size),
                from ?? 'this node',
                at,
                told.join(' '),
              ]),
            ),
      );
    });

  evidence
    .command('export')
    .description('writes a file that verifies by itself')
    .argument('<state>', 'code of the state whose log it is')
    .option('--size <n>', 'size at which the histories differ; default: the first')
    .requiredOption('-o, --output <file>', 'a new file; - is standard output')
    .action(async (state: string, options: { size?: string; output: string }) => {
      const current = session();
      const size = options.size === undefined ? undefined : sizeOf(options.size);
      const { file } = await current.call(logEvidenceGet, { state, ...(size !== undefined && { size }) });
      writeNew(options.output, new TextEncoder().encode(file));
      if (options.output === '-') return;
      current.print(
        { file: options.output, bytes: file.length },
        (done) => `${done.file}: evidence, ${done.bytes} bytes`,
      );
    });

  evidence
    .command('verify')
    .description('verifies a file of evidence without a node; with a state card also whose log it is')
    .argument('<file>', 'file of evidence')
    .option('--card <file>', 'state card whose keys have to be those in the evidence')
    .addHelpText('after', '\nExample:\n  comity log evidence verify xbb.evidence --card xbb.card')
    .action((path: string, options: { card?: string }) => {
      const current = session();
      const found = verifyEvidence(readText(path, MAX_EVIDENCE_CHARACTERS));
      const state = options.card === undefined ? null : codeInCard(found, options.card);
      const { origin, size, histories } = found;
      const roots = histories.map(({ root }) => Buffer.from(root).toString('hex'));
      current.print({ origin, size, roots, state }, () =>
        [
          `${state === null ? 'The holder of the keys in it' : safeText(state)} has signed two histories of ${safeText(origin)}`,
          `size  ${size}`,
          ...roots.map((root) => `root  ${root}`),
          ...(state === null
            ? ['Whose keys they are is not verified: give the card of the state with --card']
            : []),
        ].join('\n'),
      );
    });
}

/** Code of the state in a card, whose log it has to be. @throws Fault `log.wrong-origin`, `log.no-known-signature` */
function codeInCard({ origin, histories }: EquivocationEvidence, path: string): string {
  const { charter, certificates } = decodeStateCard(readBinaryFile(path, MAX_CARD_BYTES, 'document'));
  if (origin.split('/')[2] !== charter.state)
    throw new Fault('log.wrong-origin', `the evidence is about another state than ${charter.code}`);
  const isOwn = histories.every(({ logVerifier }) =>
    certificates.some(
      ({ usage, publicKey }) => usage === 'log' && equalBytes(publicKey, logVerifier.publicKey),
    ),
  );
  if (!isOwn)
    throw new Fault(
      'log.no-known-signature',
      `the card of ${charter.code} does not have the keys in the evidence`,
    );
  return charter.code;
}

/** @throws Fault cli.usage */
function sizeOf(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new Fault('cli.usage', '--size: expected a number', { fields: { argument: 'size' } });
}
