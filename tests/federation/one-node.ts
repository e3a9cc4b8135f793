import { type FoundedState, foundStates } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

/** One state (XAA) with its node, for a suite that plays everybody else itself. Gone with its home when it is disposed of. */
export interface OneNode extends AsyncDisposable {
  readonly founded: FoundedState;
  /** As it was started; a suite that starts the node again ends that process itself. */
  readonly node: NodeProcess;
}

/** @param changes to the environment of the node */
export async function startOneNode(changes?: Readonly<Record<string, string>>): Promise<OneNode> {
  const scratch = await scratchDirectory();
  try {
    const [founded] = await foundStates(scratch, ['XAA']);
    const node = await NodeProcess.start(founded.home, changes);
    const dispose = async (): Promise<void> => {
      await node.kill();
      await scratch[Symbol.asyncDispose]();
    };
    return { founded, node, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}
