import { toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import {
  KeyDirectory,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { isStateId, type StateId } from '@comity/label';
import { authoriseBytes } from '@comity/ledger';
import { openView, type View } from '@comity/record';
import type { Input } from './input.ts';

/** The states that an `in` with `charters` and `certificates` makes known, and their keys. */
export interface KnownStates {
  readonly charters: readonly VerifiedCharter[];
  readonly directory: KeyDirectory;
}

/** Charters and certificates of an `in`, verified, and known together (charter.md §2, §3, §6). @throws Fault `identity.*`, `cose.*`, `cbor.*` */
export function knownStatesIn(input: Input): KnownStates {
  const charters = input.hexes('charters').map(verifyCharter);
  const certificates = input.hexes('certificates').map((bytes) => byItsIssuer(bytes, charters));
  const directory = new KeyDirectory();
  for (const charter of charters) directory.add(charter, []);
  for (const { charter, certificate } of certificates) directory.add(charter, [certificate]);
  return { charters, directory };
}

/** @throws Fault `conformance.bad-input` */
export function stateIdIn(bytes: Uint8Array): StateId {
  const text = toHex(bytes);
  if (!isStateId(text)) throw new Fault('conformance.bad-input', 'a state id has 32 bytes');
  return text;
}

/** The charter of a state that has to be among those known. @throws Fault `conformance.bad-input` */
export function charterOf({ directory }: KnownStates, state: StateId): VerifiedCharter {
  const charter = directory.charterOf(state);
  if (charter === undefined)
    throw new Fault('conformance.bad-input', 'a state is named that in.charters lacks');
  return charter;
}

/**
 * The view of an `in` with `record` and `disclosures`: the ladder of record.md §6 with the key that was valid when the record
 * was issued. Disclosures inside the bytes are not looked at.
 *
 * @param nowSeconds the reader's clock, where he has one
 * @throws Fault `record.*`, `identity.*`, `cose.*`, `ed25519.*`, `cbor.*`
 */
export function viewIn(input: Input, { directory }: KnownStates, nowSeconds?: number): View {
  return openView(authoriseBytes(input.hex('record'), directory, nowSeconds), input.hexes('disclosures'));
}

interface IssuedCertificate {
  readonly charter: VerifiedCharter;
  readonly certificate: VerifiedKeyCertificate;
}

/** A certificate says itself which state issued it; each charter is tried, and all but one refuse it for that. */
function byItsIssuer(bytes: Uint8Array, charters: readonly VerifiedCharter[]): IssuedCertificate {
  for (const charter of charters) {
    try {
      return { charter, certificate: verifyKeyCertificate(bytes, charter) };
    } catch (thrown) {
      if (!isFault(thrown) || thrown.code !== 'identity.wrong-issuer') throw thrown;
    }
  }
  throw new Fault('identity.wrong-issuer', 'the certificate is of a state without a charter here');
}
