import type { Sovereign } from '../sovereign.ts';
import { type Hold, holdsInOrder } from './holds.ts';

/** Everything that waits, the longest first. */
export async function listHolds(sovereign: Sovereign): Promise<Hold[]> {
  const holds: Hold[] = [];
  for await (const hold of holdsInOrder(sovereign)) holds.push(hold);
  return holds;
}
