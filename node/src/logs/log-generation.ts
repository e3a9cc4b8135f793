import { equalBytes } from '@comity/digest';
import type { EndedLog } from '@comity/identity';
import type { StateId } from '@comity/label';
import { originLogName } from '@comity/log';
import { type LogName, TABLES, WriteSet } from '@comity/store';
import { perPeer } from '../peers/per-peer.ts';
import { Turns } from '../process/turns.ts';
import type { Sovereign } from '../sovereign.ts';
import { raiseLogAlarm } from './log-alarms.ts';

/** Whatever is decided of an origin log takes its turn here. By the state whose log it is. */
export const originLogTurns = perPeer(() => new Turns());

/** Setting, before the id of a peer: which of its logs the rows about its log are of. */
const GENERATION_SETTING = 'log-generation/';
/** Alarms about a log that are over when the log is: what follows is another one. Evidence of two histories stays. */
const OVER_WITH_THE_LOG = [
  'rolled-back',
  'does-not-continue',
  'frozen',
  'witness-lost',
  'keys-not-logged',
] as const;

/** The logs of this state or a peer that have ended by its key state that counts, the first first. */
export function endedLogsOf({ self, peers }: Sovereign, state: StateId): readonly EndedLog[] {
  const keyState = state === self.state ? self.keyState : peers.get(state)?.keyState;
  return keyState?.endedLogs ?? [];
}

/** Which log of a state is in use: 1 for the first (key-state.md 1.9). */
export function generationOf(sovereign: Sovereign, state: StateId): number {
  return endedLogsOf(sovereign, state).length + 1;
}

/** Origin of the log of a state that is in use. @throws Fault `log.bad-state` */
export function originNameOf(sovereign: Sovereign, state: StateId): string {
  return originLogName(sovereign.federation.name, state, generationOf(sovereign, state));
}

/** Where the store has a log of this state. */
export function storedLogName(generation: number): LogName {
  return generation === 1 ? 'origin' : `origin/${generation}`;
}

/** Where the store has the log of this state that is in use. */
export function ownLogName(sovereign: Sovereign): LogName {
  return storedLogName(generationOf(sovereign, sovereign.self.state));
}

/**
 * Decides something of the log of a state in its turn. Where the state has ended a log since, what was kept of that one goes
 * first: the next begins with nothing.
 *
 * @param decide told whether the log is one that this witness has left: it never goes back (witness.md 4.7)
 */
export function inLogTurn<T>(
  sovereign: Sovereign,
  state: StateId,
  decide: (isLeft: boolean) => Promise<T>,
): Promise<T> {
  return originLogTurns(sovereign, state).take(async () => {
    const { store, self } = sovereign;
    if (state === self.state) return decide(false);
    const known =
      ((await store.get(TABLES.settings, [GENERATION_SETTING + state])) as number | undefined) ?? 1;
    const current = generationOf(sovereign, state);
    if (current > known) await leave(sovereign, state, known, current);
    return decide(current < known);
  });
}

/** Forgets what was cosigned and seen of the logs that have ended, and tells people where that goes beyond the end. */
async function leave(sovereign: Sovereign, state: StateId, known: number, current: number): Promise<void> {
  const { store } = sovereign;
  const last = await store.get(TABLES.witnessed, [state]);
  const seen = await store.list(TABLES.seen, [state]);
  const { end } = endedLogsOf(sovereign, state)[known - 1] as EndedLog;
  const atEnd = end === null ? undefined : seen.find(({ key }) => key[1] === end.size)?.row;
  const isBeyond = last !== undefined && last.size > (end?.size ?? 0);
  const isOther = end !== null && atEnd !== undefined && !equalBytes(atEnd.root, end.root);
  if (isBeyond || isOther)
    await raiseLogAlarm(sovereign, 'ended-otherwise', state, last?.size ?? end?.size ?? 0);
  const set = new WriteSet()
    .delete(TABLES.witnessed, [state])
    .put(TABLES.settings, [GENERATION_SETTING + state], current)
    .audit({
      atSeconds: sovereign.now(),
      event: 'log-ended',
      fields: { peer: state, log: known, size: end?.size ?? 0, cosigned: last?.size ?? 0 },
    });
  for (const { key } of seen) set.delete(TABLES.seen, key);
  for (const { key } of await store.list(TABLES.keyProofs, [state])) set.delete(TABLES.keyProofs, key);
  for (const kind of OVER_WITH_THE_LOG) set.delete(TABLES.logAlarms, [kind, state]);
  await store.commit(set);
}
