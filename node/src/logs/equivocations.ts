import { keyThumbprint } from '@comity/cose';
import { equalBytes, fromHex, toHex } from '@comity/digest';
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
import type { Sovereign } from '../sovereign.ts';
import { isAlarmed, raiseLogAlarm } from './log-alarms.ts';
import { inLogTurn, originNameOf, ownLogName } from './log-generation.ts';
import { everyLogVerifierOf, isRevoked, type ShownCheckpoint, stateOfAnyOrigin } from './origin-keys.ts';

/** Checkpoints of one log that are kept to hold later ones against; see {@link beyondRoom} for what goes. */
const MAX_SEEN = 1_024;
/** Pieces of evidence that are kept against one log: one is enough, and more show no more. */
const MAX_EVIDENCE_OF_A_LOG = 16;

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
  { origin, checkpoint, logVerifier }: ShownCheckpoint,
): Promise<undefined> {
  const { store } = sovereign;
  const log = await store.log(ownLogName(sovereign));
  const { size, root } = checkpoint;
  const isOwn = size <= log.size && equalBytes(await rootAt(size, log.subtrees()), root);
  if (isOwn) return;
  const kid = toHex(keyThumbprint(logVerifier.publicKey));
  const known = (await store.get(TABLES.logAlarms, ['own-log-lost', origin]))?.kid;
  // Of two keys it is not told apart which has lost what: then no revocation ends it.
  const isAlone =
    known === undefined || known === kid || (known !== null && isRevoked(sovereign, fromHex(known)));
  await raiseLogAlarm(sovereign, 'own-log-lost', origin, size, isAlone ? kid : null);
}

/**
 * Whether others have checkpoints of the own log that this node does not know, signed by a key that its state has not revoked:
 * with a stolen one a thief has signed them (witness.md 5.5).
 */
export async function isOwnLogLost(sovereign: Sovereign): Promise<boolean> {
  const { store, self } = sovereign;
  const alarm = await store.get(TABLES.logAlarms, ['own-log-lost', self.state]);
  if (alarm === undefined) return false;
  return alarm.kid === null || !isRevoked(sovereign, fromHex(alarm.kid));
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
  const isBarring =
    bars(sovereign, origin, evidence) && !held.some(({ row }) => isBarringFile(sovereign, origin, row.file));
  const known = held.find(({ key }) => key[1] === size);
  const isFull = held.length >= MAX_EVIDENCE_OF_A_LOG;
  if (known === undefined ? !isFull || isBarring : isBarring) {
    const row = { file: formatEvidence(evidence), peer, atSeconds, told: [] };
    const set = new WriteSet();
    // What thieves of a revoked key have made does not keep out what shows that the state itself keeps two histories.
    const last = held.at(-1);
    if (known === undefined && isFull && last !== undefined) set.delete(TABLES.equivocations, last.key);
    await store.commit(
      set
        .put(TABLES.equivocations, [origin, size], row)
        .audit({ atSeconds, event: 'evidence-kept', fields: { peer: origin, size, from: peer } }),
    );
  }
  await raiseLogAlarm(sovereign, 'two-histories', origin, size);
}

/** Whether a log is not to be signed or cosigned any more for what is known of it (witness.md 4.6). */
export async function isBarred(sovereign: Sovereign, origin: StateId): Promise<boolean> {
  if (!(await isAlarmed(sovereign, 'two-histories', origin))) return false;
  const held = await sovereign.store.list(TABLES.equivocations, [origin]);
  return held.length === 0 || held.some(({ row }) => isBarringFile(sovereign, origin, row.file));
}

function isBarringFile(sovereign: Sovereign, state: StateId, file: string): boolean {
  return bars(sovereign, state, verifyEvidence(file));
}

/**
 * Whether it is about the log in use, and the state stood by both keys: of a key that it has revoked a thief may have signed, and
 * the other history stands.
 */
function bars(sovereign: Sovereign, state: StateId, { origin, histories }: EquivocationEvidence): boolean {
  if (origin !== originNameOf(sovereign, state)) return false;
  return !histories.some(({ logVerifier }) => isRevoked(sovereign, keyThumbprint(logVerifier.publicKey)));
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
  const origin = stateOfAnyOrigin(sovereign, evidence.origin);
  if (origin === undefined) return 'unknown';
  assertKeysOf(sovereign, origin, evidence);
  await inLogTurn(sovereign, origin, () => keepEvidence(sovereign, origin, evidence, peer));
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
