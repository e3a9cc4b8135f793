import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  KeyDirectory,
  namedIssuer,
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
  readonly directory: KeyDirectory;
}

/** Charters and certificates of an `in`, verified, and known together (charter.md §2, §3, §6). @throws Fault `identity.*`, `cose.*`, `cbor.*` */
export function knownStatesIn(input: Input): KnownStates {
  const charters = input.hexes('charters').map(verifyCharter);
  const byState = new Map(charters.map((charter) => [charter.state, charter]));
  const certificates = input.hexes('certificates').map((bytes) => byItsIssuer(bytes, byState));
  const directory = new KeyDirectory();
  for (const charter of charters) directory.add(charter, []);
  for (const { charter, certificate } of certificates) directory.add(charter, [certificate]);
  return { directory };
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

/** The view of a record with the disclosures inside its bytes, for a reader without a clock. @throws Fault as `viewIn` */
export function viewOf(bytes: Uint8Array, directory: KeyDirectory): View {
  return openView(authoriseBytes(bytes, directory));
}

interface IssuedCertificate {
  readonly charter: VerifiedCharter;
  readonly certificate: VerifiedKeyCertificate;
}

/** A certificate says itself which state issued it. */
function byItsIssuer(bytes: Uint8Array, charters: ReadonlyMap<StateId, VerifiedCharter>): IssuedCertificate {
  const charter = charters.get(namedIssuer(bytes));
  if (charter === undefined)
    throw new Fault('identity.wrong-issuer', 'the certificate is of a state without a charter here');
  return { charter, certificate: verifyKeyCertificate(bytes, charter) };
}
