import { toHex } from '@comity/digest';
import { chartersOf } from '@comity/identity';
import { TABLES, WriteSet } from '@comity/store';
import type { Self, Sovereign } from '../sovereign.ts';

/** The documents about the keys of a state that its origin log has. */
export type KeyDocumentKind = 'charter' | 'key-state';

/** A document that becomes a leaf by the digest of its payload, whoever of the root key holders has signed it (log.md 10.7). */
interface KeyDocument {
  readonly kind: KeyDocumentKind;
  readonly version: number;
  readonly leaf: string;
}

/** What a card has of them, charters first, each in the order of their versions. */
export function keyDocuments({ charter, keyState }: Pick<Self, 'charter' | 'keyState'>): KeyDocument[] {
  const charters = chartersOf(charter).map(({ version, digest }): KeyDocument => {
    return { kind: 'charter', version, leaf: toHex(digest) };
  });
  if (keyState === undefined) return charters;
  const { version, digest } = keyState;
  return [...charters, { kind: 'key-state', version, leaf: toHex(digest) }];
}

/**
 * Notes the charters and key states of cards for the next batch of the origin log, those left out that are in it or wait for it
 * already. A card that is replaced before a checkpoint was made is to be noted too: peers may have seen it.
 */
export async function noteOwnKeys(
  { store }: Sovereign,
  ...cards: readonly Pick<Self, 'charter' | 'keyState'>[]
): Promise<void> {
  const set = new WriteSet();
  for (const { kind, leaf } of cards.flatMap(keyDocuments)) {
    if ((await store.get(TABLES.logged, [leaf])) !== undefined) continue;
    if ((await store.get(TABLES.unlogged, [leaf])) === undefined) set.put(TABLES.unlogged, [leaf], kind);
  }
  if (set.ops.length > 0) await store.commit(set);
}
