import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { KeyDirectory, KeyUsage, VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import { credentialsDirectory } from './passphrase.ts';
import { readSeed } from './seed-file.ts';

/** A key of this node as it is on disk. */
export interface NodeKey extends LocalSigner {
  readonly seed: Uint8Array;
  /** Whether it waits to take the place of the one before it. */
  readonly isNext: boolean;
}

export const KEY_USAGES: readonly KeyUsage[] = ['record', 'log', 'witness', 'transport'];

/** A key for each usage. */
export function nodeKeys(keyOf: (usage: KeyUsage) => NodeKey): Readonly<Record<KeyUsage, NodeKey>> {
  return {
    record: keyOf('record'),
    log: keyOf('log'),
    witness: keyOf('witness'),
    transport: keyOf('transport'),
  };
}

/** The keys that the node signs documents with, without their seeds: those stay where keys are opened. */
export function signersOf({
  record,
  log,
  witness,
}: Readonly<Record<KeyUsage, NodeKey>>): Readonly<Record<'record' | 'log' | 'witness', LocalSigner>> {
  const bare = ({ publicKey, sign }: NodeKey): LocalSigner => Object.freeze({ publicKey, sign });
  return { record: bare(record), log: bare(log), witness: bare(witness) };
}

/** The file of a key of a usage, and of the one that waits to take its place. */
export function keyFile(keys: string, usage: KeyUsage, isNext: boolean): string {
  return join(keys, `${usage}${isNext ? '.next' : ''}.key`);
}

/**
 * The key of a usage that the state's own card names, of the one in use and the one that waits: the one that waits, where
 * both are named. The one in use is in the home, or a credential of systemd. One that the state has revoked or replaced is not signed with.
 *
 * @throws Fault keys.malformed where neither is named, keys.not-in-use where the one that is does not count, keys.missing,
 *   keys.permissions, keys.passphrase-missing, keys.wrong-passphrase
 */
export function certifiedKey(
  keys: string,
  usage: KeyUsage,
  { directory, self, atSeconds }: { directory: KeyDirectory; self: CertifiedBy; atSeconds: number },
): NodeKey {
  let refusal: Fault | undefined;
  for (const { path, isNext, isCredential } of placesOf(keys, usage)) {
    const seed = readSeed(path, usage, { isCredential });
    const signer = signerFromSeed(seed);
    const certificate = self.certificates.find(
      (each) => each.usage === usage && equalBytes(each.publicKey, signer.publicKey),
    );
    if (certificate === undefined) continue;
    const standing = directory.standingOf(certificate.kid);
    const isEnding = standing?.standing === 'superseded' && atSeconds < standing.fromSeconds;
    if (standing?.standing === 'live' || isEnding) return { ...signer, seed, isNext };
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

interface CertifiedBy {
  readonly state: StateId;
  readonly certificates: readonly VerifiedKeyCertificate[];
}

/** The key that has waited takes the place of the one before it, of which nothing is left. */
export function installNext(keys: string, usage: KeyUsage): void {
  renameSync(keyFile(keys, usage, true), keyFile(keys, usage, false));
}
