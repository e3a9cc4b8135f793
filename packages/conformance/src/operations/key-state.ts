import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  type EndedLog,
  KeyDirectory,
  keyStateAge,
  newerKeyState,
  type SupersededKey,
  type VerifiedCharter,
  type VerifiedKeyState,
  verifyCharterChain,
  verifyContradiction,
  verifyKeyCertificate,
  verifyKeyState,
} from '@comity/identity';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';
import { usageIn } from './charter.ts';

/** key-state.md §7. */
export const keyStateOperations: Operations = {
  'key-state.verify': (input) => {
    const keyState = verifyKeyState(input.hex('keyState'), chainIn(input));
    const { issuer, version, digest, previous, live, superseded, revoked, endedLogs } = keyState;
    return {
      state: issuer,
      version,
      digest: toHex(digest),
      ...(previous !== null && { previous: toHex(previous) }),
      live: live.map(toHex),
      superseded: superseded.map(endAsJson),
      revoked: revoked.map((each) => ({ ...endAsJson(each), reason: each.reason })),
      ...(endedLogs !== undefined && { endedLogs: endedLogs.map(endedLogAsJson) }),
      issuedAtSeconds: keyState.issuedAtSeconds,
      expiresAtSeconds: keyState.expiresAtSeconds,
    };
  },

  'key-state.follow': (input) => {
    const { version, digest } = keyStatesIn(input, chainIn(input)).reduce(newerKeyState);
    return { version, digest: toHex(digest) };
  },

  'key-state.resolve': (input) => {
    const charter = chainIn(input);
    const directory = new KeyDirectory();
    const certificates = input.hexes('certificates').map((bytes) => verifyKeyCertificate(bytes, charter));
    directory.add(charter, certificates);
    if (input.list('keyStates').length > 0) {
      for (const keyState of keyStatesIn(input, charter)) directory.add(charter, [], { keyState });
    }
    const nowSeconds = input.seconds('nowSeconds');
    const found = directory.resolve(
      input.hex('keyId'),
      usageIn(input),
      input.seconds('atSeconds'),
      charter.state,
      input.optionalSeconds('trustedSeconds'),
    );
    const keyState = directory.keyStateOf(charter.state);
    return {
      certificateId: toHex(found.certificateId),
      standing: directory.standingOf(found.kid)?.standing ?? 'live',
      ...(keyState !== undefined && { keyState: ageAsJson(keyState, nowSeconds) }),
    };
  },

  'key-state.contradiction': (input) => {
    const { state, between, version } = verifyContradiction(input.hex('evidence'));
    return { state, between, version };
  },
};

/** The charters of an `in`, those of one state from the first on. */
function chainIn(input: Input): VerifiedCharter {
  const charters = input.hexes('charters');
  if (charters.length === 0) throw new Fault('conformance.bad-input', 'in.charters is empty');
  return verifyCharterChain(charters);
}

function keyStatesIn(input: Input, charter: VerifiedCharter): VerifiedKeyState[] {
  const keyStates = input.hexes('keyStates');
  if (keyStates.length === 0) throw new Fault('conformance.bad-input', 'in.keyStates is empty');
  return keyStates.map((bytes) => verifyKeyState(bytes, charter));
}

function endAsJson({ kid, fromSeconds }: SupersededKey): { readonly [name: string]: Json } {
  return { keyId: toHex(kid), fromSeconds };
}

function endedLogAsJson({ end, endedAtSeconds, reason }: EndedLog): Json {
  const tree = end === null ? {} : { size: end.size, root: toHex(end.root) };
  return { ...tree, endedAtSeconds, reason };
}

function ageAsJson(keyState: VerifiedKeyState, nowSeconds: number): Json {
  const { ageSeconds, isStale } = keyStateAge(keyState, nowSeconds);
  return { version: keyState.version, ageSeconds, stale: isStale };
}
