import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Starting, loading of modules, system calls: nothing that a stage claims. */
const REST = 'start and the rest';

/** What time is spent on. A sample belongs to the innermost frame that one of these claims. */
const STAGES: readonly (readonly [stage: string, pattern: RegExp])[] = [
  [REST, /^node:internal\/(modules|bootstrap|main)|^node:amaro|\/amaro\//],
  ['decode', /\/packages\/cbor\//],
  ['verify', /\/packages\/ed25519\//],
  ['decide', /\/packages\/disclosure\//],
  ['records', /\/packages\/(record|cose|identity|label|digest)\//],
  ['store', /\/packages\/(store|merkle|log)\/|\/(abstract|classic)-level\//],
  ['stream', /\/packages\/exchange\/|\/@libp2p|\/@chainsafe\/|\/@noble\/|\/it-[a-z-]+@|\/uint8array/],
  ['threads', /^node:internal\/(worker|per_context\/messageport)/],
  ['node', /\/node\/src\//],
];
/** Frames that work on behalf of whoever called them. */
const ON_BEHALF = /^node:internal\/crypto|\/packages\/digest\/|^$/;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Seconds by stage in which a thread did not idle, of all profiles in a directory: one for each thread of a process. */
export async function stagesOf(directory: string): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  for (const file of await readdir(directory)) {
    const profile = JSON.parse(await readFile(join(directory, file), 'utf8')) as Profile;
    const stageOf = stagesOfNodes(profile);
    for (const [index, sample] of profile.samples.entries()) {
      const stage = stageOf.get(sample) ?? REST;
      if (stage === 'idle') continue;
      seconds.set(stage, (seconds.get(stage) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1e6);
    }
  }
  return seconds;
}

function stagesOfNodes({ nodes }: Profile): Map<number, string> {
  const parents = new Map<number, ProfileNode>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  const stages = new Map<number, string>();
  for (const { id } of nodes) stages.set(id, stageFrom(byId.get(id), parents));
  return stages;
}

function stageFrom(leaf: ProfileNode | undefined, parents: ReadonlyMap<number, ProfileNode>): string {
  if (leaf?.callFrame.functionName === '(idle)') return 'idle';
  if (leaf?.callFrame.functionName === '(garbage collector)') return 'garbage collection';
  let onBehalfOf: string | undefined;
  for (let node = leaf; node !== undefined; node = parents.get(node.id)) {
    const { url } = node.callFrame;
    const stage = STAGES.find(([, pattern]) => pattern.test(url))?.[0];
    if (stage === undefined) continue;
    if (!ON_BEHALF.test(url)) return stage;
    onBehalfOf ??= stage;
  }
  return onBehalfOf ?? REST;
}
