import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { concatBytes, fromHex, toHex } from '@comity/digest';
import { check, type Signer, signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { CertifiedUsage, KeyUsage } from '@comity/identity';
import { isStateId, type StateId } from '@comity/label';
import { z } from 'zod';
import { NO_TOKEN, type Token, type TokenKey } from '../token/token.ts';
import { readKeyText } from './key-file.ts';
import { keyFile } from './node-keys.ts';
import { givenPassphrase } from './passphrase.ts';
import { parseFile } from './proposal.ts';
import { sealFiles } from './seal-files.ts';
import { isSealedText } from './sealed-seed.ts';
import { readSeed, writeSeed } from './seed-file.ts';
import { readTokenKey, type TokenUsage, tokenLabel, writeTokenKey } from './token-key-file.ts';

/** What a node, or a ministry, asks the holders of the root keys to certify, or a delegate. */
export interface KeyRequest {
  readonly state: StateId;
  readonly usage: CertifiedUsage;
  readonly publicKey: Uint8Array;
  /** Multiaddrs for the certificate of a transport key. */
  readonly addresses: readonly string[];
}

const requestFile = z.strictObject({
  comity: z.literal('key-request/1'),
  state: z.string().refine(isStateId),
  usage: z.enum(['record', 'log', 'witness', 'transport', 'delegate']),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
  addresses: z.array(z.string().max(256)).max(16),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export const MAX_REQUEST_BYTES = 16_384;

/**
 * The key that waits to take the place of the node's key of a usage: the one that is there, or a new one. It signs nothing
 * until a card names it. A new one is a seed in a file.
 *
 * @param token where it may be
 * @throws Fault keys.*
 */
export function waitingKey(keys: string, usage: KeyUsage, token = NO_TOKEN): Signer {
  const path = keyFile(keys, usage, true);
  if (!existsSync(path)) {
    writeSeed(path, usage, new Uint8Array(randomBytes(32)));
    // Where the key in use is sealed, the one after it is not left open.
    const current = keyFile(keys, usage, false);
    if (existsSync(current) && isSealedText(readKeyText(current, 'the key')))
      sealFiles([path], givenPassphrase());
  }
  const onToken = readTokenKey(path, usage);
  if (onToken !== undefined) return token.signer(onToken);
  return signerFromSeed(readSeed(path, usage));
}

/**
 * Makes the waiting key of a usage on a token.
 *
 * @returns its public key
 * @throws Fault keys.waiting where one waits already, keys.token-*
 */
export function createOnToken(
  keys: string,
  usage: TokenUsage,
  state: StateId,
  token: Token,
): Promise<Uint8Array> {
  return placeOnToken(keys, usage, () => token.create(tokenLabel(usage, state)));
}

/**
 * Takes a key that the tools of the vendor have made on the token. It waits for its certificate as one that was made here.
 *
 * @param keyId its CKA_ID
 * @throws Fault keys.waiting, keys.token-*
 */
export function adoptOnToken(
  keys: string,
  usage: TokenUsage,
  keyId: Uint8Array,
  token: Token,
): Promise<Uint8Array> {
  return placeOnToken(keys, usage, () => token.adopt(keyId));
}

async function placeOnToken(
  keys: string,
  usage: TokenUsage,
  take: () => Promise<TokenKey>,
): Promise<Uint8Array> {
  const path = keyFile(keys, usage, true);
  if (existsSync(path))
    throw new Fault('keys.waiting', `${path} waits for its certificate already`, { fields: { path, usage } });
  const key = await take();
  writeTokenKey(path, usage, key);
  return key.publicKey;
}

/** The file of a request, with the proof that whoever makes it holds the key. */
export async function requestText(request: Omit<KeyRequest, 'publicKey'>, signer: Signer): Promise<string> {
  const full = { ...request, publicKey: signer.publicKey };
  const file = {
    comity: 'key-request/1',
    state: request.state,
    usage: request.usage,
    publicKey: toHex(signer.publicKey),
    addresses: request.addresses,
    signature: toHex(await signer.sign(proved(full))),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @throws Fault ceremony.malformed, ceremony.not-proved */
export function readRequest(text: string): KeyRequest {
  const { state, usage, publicKey, addresses, signature } = parseFile(requestFile, text);
  const request = { state: state as StateId, usage, publicKey: fromHex(publicKey), addresses };
  const reason = check(request.publicKey, proved(request), fromHex(signature));
  if (reason !== undefined) {
    throw new Fault('ceremony.not-proved', 'the request is not signed by the key that it is about', {
      fields: { reason },
    });
  }
  return request;
}

/** Begins with a byte that begins neither a COSE structure nor a text: nothing else that a key signs looks so. */
function proved({ state, usage, publicKey, addresses }: KeyRequest): Uint8Array {
  const text = JSON.stringify(['comity-key-request/1', state, usage, toHex(publicKey), ...addresses]);
  return concatBytes(Uint8Array.of(0xff), new TextEncoder().encode(text));
}
