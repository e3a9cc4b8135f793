import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { keyThumbprint } from '@comity/cose';
import { fromHex, toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { KEY_STATE_REASONS, type KeyCertificate, type KeyStateReason } from '@comity/identity';
import { type Command, Option } from 'commander';
import { shortKey } from '../keys/describe-proposal.ts';
import { MAX_REQUEST_BYTES, readRequest } from '../keys/key-request.ts';
import { proposeCertificates, proposeRenewal, proposeRevocation, proposeRotation } from '../keys/propose.ts';
import { writeSeed } from '../keys/seed-file.ts';
import { placesOf, signaturesText, signProposal } from '../keys/sign-proposal.ts';
import { confirm } from './ask.ts';

import {
  addCombineCommand,
  baseCard,
  proposalIn,
  putProposal,
  readText,
  signaturesFile,
  tellProposal,
} from './ceremony.ts';
import {
  CLOCK_TOLERANCE_SECONDS,
  countOf,
  DAY_SECONDS,
  now,
  type ScopeOptions,
  scoped,
  scopeOf,
} from './certificate-terms.ts';
import { addEndLogCommand } from './end-log.ts';
import { seedFor } from './keys.ts';
import { type ProposeOptions, proposing, termOf } from './proposing.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';

/** @throws Fault cli.usage */
function secondsOf(text: string, option: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new Fault('cli.usage', `${option}: expected a time such as 2027-01-31T12:00:00Z`);
  return Math.floor(milliseconds / 1000);
}

/** @throws Fault cli.usage */
function keyOf(text: string, option: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Fault('cli.usage', `${option}: expected 64 hexadecimal digits`);
  return fromHex(text);
}

/** Commands with which the holders of root keys change what their state says of its keys, each on a machine of his own. */
export function addCeremonyCommands(state: Command, session: () => Session): void {
  addRootKeyCommand(state, session);
  proposing(state, 'renew', 'proposes the same key state for the next weeks').action(
    (options: ProposeOptions) =>
      putProposal(
        session(),
        options.dir,
        proposeRenewal(baseCard(options.card), termOf(options)),
        options.dryRun,
      ),
  );
  addRevokeCommand(state, session);
  addRotateCommand(state, session);
  addEndLogCommand(state, session);
  addCertifyCommand(state, session);
  addSignCommand(state, session);
  addCombineCommand(state, session);
}

function addRootKeyCommand(state: Command, session: () => Session): void {
  state
    .command('root-key')
    .description('shows the public key and the id of a root key, or makes a new one')
    .argument('<file>', 'where the private key is, or goes')
    .option('--new', 'make a new key; its id is what a charter commits to', false)
    .action(async (file: string, options: { new: boolean }) => {
      if (options.new) {
        if (existsSync(file))
          throw new Fault('cli.output-exists', `${file} exists already`, { fields: { path: file } });
        writeSeed(file, 'root', new Uint8Array(randomBytes(32)));
      }
      const { publicKey } = signerFromSeed(await seedFor(file, 'root'));
      const keyId = toHex(keyThumbprint(publicKey));
      session().print(
        { publicKey: toHex(publicKey), keyId },
        (key) => `public key ${key.publicKey}\nkey id     ${key.keyId}`,
      );
    });
}

function addRevokeCommand(state: Command, session: () => Session): void {
  proposing(state, 'revoke', 'proposes to revoke keys that may be in other hands, or are lost')
    .requiredOption('--key <id...>', 'ids of the keys, or their first digits')
    .requiredOption('--from <time>', 'from when on they may have been in other hands, in UTC')
    .addOption(new Option('--reason <reason>', 'why').choices(KEY_STATE_REASONS).makeOptionMandatory())
    .addHelpText(
      'after',
      '\nExample:\n  comity state revoke --card state.card --dir /media/ceremony --key 3f9a01c2 --from 2027-01-31T12:00:00Z --reason compromised',
    )
    .action((options: ProposeOptions & { key: string[]; from: string; reason: KeyStateReason }) => {
      const fromSeconds = secondsOf(options.from, '--from');
      const endings = options.key.map((key) => ({ key, fromSeconds, reason: options.reason }));
      const proposal = proposeRevocation(baseCard(options.card), endings, termOf(options));
      return putProposal(session(), options.dir, proposal, options.dryRun);
    });
}

function addRotateCommand(state: Command, session: () => Session): void {
  proposing(state, 'rotate', 'proposes a charter with the root keys to which the one in force has committed')
    .requiredOption('--root-key <public...>', 'public keys of the new root keys (state root-key)')
    .requiredOption('--commit <id...>', 'key ids of the root keys after them')
    .option('--next-threshold <count>', 'how many of those will have to sign; default: as many as now')
    .action((options: ProposeOptions & { rootKey: string[]; commit: string[]; nextThreshold?: string }) => {
      const proposal = proposeRotation(
        baseCard(options.card),
        {
          rootKeys: options.rootKey.map((each) => keyOf(each, '--root-key')),
          nextKeyDigests: options.commit.map((each) => keyOf(each, '--commit')),
          ...(options.nextThreshold !== undefined && {
            nextThreshold: countOf(options.nextThreshold, '--next-threshold'),
          }),
        },
        termOf(options),
      );
      return putProposal(session(), options.dir, proposal, options.dryRun);
    });
}

interface CertifyOptions extends ProposeOptions, ScopeOptions {
  readonly request: string[];
  readonly days: string;
  readonly subject: string;
  readonly supersede?: string;
}

function addCertifyCommand(state: Command, session: () => Session): void {
  const command = proposing(
    state,
    'certify',
    'proposes certificates for keys that a node or a delegate has asked for',
  )
    .requiredOption('--request <file...>', 'requests of the node (state request)')
    .option('--days <days>', 'how long the certificates are valid, at most 399', '390')
    .option('--subject <text>', 'who holds the keys', 'node')
    .option('--supersede <time>', 'from when on the live keys of the same usages end, in UTC, or "now"');
  scoped(command)
    .addHelpText(
      'after',
      '\nExample:\n  comity state certify --card state.card --dir /media/ceremony --request ministry.request --subject "Ministry of Health" --types incident --max restricted',
    )
    .action((options: CertifyOptions) => {
      const atSeconds = now();
      const certificates = options.request.map((file): KeyCertificate => {
        const { state: issuer, usage, publicKey, addresses } = readRequest(readText(file, MAX_REQUEST_BYTES));
        return {
          ...{ issuer, usage, publicKey, subject: options.subject, scope: scopeOf(options) },
          ...(usage === 'delegate' && { depth: Number(options.depth) }),
          notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
          notAfterSeconds: atSeconds + countOf(options.days, '--days') * DAY_SECONDS,
          issuedAtSeconds: atSeconds,
          certificateId: new Uint8Array(randomBytes(16)),
          ...(usage === 'transport' && { addresses }),
        };
      });
      const { supersede } = options;
      const end = supersede === 'now' ? atSeconds : supersede && secondsOf(supersede, '--supersede');
      const proposal = proposeCertificates(
        baseCard(options.card),
        certificates,
        termOf(options),
        typeof end === 'number' ? end : undefined,
      );
      return putProposal(session(), options.dir, proposal, options.dryRun);
    });
}

function addSignCommand(state: Command, session: () => Session): void {
  state
    .command('sign')
    .description('signs a proposal with a root key, on the machine of whoever holds it')
    .requiredOption('--dir <directory>', 'the ceremony directory')
    .requiredOption('--root-key <file>', 'the private key')
    .option('--dry-run', 'only say what would be signed', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      '\nExample:\n  comity state sign --dir /media/ceremony --root-key /media/anna/root-1.key',
    )
    .action(async (options: { dir: string; rootKey: string; dryRun: boolean; yes: boolean }) => {
      const current = session();
      const proposal = proposalIn(options.dir);
      const signer = signerFromSeed(await seedFor(options.rootKey, 'root'));
      const key = shortKey(keyThumbprint(signer.publicKey));
      current.note(tellProposal(proposal).join('\n'));
      if (!options.dryRun) await confirm(`Sign this with the root key ${key}?`, options.yes);
      const signed = options.dryRun ? undefined : await signProposal(proposal, signer);
      const places = placesOf(proposal, signer.publicKey);
      const file = signaturesFile(options.dir, key);
      if (signed !== undefined) writeNew(file, new TextEncoder().encode(signaturesText(signed)));
      const documents = places.map((place) => proposal.drafts[place]?.kind ?? '');
      current.print({ key, documents, file: signed === undefined ? null : file }, (done) =>
        signed === undefined
          ? `root key ${done.key} would sign: ${documents.join(', ') || 'nothing'}. Nothing was signed.`
          : `${file}: signatures of the root key ${done.key} over ${documents.join(', ')}`,
      );
    });
}
