import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import agreements from '@comity/protocol/registries/samples/equivalence.json' with { type: 'json' };
import arcadia from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import borealis from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import { comity, NodeProcess } from './node-process.ts';

/** Two sovereign nodes on this machine that recognise each other and exchange incidents. */
export interface Pair extends AsyncDisposable {
  /** XAR, which issues. */
  readonly sender: NodeProcess;
  /** XBO, which receives. */
  readonly recipient: NodeProcess;
}

/** Where peers are to look for a node, when that is not where it listens. */
export type Announce = (port: number) => Promise<number>;

const STATES = [arcadia, borealis];

/**
 * Founds the two states in an empty directory and lets them meet once, so that what follows is between states that know
 * each other: the first hello makes each side decide about all its records again.
 */
export async function foundPair(announce: Announce = async (port) => port): Promise<Pair> {
  const directory = await mkdtemp(join(tmpdir(), 'comity-bench-'));
  const nodes = STATES.map(({ code }) => new NodeProcess(join(directory, code.toLowerCase())));
  const [sender, recipient] = nodes as [NodeProcess, NodeProcess];
  const dispose = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await foundStates(directory, nodes, announce);
    await recogniseEachOther(directory, nodes);
    await Promise.all(nodes.map((node) => node.start()));
    await Promise.all(nodes.map((node) => node.logged(isLive)));
    return { sender, recipient, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The peer is connected, and both have said hello. */
export function isLive({
  event,
  connection,
}: {
  readonly event: string;
  readonly connection?: unknown;
}): boolean {
  return event === 'peer-status' && connection === 'live';
}

/** The peer has been sent the ledger up to this size, and its receipt says that it is durable there. */
export function isReceipt(
  size: number,
): (line: { readonly event: string; readonly size?: unknown }) => boolean {
  return (line) => line.event === 'receipt' && Number(line.size) >= size;
}

async function foundStates(
  directory: string,
  nodes: readonly NodeProcess[],
  announce: Announce,
): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const { code, name, scheme } = STATES[index] as (typeof STATES)[number];
    const schemeFile = join(directory, `${code}-scheme.json`);
    await writeFile(schemeFile, JSON.stringify(scheme));
    const port = await freePort();
    const federation =
      index === 0 ? [] : ['--federation', join((nodes[0] as NodeProcess).home, 'federation.json')];
    const addresses = ['--listen', `127.0.0.1:${port}`, '--announce', `127.0.0.1:${await announce(port)}`];
    await comity(
      node.home,
      'node',
      'init',
      '--code',
      code,
      '--name',
      name.en,
      '--scheme',
      schemeFile,
      ...addresses,
      ...federation,
    );
  }
}

async function recogniseEachOther(directory: string, nodes: readonly NodeProcess[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const own = STATES[index] as (typeof STATES)[number];
    const other = STATES[1 - index] as (typeof STATES)[number];
    const agreement = join(directory, `${own.code}-agreement.json`);
    await writeFile(agreement, JSON.stringify(agreementOf(own.code, other.code)));
    const otherHome = (nodes[1 - index] as NodeProcess).home;
    const { fingerprint } = await comity(otherHome, 'state', 'fingerprint');
    const card = join(otherHome, 'state.card');
    await comity(
      node.home,
      'peer',
      'add',
      card,
      '--fingerprint',
      String(fingerprint),
      '--equivalence',
      agreement,
      '--yes',
    );
    const policy = join(directory, `${own.code}-policy.json`);
    await writeFile(policy, JSON.stringify(policyTowards(other.code)));
    await comity(node.home, 'policy', 'apply', policy, '--yes');
  }
}

/** Everything about incidents that the labels allow. Nothing is handed on, as there is nobody else. */
function policyTowards(other: string): object {
  return {
    comity: 'policy/1',
    rules: [
      {
        name: 'incidents',
        to: [other],
        mode: ['push', 'query'],
        purpose: ['incident-response'],
        when: { type: 'incident' },
      },
    ],
  };
}

interface SamplePair {
  readonly states: readonly string[];
  readonly levels: Readonly<Record<string, object>>;
  readonly grants: Readonly<Record<string, { readonly ceiling: string; readonly categories: object[] }>>;
}

function agreementOf(own: string, other: string): object {
  const pairs = agreements.pairs as unknown as readonly SamplePair[];
  const pair = pairs.find(({ states }) => states.includes(own) && states.includes(other));
  const grant = pair?.grants[own];
  if (pair === undefined || grant === undefined)
    throw new Error(`no sample agreement of ${own} with ${other}`);
  const { ceiling, categories } = grant;
  return { ceiling, categories, outbound: pair.levels[own], inbound: pair.levels[other] };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
