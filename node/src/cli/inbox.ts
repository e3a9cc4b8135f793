import { keyThumbprint } from '@comity/cose';
import { fromHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import { KeyDirectory, verifyCharterChain, verifyKeyCertificate, verifyKeyState } from '@comity/identity';
import type { StateCode, StateId } from '@comity/label';
import { type OpenedLetter, openLetter, verifyLetter } from '@comity/letter';
import type { Command } from 'commander';
import type { z } from 'zod';
import { type OfficerKey, readOfficerKey } from '../keys/officer-key.ts';
import { DROP, TAKE } from '../letters/inbox.ts';
import {
  type InboxLetter,
  inboxDrop,
  inboxList,
  inboxTake,
  inboxUndeliverable,
} from '../operations/inbox.ts';
import { formatTime } from '../operations/shapes.ts';
import { heldParts } from '../records/consult.ts';
import { heldLabel, type Markings, titleText } from '../records/summary.ts';
import { confirm } from './ask.ts';
import { partText } from './record-text.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { actBy, KEY_HELP } from './signed-act.ts';
import { table } from './table.ts';

export function addInboxCommands(program: Command, session: () => Session): void {
  const inbox = program
    .command('inbox')
    .description('letters that other states have written to one officer of this state');

  inbox
    .command('list')
    .description('who has written to an officer, and when; what a letter says, only the officer reads')
    .option('--as <officer>', 'the officer')
    .option('--undeliverable', 'letters to officers that this state does not have, or no longer', false)
    .addHelpText(
      'after',
      `
A letter that nobody can open here is kept until somebody destroys it: its officer may be enrolled again with the key that it is for.

Examples:
  comity inbox list --as anna
  comity inbox list --undeliverable
  comity inbox drop 8f0691ed --as former.officer --key /media/anna/officer.key`,
    )
    .action(async (options: { as?: string; undeliverable: boolean }) => {
      const current = session();
      if (options.undeliverable === (options.as !== undefined))
        throw new Fault('cli.usage', 'expected --as OFFICER or --undeliverable, and one of them', {
          fields: { argument: 'as' },
        });
      if (options.as === undefined) {
        current.print(await current.call(inboxUndeliverable, {}), ({ letters }) =>
          letters.length === 0
            ? 'every letter is for an officer of this state'
            : letters
                .map(
                  ({ letter, officer, from, receivedAt }) =>
                    `${letter.slice(0, 12)}  to ${safeText(officer)}  from ${from}  received ${receivedAt}`,
                )
                .join('\n'),
        );
        return;
      }
      current.print(await current.call(inboxList, { officer: options.as }), ({ letters }) =>
        letters.length === 0 ? 'no letters' : letterTable(letters),
      );
    });

  inbox
    .command('read')
    .description('opens a letter here, with the key of its officer, and verifies the record in it')
    .argument('<letter>', 'id of the letter, or its first characters')
    .requiredOption('--key <file>', 'key file of the officer; it is read here and never given to the node')
    .addHelpText(
      'after',
      '\nExample:\n  comity --home b inbox list --as anna\n  comity --home b inbox read 8f0691ed --key /media/anna/officer.key',
    )
    .action(async (letter: string, options: { key: string }) => {
      const current = session();
      const key = readOfficerKey(options.key);
      const found = await findLetter(current, key, key.officer, letter);
      const taken = await current.call(inboxTake, await letterAct(key, TAKE, key.officer, found));
      current.print(await openTaken(taken, key), letterText);
    });

  inbox
    .command('drop')
    .description('destroys a letter; it does not come again')
    .argument('<letter>', 'id of the letter, or its first characters')
    .option('--as <officer>', 'the officer that it is for, where that is somebody who is none here any more')
    .requiredOption('--key <file>', KEY_HELP)
    .option('--yes', 'do not ask', false)
    .action(async (letter: string, options: { as?: string; key: string; yes: boolean }) => {
      const current = session();
      const key = readOfficerKey(options.key);
      const officer = options.as ?? key.officer;
      const found = await findLetter(current, key, officer, letter);
      if (!options.yes) current.note(letterInFull(found));
      await confirm(`Destroy this letter to ${safeText(officer)}? It does not come again.`, options.yes);
      current.print(
        await current.call(inboxDrop, await letterAct(key, DROP, officer, found)),
        ({ dropped }) => `${dropped.letter.slice(0, 12)} of ${dropped.from} is destroyed`,
      );
    });
}

/** What an officer signs who does something with a letter, to himself or to somebody who is no officer here any more. */
async function letterAct(
  key: OfficerKey,
  act: typeof TAKE | typeof DROP,
  officer: string,
  { letter }: InboxLetter,
): Promise<{ officer: string; letter: string; act: string }> {
  return { officer, letter, act: await actBy(key, act, fromHex(letter)) };
}

/** @throws Fault letter.not-found, officer.* */
async function findLetter(
  current: Session,
  key: OfficerKey,
  officer: string,
  idOrPrefix: string,
): Promise<InboxLetter> {
  const { letters }: { letters: readonly (InboxLetter & { officer?: string })[] } =
    officer === key.officer
      ? await current.call(inboxList, { officer })
      : await current.call(inboxUndeliverable, {});
  const found = letters.filter((each) => each.letter.startsWith(idOrPrefix));
  const [first] = found.filter((each) => each.officer === undefined || each.officer === officer);
  if (first === undefined || found.length > 1) {
    const message = first === undefined ? 'no letter has an id that begins so' : 'several ids begin so';
    throw new Fault('letter.not-found', message, { fields: { officer, letter: idOrPrefix } });
  }
  return first;
}

type Taken = z.output<typeof inboxTake.result>;

/** What is shown of a letter: nothing of it is given to the node, or written anywhere. */
type Shown = ReturnType<typeof shownLetter>;

/** @throws Fault `letter.*`, and why the record in it does not verify */
async function openTaken(taken: Taken, key: OfficerKey): Promise<Shown> {
  const sender = taken.sender as StateId;
  const address = {
    sender,
    recipient: taken.recipient as StateId,
    officer: key.officer,
    kid: keyThumbprint(key.signer.publicKey),
  };
  const content = await openLetter(fromBase64(taken.sealed), key.seal.privateKey, address);
  const directory = directoryOf(taken);
  const receivedAtSeconds = Date.parse(taken.letter.receivedAt) / 1000;
  const opened = verifyLetter(content, sender, directory, nowSeconds(), receivedAtSeconds);
  return shownLetter(taken, opened, directory);
}

/** The keys of the sender as they are known to the node, verified again: a certificate that does not verify is left out. */
function directoryOf({ charters, certificates, keyState }: Taken): KeyDirectory {
  const directory = new KeyDirectory();
  if (charters.length === 0) return directory;
  const charter = verifyCharterChain(charters.map(fromBase64));
  const verified = certificates.flatMap((certificate) => {
    try {
      return [verifyKeyCertificate(fromBase64(certificate), charter)];
    } catch (error) {
      if (isFault(error)) return [];
      throw error;
    }
  });
  // Without it a key that is revoked would count: one that does not verify is no reason to go on.
  const shown = keyState === null ? undefined : verifyKeyState(fromBase64(keyState), charter);
  directory.add(charter, verified, { keyState: shown });
  return directory;
}

function shownLetter(
  { letter, codes, recipient }: Taken,
  { view, atSeconds, purpose, note }: OpenedLetter,
  directory: KeyDirectory,
) {
  const names = new Map(codes.map(({ state, code }) => [state, code as StateCode]));
  const markings: Markings & { now(): number } = {
    directory,
    self: { state: recipient as StateId, charter: { code: (names.get(recipient) ?? '') as StateCode } },
    peers: { codeOf: (state) => names.get(state) },
    now: nowSeconds,
  };
  const { header } = view;
  return {
    letter,
    sealedAt: formatTime(atSeconds),
    purpose,
    note: note ?? null,
    record: {
      id: header.id,
      type: header.type,
      subject: header.subject,
      title: titleText(view),
      issuer: names.get(header.issuer) ?? header.issuer,
      issuedAt: formatTime(header.issuedAtSeconds),
      label: heldLabel(markings, view),
    },
    parts: heldParts(markings, view),
  };
}

/** All that is known of a letter that only its officer can open, before it is destroyed. */
function letterInFull({ letter, from, writtenAt, receivedAt, size, openedAt }: InboxLetter): string {
  return [
    `letter ${letter}`,
    `from ${from}, written ${writtenAt}, received ${receivedAt}`,
    `at most ${size / 1_024} KiB, ${openedAt === null ? 'never opened' : `opened ${openedAt}`}`,
  ].join('\n');
}

function letterTable(letters: readonly InboxLetter[]): string {
  return table(
    ['letter', 'from', 'written', 'received', 'size', 'opened'],
    letters.map(({ letter, from, writtenAt, receivedAt, size, openedAt }) => [
      letter.slice(0, 12),
      from,
      writtenAt,
      receivedAt,
      `${size / 1_024} KiB`,
      openedAt ?? 'no',
    ]),
  );
}

function letterText({ letter, sealedAt, purpose, note, record, parts }: Shown): string {
  return [
    record.label,
    '',
    safeText(record.title ?? '(title withheld)'),
    `${record.type} ${safeText(record.subject)}`,
    `id        ${record.id}`,
    `issuer    ${record.issuer}, signed ${record.issuedAt}`,
    `letter    ${letter.letter.slice(0, 12)} of ${letter.from}, sealed ${sealedAt}, for ${purpose}`,
    ...(note === null ? [] : ['', ...note.split('\n').map((line) => `  ${safeText(line)}`)]),
    '',
    table(
      ['part', 'value', 'label'],
      parts.map((part) => [part.path, partText(part), part.label]),
    ),
  ].join('\n');
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
