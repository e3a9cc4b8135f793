import { styleText } from 'node:util';
import { Fault, isFault } from '@comity/fault';
import { assertFingerprint } from '@comity/fingerprint';
import { decodeStateCard, type VerifiedStateCard } from '@comity/identity';
import type { Command } from 'commander';
import { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import { readHumanDocument } from '../config/yaml-document.ts';
import { parseWith } from '../config/zod-faults.ts';
import {
  equivalenceArgs,
  peerAdd,
  peerList,
  peerShow,
  peerSuspend,
  peerTest,
  peerUpdate,
} from '../operations/peer.ts';
import { confirm } from './ask.ts';
import { addPeerEvidence } from './evidence.ts';
import { exitOfPeer } from './exit-codes.ts';
import { toldFingerprint } from './fingerprint-text.ts';
import { peerTable } from './node.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { keyStateLine } from './state.ts';
import { table } from './table.ts';

/** A state card holds a charter and a handful of certificates; hostile cards are judged by size first. */
const MAX_CARD_BYTES = 256 * 1024;

/** What two states agreed on the phone or on paper, as `peer add --equivalence FILE` reads it. */
const agreementFile = z.strictObject({
  ceiling: z.string().optional(),
  outbound: equivalenceArgs.shape.outbound,
  inbound: equivalenceArgs.shape.inbound,
  categories: z.array(z.strictObject({ set: z.string(), values: z.array(z.string()) })).optional(),
});

export function addPeerCommands(program: Command, session: () => Session): void {
  const peer = program.command('peer').description('the states this node recognises');

  peer
    .command('add')
    .description('recognises a state by its card, after its fingerprint was compared')
    .argument('<card>', 'card file of the other state (its "state export")')
    .option(
      '--fingerprint <text>',
      'what the other state read out: words, digits or the text of its QR code; asked for if absent',
    )
    .option('--ceiling <level>', 'highest of our levels that may go there (default: our lowest level)')
    .option(
      '--equivalence <file>',
      'YAML file with the agreed tables: ceiling, outbound, inbound, categories',
    )
    .option(
      '--renew',
      'replace the recognition of a peer that is known; ceiling, tables and community that are not given stay',
      false,
    )
    .option('--community', 'TLP:GREEN material goes there (default)')
    .option('--no-community', 'TLP:GREEN material does not go there')
    .option('--valid-days <days>', 'how long the recognition holds', '365')
    .option('--yes', 'do not ask; needs --fingerprint', false)
    .addHelpText(
      'after',
      '\nExample:\n  comity --home a peer add b/state.card --fingerprint "$(comity --home b state fingerprint | tail -1)" --ceiling restricted --yes',
    )
    .action(
      async (
        file: string,
        options: {
          fingerprint?: string;
          ceiling?: string;
          equivalence?: string;
          renew: boolean;
          community?: boolean;
          validDays: string;
          yes: boolean;
        },
      ) => {
        const current = session();
        const card = readBinaryFile(file, MAX_CARD_BYTES, 'document');
        const { charter } = decodeCard(file, card);
        current.note(`${charter.code} ${safeText(charter.names.get('en') ?? '')}`);
        const told = await toldFingerprint(charter.code, options.fingerprint);
        assertFingerprint(charter, told);
        current.note('This is the fingerprint of the card.');
        const agreement = options.equivalence === undefined ? undefined : readAgreement(options.equivalence);
        const ceiling = options.ceiling ?? agreement?.ceiling;
        await confirm(
          `${options.renew ? 'Renew the recognition of' : 'Recognise'} ${charter.code} with ceiling ${ceiling ?? (options.renew ? 'as before' : 'lowest level')}?`,
          options.yes,
        );
        const result = await current.call(peerAdd, {
          card: Buffer.from(card).toString('base64'),
          fingerprint: told,
          ...(ceiling !== undefined && { ceiling }),
          ...(agreement !== undefined && {
            equivalence: { outbound: agreement.outbound, inbound: agreement.inbound },
          }),
          ...(agreement?.categories !== undefined && { categories: agreement.categories }),
          renew: options.renew,
          ...(options.community !== undefined && { community: options.community }),
          validDays: Number(options.validDays),
        });
        current.print(
          result,
          (added) =>
            `${added.code} ${safeText(added.name)} is recognised until ${added.recognisedUntil}, ceiling ${added.ceiling}; ${added.released} entries released to it`,
        );
      },
    );

  peer
    .command('update')
    .description('takes charters, key state and certificates of a known peer from a card, whoever brought it')
    .argument('<card>', 'card of the peer')
    .addHelpText('after', '\nExample:\n  comity --home a peer update /media/b/state.card')
    .action(async (file: string) => {
      const current = session();
      const card = readBinaryFile(file, MAX_CARD_BYTES, 'document');
      current.print(
        await current.call(peerUpdate, { card: Buffer.from(card).toString('base64') }),
        ({ peer: code, changed, keyState }) =>
          `${code}: ${changed ? 'taken over' : 'nothing new'}\n${keyStateLine(keyState)}`,
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
          `${shown.status.code}  ${safeText(shown.status.name)}${shown.suspended ? '  SUSPENDED' : ''}`,
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
}

/** @throws Fault peer.no-card where the file is something else; identity.* where a card is not to be trusted */
function decodeCard(file: string, bytes: Uint8Array): VerifiedStateCard {
  try {
    return decodeStateCard(bytes);
  } catch (cause) {
    if (!isFault(cause) || !cause.code.startsWith('cbor.')) throw cause;
    throw new Fault('peer.no-card', `${file} is not a state card`, {
      fields: { file, why: cause.code },
      cause,
    });
  }
}

/** What a row of the equivalence is followed by where nothing goes at that level. */
function whyNotUsed(row: { theirs: string | null; disputed: boolean; inForce: boolean }): string {
  if (row.inForce || row.theirs === null) return '';
  return row.disputed ? 'DISPUTED: not used' : 'not used: above a level that is not mapped';
}

function readAgreement(path: string): z.output<typeof agreementFile> {
  return parseWith(agreementFile, readHumanDocument(path));
}
