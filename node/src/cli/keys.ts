import { env } from 'node:process';
import { Fault, isFault } from '@comity/fault';
import type { Command } from 'commander';
import { givenPassphrase, PASSPHRASE_VARIABLE } from '../keys/passphrase.ts';
import { sealFiles, seedFilesIn } from '../keys/seal-files.ts';
import { type KeyPurpose, readSeed } from '../keys/seed-file.ts';
import { askPassphrase } from './ask.ts';
import type { Session } from './session.ts';

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

export function addKeysCommands(program: Command, session: () => Session): void {
  const keys = program.command('keys').description('the private keys of this node, as they are on disk');

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

async function chosen(): Promise<Uint8Array> {
  const [first, second] = [await askPassphrase('New passphrase:'), await askPassphrase('Once more:')];
  if (Buffer.compare(first, second) !== 0) throw new Fault('cli.not-confirmed', 'the two are not the same');
  return first;
}
