import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForeignState } from '../federation/foreign-state.ts';
import { freePort } from '../federation/free-port.ts';
import { comity, NodeProcess } from './node-process.ts';
import { VariedDrafts } from './varied-drafts.ts';

/** What one call of `record.issue` takes with room to spare. */
const DRAFTS_PER_CALL = 1_000;

export interface Founded extends AsyncDisposable {
  readonly node: NodeProcess;
  readonly codes: readonly string[];
  readonly records: number;
}

/**
 * A state with so many varied records, which recognises so many others. No policy is in force.
 *
 * @param isConfirmed whether they have confirmed that: otherwise none of them is served
 */
export async function foundWithRecords(
  records: number,
  peers: number,
  isConfirmed: boolean,
  note: (issued: number) => void,
): Promise<Founded> {
  const directory = await mkdtemp(join(tmpdir(), 'comity-bench-'));
  const node = new NodeProcess(join(directory, 'xar'));
  const dispose = async (): Promise<void> => {
    await node.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const listen = `127.0.0.1:${await freePort()}`;
    await comity(node.home, 'node', 'init', '--code', 'XAR', '--name', 'Arcadia', '--listen', listen);
    await node.start();
    const own = (await node.call('state.show', {})) as unknown as { readonly card: string };
    const codes = Array.from({ length: peers }, (_, index) => `XB${String.fromCharCode(65 + index)}`);
    for (const code of codes) {
      const { card, fingerprint, confirm } = await ForeignState.found(code);
      const theirs = isConfirmed ? await confirm(Buffer.from(own.card, 'base64')) : undefined;
      await node.call('peer.add', {
        card: Buffer.from(card).toString('base64'),
        fingerprint,
        ceiling: 'restricted',
        ...(theirs !== undefined && { theirs: Buffer.from(theirs).toString('base64') }),
      });
    }
    const drafts = new VariedDrafts(codes);
    for (let issued = 0; issued < records; ) {
      const length = Math.min(DRAFTS_PER_CALL, records - issued);
      const portion = Array.from({ length }, () => drafts.next());
      await node.call('record.issue', { drafts: portion, acceptRelay: true });
      issued += length;
      if (issued % 10_000 === 0) note(issued);
    }
    return { node, codes, records, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
