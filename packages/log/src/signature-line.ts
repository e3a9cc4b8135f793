import { concatBytes, equalBytes } from '@comity/digest';
import { check, SIGNATURE_BYTES } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { decodeBase64, encodeBase64, utf8 } from './encoding.ts';
import { isKeyName } from './key-name.ts';
import type { NoteVerifier } from './verifier.ts';

const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
/** Em dash and space: how each signature line begins (C2SP signed-note). */
export const LINE_START = '\u2014 ';

/** A signature line, of a known key or not: attacker-controlled. */
export interface SignatureLine {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What follows the key id; its form depends on the type of the key. */
  readonly signature: Uint8Array;
}

/**
 * Reads `— name base64`, without the line feed.
 *
 * @throws Fault `log.signature-line`, `log.bad-base64`
 */
export function parseSignatureLine(line: string): SignatureLine {
  const nameEnd = line.startsWith(LINE_START) ? line.indexOf(' ', LINE_START.length) : -1;
  const name = line.slice(LINE_START.length, nameEnd);
  if (nameEnd < 0 || !isKeyName(name)) {
    throw new Fault('log.signature-line', 'expected em dash, space, key name, space and base64');
  }
  const bytes = decodeBase64(line.slice(nameEnd + 1));
  // C2SP signed-note: four bytes of key id and at least one of signature.
  if (bytes.length <= KEY_ID_BYTES) {
    throw new Fault('log.signature-line', 'expected a signature after the key id');
  }
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** The line of a signature, with its line feed. @throws Fault `log.bad-signature-form` on what is no signature of the type */
export function formatSignatureLine(verifier: NoteVerifier, signature: Uint8Array): string {
  // A token that answers something else must not have it published.
  if (signature.length !== signatureBytes(verifier)) throw formFault(verifier);
  return `${LINE_START}${verifier.name} ${encodeBase64(concatBytes(verifier.keyId, signature))}\n`;
}

/** Whether a line claims to be of this key: name and key id together (C2SP signed-note). */
export function isOfVerifier(line: SignatureLine, verifier: NoteVerifier): boolean {
  return line.name === verifier.name && equalBytes(line.keyId, verifier.keyId);
}

/** What a cosigner signs (C2SP tlog-cosignature v1): a header that no note begins with, the time, the checkpoint. */
export function cosignatureMessage(checkpointText: string, atSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${atSeconds}\n${checkpointText}`);
}

/** The signature bytes of a cosignature: eight bytes of time, big-endian, and the Ed25519 signature. */
export function timestamped(atSeconds: number, signature: Uint8Array): Uint8Array {
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(atSeconds));
  return concatBytes(time, signature);
}

function signatureBytes({ type }: NoteVerifier): number {
  return type === 'log' ? SIGNATURE_BYTES : TIME_BYTES + SIGNATURE_BYTES;
}

/**
 * Verifies the signature of a known key over the text of a note; of a cosignature, returns its time in seconds.
 *
 * @throws Fault `log.bad-signature-form`, `log.bad-time`, `log.bad-signature`
 */
export function verifyLine(
  { signature }: SignatureLine,
  text: string,
  verifier: NoteVerifier,
): number | undefined {
  if (signature.length !== signatureBytes(verifier)) throw formFault(verifier);
  if (verifier.type === 'log') {
    assertSigned(verifier, utf8(text), signature);
    return undefined;
  }
  const atSeconds = timeOf(signature, verifier);
  assertSigned(verifier, cosignatureMessage(text, atSeconds), signature.subarray(TIME_BYTES));
  return atSeconds;
}

function timeOf(signature: Uint8Array, { name }: NoteVerifier): number {
  const time = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new Fault('log.bad-time', 'expected a time of at most 2^53-1 seconds', { fields: { name } });
  }
  return Number(time);
}

function assertSigned({ name, publicKey }: NoteVerifier, message: Uint8Array, signature: Uint8Array): void {
  const reason = check(publicKey, message, signature);
  if (reason !== undefined) {
    throw new Fault('log.bad-signature', `the signature of ${name} is not accepted`, {
      fields: { name, reason },
    });
  }
}

function formFault({ name, type }: NoteVerifier): Fault {
  return new Fault('log.bad-signature-form', `expected the length of a ${type} signature of ${name}`, {
    fields: { name, type },
  });
}
