import { join } from 'node:path';
import { env } from 'node:process';
import { Fault } from '@comity/fault';
import { readKeyText } from './key-file.ts';

/** Names the file that holds the passphrase of sealed keys. */
export const PASSPHRASE_VARIABLE = 'COMITY_PASSPHRASE_FILE';
/** The credential that systemd passes it as. */
export const PASSPHRASE_CREDENTIAL = 'comity-passphrase';

/** Names the file that holds the PIN of a token. */
export const PIN_VARIABLE = 'COMITY_TOKEN_PIN_FILE';
/** The credential that systemd passes it as. */
export const PIN_CREDENTIAL = 'comity-token-pin';

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
  const path = secretFile(PASSPHRASE_VARIABLE, PASSPHRASE_CREDENTIAL);
  if (path === undefined) {
    throw new Fault(
      'keys.passphrase-missing',
      `a key is sealed, and neither ${PASSPHRASE_VARIABLE} nor a credential ${PASSPHRASE_CREDENTIAL} is given`,
    );
  }
  return usablePassphrase(readKeyText(path.file, 'the passphrase', path));
}

/**
 * The PIN of a token, from where passphrases come from: it stands in no configuration, no environment and no list of processes.
 * A last line feed is not part of it.
 *
 * @throws Fault keys.token-pin-missing, keys.missing, keys.permissions
 */
export function givenPin(): Uint8Array {
  const path = secretFile(PIN_VARIABLE, PIN_CREDENTIAL);
  const pin = path === undefined ? '' : readKeyText(path.file, 'the PIN', path).replace(/\n$/, '');
  if (pin === '') {
    throw new Fault(
      'keys.token-pin-missing',
      `a key is on a token, and neither ${PIN_VARIABLE} nor a credential ${PIN_CREDENTIAL} gives its PIN`,
    );
  }
  return new TextEncoder().encode(pin);
}

/** The file that the environment names, or a credential of systemd; undefined where neither is given. */
function secretFile(
  variable: string,
  credential: string,
): { readonly file: string; readonly isCredential: boolean } | undefined {
  const named = env[variable];
  if (named !== undefined && named !== '') return { file: named, isCredential: false };
  const credentials = credentialsDirectory();
  return credentials === undefined ? undefined : { file: join(credentials, credential), isCredential: true };
}

/** @throws Fault keys.passphrase-missing where nothing is left of it */
export function usablePassphrase(text: string): Uint8Array {
  const passphrase = new TextEncoder().encode(text.replace(/\n$/, '').normalize('NFC'));
  if (passphrase.length === 0) throw new Fault('keys.passphrase-missing', 'the passphrase is empty');
  return passphrase;
}
