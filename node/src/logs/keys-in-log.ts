import { equalBytes, fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type LogProof, parseCheckpoint, parseProof, splitNote } from '@comity/log';
import { leafHash, verifyInclusion } from '@comity/merkle';
import { type KeyProofRow, TABLES, type WitnessedRow, WriteSet } from '@comity/store';
import type { Peer } from '../peers/peers.ts';
import type { Sovereign } from '../sovereign.ts';
import { raiseLogAlarm } from './log-alarms.ts';
import { inLogTurn } from './log-generation.ts';
import { keyDocuments } from './logged-keys.ts';

/** What a witness says of a proof: its status is that of the answer (witness.md 5.7). */
type ProofStatus = 200 | 400 | 404 | 409 | 422;

/**
 * Takes a proof that a charter or key state of a peer is a leaf of the log that this node cosigns. To be called in the turn of
 * that log.
 *
 * @param last what was cosigned last: a proof under anything else would be of a log that nobody watches
 */
export async function takeKeyProof(
  sovereign: Sovereign,
  state: StateId,
  text: string,
  last: WitnessedRow | undefined,
): Promise<ProofStatus> {
  const peer = sovereign.peers.get(state);
  const read = readProof(text);
  if (peer === undefined) return 404;
  if (read === undefined) return 400;
  const { proof, size, root } = read;
  if (last === undefined || size !== last.size || !equalBytes(root, last.root)) return 409;
  const documents = keyDocuments(peer);
  const proved = documents.find(({ leaf }) => isIncluded(proof, size, root, fromHex(leaf)));
  // A leaf that is none of them, and a proof of nothing, look alike.
  if (proved === undefined) return 404;
  const { store } = sovereign;
  const known = await store.get(TABLES.keyProofs, [state, proved.leaf]);
  if (known !== undefined && known.provedSize !== null) return 200;
  const sinceSeconds = known?.sinceSeconds ?? sovereign.now();
  const set = new WriteSet().put(TABLES.keyProofs, [state, proved.leaf], { sinceSeconds, provedSize: size });
  const rows = await store.list(TABLES.keyProofs, [state]);
  const isOpen = (leaf: string): boolean =>
    leaf !== proved.leaf && rows.find(({ key }) => key[1] === leaf)?.row.provedSize === null;
  if (!documents.some(({ leaf }) => isOpen(leaf))) set.delete(TABLES.logAlarms, ['keys-not-logged', state]);
  await store.commit(set);
  sovereign.events.emit('keys-proved', { peer: peer.code, size });
  return 200;
}

interface ReadProof {
  readonly proof: LogProof;
  readonly size: number;
  readonly root: Uint8Array;
}

function readProof(text: string): ReadProof | undefined {
  try {
    const proof = parseProof(text);
    const { size, root } = parseCheckpoint(splitNote(proof.checkpoint).text);
    return { proof, size, root };
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}

function isIncluded({ index, hashes }: LogProof, size: number, root: Uint8Array, leaf: Uint8Array): boolean {
  try {
    verifyInclusion({ leafHash: leafHash(leaf), index, size, proof: hashes, root });
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return false;
  }
}

/**
 * Notes since when this node goes by each charter and key state of a peer, and tells people of one that is not in the log of
 * its state although that log went on for as long as people have set (witness.md 5.7).
 *
 * @returns since when the peer is known here, UTC seconds
 */
export async function watchKeyProofs(sovereign: Sovereign, peer: Peer): Promise<number> {
  const { state } = peer;
  return inLogTurn(sovereign, state, async () => {
    const { store, config } = sovereign;
    const atSeconds = sovereign.now();
    const leaves = keyDocuments(peer).map(({ leaf }) => leaf);
    const rows = new Map<string, KeyProofRow>();
    const set = new WriteSet();
    for (const { key, row } of await store.list(TABLES.keyProofs, [state])) {
      if (leaves.includes(key[1])) rows.set(key[1], row);
      else set.delete(TABLES.keyProofs, key);
    }
    for (const leaf of leaves) {
      if (rows.has(leaf)) continue;
      const row = { sinceSeconds: atSeconds, provedSize: null };
      rows.set(leaf, row);
      set.put(TABLES.keyProofs, [state, leaf], row);
    }
    if (set.ops.length > 0) await store.commit(set);
    const last = await store.get(TABLES.witnessed, [state]);
    const isOverdue = ({ sinceSeconds, provedSize }: KeyProofRow): boolean =>
      provedSize === null &&
      last !== undefined &&
      last.atSeconds - sinceSeconds >= config.witness.frozenSeconds;
    if ([...rows.values()].some(isOverdue))
      await raiseLogAlarm(sovereign, 'keys-not-logged', state, last?.size ?? 0);
    return Math.min(...[...rows.values()].map(({ sinceSeconds }) => sinceSeconds));
  });
}
