import { encodeWith } from '@comity/cbor';
import { keyThumbprint } from '@comity/cose';
import { equalBytes, sha256, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import { type ClassificationScheme, type StateId, schemeShape } from '@comity/label';

import {
  type Charter,
  charterFaults,
  charterShape,
  MAX_CHARTERS,
  type VerifiedCharter,
  verifyCharter,
} from './charter.ts';
import { type DecodedDocument, decodeDocument, signDocument, verifyQuora } from './signed-document.ts';

/** All charters of a state that one stands on, the first first, itself last. */
export function chartersOf(charter: VerifiedCharter): readonly VerifiedCharter[] {
  return [...charter.earlier, charter];
}

/** Key ids of all root keys that a state has had, in hexadecimal. */
export function rootKidsOf(charter: VerifiedCharter): readonly string[] {
  return chartersOf(charter).flatMap(({ rootKeys }) => rootKeys.map((key) => toHex(keyThumbprint(key))));
}

/** The charter of a chain that has a root key by which a document is signed; where none has, the last. */
export function signingCharter(
  { sign }: DecodedDocument<unknown>,
  charter: VerifiedCharter,
): VerifiedCharter {
  const kid = sign.signatures[0]?.kid;
  const hasKey = ({ rootKeys }: VerifiedCharter): boolean =>
    kid !== undefined && rootKeys.some((key) => equalBytes(keyThumbprint(key), kid));
  return chartersOf(charter).find(hasKey) ?? charter;
}

/**
 * Checks a charter that takes the place of another: the version after it, with its digest, root keys that it has committed
 * to, signed by the thresholds of the old root keys and of the new (charter.md 2.8 to 2.11).
 *
 * @throws Fault as `verifyCharter`, and `identity.charter-chain`; DocumentFaults also with `identity.uncommitted-key`,
 *   `identity.charter-of-another`
 */
export function verifyLaterCharter(bytes: Uint8Array, before: VerifiedCharter): VerifiedCharter {
  const decoded = decodeDocument('charter', charterShape, bytes);
  const { content } = decoded;
  assertFollows(content, before);
  verifyQuora(decoded, before, content);
  return Object.freeze({
    ...content,
    state: before.state,
    digest: digestOf(decoded),
    earlier: Object.freeze(chartersOf(before)),
    bytes,
  }) as VerifiedCharter;
}

/**
 * Checks the charters of one state, from the first on.
 *
 * @throws Fault as `verifyLaterCharter`; `identity.charter-version` where there is none
 */
export function verifyCharterChain(documents: readonly Uint8Array[]): VerifiedCharter {
  const [first, ...later] = documents;
  if (first === undefined)
    throw new Fault('identity.charter-version', 'expected the first charter of a state');
  return later.reduce((before, bytes) => verifyLaterCharter(bytes, before), verifyCharter(first));
}

/**
 * Checks charters of any states in any order: the last of each state, with all before it.
 *
 * @throws Fault as `verifyCharterChain`; `identity.charters-contradict` where a state has signed two for one version
 */
export function verifyCharters(documents: readonly Uint8Array[]): readonly VerifiedCharter[] {
  const decoded = documents.map((bytes) => decodeDocument('charter', charterShape, bytes));
  const order = decoded
    .map((_, index) => index)
    .toSorted((a, b) => versionOf(decoded[a]) - versionOf(decoded[b]));
  const known = new Map<StateId, VerifiedCharter>();
  for (const index of order) {
    const bytes = documents[index] as Uint8Array;
    const document = decoded[index] as DecodedDocument<Charter>;
    if (document.content.version === 1) {
      const charter = verifyCharter(bytes);
      if (!known.has(charter.state)) known.set(charter.state, charter);
      continue;
    }
    const before = predecessorOf(document.content, [...known.values()]);
    const charter = verifyLaterCharter(bytes, before);
    known.set(charter.state, longerChain(known.get(charter.state) as VerifiedCharter, charter));
  }
  return [...known.values()];
}

/**
 * Where a charter says that it stands in the chain of its state. Nothing of it is verified.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function namedPlace(bytes: Uint8Array): Pick<Charter, 'version' | 'previous'> {
  const { version, previous } = decodeDocument('charter', charterShape, bytes).content;
  return { version, previous };
}

function versionOf(document: DecodedDocument<Charter> | undefined): number {
  return document?.content.version ?? 0;
}

function predecessorOf({ previous, version }: Charter, known: readonly VerifiedCharter[]): VerifiedCharter {
  const found = known
    .flatMap(chartersOf)
    .find((each) => each.version === version - 1 && previous !== null && equalBytes(each.digest, previous));
  if (found === undefined) throw brokenChain('the charter before it is not at hand');
  return found;
}

/**
 * Of two verified charters of a state the one that stands on the other. Of two with one payload it is the one that is known.
 *
 * @throws Fault `identity.charters-contradict` where neither does: the state's root keys have signed two histories
 */
export function longerChain(known: VerifiedCharter, offered: VerifiedCharter): VerifiedCharter {
  const version = contradictoryVersion(known, offered);
  if (version !== undefined) {
    throw new Fault(
      'identity.charters-contradict',
      'a state has signed two different charters of one version',
      {
        fields: { state: known.state, version },
      },
    );
  }
  return offered.version > known.version ? offered : known;
}

/** The first version in which two charters of a state, or those before them, differ; undefined where they agree. */
export function contradictoryVersion(one: VerifiedCharter, other: VerifiedCharter): number | undefined {
  const [ours, theirs] = [chartersOf(one), chartersOf(other)];
  return ours.find(({ digest }, index) => {
    const namesake = theirs[index];
    return namesake !== undefined && !equalBytes(namesake.digest, digest);
  })?.version;
}

/**
 * Signs a charter that takes the place of another, with root keys of both, and gives it back as `verifyLaterCharter`
 * accepts it.
 *
 * @throws as `verifyLaterCharter`, before anything is signed where the content is at fault
 */
export async function issueLaterCharter(
  charter: Charter,
  before: VerifiedCharter,
  rootSigners: readonly Signer[],
): Promise<Uint8Array> {
  assertFollows(charter, before);
  const bytes = await signDocument('charter', charterShape, charter, rootSigners);
  return verifyLaterCharter(bytes, before).bytes;
}

/**
 * Everything that a charter has to be to follow another, but for its signatures.
 *
 * @throws Fault as `verifyLaterCharter`, but for what is about signatures
 */
export function assertFollows(charter: Charter, before: VerifiedCharter): void {
  assertNext(charter, before);
  const faults = [...charterFaults(charter), ...successionFaults(charter, before)];
  if (faults.length > 0) throw new DocumentFaults(faults);
}

function assertNext({ version, previous }: Charter, before: VerifiedCharter): void {
  if (version !== before.version + 1 || version > MAX_CHARTERS) {
    throw new Fault(
      'identity.charter-version',
      `expected version ${before.version + 1}, and at most ${MAX_CHARTERS}`,
      {
        fields: { expected: before.version + 1, version },
      },
    );
  }
  if (previous === null || !equalBytes(previous, before.digest))
    throw brokenChain('the digest in it is not that of the charter before it');
}

function brokenChain(message: string): Fault {
  return new Fault('identity.charter-chain', message);
}

function digestOf({ sign }: DecodedDocument<unknown>): Uint8Array {
  return sha256(sign.payload);
}

function successionFaults(charter: Charter, before: VerifiedCharter): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const fault = (code: DocumentFault['code'], path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });
  const committed = new Set(before.nextKeyDigests.map(toHex));
  charter.rootKeys.forEach((key, index) => {
    if (key.length === 32 && !committed.has(toHex(keyThumbprint(key))))
      fault('identity.uncommitted-key', ['rootKeys', index], 'the charter before has not named this key');
  });
  if (charter.threshold !== before.nextThreshold)
    fault(
      'identity.bad-threshold',
      ['threshold'],
      `expected ${before.nextThreshold}, as the charter before says`,
    );
  const former = new Set(rootKidsOf(before));
  charter.nextKeyDigests.forEach((digest, index) => {
    if (former.has(toHex(digest)))
      fault('identity.next-key-in-use', ['nextKeyDigests', index], 'this key was a root key before');
  });
  if (charter.code !== before.code || !isSameScheme(charter.scheme, before.scheme))
    fault('identity.charter-of-another', ['code'], 'expected code and scheme of the charter before');
  if (charter.issuedAtSeconds < before.issuedAtSeconds)
    fault(
      'identity.bad-validity',
      ['issuedAtSeconds'],
      'expected a time not before that of the charter before',
    );
  return faults;
}

function isSameScheme(one: ClassificationScheme, other: ClassificationScheme): boolean {
  return equalBytes(encodeWith(schemeShape, one), encodeWith(schemeShape, other));
}
