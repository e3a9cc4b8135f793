import { Fault } from '@comity/fault';
import { utf8 } from './encoding.ts';

/** Longest key name and origin, in bytes of UTF-8: the limit that C2SP tlog-cosignature sets for both. */
export const MAX_NAME_BYTES = 255;

/** C2SP signed-note: no Unicode spaces, no plus; and no control characters, which no note may contain. */
const FORBIDDEN_IN_NAME = /[\p{White_Space}\p{Cc}+]/u;

/** Whether this is a name (log.md §5.2). A text has at least as many bytes as UTF-16 units: the length comes first. */
export function isKeyName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= MAX_NAME_BYTES &&
    name.isWellFormed() &&
    !FORBIDDEN_IN_NAME.test(name) &&
    utf8(name).length <= MAX_NAME_BYTES
  );
}

/** @throws Fault `log.bad-key-name` */
export function assertKeyName(name: string): void {
  if (!isKeyName(name)) {
    throw new Fault('log.bad-key-name', 'expected a name of 1 to 255 bytes without spaces and plus signs');
  }
}

const FEDERATION = /^[a-z0-9][a-z0-9-]{0,62}$/;
const STATE = /^[0-9a-f]{64}$/;

function federationPrefix(federation: string, state: string): string {
  if (federation.length > 63 || !FEDERATION.test(federation)) {
    throw new Fault('log.bad-federation', 'expected 1 to 63 lower-case letters, digits and hyphens');
  }
  assertState(state);
  return `comity/${federation}/${state}`;
}

function assertState(state: string): void {
  if (state.length !== 64 || !STATE.test(state)) {
    throw new Fault('log.bad-state', 'expected 64 lower-case hexadecimal digits');
  }
}

/** Logs that a state can have one after another: each that has ended is named in its key state (key-state.md 1.9). */
const MAX_GENERATION = 9;

/**
 * Origin, and so key name, of the log of everything a state has issued.
 *
 * @param generation 1 for the first log; one more for each that the state has ended
 * @throws Fault `log.bad-federation`, `log.bad-state`
 */
export function originLogName(federation: string, state: string, generation: number = 1): string {
  const first = `${federationPrefix(federation, state)}/origin`;
  return generation === 1 ? first : `${first}/${generation}`;
}

/**
 * Which log of a state a name is the origin of: 1 for the first; undefined where it is of none.
 *
 * @throws Fault `log.bad-federation`, `log.bad-state`
 */
export function originGeneration(name: string, federation: string, state: string): number | undefined {
  for (let generation = 1; generation <= MAX_GENERATION; generation += 1)
    if (originLogName(federation, state, generation) === name) return generation;
  return undefined;
}

/**
 * Origin, and so key name, of the ledger of everything one state has released to another.
 *
 * @throws Fault `log.bad-federation`, `log.bad-state`
 */
export function ledgerLogName(federation: string, sender: string, recipient: string): string {
  assertState(recipient);
  return `${federationPrefix(federation, sender)}/ledger/${recipient}`;
}

/**
 * Key name under which a state cosigns: as witness of another's log, and as recipient of a ledger.
 *
 * @throws Fault `log.bad-federation`, `log.bad-state`
 */
export function witnessName(federation: string, state: string): string {
  return `${federationPrefix(federation, state)}/witness`;
}
