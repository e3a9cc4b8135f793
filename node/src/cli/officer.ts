import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  MAX_ACT_BYTES,
  MAX_OFFICER_BYTES,
  OFFICER_ROLES,
  verifyOfficer,
  verifyRootAct,
} from '@comity/approval';
import { toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import { Fault, isFault } from '@comity/fault';
import { decodeStateCard, KeyDirectory, MAX_CARD_BYTES } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Command } from 'commander';
import type { z } from 'zod';
import { readBinaryFile } from '../config/binary-file.ts';
import { createOfficerKey } from '../keys/officer-key.ts';
import { END, ENROL, expectedOf } from '../officers/roster.ts';
import { officerEnd, officerEnrol, officerImport, officerList, officerShow } from '../operations/officer.ts';
import { stateShow } from '../operations/state.ts';
import { confirm } from './ask.ts';
import { seedFor } from './keys.ts';
import {
  actsAbout,
  confirmWith,
  ENDING,
  hintOf,
  type SigningOptions,
  signingKeys,
  signRosterAct,
} from './roster-acts.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';
import { table } from './table.ts';

const BY_HELP = 'key files of administrators who sign it; they are read here and never given to the node';
const FIRST_HELP =
  'the root keys of the state sign it: for the first administrators; those in the home, or --root-key';
const ROOT_KEY_HELP = 'root keys that sign it, where they are not in the home';

export function addOfficerCommands(program: Command, session: () => Session): void {
  const officer = program
    .command('officer')
    .description('the persons who decide for this state what its rules leave to them');
  addEnrol(officer, session);
  addList(officer, session);
  addShow(officer, session);
  addConfirm(officer, session);
  addSign(officer);
  addEnd(officer, session);
  addExport(officer, session);
  addImport(officer, session);
}

function addEnrol(officer: Command, session: () => Session): void {
  officer
    .command('enrol')
    .description('makes the keys of an officer in a new file and certifies them')
    .argument('<id>', 'what this state calls the officer; one id is one person')
    .requiredOption('--name <text>', 'name for people')
    .requiredOption('--role <role...>', `what he may decide: ${OFFICER_ROLES.join(', ')}`)
    .requiredOption(
      '--key <file>',
      'where the private keys go; the officer keeps this file, and the node never sees it',
    )
    .option('--by <file...>', BY_HELP)
    .option('--first', FIRST_HELP, false)
    .option('--root-key <file...>', ROOT_KEY_HELP)
    .option('--days <days>', 'how long the certificate is valid, at most 399', '390')
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      [
        '',
        'Nothing that he approves counts before root keys (--first), or two administrators, one where there is one, have signed it.',
        'Examples:',
        '  comity --home a officer enrol eva --name "Eva Head" --role administrator --key /media/eva/eva.key --first --yes',
        '  comity --home a officer enrol anna --name "Anna Duty" --role officer --key /media/anna/officer.key --by /media/eva/eva.key --yes',
      ].join('\n'),
    )
    .action(
      async (
        id: string,
        options: SigningOptions & { name: string; role: string[]; key: string; days: string; yes: boolean },
      ) => {
        const current = session();
        await confirm(`Let ${safeText(options.name)} decide as ${options.role.join(', ')}?`, options.yes);
        const keys = await signingKeys(current, options);
        const { state } = await current.call(stateShow, {});
        const enrolled = await withNewKey(options.key, state as StateId, id, ({ publicKey, sealKey }) =>
          current.call(officerEnrol, {
            id,
            name: options.name,
            roles: options.role as z.input<typeof officerEnrol.args>['roles'],
            publicKey,
            sealKey,
            validDays: Number(options.days),
          }),
        );
        const { status } = keys.length === 0 ? enrolled : await confirmWith(current, id, keys);
        const shown = { ...enrolled, status };
        current.print(shown, (done) =>
          [
            `${done.id} ${safeText(done.name)} is ${done.roles.join(', ')} of ${done.state} until ${done.validUntil}`,
            ...hintOf(done),
            `${options.key}: the private keys. Whoever reads this file decides as ${done.id}; the node needs no copy.`,
          ].join('\n'),
        );
      },
    );
}

function addConfirm(officer: Command, session: () => Session): void {
  officer
    .command('confirm')
    .description('signs that somebody who is enrolled is an officer of this state')
    .argument('<id>')
    .option('--by <file...>', BY_HELP)
    .option('--first', FIRST_HELP, false)
    .option('--root-key <file...>', ROOT_KEY_HELP)
    .option('--act <file...>', 'what "officer sign" has written where the root keys are')
    .option('--yes', 'do not ask', false)
    .addHelpText('after', '\nExample:\n  comity --home a officer confirm anna --by /media/otto/otto.key')
    .action(async (id: string, options: SigningOptions & { act?: string[]; yes: boolean }) => {
      const current = session();
      const acts = (options.act ?? []).map((file) =>
        Buffer.from(readBinaryFile(file, MAX_ACT_BYTES, 'document')).toString('base64'),
      );
      const keys = await signingKeys(current, options);
      if (keys.length + acts.length === 0)
        throw new Fault('cli.usage', 'expected --by, --first, --root-key or --act: who signs it');
      const { certificates } = await current.call(officerShow, { id });
      const about = certificates.find(({ status }) => status === 'unproven') ?? certificates[0];
      if (about !== undefined)
        await confirm(
          `Is ${safeText(about.name)}, key ${about.kid.slice(0, 16)}, ${about.roles.join(', ')} of this state?`,
          options.yes,
        );
      current.print(await confirmWith(current, id, keys, acts), (done) =>
        [
          `${done.id} ${safeText(done.name)}: ${done.status}, signed by ${done.signedBy.join(', ')}`,
          ...hintOf(done),
        ].join('\n'),
      );
    });
}

function addSign(officer: Command): void {
  officer
    .command('sign')
    .description('signs with a root key, where that is, that somebody is an officer; needs no node')
    .argument('<file>', 'certificate, from "officer export"')
    .requiredOption('--card <file>', 'card of the state, as its holders know it')
    .requiredOption('--root-key <file>', 'a root key of the state')
    .requiredOption('-o, --output <file>', 'where to write it; "officer confirm --act" takes it')
    .option('--yes', 'do not ask', false)
    .action(
      async (file: string, options: { card: string; rootKey: string; output: string; yes: boolean }) => {
        const { charter, certificates, keyState } = decodeStateCard(
          readBinaryFile(options.card, MAX_CARD_BYTES, 'document'),
        );
        const directory = new KeyDirectory();
        directory.add(charter, certificates, { keyState });
        const about = verifyOfficer(readBinaryFile(file, MAX_OFFICER_BYTES, 'document'), directory);
        const shown = `${safeText(about.name)} (${about.id}), key ${toHex(about.kid).slice(0, 16)}`;
        await confirm(`Is ${shown}, ${about.roles.join(', ')} of ${charter.code}?`, options.yes);
        const signer = signerFromSeed(await seedFor(options.rootKey, 'root'));
        const act = await signRosterAct({ state: charter.state, signer }, expectedOf(about, ENROL));
        verifyRootAct(act, charter, expectedOf(about, ENROL));
        writeNew(options.output, act);
        process.stdout.write(`${options.output}: signed that ${about.id} is an officer of ${charter.code}\n`);
      },
    );
}

/** Makes a key file for what `use` does with the public keys. Keys that came to nothing are worth nothing and go again. */
async function withNewKey<T>(
  file: string,
  state: StateId,
  id: string,
  use: (keys: { publicKey: string; sealKey: string }) => Promise<T>,
): Promise<T> {
  const key = createOfficerKey(file, state, id, (byteLength) => new Uint8Array(randomBytes(byteLength)));
  try {
    return await use({ publicKey: toHex(key.signer.publicKey), sealKey: toHex(key.seal.publicKey) });
  } catch (error) {
    // Whether the officer is enrolled is not known then, and without the keys he could decide nothing.
    if (!isFault(error, 'node.answer-lost')) rmSync(file);
    throw error;
  }
}

function addList(officer: Command, session: () => Session): void {
  officer
    .command('list')
    .description('officers of this state and those of peers that are known here')
    .action(async () => {
      const current = session();
      current.print(await current.call(officerList, {}), ({ officers, unreadable }) =>
        [
          table(
            ['state', 'officer', 'name', 'roles', 'status', 'valid until'],
            officers.map((each) => [
              each.state,
              each.id,
              each.name,
              each.roles.join(', '),
              each.status,
              each.endedAt ?? each.validUntil,
            ]),
          ),
          ...unreadable.map(
            ({ state, id, code }) => `${state} ${safeText(id)}: the stored certificate is refused [${code}]`,
          ),
        ].join('\n'),
      );
    });
}

function addShow(officer: Command, session: () => Session): void {
  officer
    .command('show')
    .description('one officer with all certificates, the newest first')
    .argument('<id>')
    .option('--peer <code>', 'an officer of this peer')
    .action(async (id: string, options: { peer?: string }) => {
      const current = session();
      current.print(await current.call(officerShow, { id, ...options }), ({ certificates }) =>
        certificates
          .map((each) =>
            [
              `${each.id}  ${safeText(each.name)}  ${each.state}`,
              `roles      ${each.roles.join(', ')}`,
              `status     ${each.status}${each.endedAt === null ? '' : ` since ${each.endedAt}`}`,
              `valid      ${each.validFrom} to ${each.validUntil}`,
              `key        ${each.kid}`,
              `letters    ${each.sealKey === null ? 'none can be sealed' : 'can be sealed'}`,
            ].join('\n'),
          )
          .join('\n\n'),
      );
    });
}

function addEnd(officer: Command, session: () => Session): void {
  officer
    .command('end')
    .description(
      'ends an officer from now on; nothing counts any more that he signs or has approved, and what he rejected stays rejected',
    )
    .argument('<id>')
    .option('--peer <code>', 'an officer of this peer: no letters are sealed to him any more')
    .option('--by <file...>', `${BY_HELP}; or that of the officer himself`)
    .option('--first', FIRST_HELP, false)
    .option('--root-key <file...>', ROOT_KEY_HELP)
    .option('--yes', 'do not ask', false)
    .action(async (id: string, options: SigningOptions & { peer?: string; yes: boolean }) => {
      const current = session();
      const { peer, yes } = options;
      await confirm(`End the officer ${safeText(id)} now?`, yes);
      const acts = await actsAbout(current, id, END, await signingKeys(current, options), ENDING);
      current.print(await current.call(officerEnd, { id, peer, acts }), ({ ended }) =>
        ended.length === 0
          ? `${id} was no officer any more`
          : ended.map((each) => `${each.id} is no officer of ${each.state} any more`).join('\n'),
      );
    });
}

function addExport(officer: Command, session: () => Session): void {
  officer
    .command('export')
    .description('writes the certificate of an officer, which other states import')
    .argument('<id>')
    .requiredOption('-o, --output <file>', 'where to write it')
    .action(async (id: string, options: { output: string }) => {
      const current = session();
      const { certificates } = await current.call(officerShow, { id });
      const newest = certificates.find(({ status }) => status === 'in-force') ?? certificates[0];
      const bytes = Buffer.from(newest?.certificate ?? '', 'base64');
      writeNew(options.output, bytes);
      current.print(
        { id, state: newest?.state, status: newest?.status, file: options.output, bytes: bytes.length },
        (done) =>
          `${done.file}: certificate of ${done.id} of ${done.state} (${done.status}), ${done.bytes} bytes`,
      );
    });
}

function addImport(officer: Command, session: () => Session): void {
  officer
    .command('import')
    .description('takes the certificate of an officer of a peer, to seal letters to')
    .argument('<file>', 'certificate, from the "officer export" of the other state')
    .action(async (file: string) => {
      const current = session();
      const certificate = readBinaryFile(file, MAX_OFFICER_BYTES, 'document');
      const imported = await current.call(officerImport, {
        certificate: Buffer.from(certificate).toString('base64'),
      });
      current.print(
        imported,
        (done) =>
          `${done.id} ${safeText(done.name)} of ${done.state} is known until ${done.validUntil} (${done.status})`,
      );
    });
}
