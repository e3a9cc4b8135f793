import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { keyThumbprint } from '@comity/cose';
import { type Entropy, equalBytes } from '@comity/digest';
import { type Signer, signerFromSeed } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  encodeStateCard,
  issueCharter,
  issueKeyCertificate,
  type KeyUsage,
  type VerifiedCharter,
  verifyCharter,
} from '@comity/identity';
import type { ClassificationScheme, StateCode, TextMap } from '@comity/label';
import type { Token } from '../token/token.ts';
import { readSeed, writeSeed } from './seed-file.ts';
import { TOKEN_USAGES, tokenLabel, writeTokenKey } from './token-key-file.ts';

/** Operational keys live at most 13 months (formats.md §5.2). */
const OPERATIONAL_KEY_DAYS = 390;
const DAY_SECONDS = 86_400;
/** Clocks of two states may differ; a fresh certificate must not look "not yet valid" to a peer slightly behind. */
const CLOCK_TOLERANCE_SECONDS = 300;

export interface CeremonyOptions {
  readonly keys: string;
  readonly code: StateCode;
  readonly names: TextMap;
  readonly scheme: ClassificationScheme;
  readonly rootKeys: number;
  readonly threshold: number;
  /** Multiaddrs at which peers reach this node; they travel in the transport certificate. */
  readonly addresses: readonly string[];
  readonly atSeconds: number;
  readonly entropy: Entropy;
  /** Where the record, log and witness keys are made; in files without one. */
  readonly token?: Token | undefined;
}

export interface CeremonyResult {
  readonly charter: VerifiedCharter;
  /** Bytes of the state card: charter and certificates. */
  readonly card: Uint8Array;
}

const USAGES: readonly KeyUsage[] = ['record', 'log', 'witness', 'transport'];

/**
 * Founds a state: root keys and the committed next ones, the charter, one key and certificate for each use. Writes seeds
 * below `keys`, but for keys that are made on a token; returns the public documents. The caller writes those, so a failure leaves no half-made home that runs.
 */
export async function foundState(options: CeremonyOptions): Promise<CeremonyResult> {
  const { keys, entropy, atSeconds } = options;
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const make = (file: string, purpose: Parameters<typeof writeSeed>[1]): Signer => {
    const seed = entropy(32);
    writeSeed(join(keys, file), purpose, seed);
    return signerFromSeed(seed);
  };
  const roots = Array.from({ length: options.rootKeys }, (_, index) => make(`root-${index + 1}.key`, 'root'));
  const nextRoots = Array.from({ length: options.rootKeys }, (_, index) =>
    make(`next-root-${index + 1}.key`, 'root'),
  );
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code: options.code,
        names: options.names,
        rootKeys: roots.map((root) => root.publicKey),
        threshold: options.threshold,
        nextKeyDigests: nextRoots.map((root) => keyThumbprint(root.publicKey)),
        nextThreshold: options.threshold,
        algorithms: [-19],
        scheme: options.scheme,
        legalProfiles: [],
        contacts: [],
        issuedAtSeconds: atSeconds,
      },
      roots,
    ),
  );
  const operational = async (
    usage: KeyUsage,
    { state }: VerifiedCharter,
  ): Promise<Pick<Signer, 'publicKey'>> => {
    const { token } = options;
    const onToken = TOKEN_USAGES.find((each) => each === usage);
    if (token === undefined || onToken === undefined) return make(`${usage}.key`, usage);
    const key = await token.create(tokenLabel(usage, state));
    writeTokenKey(join(keys, `${usage}.key`), onToken, key);
    return key;
  };
  const certificates: Uint8Array[] = [];
  for (const usage of USAGES) {
    const { publicKey } = await operational(usage, charter);
    const bytes = await issueKeyCertificate(
      {
        issuer: charter.state,
        subject: 'node',
        usage,
        publicKey,
        notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
        notAfterSeconds: atSeconds + OPERATIONAL_KEY_DAYS * DAY_SECONDS,
        issuedAtSeconds: atSeconds,
        certificateId: entropy(16),
        scope: {},
        ...(usage === 'transport' && { addresses: [...options.addresses] }),
      },
      charter,
      roots.slice(0, options.threshold),
    );
    certificates.push(bytes);
  }
  return { charter, card: encodeStateCard({ charter: charter.bytes, certificates }) };
}

/**
 * The root signers that are at hand in the home, at most the threshold: those of the charter in force, whether they were root
 * keys from the beginning or are the ones that were made for later.
 *
 * @throws Fault keys.missing, keys.permissions, keys.malformed
 */
export function rootSigners(keys: string, charter: VerifiedCharter): Signer[] {
  const files = readdirSync(keys).filter((name) => /^(next-)?root-\d+\.key$/.test(name));
  const signers = files.toSorted().map((name) => signerFromSeed(readSeed(join(keys, name), 'root')));
  const ours = signers.filter(({ publicKey }) => charter.rootKeys.some((key) => equalBytes(key, publicKey)));
  if (ours.length < charter.threshold) {
    throw new Fault('keys.missing', `${ours.length} of ${charter.threshold} root keys are in ${keys}`, {
      fields: { path: keys, found: ours.length, threshold: charter.threshold },
    });
  }
  return ours.slice(0, charter.threshold);
}
