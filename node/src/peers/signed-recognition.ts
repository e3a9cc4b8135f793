import { Fault } from '@comity/fault';
import {
  assertValidAt,
  issueRecognition,
  type Recognition,
  type VerifiedCharter,
  type VerifiedRecognition,
  verifyRecognition,
} from '@comity/identity';
import { rootSigners } from '../keys/ceremony.ts';
import type { Sovereign } from '../sovereign.ts';

/** Signed with the root keys that are in the home, where there are enough. @throws Fault keys.*, identity.*, label.* */
export async function signHere(
  { self, home }: Pick<Sovereign, 'self' | 'home'>,
  recognition: Recognition,
  charter: VerifiedCharter,
): Promise<VerifiedRecognition> {
  const keys = rootSigners(home.keys, self.charter);
  const bytes = await issueRecognition(recognition, self.charter, charter, keys);
  return verifyRecognition(bytes, self.charter, charter);
}

/**
 * What the holders of the root keys have signed elsewhere.
 *
 * @throws Fault peer.recognition-older where it is not newer than what is in force; identity.*, label.*
 */
export function signedBefore(
  { self, now }: Sovereign,
  charter: VerifiedCharter,
  text: string,
  former: VerifiedRecognition | undefined,
): VerifiedRecognition {
  const recognition = verifyRecognition(decoded(text), self.charter, charter);
  assertValidAt(recognition, now());
  if (recognition.charterVersion < self.charter.version || recognition.issuedAtSeconds <= issuedAt(former))
    throw new Fault('peer.recognition-older', 'the recognition is not newer than the one in force', {
      fields: { code: charter.code },
    });
  return recognition;
}

/** What the other state has signed, in force now. @throws Fault peer.recognition-older, identity.*, label.* */
export function theirRecognition(
  { self, now }: { readonly self: { readonly charter: VerifiedCharter }; readonly now: () => number },
  charter: VerifiedCharter,
  text: string | undefined,
): VerifiedRecognition | undefined {
  if (text === undefined) return undefined;
  const recognition = verifyRecognition(decoded(text), charter, self.charter);
  assertValidAt(recognition, now());
  // Root keys that are not in use any more sign nothing that was not known before (charter.md 2.12).
  if (recognition.charterVersion === charter.version) return recognition;
  throw new Fault('peer.recognition-older', 'the recognition is signed under an earlier charter', {
    fields: { code: charter.code },
  });
}

export function decoded(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function encoded({ bytes }: VerifiedRecognition): string {
  return Buffer.from(bytes).toString('base64');
}

function issuedAt(recognition: Recognition | undefined): number {
  return recognition?.issuedAtSeconds ?? 0;
}

export function newest(
  known: VerifiedRecognition | undefined,
  given: VerifiedRecognition | undefined,
): VerifiedRecognition | undefined {
  return given !== undefined && issuedAt(given) > issuedAt(known) ? given : (known ?? given);
}
