import type { StateId } from '@comity/label';
import { decodeLetter, sizeOfLetter } from '@comity/ledger';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import type { JudgedLetter } from '../jobs/judges.ts';
import type { Sovereign } from '../sovereign.ts';

/** A letter that came in a peer's ledger, or its entry alone. */
export interface ReceivedLetter {
  readonly index: number;
  readonly letter: JudgedLetter;
}

/** What becomes of the letters of a batch. */
export interface SortedLetters {
  /** For their officers. */
  readonly kept: readonly ReceivedLetter[];
  /** Entries whose letter did not come: it is asked for again. */
  readonly missing: readonly number[];
  /** Entries of letters that their sender has taken back. */
  readonly recalled: readonly number[];
}

/** Whether the state that wrote a letter has taken it back since. */
function isRecalled({ orders }: Sovereign, peer: StateId, id: string): boolean {
  return orders.recalled({ issuer: peer, id: id as RecordId }) === 'all';
}

/** Says what is to become of letters that came. One that is held already is not kept again, nor missed. */
export async function sortLetters(
  sovereign: Sovereign,
  peer: StateId,
  received: readonly ReceivedLetter[],
): Promise<SortedLetters> {
  const kept: ReceivedLetter[] = [];
  const missing: number[] = [];
  const recalled: number[] = [];
  const seen = new Set<string>();
  for (const each of received) {
    const { id, bytes } = each.letter;
    if (isRecalled(sovereign, peer, id)) recalled.push(each.index);
    else if (bytes === undefined) missing.push(each.index);
    else if (!seen.has(id) && (await sovereign.store.get(TABLES.sealedLetters, [id])) === undefined) {
      seen.add(id);
      kept.push(each);
    }
  }
  return { kept, missing, recalled };
}

/**
 * Keeps letters for their officers, in the set that stores their entries: whether or not this state knows the officer. Nobody
 * here can look into them; they are no records, and nothing that goes through records finds them.
 */
export function keepLetters(
  set: WriteSet,
  peer: StateId,
  kept: readonly ReceivedLetter[],
  atSeconds: number,
): void {
  for (const { index, letter } of kept) {
    const { id, officer, bytes, atSeconds: writtenAtSeconds } = letter;
    if (bytes === undefined) continue;
    set
      .put(TABLES.sealedLetters, [id], { bytes, officer })
      .put(TABLES.letters, [officer, id], {
        peer,
        ledgerIndex: index,
        writtenAtSeconds,
        receivedAtSeconds: atSeconds,
        size: sizeOfLetter(decodeLetter(bytes)),
        openedAtSeconds: null,
      })
      .audit({ atSeconds, event: 'letter-received', fields: { peer, officer, letter: id, index } });
  }
}

/** After they are durable: takes those away of which the recall came while they were being stored. */
export async function dropRecalled(
  sovereign: Sovereign,
  peer: StateId,
  kept: readonly ReceivedLetter[],
): Promise<void> {
  const set = new WriteSet();
  const atSeconds = sovereign.now();
  for (const { index, letter } of kept) {
    if (!isRecalled(sovereign, peer, letter.id)) continue;
    set
      .delete(TABLES.letters, [letter.officer, letter.id])
      .delete(TABLES.sealedLetters, [letter.id])
      .audit({ atSeconds, event: 'recalled-kept-out', fields: { peer, index } });
  }
  await sovereign.store.commit(set);
}

/** After they are durable. */
export function announceLetters(
  { events, peers }: Sovereign,
  peer: StateId,
  kept: readonly ReceivedLetter[],
): void {
  for (const { letter } of kept) {
    events.emit('letter-received', {
      peer: peers.codeOf(peer) ?? peer,
      officer: letter.officer,
      letter: letter.id.slice(0, 12),
    });
  }
}

/** Who wrote a letter that is held here for an officer of this state. */
export async function writerOf({ store }: Sovereign, id: string): Promise<StateId | undefined> {
  const officer = (await store.get(TABLES.sealedLetters, [id]))?.officer ?? null;
  return officer === null ? undefined : (await store.get(TABLES.letters, [officer, id]))?.peer;
}

/** Takes a letter away that is held here for an officer of this state; of anything else nothing. */
export async function eraseLetter({ store }: Sovereign, set: WriteSet, id: string): Promise<void> {
  const officer = (await store.get(TABLES.sealedLetters, [id]))?.officer ?? null;
  if (officer !== null) set.delete(TABLES.letters, [officer, id]).delete(TABLES.sealedLetters, [id]);
}
