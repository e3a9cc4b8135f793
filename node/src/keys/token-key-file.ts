import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { TokenKey } from '../token/token.ts';
import { readKeyText, writeKeyText } from './key-file.ts';

/** What a node can have on a token. Its transport key it cannot: the handshake of a connection needs the key itself. */
export type TokenUsage = 'record' | 'log' | 'witness';

export const TOKEN_USAGES: readonly TokenUsage[] = ['record', 'log', 'witness'];

/** What tools of the token show a key as. */
export function tokenLabel(usage: string, state: string): string {
  return `comity ${usage} ${state.slice(0, 16)}`;
}

/** Writes the file that stands where a seed would, and says that the key is on the token. Never over an existing file. */
export function writeTokenKey(path: string, usage: TokenUsage, { publicKey, keyId }: TokenKey): void {
  writeKeyText(path, `comity-token-key/1 ${usage} ${toHex(publicKey)} ${toHex(keyId)}\n`);
}

/** What such a file says; undefined where it is none. */
export function tokenKeyOf(text: string): (TokenKey & { readonly usage: TokenUsage }) | undefined {
  const match = /^comity-token-key\/1 (record|log|witness) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){1,64})\n$/.exec(
    text,
  );
  if (match?.[2] === undefined || match[3] === undefined) return undefined;
  return { usage: match[1] as TokenUsage, publicKey: fromHex(match[2]), keyId: fromHex(match[3]) };
}

/**
 * The key on a token that a file of the node names; undefined where it is the file of a seed.
 *
 * @throws Fault keys.missing, keys.permissions, keys.malformed where it is for another usage
 */
export function readTokenKey(
  path: string,
  usage: string,
  options: { readonly isCredential?: boolean } = {},
): TokenKey | undefined {
  const found = tokenKeyOf(readKeyText(path, `the ${usage} key`, options));
  if (found === undefined) return undefined;
  if (found.usage !== usage) {
    throw new Fault('keys.malformed', `${path} names a ${found.usage} key, not a ${usage} key`, {
      fields: { path, purpose: usage },
    });
  }
  return found;
}
