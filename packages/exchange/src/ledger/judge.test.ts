import { expect, test } from 'vitest';
import { MemoryLedger } from '../memory-ledger.test-support.ts';
import { sampleItems } from '../memory-ports.test-support.ts';
import { judgeHead } from './judge.ts';

test('a head goes on from what is held, or is another history', async () => {
  const ledger = new MemoryLedger('x');
  ledger.append(...sampleItems(40));
  const at = async (size: number): Promise<{ size: number; root: Uint8Array }> => ({
    size,
    root: await ledger.rootAt(size),
  });
  for (const held of [0, 1, 7, 8, 39, 40]) {
    const { consistencyProof } = await ledger.head(held);
    judgeHead(await at(held), { ...(await at(40)), consistencyProof });
  }
  const { consistencyProof } = await ledger.head(7);
  const rewritten = [
    [await at(40), { ...(await at(39)), consistencyProof: [] }, 'smaller'],
    [await at(40), { size: 40, root: await ledger.rootAt(39), consistencyProof: [] }, 'root'],
    [await at(0), { size: 0, root: await ledger.rootAt(39), consistencyProof: [] }, 'root'],
    [await at(8), { ...(await at(40)), consistencyProof }, 'proof'],
    [await at(7), { ...(await at(40)), consistencyProof: [] }, 'proof'],
    [
      await at(7),
      { ...(await at(40)), consistencyProof: [...consistencyProof, new Uint8Array(32)] },
      'proof',
    ],
    [await at(0), { ...(await at(40)), consistencyProof }, 'proof'],
    [await at(40), { ...(await at(40)), consistencyProof }, 'proof'],
  ] as const;
  for (const [held, offered, reason] of rewritten) {
    expect(() => judgeHead(held, offered)).toThrow(
      expect.objectContaining({
        code: 'exchange.ledger-rewritten',
        fields: expect.objectContaining({ reason }),
      }),
    );
  }
});
