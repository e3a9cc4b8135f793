import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { keyThumbprint } from '@comity/cose';
import { toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import { decodeStateCard } from '@comity/identity';
import type { Command } from 'commander';
import { type Delegated, delegate } from '../keys/delegate.ts';
import { describeCertificate } from '../keys/describe-proposal.ts';
import { MAX_REQUEST_BYTES, readRequest, requestText } from '../keys/key-request.ts';
import { writeSeed } from '../keys/seed-file.ts';
import { confirm } from './ask.ts';
import { baseCard, readText } from './ceremony.ts';
import {
  CLOCK_TOLERANCE_SECONDS,
  countOf,
  DAY_SECONDS,
  now,
  type ScopeOptions,
  scoped,
  scopeOf,
} from './certificate-terms.ts';
import { seedFor } from './keys.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';

/** Commands of a ministry to which its state delegates: offline, with a key of its own that no node sees. */
export function addDelegateCommands(state: Command, session: () => Session): void {
  const group = state
    .command('delegate')
    .description('what a ministry does to which this state delegates the certifying of record keys');
  addRequest(group, session);
  addCertify(group, session);
}

function addRequest(group: Command, session: () => Session): void {
  group
    .command('request')
    .description('makes the key of a delegate, or takes the one that is there, and the request to certify it')
    .requiredOption('--card <file>', 'the card of the state')
    .requiredOption('--key <file>', 'where the private key is, or goes')
    .requiredOption('-o, --output <file>', 'where the request goes')
    .addHelpText(
      'after',
      "\nThe holders of the root keys certify it with 'comity state certify --request FILE'.\n\nExample:\n  comity state delegate request --card state.card --key ministry.key -o ministry.request",
    )
    .action(async (options: { card: string; key: string; output: string }) => {
      const { charter } = decodeStateCard(baseCard(options.card));
      if (!existsSync(options.key)) writeSeed(options.key, 'delegate', new Uint8Array(randomBytes(32)));
      const signer = signerFromSeed(await seedFor(options.key, 'delegate'));
      const text = await requestText({ state: charter.state, usage: 'delegate', addresses: [] }, signer);
      writeNew(options.output, new TextEncoder().encode(text));
      session().print(
        { usage: 'delegate', keyId: toHex(keyThumbprint(signer.publicKey)), file: options.output },
        (done) => `${done.file}: request for the delegate key ${done.keyId.slice(0, 16)} of ${charter.code}`,
      );
    });
}

interface CertifyOptions extends ScopeOptions {
  readonly card: string;
  readonly key: string;
  readonly request: string;
  readonly output: string;
  readonly subject?: string;
  readonly days?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

function addCertify(group: Command, session: () => Session): void {
  const command = group
    .command('certify')
    .description('certifies a key with the key of a delegate, and puts the certificate into the card')
    .requiredOption('--card <file>', 'the card of the state that is in force')
    .requiredOption('--key <file>', 'the private key of the delegate')
    .requiredOption('--request <file>', 'the request (state request, state delegate request)')
    .option('--subject <text>', 'who holds the key; default: as the delegate')
    .option('--days <days>', 'how long it is valid, at most 90; default: as long as it can be');
  scoped(command)
    .option('-o, --output <file>', 'where the new card goes', 'state.card')
    .option('--dry-run', 'only say what would be signed', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      "\nTypes and level are those of the delegate where none are given. The state puts the card in force with 'comity state apply'.\n\nExample:\n  comity state delegate certify --card state.card --key ministry.key --request new.request --days 30 -o new.card",
    )
    .action(async (options: CertifyOptions) => {
      const current = session();
      const signer = signerFromSeed(await seedFor(options.key, 'delegate'));
      const request = readRequest(readText(options.request, MAX_REQUEST_BYTES));
      const { days } = options;
      const { certificate, card }: Delegated = await delegate(
        baseCard(options.card),
        request,
        {
          subject: options.subject,
          scope: scopeOf(options),
          depth: Number(options.depth),
          atSeconds: now(),
          validSeconds: days === undefined ? undefined : countOf(days, '--days') * DAY_SECONDS,
          toleranceSeconds: CLOCK_TOLERANCE_SECONDS,
          certificateId: new Uint8Array(randomBytes(16)),
        },
        signer,
      );
      const says = describeCertificate(certificate);
      current.note(safeText(says));
      if (!options.dryRun) {
        await confirm('Sign this with the key of the delegate?', options.yes);
        writeNew(options.output, card);
      }
      const file = options.dryRun ? null : options.output;
      current.print({ keyId: toHex(certificate.kid), says, file }, () =>
        file === null
          ? 'Nothing was written.'
          : `${file}: the new card, for 'comity state apply ${file}' on the node of the state`,
      );
    });
}
