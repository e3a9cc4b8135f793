import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { concatBytes, type Entropy, fromHex, toHex } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { isStateId, type StateId } from '@comity/label';
import { readKeyText, writeKeyText } from './key-file.ts';

/** The private keys of an officer. They are in a file that the officer has and the node has not. */
export interface OfficerKey {
  readonly state: StateId;
  /** What the state calls its officer. */
  readonly officer: string;
  readonly signer: LocalSigner;
  /** X25519: opens what others have sealed for the officer. */
  readonly seal: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array };
}

const SEED_BYTES = 32;
const FILE =
  /^comity-officer-key\/1\nstate ([0-9a-f]{64})\nofficer ([a-z0-9][a-z0-9.-]{0,63})\nsign ([0-9a-f]{64})\nseal ([0-9a-f]{64})\n$/;

/** Makes new keys for an officer and writes them for their owner only; never over an existing file. @throws Fault cli.output-exists */
export function createOfficerKey(
  path: string,
  state: StateId,
  officer: string,
  entropy: Entropy,
): OfficerKey {
  if (existsSync(path)) throw new Fault('cli.output-exists', `${path} exists already`, { fields: { path } });
  const [sign, seal] = [entropy(SEED_BYTES), entropy(SEED_BYTES)];
  const lines = [`state ${state}`, `officer ${officer}`, `sign ${toHex(sign)}`, `seal ${toHex(seal)}`];
  writeKeyText(path, ['comity-officer-key/1', ...lines, ''].join('\n'));
  return keyOf(state, officer, sign, seal);
}

/** Reads the keys of an officer. @throws Fault keys.missing, keys.permissions, keys.malformed */
export function readOfficerKey(path: string): OfficerKey {
  const match = FILE.exec(readKeyText(path, 'the key of an officer'));
  const [, state = '', officer = '', sign = '', seal = ''] = match ?? [];
  if (!isStateId(state)) {
    throw new Fault('keys.malformed', `${path} does not hold the key of an officer`, { fields: { path } });
  }
  return keyOf(state, officer, fromHex(sign), fromHex(seal));
}

function keyOf(state: StateId, officer: string, sign: Uint8Array, seal: Uint8Array): OfficerKey {
  return {
    state,
    officer,
    signer: signerFromSeed(sign),
    seal: { privateKey: seal, publicKey: publicSealKey(seal) },
  };
}

/** The PKCS #8 form of an X25519 private key up to its 32 bytes (RFC 8410 §7), and of a public key (§4). */
const PRIVATE_PREFIX = fromHex('302e020100300506032b656e04220420');
const PUBLIC_KEY_BYTES = 32;

function publicSealKey(privateKey: Uint8Array): Uint8Array {
  const key = createPrivateKey({
    key: Buffer.from(concatBytes(PRIVATE_PREFIX, privateKey)),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return new Uint8Array(spki.subarray(spki.length - PUBLIC_KEY_BYTES));
}
