import { env } from 'node:process';
import { keyThumbprint } from '@comity/cose';
import { fromHex, toHex } from '@comity/digest';
import { explainCode, Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { Argument, type Command } from 'commander';
import { loadNodeConfig } from '../config/node-config.ts';
import type { Home } from '../home.ts';
import { readKeyText } from '../keys/key-file.ts';
import { adoptOnToken, createOnToken } from '../keys/key-request.ts';
import { givenPassphrase, givenPin, PASSPHRASE_VARIABLE, PIN_VARIABLE } from '../keys/passphrase.ts';
import { sealFiles, seedFilesIn } from '../keys/seal-files.ts';
import { type KeyPurpose, readSeed } from '../keys/seed-file.ts';
import { TOKEN_USAGES, type TokenUsage, tokenKeyOf } from '../keys/token-key-file.ts';
import { stateShow } from '../operations/state.ts';
import { Token, type TokenKey } from '../token/token.ts';
import { askPassphrase } from './ask.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

/** The seed of a file for a command that people run: a passphrase that is not given is asked for. */
export async function seedFor(path: string, purpose: KeyPurpose): Promise<Uint8Array> {
  try {
    return readSeed(path, purpose);
  } catch (error) {
    if (!isFault(error, 'keys.passphrase-missing')) throw error;
    const passphrase = await askPassphrase(`Passphrase of ${path}:`);
    return readSeed(path, purpose, { passphrase: () => passphrase });
  }
}

/** The token of a home for one command, which leaves no process of it behind. */
export async function withToken<T>(home: Home, use: (token: Token) => Promise<T>): Promise<T> {
  const token = new Token(loadNodeConfig(home.config, env).config.token, givenPin);
  try {
    return await use(token);
  } finally {
    token.close();
  }
}

export function addKeysCommands(program: Command, session: () => Session): void {
  const keys = program
    .command('keys')
    .description('the private keys of this node, in files or on a PKCS#11 token');
  addCreateCommand(keys, session);
  addAdoptCommand(keys, session);
  addTokenCommand(keys, session);

  keys
    .command('seal')
    .description('encrypts files of keys with a passphrase, which every start needs from then on')
    .argument('[file...]', 'files of keys; default: all in the home')
    .addHelpText(
      'after',
      `\nThe passphrase is read from the file that ${PASSPHRASE_VARIABLE} names, or asked for twice.\n\nExample:\n  comity --home a keys seal`,
    )
    .action(async (files: string[]) => {
      const current = session();
      const paths = files.length > 0 ? files : seedFilesIn(current.home.keys);
      const passphrase = env[PASSPHRASE_VARIABLE] === undefined ? await chosen() : givenPassphrase();
      const sealed = sealFiles(paths, passphrase);
      current.print({ sealed, left: paths.filter((path) => !sealed.includes(path)) }, (done) =>
        [
          ...done.sealed.map((path) => `${path}: sealed`),
          ...done.left.map((path) => `${path}: was sealed already`),
          'Without the passphrase they are lost. What stood in the files may still be on the disk for whoever reads it raw.',
        ].join('\n'),
      );
    });
}

function addCreateCommand(keys: Command, session: () => Session): void {
  keys
    .command('create')
    .description('makes a key on the token, which waits there for its certificate')
    .addArgument(new Argument('<usage>', 'what the key is for').choices(TOKEN_USAGES))
    .addHelpText(
      'after',
      `\nThe configuration names the token (token.module, token.label), and ${PIN_VARIABLE} the file that holds its PIN. The key cannot be read out of the token, so nobody has a copy: certify another before the token ends.\n\nExample:\n  comity --home a keys create record\n  comity --home a state request --usage record -o new.request`,
    )
    .action(async (usage: TokenUsage) => {
      const current = session();
      const { state } = await current.call(stateShow, {});
      const publicKey = await withToken(current.home, (token) =>
        createOnToken(current.home.keys, usage, state as StateId, token),
      );
      const result = { usage, keyId: toHex(keyThumbprint(publicKey)), publicKey: toHex(publicKey) };
      current.print(
        result,
        (made) =>
          `${made.usage} key ${made.keyId.slice(0, 16)} made on the token\nNext: comity state request --usage ${made.usage} -o FILE`,
      );
    });
}

function addAdoptCommand(keys: Command, session: () => Session): void {
  keys
    .command('adopt')
    .description('takes an Ed25519 key that is on the token already, made by the tools of its vendor')
    .addArgument(new Argument('<usage>', 'what the key is for').choices(TOKEN_USAGES))
    .requiredOption('--id <hex>', 'its id on the token (CKA_ID), in hexadecimal')
    .addHelpText(
      'after',
      `\nThe token has to hold the private and the public key under this id, and is asked to sign before anything is written. Whether the\nkey can be read out, and who has a copy, nobody can see here. It waits for its certificate as one that 'keys create' has made.\n\nExample:\n  comity --home a keys adopt record --id 01\n  comity --home a state request --usage record -o new.request`,
    )
    .action(async (usage: TokenUsage, { id }: { id: string }) => {
      const current = session();
      if (!/^(?:[0-9a-f]{2}){1,64}$/.test(id))
        throw new Fault('cli.usage', '--id: expected 2 to 128 hexadecimal digits');
      const publicKey = await withToken(current.home, (token) =>
        adoptOnToken(current.home.keys, usage, fromHex(id), token),
      );
      const result = { usage, keyId: toHex(keyThumbprint(publicKey)), publicKey: toHex(publicKey) };
      current.print(
        result,
        (made) =>
          `${made.usage} key ${made.keyId.slice(0, 16)} is on the token\nNext: comity state request --usage ${made.usage} -o FILE`,
      );
    });
}

function addTokenCommand(keys: Command, session: () => Session): void {
  keys
    .command('token')
    .description('opens the token and looks whether it has the keys that this node has on it')
    .addHelpText('after', '\nExample:\n  comity --home a keys token')
    .action(async () => {
      const current = session();
      const found = seedFilesIn(current.home.keys).flatMap((file) => {
        const key = tokenKeyOf(readKeyText(file, 'the key'));
        return key === undefined ? [] : [{ file, key }];
      });
      const shown = await withToken(current.home, async (token) => {
        await token.open();
        const listed = [];
        for (const { file, key } of found)
          listed.push({
            file,
            usage: key.usage,
            keyId: toHex(keyThumbprint(key.publicKey)),
            standing: await standingOn(token, key),
          });
        return listed;
      });
      current.print({ keys: shown }, (result) =>
        result.keys.length === 0
          ? 'The token opens. No key of this node is on it.'
          : table(
              ['usage', 'thumbprint', 'token', 'named by'],
              result.keys.map((key) => [key.usage, key.keyId.slice(0, 16), key.standing, key.file]),
            ),
      );
      if (shown.some(({ standing }) => standing !== 'signs'))
        process.exitCode = explainCode('keys.token-key-missing').exit;
    });
}

/** Whether a token signs with a key: it is asked to. */
async function standingOn(token: Token, key: TokenKey): Promise<'signs' | 'missing'> {
  try {
    await token.signer(key).sign(new TextEncoder().encode('comity'));
    return 'signs';
  } catch (error) {
    if (isFault(error, 'keys.token-key-missing')) return 'missing';
    throw error;
  }
}

async function chosen(): Promise<Uint8Array> {
  const [first, second] = [await askPassphrase('New passphrase:'), await askPassphrase('Once more:')];
  if (Buffer.compare(first, second) !== 0) throw new Fault('cli.not-confirmed', 'the two are not the same');
  return first;
}
