import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Entropy } from '@comity/digest';
import { DocumentFaults, Fault } from '@comity/fault';
import { fingerprint } from '@comity/identity';
import {
  assertStateCode,
  type ClassificationScheme,
  type PlainScheme,
  type PlainTextMap,
  schemeFrom,
  textMapFrom,
} from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { erasureJournalOf, Store } from '@comity/store';
import { z } from 'zod';
import { AuditSeen } from './audit/audit-seen.ts';
import { nodeConfigJsonSchema } from './cli/config.ts';
import { createFederation, readFederation, writeFederation } from './config/federation.ts';
import { initialConfigText } from './config/node-config.ts';
import { placeFaults, readHumanDocument } from './config/yaml-document.ts';
import { parseWith } from './config/zod-faults.ts';
import type { Home } from './home.ts';
import { foundState } from './keys/ceremony.ts';
import { givenPin } from './keys/passphrase.ts';
import { fingerprintForms } from './peers/fingerprint-forms.ts';
import { Token, type TokenConfig } from './token/token.ts';

export interface InitOptions {
  readonly code: string;
  readonly name: string;
  /** Other names of the state by BCP 47 tag. */
  readonly names?: PlainTextMap;
  readonly federation?: string;
  readonly federationName: string;
  /** Path of a scheme file, or the scheme itself. */
  readonly scheme?: string | PlainScheme;
  readonly listen: string;
  readonly announce?: string;
  readonly rootKeys: number;
  readonly threshold: number;
  /** Where the record, log and witness keys are made; in files of the home without one. */
  readonly token?: TokenConfig;
}

/** Where time and keys come from. */
export interface InitSources {
  /** UTC seconds; the clock of the machine unless given. */
  readonly atSeconds?: number;
  /** That of the machine unless given. */
  readonly entropy?: Entropy;
}

const randomEntropy: Entropy = (byteLength) => new Uint8Array(randomBytes(byteLength));
const MAX_ROOT_KEYS = 16;

const textMap = z.record(z.string(), z.string());
const schemeFile = z.strictObject({
  id: z.string(),
  name: textMap,
  levels: z.array(
    z.strictObject({ id: z.string(), name: textMap, rank: z.int(), portion: z.string().optional() }),
  ),
  categorySets: z
    .array(
      z.strictObject({
        id: z.string(),
        type: z.string(),
        values: z.array(z.strictObject({ id: z.string(), name: textMap })),
      }),
    )
    .default([]),
});

/**
 * Founds a state in a new home. The configuration file is written last: a home without it is not a node, so an interrupted
 * init is seen as such and can be removed and repeated.
 *
 * @throws Fault node.home-exists, cli.usage, label.*, config.*, log.bad-federation, keys.token-*
 */
export async function initNode(
  home: Home,
  options: InitOptions,
  { atSeconds = Math.floor(Date.now() / 1000), entropy = randomEntropy }: InitSources = {},
): Promise<{
  code: string;
  name: string;
  home: string;
  fingerprint: string;
  digits: string;
  card: string;
  federation: string;
  rootKeys: string;
}> {
  if (existsSync(home.config) || existsSync(home.keys))
    throw new Fault('node.home-exists', `${home.root} holds a node already`, { fields: { home: home.root } });
  const { rootKeys, threshold } = options;
  if (
    !Number.isInteger(rootKeys) ||
    rootKeys < 1 ||
    rootKeys > MAX_ROOT_KEYS ||
    !Number.isInteger(threshold) ||
    threshold < 1 ||
    threshold > rootKeys
  ) {
    throw new Fault(
      'cli.usage',
      `expected 1 to ${MAX_ROOT_KEYS} root keys and a threshold of at most as many`,
    );
  }
  assertStateCode(options.code);
  const scheme = readScheme(options.scheme);
  const listen = multiaddrOf(options.listen);
  const announce = multiaddrOf(options.announce ?? options.listen);
  const federation =
    options.federation === undefined
      ? createFederation(options.federationName)
      : readFederation(options.federation);

  const token = options.token === undefined ? undefined : new Token(options.token, givenPin);
  mkdirSync(home.root, { recursive: true, mode: 0o700 });
  try {
    // One that does not open is found before anything is made.
    await token?.open();
    const { charter, card } = await foundState({
      keys: home.keys,
      code: options.code,
      names: textMapFrom({ ...options.names, en: options.name }),
      scheme,
      rootKeys,
      threshold,
      addresses: [announce],
      atSeconds,
      entropy,
      token,
    });
    writeFederation(home.federation, federation);
    writeFileSync(home.card, card, { flag: 'wx' });
    const store = await Store.create(home.store, { state: charter.state });
    await store.close();
    AuditSeen.begin(home);
    writeFileSync(
      join(home.root, 'comity.schema.json'),
      `${JSON.stringify(nodeConfigJsonSchema(), null, 2)}\n`,
    );
    writeFileSync(home.config, initialConfigText([listen], options.token), { flag: 'wx' });
    const shown = (path: string): string => relative(process.cwd(), path) || path;
    return {
      code: options.code,
      name: options.name,
      home: shown(home.root),
      fingerprint: fingerprint(charter.state),
      digits: fingerprintForms(charter).digits,
      card: shown(home.card),
      federation: shown(home.federation),
      rootKeys: shown(join(home.keys, 'root-*.key')),
    };
  } catch (error) {
    // Nothing that was signed here has been given to anybody: the half-made keys are worth nothing and must not block a retry.
    rmSync(home.keys, { recursive: true, force: true });
    rmSync(home.store, { recursive: true, force: true });
    for (const path of [erasureJournalOf(home.store), home.auditSeen]) rmSync(path, { force: true });
    rmSync(home.federation, { force: true });
    rmSync(home.card, { force: true });
    throw error;
  } finally {
    token?.close();
  }
}

function readScheme(source: string | PlainScheme | undefined): ClassificationScheme {
  if (source === undefined) return schemeFrom(neutral.scheme as unknown as PlainScheme);
  if (typeof source !== 'string') return schemeFrom(source);
  const document = readHumanDocument(source);
  const plain = parseWith(schemeFile, document) as PlainScheme;
  try {
    return schemeFrom(plain);
  } catch (error) {
    throw error instanceof DocumentFaults ? placeFaults(document, error) : error;
  }
}

/** `192.0.2.7:7400`, `[2001:db8::7]:7400` or `node.example:7400` as a multiaddr. @throws Fault cli.usage */
export function multiaddrOf(address: string): string {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535)
    throw new Fault('cli.usage', `${JSON.stringify(address)} is no host:port`);
  if (match[1] !== undefined) return `/ip6/${match[1]}/tcp/${port}`;
  const host = match[2] as string;
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ? `/ip4/${host}/tcp/${port}` : `/dns4/${host}/tcp/${port}`;
}
