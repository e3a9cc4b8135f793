import { equalBytes } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import {
  bareNote,
  type EquivocationEvidence,
  equivocation,
  formatEvidence,
  verifyEvidence,
} from '@comity/log';
import { rootAt } from '@comity/merkle';
import { type SeenRow, TABLES, WriteSet } from '@comity/store';
import { raiseLogAlarm } from './log-alarms.ts';
import { everyLogVerifierOf, type ShownCheckpoint, stateOfOrigin } from './origin-keys.ts';
import { perPeer } from './per-peer.ts';
import type { Sovereign } from './sovereign.ts';
import { Turns } from './turns.ts';

/** Checkpoints of one log that are kept to hold later ones against; see {@link beyondRoom} for what goes. */
const MAX_SEEN = 1_024;
/** Pieces of evidence that are kept against one log: one is enough, and more show no more. */
const MAX_EVIDENCE_OF_A_LOG = 16;

/** Whatever is decided of an origin log takes its turn here. By the state whose log it is. */
export const originLogTurns = perPeer(() => new Turns());

/**
 * Holds a checkpoint against what was seen of its log before, and keeps it. To be called in the turn of its log.
 *
 * @returns evidence, where it contradicts what was seen
 */
export async function holdAgainstSeen(
  sovereign: Sovereign,
  shown: ShownCheckpoint,
): Promise<EquivocationEvidence | undefined> {
  const { store, self } = sovereign;
  const { origin, checkpoint } = shown;
  if (origin === self.state) return holdAgainstOwn(sovereign, shown);
  const seen = await seenAt(sovereign, origin, checkpoint.size);
  if (seen === undefined) {
    const set = new WriteSet().put(TABLES.seen, [origin, checkpoint.size], {
      root: checkpoint.root,
      note: bareNote(shown),
    });
    const sizes = (await store.list(TABLES.seen, [origin])).map(({ key }) => key[1]);
    const cosignedSize = (await store.get(TABLES.witnessed, [origin]))?.size;
    for (const size of beyondRoom(sizes, cosignedSize)) set.delete(TABLES.seen, [origin, size]);
    await store.commit(set);
    return undefined;
  }
  if (equalBytes(seen.root, checkpoint.root)) return undefined;
  return contradiction(sovereign, shown, seen.note);
}

/** What was seen of a log at a size. What was cosigned last is held whatever has become of the other rows. */
export async function seenAt(
  { store }: Sovereign,
  origin: StateId,
  size: number,
): Promise<SeenRow | undefined> {
  const seen = await store.get(TABLES.seen, [origin, size]);
  if (seen !== undefined) return seen;
  const last = await store.get(TABLES.witnessed, [origin]);
  return last?.size === size ? { root: last.root, note: last.note } : undefined;
}

/**
 * Which sizes go so that one more has room. A log signs sizes far ahead of its tree at no cost, and nothing shows yet that they
 * are of no tree: they must not push out what shows another history. So what is ahead of the size that was cosigned last goes
 * first, the largest before the others; then the smallest.
 *
 * @param sizes in ascending order
 */
function beyondRoom(sizes: readonly number[], cosignedSize: number | undefined): number[] {
  const excess = Math.max(0, sizes.length + 1 - MAX_SEEN);
  const ahead = cosignedSize === undefined ? [] : sizes.filter((size) => size > cosignedSize).reverse();
  return [...ahead, ...sizes.filter((size) => cosignedSize === undefined || size <= cosignedSize)].slice(
    0,
    excess,
  );
}

/** A checkpoint of the own log that others have and this node would not sign: it has lost what it signed. */
async function holdAgainstOwn(
  sovereign: Sovereign,
  { origin, checkpoint }: ShownCheckpoint,
): Promise<undefined> {
  const log = await sovereign.store.log('origin');
  const { size, root } = checkpoint;
  const isOwn = size <= log.size && equalBytes(await rootAt(size, log.subtrees()), root);
  if (!isOwn) await raiseLogAlarm(sovereign, 'own-log-lost', origin, size);
}

/** Keeps the evidence that two notes of one log are, whichever of its keys have signed them. */
async function contradiction(
  sovereign: Sovereign,
  shown: ShownCheckpoint,
  note: string,
): Promise<EquivocationEvidence | undefined> {
  for (const logVerifier of everyLogVerifierOf(sovereign, shown.origin)) {
    const evidence = evidenceOrNone(() => equivocation(shown, { note, logVerifier }));
    if (evidence === undefined) continue;
    await keepEvidence(sovereign, shown.origin, evidence, null);
    return evidence;
  }
  return undefined;
}

function evidenceOrNone(find: () => EquivocationEvidence | undefined): EquivocationEvidence | undefined {
  try {
    return find();
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}

/** Makes evidence durable, tells people, and has it handed on. Of one size the first that came is kept. */
export async function keepEvidence(
  sovereign: Sovereign,
  origin: StateId,
  evidence: EquivocationEvidence,
  peer: StateId | null,
): Promise<void> {
  const { store } = sovereign;
  const { size } = evidence;
  const atSeconds = sovereign.now();
  const held = await store.list(TABLES.equivocations, [origin]);
  const isKnown = held.some(({ key }) => key[1] === size);
  if (!isKnown && held.length < MAX_EVIDENCE_OF_A_LOG) {
    const row = { file: formatEvidence(evidence), peer, atSeconds, told: [] };
    await store.commit(
      new WriteSet()
        .put(TABLES.equivocations, [origin, size], row)
        .audit({ atSeconds, event: 'evidence-kept', fields: { peer: origin, size, from: peer } }),
    );
  }
  await raiseLogAlarm(sovereign, 'two-histories', origin, size);
}

/**
 * Takes a file of evidence that somebody brings, against a log that is known here.
 *
 * @returns whether the log is known; undefined where it is not
 * @throws Fault `log.*` where the file does not verify, or its keys are not those of the state
 */
export async function takeEvidence(
  sovereign: Sovereign,
  file: string,
  peer: StateId,
): Promise<'kept' | 'unknown'> {
  const evidence = verifyEvidence(file);
  const origin = stateOfOrigin(sovereign, evidence.origin);
  if (origin === undefined) return 'unknown';
  assertKeysOf(sovereign, origin, evidence);
  await originLogTurns(sovereign, origin).take(() => keepEvidence(sovereign, origin, evidence, peer));
  return 'kept';
}

/** @throws Fault `log.no-known-signature` where a key in evidence is none that the state has certified */
function assertKeysOf(sovereign: Sovereign, origin: StateId, { histories }: EquivocationEvidence): void {
  const known = everyLogVerifierOf(sovereign, origin);
  const isKnown = histories.every(({ logVerifier }) =>
    known.some(({ publicKey }) => equalBytes(publicKey, logVerifier.publicKey)),
  );
  if (!isKnown)
    throw new Fault('log.no-known-signature', 'the keys in the evidence are not known as keys of the state', {
      fields: { state: origin },
    });
}
