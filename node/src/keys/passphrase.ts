import { join } from 'node:path';
import { env } from 'node:process';
import { Fault } from '@comity/fault';
import { readKeyText } from './key-file.ts';

/** Names the file that holds the passphrase of sealed keys. */
export const PASSPHRASE_VARIABLE = 'COMITY_PASSPHRASE_FILE';
/** The credential that systemd passes it as. */
export const PASSPHRASE_CREDENTIAL = 'comity-passphrase';

/** Directory of the credentials that systemd has passed to this process, if it has. */
export function credentialsDirectory(): string | undefined {
  const directory = env.CREDENTIALS_DIRECTORY;
  return directory === undefined || directory === '' ? undefined : directory;
}

/**
 * The passphrase of sealed keys from where the process is started: a file that the environment names, or a credential of
 * systemd. A last line feed is not part of it.
 *
 * @throws Fault keys.passphrase-missing, keys.permissions
 */
export function givenPassphrase(): Uint8Array {
  const named = env[PASSPHRASE_VARIABLE];
  const credentials = credentialsDirectory();
  const path =
    named !== undefined && named !== '' ? named : credentials && join(credentials, PASSPHRASE_CREDENTIAL);
  if (path === undefined) {
    throw new Fault(
      'keys.passphrase-missing',
      `a key is sealed, and neither ${PASSPHRASE_VARIABLE} nor a credential ${PASSPHRASE_CREDENTIAL} is given`,
    );
  }
  return usablePassphrase(readKeyText(path, 'the passphrase', { isCredential: path !== named }));
}

/** @throws Fault keys.passphrase-missing where nothing is left of it */
export function usablePassphrase(text: string): Uint8Array {
  const passphrase = new TextEncoder().encode(text.replace(/\n$/, '').normalize('NFC'));
  if (passphrase.length === 0) throw new Fault('keys.passphrase-missing', 'the passphrase is empty');
  return passphrase;
}
