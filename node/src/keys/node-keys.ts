import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes } from '@comity/digest';
import { type LocalSigner, type Signer, signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { KeyDirectory, KeyUsage, VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Token } from '../token/token.ts';
import { credentialsDirectory } from './passphrase.ts';
import { readSeed } from './seed-file.ts';
import { readTokenKey } from './token-key-file.ts';

/** A key of this node, in a file or on a token. */
export interface NodeKey extends Signer {
  /** Whether it waits to take the place of the one before it. */
  readonly isNext: boolean;
}

/** One whose seed is in a file. */
export interface SeedKey extends NodeKey, LocalSigner {
  readonly seed: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** The keys of a node. The handshake of a connection needs the transport key itself. */
export interface NodeKeys extends Readonly<Record<KeyUsage, NodeKey>> {
  readonly transport: SeedKey;
}

export const KEY_USAGES: readonly KeyUsage[] = ['record', 'log', 'witness', 'transport'];

/**
 * A key for each usage.
 *
 * @throws Fault as `certifiedKey`
 */
export async function nodeKeys(keys: string, within: CertifiedBy): Promise<NodeKeys> {
  const keyOf = (usage: KeyUsage): Promise<NodeKey> => certifiedKey(keys, usage, within);
  const [record, log, witness] = [await keyOf('record'), await keyOf('log'), await keyOf('witness')];
  const transport = await keyOf('transport');
  if (!isSeedKey(transport))
    throw new Fault('keys.malformed', 'the transport key is not in a file', {
      fields: { purpose: 'transport' },
    });
  return { record, log, witness, transport };
}

function seedKey(seed: Uint8Array, isNext: boolean): SeedKey {
  return { ...signerFromSeed(seed), seed, isNext };
}

function isSeedKey(key: NodeKey): key is SeedKey {
  return 'seed' in key;
}

/** The keys that the node signs documents with, without their seeds: those stay where keys are opened. */
export function signersOf({
  record,
  log,
  witness,
}: NodeKeys): Readonly<Record<'record' | 'log' | 'witness', Signer>> {
  const bare = ({ publicKey, sign }: NodeKey): Signer => Object.freeze({ publicKey, sign });
  return { record: bare(record), log: bare(log), witness: bare(witness) };
}

/** The file of a key of a usage, and of the one that waits to take its place. */
export function keyFile(keys: string, usage: KeyUsage, isNext: boolean): string {
  return join(keys, `${usage}${isNext ? '.next' : ''}.key`);
}

/**
 * The key of a usage that the state's own card names, of the one in use and the one that waits: the one that waits, where
 * both are named. The one in use is in the home, or a credential of systemd; its file has the seed, or says that the key is on
 * the token. One that the state has revoked or replaced is not signed with.
 *
 * @throws Fault keys.malformed where neither is named, keys.not-in-use where the one that is does not count, keys.missing,
 *   keys.permissions, keys.passphrase-missing, keys.wrong-passphrase, keys.token-*
 */
async function certifiedKey(
  keys: string,
  usage: KeyUsage,
  { directory, self, atSeconds, token }: CertifiedBy,
): Promise<NodeKey> {
  let refusal: Fault | undefined;
  for (const { path, isNext, isCredential } of placesOf(keys, usage)) {
    const onToken = readTokenKey(path, usage, { isCredential });
    const key: NodeKey =
      onToken === undefined
        ? seedKey(readSeed(path, usage, { isCredential }), isNext)
        : { ...token.signer(onToken), isNext };
    const certificate = self.certificates.find(
      (each) => each.usage === usage && equalBytes(each.publicKey, key.publicKey),
    );
    if (certificate === undefined) continue;
    const standing = directory.standingOf(certificate.kid);
    const isEnding = standing?.standing === 'superseded' && atSeconds < standing.fromSeconds;
    if (standing?.standing === 'live' || isEnding) {
      // A token that lacks it is known at the start, not at the first record.
      if (onToken !== undefined) await token.find(onToken);
      return key;
    }
    refusal = new Fault('keys.not-in-use', `the ${usage} key is one that the state does not use any more`, {
      fields: { usage, standing: standing?.standing ?? 'not-listed' },
    });
  }
  throw (
    refusal ??
    new Fault('keys.malformed', `the ${usage} key is not the one in the state card`, { fields: { usage } })
  );
}

interface Place {
  readonly path: string;
  readonly isNext: boolean;
  readonly isCredential: boolean;
}

/** Where a key can be: waiting in the home, passed by systemd, in the home. Of the last one is needed where there is no other. */
function placesOf(keys: string, usage: KeyUsage): readonly Place[] {
  const credentials = credentialsDirectory();
  const places: readonly Place[] = [
    { path: keyFile(keys, usage, true), isNext: true, isCredential: false },
    ...(credentials === undefined
      ? []
      : [{ path: keyFile(credentials, usage, false), isNext: false, isCredential: true }]),
    { path: keyFile(keys, usage, false), isNext: false, isCredential: false },
  ];
  const found = places.filter(({ path }) => existsSync(path));
  return found.length > 0 ? found : places.slice(-1);
}

/** By what it is known which keys count, and where those are that are in no file. */
export interface CertifiedBy {
  readonly directory: KeyDirectory;
  readonly self: { readonly state: StateId; readonly certificates: readonly VerifiedKeyCertificate[] };
  readonly atSeconds: number;
  readonly token: Token;
}

/** The key that has waited takes the place of the one before it, of which nothing is left. */
export function installNext(keys: string, usage: KeyUsage): void {
  renameSync(keyFile(keys, usage, true), keyFile(keys, usage, false));
}
