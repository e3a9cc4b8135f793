import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import { decodeStateCard, issueRecognition, type Recognition } from '@comity/identity';
import { comityJson } from './command-line.ts';
import { freePort } from './free-port.ts';
import type { NodeProcess } from './node-process.ts';
import type { ScratchDirectory } from './scratch-directory.ts';

const HOUR_SECONDS = 3_600;

/** A state with a home, as `comity node init` made it. */
export interface FoundedState {
  readonly code: string;
  readonly home: string;
  readonly port: number;
  readonly fingerprint: string;
  /** Bytes of its card. */
  readonly card: Uint8Array;
  /** What its root key signs about the state of a card, an hour ago: with its next hello comes what its node has signed. */
  readonly confirm: (card: Uint8Array, equivalence?: Terms['equivalence']) => Promise<Uint8Array>;
}

export interface Founding {
  /** Classification scheme, as a file of `--scheme`; default: the neutral one. */
  readonly scheme?: object;
}

/** One state for each code, in their order. */
type Founded<C extends readonly string[]> = { -readonly [K in keyof C]: FoundedState };

/** Founds states of one federation, each in a home of its own. */
export async function foundStates<const C extends readonly string[]>(
  scratch: ScratchDirectory,
  codes: C,
  { scheme }: Founding = {},
): Promise<Founded<C>> {
  const founded: FoundedState[] = [];
  for (const code of codes) {
    const home = scratch.at(code.toLowerCase());
    const port = await freePort();
    const options = ['--code', code, '--name', `State ${code}`, '--listen', `127.0.0.1:${port}`];
    if (founded[0] !== undefined) options.push('--federation', join(founded[0].home, 'federation.json'));
    if (scheme !== undefined) {
      await writeFile(scratch.at('scheme.json'), JSON.stringify(scheme));
      options.push('--scheme', scratch.at('scheme.json'));
    }
    const { fingerprint } = await comityJson<{ fingerprint: string }>([
      '--home',
      home,
      'node',
      'init',
      ...options,
    ]);
    const card = await readFile(join(home, 'state.card'));
    const confirm: FoundedState['confirm'] = (about, equivalence) =>
      confirmBy(home, card, about, equivalence);
    founded.push({ code, home, port, fingerprint, card, confirm });
  }
  return founded as Founded<C>;
}

/** What a running node is told to recognise a state by. */
export interface Recognised {
  readonly card: Uint8Array;
  readonly fingerprint: string;
  /** What the state signs about a card: a state that has no node of its own here confirms at once. */
  readonly confirm?: (card: Uint8Array, equivalence?: Terms['equivalence']) => Promise<Uint8Array>;
}

export interface Terms {
  readonly ceiling?: string;
  readonly categories?: readonly { readonly set: string; readonly values: readonly string[] }[];
  readonly equivalence?: { readonly outbound: Levels; readonly inbound: Levels };
  /** In the place of the recognition there is. */
  readonly renew?: boolean;
  /** Whether the other state confirms it anew; by default it does where nothing is renewed. */
  readonly isConfirmed?: boolean;
}

type Levels = Readonly<Record<string, string>>;

/** Lets a running node recognise a state, as `comity peer add` does, and takes what that has signed for it. */
export async function recognise(
  node: NodeProcess,
  { card, fingerprint, confirm }: Recognised,
  { isConfirmed, ...terms }: Terms = {},
): Promise<void> {
  const { equivalence, renew = false } = terms;
  const mirrored = equivalence && { outbound: equivalence.inbound, inbound: equivalence.outbound };
  const confirming = (isConfirmed ?? !renew) ? confirm : undefined;
  const own = await node.call<{ card: string }>('state.show', {});
  const theirs = await confirming?.(Buffer.from(own.card, 'base64'), mirrored);
  await node.call('peer.add', {
    card: Buffer.from(card).toString('base64'),
    fingerprint,
    ceiling: 'restricted',
    ...terms,
    ...(theirs !== undefined && { theirs: Buffer.from(theirs).toString('base64') }),
  });
}

async function confirmBy(
  home: string,
  card: Uint8Array,
  about: Uint8Array,
  equivalence: Terms['equivalence'],
): Promise<Uint8Array> {
  const text = await readFile(join(home, 'keys', 'root-1.key'), 'utf8');
  const root = signerFromSeed(fromHex(text.trim().split(' ').at(-1) ?? ''));
  const [own, other] = [decodeStateCard(card).charter, decodeStateCard(about).charter];
  const same = new Map(own.scheme.levels.map(({ id }) => [id, id]));
  const [outbound, inbound] = [equivalence?.outbound, equivalence?.inbound].map((levels) =>
    levels === undefined ? same : new Map(Object.entries(levels)),
  ) as [Map<string, string>, Map<string, string>];
  const [from, to] = [own.scheme.id, other.scheme.id];
  const atSeconds = Math.floor(Date.now() / 1000) - HOUR_SECONDS;
  const recognition: Recognition = {
    issuer: own.state,
    subject: other.state,
    subjectCode: other.code,
    charterDigest: other.digest,
    ceiling: own.scheme.levels[0]?.id ?? '',
    outbound: { from, to, levels: outbound },
    inbound: { from: to, to: from, levels: inbound },
    categories: [],
    community: true,
    issuedAtSeconds: atSeconds,
    notBeforeSeconds: atSeconds,
    notAfterSeconds: atSeconds + 24 * HOUR_SECONDS,
  };
  return issueRecognition(recognition, own, other, [root]);
}

/** Puts a policy in force at a running node. It is written as JSON, which is YAML. */
export async function applyPolicy(node: NodeProcess, policy: object): Promise<void> {
  await node.call('policy.apply', { text: JSON.stringify(policy) });
}
