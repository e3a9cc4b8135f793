import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comityJson } from './command-line.ts';
import { freePort } from './free-port.ts';
import type { NodeProcess } from './node-process.ts';
import type { ScratchDirectory } from './scratch-directory.ts';

/** A state with a home, as `comity node init` made it. */
export interface FoundedState {
  readonly code: string;
  readonly home: string;
  readonly port: number;
  readonly fingerprint: string;
  /** Bytes of its card. */
  readonly card: Uint8Array;
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
    founded.push({ code, home, port, fingerprint, card: await readFile(join(home, 'state.card')) });
  }
  return founded as Founded<C>;
}

/** What a running node is told to recognise a state by. */
export interface Recognised {
  readonly card: Uint8Array;
  readonly fingerprint: string;
}

export interface Terms {
  readonly ceiling?: string;
  readonly categories?: readonly { readonly set: string; readonly values: readonly string[] }[];
  readonly equivalence?: { readonly outbound: object; readonly inbound: object };
  /** In the place of the recognition there is. */
  readonly renew?: boolean;
}

/** Lets a running node recognise a state, as `comity peer add` does. */
export async function recognise(
  node: NodeProcess,
  { card, fingerprint }: Recognised,
  terms: Terms = {},
): Promise<void> {
  const bytes = Buffer.from(card).toString('base64');
  await node.call('peer.add', { card: bytes, fingerprint, ceiling: 'restricted', ...terms });
}

/** Puts a policy in force at a running node. It is written as JSON, which is YAML. */
export async function applyPolicy(node: NodeProcess, policy: object): Promise<void> {
  await node.call('policy.apply', { text: JSON.stringify(policy) });
}
