import { defineShape, document, field, type Shape, text, uint } from '@comity/cbor';
import { coseKeyOf, publicKeyOf } from '@comity/cose';
import { assertPublicKey } from '@comity/ed25519';
import { type DocumentFault, type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';

export type Path = readonly (string | number)[];

/** Latest time in a document, in UTC seconds: the year 9999. */
const MAX_TIME_SECONDS = 253_402_300_799;

export const timeShape: Shape<number> = uint(MAX_TIME_SECONDS);

/** A public key as COSE_Key with exactly the members of an Ed25519 key. */
export const publicKeyShape: Shape<Uint8Array> = defineShape<Uint8Array>(publicKeyOf, coseKeyOf);

const confirmation = document({ key: field(1, publicKeyShape) });

/** Claim 8, `cnf`, with the key as its only method of confirmation (RFC 8747 §3.1). */
export const confirmationShape: Shape<Uint8Array> = defineShape<Uint8Array>(
  (value) => confirmation.decode(value).key,
  (key) => confirmation.encode({ key }),
);

/** A state id as claim of a document: text, as CWT claims 1 and 2 are (RFC 8392 §3.1). */
export const stateClaimShape: Shape<StateId> = text({
  maxBytes: 64,
  pattern: /^[0-9a-f]{64}$/,
}) as Shape<string> as Shape<StateId>;

/** An identifier: ASCII, so that no two spellings look alike. */
export const identifierShape: Shape<string> = text({ maxBytes: 64, pattern: /^[a-z0-9][a-z0-9.-]{0,63}$/ });

/** A record type as record.md §2.7 forms it, whether this version knows it or not. */
export const recordTypeShape: Shape<string> = text({ maxBytes: 32, pattern: /^[a-z][a-z0-9-]{0,31}$/ });

/** A text that is shown in one line. */
export function lineShape(maxBytes: number): Shape<string> {
  return text({ minBytes: 1, maxBytes, display: true, pattern: /^[^\t\n]*$/ });
}

/** The fault of a public key that may not be enrolled, if it has one (formats.md §4.2). */
export function publicKeyFault(publicKey: Uint8Array, path: Path): readonly DocumentFault[] {
  try {
    assertPublicKey(publicKey);
    return [];
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return [{ code: thrown.code, path, message: thrown.message }];
  }
}

/** The faults of a list in which an entry stands twice. */
export function duplicateFaults(
  keys: readonly string[],
  code: FaultCode,
  at: Path,
): readonly DocumentFault[] {
  return keys.flatMap((key, index): DocumentFault[] =>
    keys.indexOf(key) === index ? [] : [{ code, path: [...at, index], message: 'this entry stands twice' }],
  );
}
