import { isFault } from '@comity/fault';
import type { VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import {
  type Checkpoint,
  claimedOrigin,
  type NoteVerifier,
  noteVerifier,
  openedBy,
  originGeneration,
  witnessName,
} from '@comity/log';
import type { Sovereign } from '../sovereign.ts';
import { generationOf, originNameOf } from './log-generation.ts';

/** A checkpoint of an origin log, signed by a key of its state. */
export interface ShownCheckpoint {
  /** The state whose log it is. */
  readonly origin: StateId;
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly note: string;
  readonly logVerifier: NoteVerifier;
}

/** What is known of the keys of a state, this one or a peer. */
function certificatesOf({ self, peers }: Sovereign, state: StateId): readonly VerifiedKeyCertificate[] {
  return state === self.state ? self.certificates : (peers.get(state)?.certificates ?? []);
}

/** The log keys of a state that count now. */
export function logVerifiersOf(sovereign: Sovereign, state: StateId): NoteVerifier[] {
  const name = originNameOf(sovereign, state);
  return certificatesOf(sovereign, state)
    .filter((certificate) => certificate.usage === 'log' && countsNow(sovereign, certificate))
    .map(({ publicKey }) => noteVerifier(name, 'log', publicKey));
}

/** The log keys that a state has ever shown, whether or not they still count: what they have signed stays signed. */
export function everyLogVerifierOf(sovereign: Sovereign, state: StateId): NoteVerifier[] {
  const name = originNameOf(sovereign, state);
  return certificatesOf(sovereign, state)
    .filter(({ usage }) => usage === 'log')
    .map(({ publicKey }) => noteVerifier(name, 'log', publicKey));
}

/**
 * The log keys that a state has ever shown, but for those that may be in other hands: of what a revoked key signs nothing is
 * held against the log.
 */
export function unrevokedLogVerifiersOf(sovereign: Sovereign, state: StateId): NoteVerifier[] {
  const name = originNameOf(sovereign, state);
  return certificatesOf(sovereign, state)
    .filter(({ usage, kid }) => usage === 'log' && !isRevoked(sovereign, kid))
    .map(({ publicKey }) => noteVerifier(name, 'log', publicKey));
}

/** Whether the state of a key has revoked it, or never named it. */
export function isRevoked({ directory }: Sovereign, kid: Uint8Array): boolean {
  const standing = directory.standingOf(kid)?.standing;
  return standing === 'revoked' || standing === 'not-listed';
}

/** The witness keys of a state that count now. */
export function witnessVerifiersOf(sovereign: Sovereign, state: StateId): NoteVerifier[] {
  const name = witnessName(sovereign.federation.name, state);
  return certificatesOf(sovereign, state)
    .filter((certificate) => certificate.usage === 'witness' && countsNow(sovereign, certificate))
    .map(({ publicKey }) => noteVerifier(name, 'cosignature', publicKey));
}

function countsNow(sovereign: Sovereign, { kid, usage, issuer }: VerifiedKeyCertificate): boolean {
  if (usage === 'delegate') return false;
  try {
    sovereign.directory.resolve(kid, usage, sovereign.now(), issuer);
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return false;
  }
}

/** The state whose log in use a name is, where it is this one or a peer. */
function stateOfOrigin(sovereign: Sovereign, origin: string): StateId | undefined {
  return statesKnown(sovereign).find((state) => originNameOf(sovereign, state) === origin);
}

/** The same, also of a log that has ended: what shows two histories of it goes on being shown. */
export function stateOfAnyOrigin(sovereign: Sovereign, origin: string): StateId | undefined {
  const { federation } = sovereign;
  return statesKnown(sovereign).find(
    (state) =>
      (originGeneration(origin, federation.name, state) ?? Number.POSITIVE_INFINITY) <=
      generationOf(sovereign, state),
  );
}

function statesKnown({ self, peers }: Sovereign): StateId[] {
  return [self.state, ...peers.all().map(({ state }) => state)];
}

/**
 * A checkpoint that somebody shows; undefined where it is none of a log that is known here, or no key has signed it that its
 * state stands by or stood by: what a replaced key has signed stays signed.
 */
export function readShown(sovereign: Sovereign, note: string): ShownCheckpoint | undefined {
  let origin: StateId | undefined;
  try {
    origin = stateOfOrigin(sovereign, claimedOrigin(note));
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  if (origin === undefined) return undefined;
  const signed = openedBy(note, unrevokedLogVerifiersOf(sovereign, origin));
  if (signed === undefined) return undefined;
  const { opened, logVerifier } = signed;
  return { origin, checkpoint: opened.checkpoint, text: opened.text, note, logVerifier };
}
