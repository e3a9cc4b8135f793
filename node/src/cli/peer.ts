import { styleText } from 'node:util';
import { MAX_CARD_BYTES } from '@comity/identity';
import type { Command } from 'commander';
import { readBinaryFile } from '../config/binary-file.ts';
import { peerList, peerRemove, peerShow, peerSuspend, peerTest, peerUpdate } from '../operations/peer.ts';
import { confirm } from './ask.ts';
import { delegateTree } from './delegate-tree.ts';
import { addPeerEvidence } from './evidence.ts';
import { exitOfPeer } from './exit-codes.ts';
import { leftLines } from './left-lines.ts';
import { peerTable } from './node.ts';
import { addRecognitionCommands, recognitionIn } from './peer-recognition.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { keyStateLine } from './state.ts';
import { table } from './table.ts';

export function addPeerCommands(program: Command, session: () => Session): void {
  const peer = program.command('peer').description('the states this node recognises');

  addRecognitionCommands(peer, session);

  peer
    .command('update')
    .description('takes charters, key state and certificates of a known peer from a card, whoever brought it')
    .argument('<card>', 'card of the peer')
    .option('--theirs <file>', 'recognition of this state that the peer has signed')
    .addHelpText('after', '\nExample:\n  comity --home a peer update /media/b/state.card')
    .action(async (file: string, options: { theirs?: string }) => {
      const current = session();
      const card = readBinaryFile(file, MAX_CARD_BYTES, 'document');
      const args = {
        card: Buffer.from(card).toString('base64'),
        ...(options.theirs !== undefined && { theirs: recognitionIn(options.theirs) }),
      };
      current.print(
        await current.call(peerUpdate, args),
        ({ peer: code, changed, confirmed, keyState }) =>
          `${code}: ${changed ? 'taken over' : 'nothing new'}${confirmed ? '' : '; it has not confirmed yet'}\n${keyStateLine(keyState)}`,
      );
    });

  addPeerEvidence(peer, session);

  peer
    .command('list')
    .description('peers with connection and ledgers')
    .action(async () => {
      const current = session();
      current.print(await current.call(peerList, {}), ({ peers }) => peerTable(peers));
    });

  peer
    .command('show')
    .description('one peer: recognition, equivalence, keys, ledgers')
    .argument('<code>')
    .action(async (code: string) => {
      const current = session();
      current.print(await current.call(peerShow, { peer: code }), (shown) =>
        [
          `${shown.status.code}  ${safeText(shown.status.name)}${shown.suspended ? '  SUSPENDED' : ''}${shown.confirmed ? '' : '  NOT CONFIRMED: nothing goes there'}`,
          `state id      ${shown.fingerprint}`,
          `fingerprint   ${shown.shortFingerprint.digits}`,
          `recognised    until ${shown.recognisedUntil}, ceiling ${shown.ceiling}, ${shown.community ? 'in the TLP:GREEN community' : 'not in the TLP:GREEN community'}`,
          `addresses     ${shown.addresses.join(', ')}`,
          '',
          table(
            ['direction', 'our level', 'their level', ''],
            shown.equivalence.map((row) => [
              row.direction === 'out' ? 'to them' : 'from them',
              row.ours,
              row.theirs ?? 'none',
              whyNotUsed(row),
            ]),
          ),
          '',
          table(
            ['key', 'thumbprint', 'valid until', 'standing'],
            shown.keys.map((key) => [key.usage, key.kid.slice(0, 16), key.validUntil, key.standing]),
          ),
          '',
          ...(shown.delegates.length === 0
            ? []
            : ['delegated', ...delegateTree(shown.delegates, shown.keys), '']),
          keyStateLine(shown.keyState),
          ...(shown.contradictions === 0
            ? []
            : [
                `ALARM: it has signed what cannot both be true: comity peer evidence ${shown.status.code} -o FILE`,
              ]),
          '',
          peerTable([shown.status]),
        ].join('\n'),
      );
    });

  peer
    .command('test')
    .description('tries TCP, PSK, noise identity, hello, recognition and ledger in turn')
    .argument('<code>')
    .action(async (code: string) => {
      const current = session();
      const result = await current.call(peerTest, { peer: code });
      current.print(result, ({ stages }) =>
        table(
          ['stage', 'result', 'ms', 'detail'],
          stages.map((stage) => [
            stage.stage,
            stage.code ?? stage.result,
            stage.tookMs === null ? '' : String(Math.round(stage.tookMs)),
            stage.detail,
          ]),
          (text) => styleText('bold', text, { stream: process.stdout }),
        ),
      );
      const failed = result.stages.find((stage) => stage.result === 'failed');
      if (failed !== undefined) process.exitCode = exitOfPeer(failed.code);
    });

  peer
    .command('suspend')
    .description('stops all service to a peer at once, or resumes it')
    .argument('<code>')
    .option('--resume', 'serve it again', false)
    .option(
      '--everywhere',
      'also order all other peers not to pass it records of this state (with --resume: end that order)',
      false,
    )
    .option('--yes', 'do not ask', false)
    .action(async (code: string, options: { resume: boolean; everywhere: boolean; yes: boolean }) => {
      const current = session();
      await confirm(
        `${options.resume ? `Serve ${code} again` : `Stop all service to ${code} now`}${options.everywhere ? ', and tell all other peers' : ''}?`,
        options.yes,
      );
      current.print(
        await current.call(peerSuspend, {
          peer: code,
          resume: options.resume,
          everywhere: options.everywhere,
        }),
        (done) =>
          `${done.peer} is ${done.suspended ? 'suspended' : 'served again'}${done.told.length === 0 ? '' : `; ${done.told.join(', ')} told`}`,
      );
    });
  addRemove(peer, session);
}

function addRemove(peer: Command, session: () => Session): void {
  peer
    .command('remove')
    .description(
      'lets a state be a peer no longer: nothing is served to it or taken from it, and what it gave stays',
    )
    .argument('<code>')
    .option('--everywhere', 'also order all other peers not to pass it records of this state', false)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', '\nIt is undone by "peer add", with its card and a new comparison of fingerprints.')
    .action(async (code: string, { everywhere, yes }: { everywhere: boolean; yes: boolean }) => {
      const current = session();
      const { left } = await current.call(peerRemove, { peer: code, dryRun: true });
      // Without a terminal too: whoever confirms beforehand is told all the same.
      for (const line of leftLines(left, everywhere)) current.note(line);
      await confirm(
        `Remove ${code}: end its sessions, drop what both have signed, and take nothing that its keys sign${everywhere ? ', and tell all other peers' : ''}?`,
        yes,
      );
      current.print(await current.call(peerRemove, { peer: code, everywhere }), (done) =>
        [
          `${done.peer} is no peer any more; what it gave stays${done.told.length === 0 ? '' : `; ${done.told.join(', ')} told`}`,
          ...(done.left.unanswered.length === 0
            ? []
            : ['what it has not answered stays in "comity release orders --open"']),
        ].join('\n'),
      );
    });
}

/** What a row of the equivalence is followed by where nothing goes at that level. */
function whyNotUsed(row: { theirs: string | null; disputed: boolean; inForce: boolean }): string {
  if (row.inForce || row.theirs === null) return '';
  return row.disputed ? 'DISPUTED: not used' : 'not used: above a level that is not mapped';
}
