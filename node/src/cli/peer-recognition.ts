import { Fault, isFault } from '@comity/fault';
import { assertFingerprint } from '@comity/fingerprint';
import {
  assertAgreed,
  decodeStateCard,
  MAX_CARD_BYTES,
  type VerifiedCharter,
  type VerifiedStateCard,
  verifyRecognition,
} from '@comity/identity';
import type { Command } from 'commander';
import { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import { readHumanDocument } from '../config/yaml-document.ts';
import { parseWith } from '../config/zod-faults.ts';
import type { RecognitionProposal } from '../keys/proposal.ts';
import { proposeRecognition } from '../keys/propose.ts';
import { equivalenceArgs, peerAdd, peerRecognise } from '../operations/peer.ts';
import { formatTime } from '../operations/shapes.ts';
import { stateShow } from '../operations/state.ts';
import { levelsInOrder, recognitionOf } from '../peers/recognition-terms.ts';
import { theirRecognition } from '../peers/signed-recognition.ts';
import { confirm } from './ask.ts';
import { baseCard, putProposal } from './ceremony.ts';
import { counted } from './counted.ts';
import { toldFingerprint } from './fingerprint-text.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';
import { table } from './table.ts';

/** Limit of a recognition (charter.md 1.1). */
const MAX_RECOGNITION_BYTES = 65_536;

/** What two states agreed on the phone or on paper, as `--equivalence FILE` reads it. */
const agreementFile = z.strictObject({
  ceiling: z.string().optional(),
  outbound: equivalenceArgs.shape.outbound,
  inbound: equivalenceArgs.shape.inbound,
  categories: z.array(z.strictObject({ set: z.string(), values: z.array(z.string()) })).optional(),
});

interface TermOptions {
  readonly fingerprint?: string;
  readonly ceiling?: string;
  readonly equivalence?: string;
  readonly community?: boolean;
  readonly validDays: string;
  readonly theirs?: string;
  readonly output?: string;
  readonly yes: boolean;
}

/** A command about the card of another state, with the terms on which it is recognised. */
function withTerms(peer: Command, name: string, description: string): Command {
  return peer
    .command(name)
    .description(description)
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
      '--theirs <file>',
      'recognition of this state that the other has signed: its tables are confirmed unless --equivalence gives the same',
    )
    .option('--community', 'TLP:GREEN material goes there (default)')
    .option('--no-community', 'TLP:GREEN material does not go there')
    .option('--valid-days <days>', 'how long the recognition holds', '365')
    .option('-o, --output <file>', 'where the recognition goes that is signed here, for the other state')
    .option('--yes', 'do not ask; needs --fingerprint', false);
}

export function addRecognitionCommands(peer: Command, session: () => Session): void {
  withTerms(
    peer,
    'recognise',
    'signs a recognition of a state, after its fingerprint was compared, for that state to confirm',
  )
    .option(
      '--dir <directory>',
      'only propose it, to the holders of the root keys, in a ceremony directory; needs no node ("state sign", "state combine")',
    )
    .option('--own-card <file>', 'card of this state, for --dir (default: that in the home)')
    .addHelpText(
      'after',
      '\nNothing is in force by it. The other state confirms it with --theirs, and gives its own back.\n\nExample:\n  comity --home a peer recognise b/state.card --ceiling restricted -o a-of-b.recognition',
    )
    .action(async (file: string, options: TermOptions & { dir?: string; ownCard?: string }) => {
      const current = session();
      if (options.dir !== undefined) {
        const own = baseCard(options.ownCard ?? current.home.card);
        const { args } = await termsFrom(current, file, options, decodeStateCard(own).charter);
        await putProposal(current, options.dir, proposalOf(own, args), false);
        return;
      }
      const { args, code } = await termsFrom(current, file, options);
      await confirm(
        `Sign a recognition of ${code} with ceiling ${args.ceiling ?? 'lowest level'}?`,
        options.yes,
      );
      const result = await current.call(peerRecognise, args);
      const output = options.output ?? `${result.code.toLowerCase()}.recognition`;
      writeNew(output, Buffer.from(result.ours, 'base64'));
      current.print({ ...result, file: output }, (signed) =>
        [
          `${signed.file}: recognition of ${signed.code} ${safeText(signed.name)}, ceiling ${signed.ceiling}, until ${signed.validUntil}`,
          tables(signed),
          `Give it to ${signed.code}. With the one that comes back: comity peer add ${file} --ours ${signed.file} --theirs FILE`,
        ].join('\n'),
      );
    });

  withTerms(
    peer,
    'add',
    'puts in force what both states have signed about each other, after the fingerprint was compared',
  )
    .option('--ours <file>', 'recognition that was signed before ("peer recognise"): needs no root keys here')
    .option(
      '--renew',
      'replace the recognition of a peer that is known; ceiling, tables and community that are not given stay',
      false,
    )
    .addHelpText(
      'after',
      '\nWithout --theirs nothing goes to the peer until its own recognition comes when the nodes connect, and agrees.\n\nExample:\n  comity --home b peer add a/state.card --theirs a-of-b.recognition --ceiling restricted -o b-of-a.recognition',
    )
    .action(async (file: string, options: TermOptions & { renew: boolean; ours?: string }) => {
      const current = session();
      const { args, code } = await termsFrom(current, file, options);
      await confirm(
        `${options.renew ? 'Renew the recognition of' : 'Recognise'} ${code} ${termsText(args.ceiling, options)}?`,
        options.yes,
      );
      const result = await current.call(peerAdd, {
        ...args,
        renew: options.renew,
        ...(options.ours !== undefined && { ours: recognitionIn(options.ours) }),
      });
      if (options.output !== undefined) writeNew(options.output, Buffer.from(result.ours, 'base64'));
      current.print(result, (added) =>
        [
          `${added.code} ${safeText(added.name)} is recognised until ${added.recognisedUntil}, ceiling ${added.ceiling}; ${counted(added.released, 'entry', 'entries')} released to it`,
          ...(options.output === undefined ? [] : [`${options.output}: for ${added.code}`]),
          ...(added.confirmed
            ? []
            : [
                `Nothing goes there yet: ${added.code} has not confirmed. Its recognition comes when the nodes connect.`,
              ]),
        ].join('\n'),
      );
    });
}

function termsText(ceiling: string | undefined, { ours, renew }: { ours?: string; renew: boolean }): string {
  if (ours !== undefined) return `as ${ours} says`;
  return `with ceiling ${ceiling ?? (renew ? 'as before' : 'lowest level')}`;
}

/** Everything that is said of the state, with what it has read out; the card is the one that it read it from. */
async function termsFrom(session: Session, file: string, options: TermOptions, own?: VerifiedCharter) {
  const card = readBinaryFile(file, MAX_CARD_BYTES, 'document');
  const { charter } = decodeCard(file, card);
  session.note(`${charter.code} ${safeText(charter.names.get('en') ?? '')}`);
  const fingerprint = await toldFingerprint(charter.code, options.fingerprint);
  assertFingerprint(charter, fingerprint);
  session.note('This is the fingerprint of the card.');
  if (options.theirs !== undefined)
    showSigned(session, charter, options.theirs, own ?? (await ownCharter(session)));
  const agreement = options.equivalence === undefined ? undefined : readAgreement(options.equivalence);
  const ceiling = options.ceiling ?? agreement?.ceiling;
  const args = {
    card: Buffer.from(card).toString('base64'),
    fingerprint,
    ...(ceiling !== undefined && { ceiling }),
    ...(agreement !== undefined && {
      equivalence: { outbound: agreement.outbound, inbound: agreement.inbound },
    }),
    ...(agreement?.categories !== undefined && { categories: agreement.categories }),
    ...(options.community !== undefined && { community: options.community }),
    ...(options.theirs !== undefined && { theirs: recognitionIn(options.theirs) }),
    validDays: Number(options.validDays),
  };
  return { args, code: charter.code };
}

/** What the other state has signed, before anybody confirms it. @throws Fault identity.*, cose.*, label.* */
function showSigned(session: Session, theirs: VerifiedCharter, file: string, charter: VerifiedCharter): void {
  const bytes = readBinaryFile(file, MAX_RECOGNITION_BYTES, 'document');
  const signed = verifyRecognition(bytes, theirs, charter);
  session.note(
    [
      `${theirs.code} has signed, for ${charter.code}, until ${formatTime(signed.notAfterSeconds)}:`,
      tables({
        outbound: levelsInOrder(signed.inbound, charter),
        inbound: levelsInOrder(signed.outbound, theirs),
      }),
    ].join('\n'),
  );
}

async function ownCharter(session: Session): Promise<VerifiedCharter> {
  const { card } = await session.call(stateShow, {});
  return decodeStateCard(Buffer.from(card, 'base64')).charter;
}

/** A recognition for the holders of the root keys to sign, from files alone. @throws as `recogniseState` */
function proposalOf(own: Uint8Array, args: z.input<typeof peerRecognise.args>): RecognitionProposal {
  const subject = Buffer.from(args.card, 'base64');
  const [ours, theirs] = [decodeStateCard(own).charter, decodeStateCard(subject).charter];
  const atSeconds = Math.floor(Date.now() / 1000);
  const given = theirRecognition({ self: { charter: ours }, now: () => atSeconds }, theirs, args.theirs);
  const terms = peerRecognise.args.parse(args);
  const recognition = recognitionOf({ ours, theirs }, terms, given, atSeconds);
  if (given !== undefined) assertAgreed(recognition, given);
  return proposeRecognition(own, subject, recognition);
}

/** A file with a recognition, base64. */
export function recognitionIn(file: string): string {
  return Buffer.from(readBinaryFile(file, MAX_RECOGNITION_BYTES, 'document')).toString('base64');
}

function tables({
  outbound,
  inbound,
}: {
  outbound: Record<string, string>;
  inbound: Record<string, string>;
}): string {
  return table(
    ['direction', 'level', 'is treated as'],
    [
      ...Object.entries(outbound).map(([from, to]) => ['to them', from, to]),
      ...Object.entries(inbound).map(([from, to]) => ['from them', from, to]),
    ],
  );
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

function readAgreement(path: string): z.output<typeof agreementFile> {
  return parseWith(agreementFile, readHumanDocument(path));
}
