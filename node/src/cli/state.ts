import { existsSync, writeFileSync } from 'node:fs';
import { keyThumbprint } from '@comity/cose';
import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { decodeStateCard, type KeyUsage } from '@comity/identity';
import type { StateId } from '@comity/label';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { requestText, waitingKey } from '../keys/key-request.ts';
import { keyFile } from '../keys/node-keys.ts';
import { formatTime } from '../operations/shapes.ts';
import { stateApply, stateShow } from '../operations/state.ts';
import { buildSheet } from '../sheet/build.ts';
import { qrText } from '../sheet/qr.ts';
import { confirm } from './ask.ts';
import { baseCard } from './ceremony.ts';
import { counted } from './counted.ts';
import { addEvidenceCheck } from './evidence.ts';
import { fingerprintText, languageOption, type OfficerLanguage } from './fingerprint-text.ts';
import { withToken } from './keys.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { addCeremonyCommands } from './state-ceremony.ts';
import { addDelegateCommands } from './state-delegate.ts';
import { table } from './table.ts';

export function addStateCommands(program: Command, session: () => Session): void {
  const state = program.command('state').description('this state: its charter, keys and card');

  state
    .command('show')
    .description('charter, classification scheme and keys')
    .action(async () => {
      const current = session();
      current.print(await current.call(stateShow, {}), (shown) =>
        [
          `${shown.code}  ${shown.name}`,
          `state id     ${shown.fingerprint}`,
          `fingerprint  ${shown.shortFingerprint.digits}`,
          `charter      version ${shown.charterVersion}, ${shown.threshold} of ${shown.rootKeys} root keys sign`,
          `scheme       ${shown.scheme.id}: ${shown.scheme.levels.map((level) => level.name).join(' < ')}`,
          '',
          keyTree(shown.keys),
          '',
          keyStateLine(shown.keyState),
        ].join('\n'),
      );
    });

  state
    .command('fingerprint')
    .description('the fingerprint to read out to another state before it adds you, in words and digits')
    .addOption(languageOption('language of the words; default: that of the session'))
    .option('--qr', 'also as a QR code, whose text the other officer gives to his node', false)
    .addHelpText('after', '\nExample:\n  comity --home a state fingerprint --language fr --qr')
    .action(async (options: { language: OfficerLanguage; qr: boolean }) => {
      const current = session();
      const { code, name, fingerprint, shortFingerprint } = await current.call(stateShow, {});
      const { digits, words, code: qr } = shortFingerprint;
      current.print({ code, fingerprint, digits, words, qr }, () =>
        [
          `${code} ${safeText(name)}`,
          ...(options.qr ? [qrText(shortFingerprint.code, process.stdout.isTTY)] : []),
          '',
          fingerprintText(shortFingerprint, options.language),
        ].join('\n'),
      );
    });

  state
    .command('sheet')
    .description(
      'a page to print for a ceremony: the fingerprint in words, digits and as a QR code, and how to compare it',
    )
    .addOption(languageOption('language of the sheet; default: that of the session'))
    .option('-o, --output <file>', 'where to write it', 'sheet.html')
    .addHelpText('after', '\nExample:\n  comity --home a state sheet --language ar -o sheet.html')
    .action(async (options: { language: OfficerLanguage; output: string }) => {
      const current = session();
      const { code, card } = await current.call(stateShow, {});
      const madeAt = formatTime(Math.floor(Date.now() / 1000));
      const shown = decodeStateCard(Buffer.from(card, 'base64'));
      const html = buildSheet(shown, options.language, madeAt, formatTime);
      writeNew(options.output, new TextEncoder().encode(html));
      current.print(
        { code, language: options.language, file: options.output },
        (done) => `${done.file}: sheet of ${done.code}`,
      );
    });

  state
    .command('export')
    .description('writes the state card: public documents that another state needs to add you')
    .option('-o, --output <file>', 'where to write it', 'state.card')
    .action(async (options: { output: string }) => {
      const current = session();
      const { code, fingerprint, shortFingerprint, card } = await current.call(stateShow, {});
      const { digits } = shortFingerprint;
      const bytes = Buffer.from(card, 'base64');
      writeNew(options.output, bytes);
      current.print(
        { code, fingerprint, digits, file: options.output, bytes: bytes.length },
        (done) => `${done.file}: card of ${done.code}, ${done.bytes} bytes\nfingerprint ${done.digits}`,
      );
    });
  addApplyCommand(state, session);
  addRequestCommand(state, session);
  addCeremonyCommands(state, session);
  addDelegateCommands(state, session);
  addEvidenceCheck(state, session);
}

type ShownKey = z.output<typeof stateShow.result>['keys'][number];

/** The keys of a state, below each delegate those that it has certified. */
function keyTree(keys: readonly ShownKey[]): string {
  const rowsUnder = (above: string | null, depth: number): string[][] =>
    keys
      .filter(({ delegatedBy }) => delegatedBy === above)
      .flatMap((key) => [
        [
          `${'  '.repeat(depth)}${key.usage}`,
          ...[key.kid.slice(0, 16), key.validUntil, key.standing, key.subject, limitsOf(key)],
        ],
        // Of two certificates of one delegate the second shows nothing below it again.
        ...(keys.find(({ kid }) => kid === key.kid) === key ? rowsUnder(key.kid, depth + 1) : []),
      ]);
  const isShown = (kid: string | null): boolean => kid === null || keys.some((key) => key.kid === kid);
  const apart = [...new Set(keys.map(({ delegatedBy }) => delegatedBy))].filter((kid) => !isShown(kid));
  return table(
    ['key', 'thumbprint', 'valid until', 'standing', 'holder', 'limits'],
    [
      ...rowsUnder(null, 0),
      // The certificate of a delegate stands in those below it, whether the card has it too or not.
      ...apart.flatMap((kid) => [
        ['delegate', kid?.slice(0, 16) ?? '', '', '', '', ''],
        ...rowsUnder(kid, 1),
      ]),
    ],
  );
}

function limitsOf({ types, max, depth }: ShownKey): string {
  return [
    ...(types === null ? [] : [types.join(', ')]),
    ...(max === null ? [] : [`up to ${max}`]),
    ...(depth === 2 ? ['may certify delegates'] : []),
  ].join('; ');
}

/** How a key state is, and which logs have ended by it: what was revoked since it was made is not in it. */
export function keyStateLine(keyState: z.output<typeof stateShow.result>['keyState']): string {
  if (keyState === null) return 'key state    none: nothing says which of these keys are revoked';
  const days = Math.floor(keyState.ageSeconds / 86_400);
  const stale = keyState.stale ? ', STALE: there should be a newer one' : '';
  return [
    `key state    version ${keyState.version}, ${counted(days, 'day')} old, ${counted(keyState.revoked, 'key')} revoked${stale}`,
    ...keyState.endedLogs.map(
      ({ size, endedAt, reason }, place) =>
        `log ${place + 1}        ended ${endedAt} (${reason}), ${size === null ? 'nothing of it stands' : `stands up to size ${size}`}`,
    ),
    ...(keyState.endedLogs.length === 0 ? [] : [`log ${keyState.endedLogs.length + 1}        in use`]),
  ].join('\n');
}

/** What comes of logs that end, a line for each. */
export function endingLogLines(ended: z.output<typeof stateApply.result>['endedLogs']): string[] {
  return ended.map(({ log, size, isHeld }) => {
    const stands = size === null ? 'nothing of it stands' : `it stands up to size ${size}`;
    const proves =
      size === null || isHeld
        ? ''
        : '; THIS NODE HAS NO SUCH TREE: it will prove nothing of that log. Compare --at with comity log checkpoint';
    return `ends log ${log}: ${stands}, what is beyond goes into log ${log + 1}${proves}`;
  });
}

function addApplyCommand(state: Command, session: () => Session): void {
  state
    .command('apply')
    .description('puts a card in force that a ceremony has made, and tells connected peers at once')
    .argument('<card>', 'the new card of this state')
    .option('--dry-run', 'only say what it would do', false)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', '\nExample:\n  comity --home a state apply /media/ceremony/state.card --yes')
    .action(async (file: string, options: { dryRun: boolean; yes: boolean }) => {
      const current = session();
      const card = Buffer.from(baseCard(file)).toString('base64');
      const planned = await current.call(stateApply, { card, dryRun: true });
      const lines = [
        `charter version ${planned.charterVersion}, key state ${planned.keyStateVersion === null ? 'none' : `version ${planned.keyStateVersion}`}, ${planned.newCertificates} new certificates`,
        ...planned.revoked.map((kid) => `revokes ${kid.slice(0, 16)}`),
        ...planned.superseded.map((kid) => `supersedes ${kid.slice(0, 16)}`),
        ...planned.newKeys.map((usage) => `the node signs with its new ${usage} key from then on`),
        ...endingLogLines(planned.endedLogs),
        ...(planned.needsRestart ? ['the node has to be started again to connect under its new key'] : []),
      ];
      if (options.dryRun) {
        current.print(planned, () => [...lines, 'Nothing was changed.'].join('\n'));
        return;
      }
      current.note(lines.join('\n'));
      await confirm('Put this card in force?', options.yes);
      current.print(await current.call(stateApply, { card }), (done) =>
        done.needsRestart ? 'In force. Start the node again.' : 'In force.',
      );
    });
}

function addRequestCommand(state: Command, session: () => Session): void {
  state
    .command('request')
    .description('makes a new key of the node, and the request to certify it')
    .addOption(
      new Option('--usage <usage>', 'what the key is for')
        .choices(['record', 'log', 'witness', 'transport'])
        .makeOptionMandatory(),
    )
    .requiredOption('-o, --output <file>', 'where the request goes')
    .option('--address <multiaddr...>', 'where peers reach the node; default: as in the certificate in force')
    .action(async (options: { usage: KeyUsage; output: string; address?: string[] }) => {
      const current = session();
      const shown = await current.call(stateShow, {});
      const { usage } = options;
      const addresses = usage === 'transport' ? (options.address ?? shown.addresses) : [];
      const { publicKey, text } = await withToken(current.home, async (token) => {
        const signer = waitingKey(current.home.keys, usage, token);
        const request = { state: shown.state as StateId, usage, addresses };
        return { publicKey: signer.publicKey, text: await requestText(request, signer) };
      });
      writeNew(options.output, new TextEncoder().encode(text));
      current.print(
        { usage, keyId: toHex(keyThumbprint(publicKey)), file: options.output },
        (done) =>
          `${done.file}: request for the ${usage} key ${done.keyId.slice(0, 16)}; ${keyFile(current.home.keys, usage, true)} waits for its certificate`,
      );
    });
}

/** Writes a file that must not exist yet; `-` is standard output, unless that is a terminal and the data binary. */
export function writeNew(path: string, bytes: Uint8Array): void {
  if (path === '-') {
    if (process.stdout.isTTY)
      throw new Fault('cli.usage', 'refusing to write binary data to a terminal; name a file with -o');
    process.stdout.write(bytes);
    return;
  }
  if (existsSync(path)) throw new Fault('cli.output-exists', `${path} exists already`, { fields: { path } });
  writeFileSync(path, bytes, { flag: 'wx' });
}
