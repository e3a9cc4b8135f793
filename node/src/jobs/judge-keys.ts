import {
  cardOf,
  KeyDirectory,
  type StateCard,
  verifyCharterChain,
  verifyKeyCertificate,
  verifyKeyState,
} from '@comity/identity';
import { REMOVED } from '../peers/peers.ts';
import type { Sovereign } from '../sovereign.ts';
import type { JudgeKeys } from './judges.ts';

/**
 * All that is known here of keys, also of states about which something else cannot be read; of one that was removed only
 * to read what it gave, and not to take anything more.
 */
export function keysOf(
  { self, peers, directory }: Pick<Sovereign, 'self' | 'peers' | 'directory'>,
  { isReading = false }: { readonly isReading?: boolean } = {},
): JudgeKeys {
  const unreadable = peers.unreadable().flatMap(({ state, fault, certificates }) => {
    const charter = directory.charterOf(state);
    return charter === undefined || (fault === REMOVED && !isReading) ? [] : [{ charter, certificates }];
  });
  // By the key state that the directory goes by, whatever else of a peer cannot be read.
  const known = [self, ...peers.all(), ...unreadable].map(({ charter, certificates }) => {
    const keyState = directory.keyStateOf(charter.state);
    return cardOf({ charter, certificates, ...(keyState !== undefined && { keyState }) });
  });
  return { states: known };
}

/** What is refused is left out: a key that is not known makes one record fail, a thread that ends makes all of them. */
export function directoryOf({ states }: JudgeKeys): KeyDirectory {
  const known = new KeyDirectory();
  for (const state of states) {
    try {
      addState(known, state);
    } catch {
      // The main thread has judged the same documents and is where this is told of.
    }
  }
  return known;
}

function addState(known: KeyDirectory, state: StateCard): void {
  const charter = verifyCharterChain([state.charter, ...(state.laterCharters ?? [])]);
  const certificates = state.certificates.map((bytes) => verifyKeyCertificate(bytes, charter));
  const keyState = state.keyState === undefined ? undefined : verifyKeyState(state.keyState, charter);
  known.add(charter, certificates, { keyState });
}
