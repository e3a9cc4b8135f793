import { equalBytes, fromHex, sha256, toHex } from '@comity/digest';
import { PUBLIC_KEY_BYTES } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { decodeBase64, encodeBase64, utf8 } from './encoding.ts';
import { assertKeyName, MAX_NAME_BYTES } from './key-name.ts';

/** What a key signs: `log` the note itself (C2SP signed-note), `cosignature` a checkpoint at a time (tlog-cosignature). */
export type NoteKeyType = 'log' | 'cosignature';

/** A key known under a name: what a note is opened with. */
export interface NoteVerifier {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ 0x0a ‖ type ‖ public key). An identifier, not a commitment. */
  readonly keyId: Uint8Array;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
}

/** Signature type identifier bytes (C2SP signed-note). */
const TYPE_BYTE: Readonly<Record<NoteKeyType, number>> = { log: 0x01, cosignature: 0x04 };
const KEY_ID_BYTES = 4;
/** name, plus, 8 hexadecimal digits, plus, base64 of 33 bytes. */
const MAX_VKEY_UNITS = MAX_NAME_BYTES + 1 + 8 + 1 + 44;

/**
 * The verifier of a key under a name. Whether the key is fit for use was decided when it was enrolled.
 *
 * @throws Fault `log.bad-key-name`, `ed25519.public-key-length`
 */
export function noteVerifier(name: string, type: NoteKeyType, publicKey: Uint8Array): NoteVerifier {
  assertKeyName(name);
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new Fault(
      'ed25519.public-key-length',
      `expected a public key of 32 bytes, got ${publicKey.length}`,
      {
        fields: { byteLength: publicKey.length },
      },
    );
  }
  const hash = sha256(Uint8Array.of(...utf8(name), 0x0a, TYPE_BYTE[type], ...publicKey));
  return { name, keyId: hash.slice(0, KEY_ID_BYTES), type, publicKey };
}

/** The verifier key text of C2SP signed-note: `name+hex(key id)+base64(type ‖ public key)`. */
export function formatVkey({ name, keyId, type, publicKey }: NoteVerifier): string {
  return `${name}+${toHex(keyId)}+${encodeBase64(Uint8Array.of(TYPE_BYTE[type], ...publicKey))}`;
}

const KEY_ID_HEX = /^[0-9a-f]{8}$/;

/**
 * Reads a verifier key in its one spelling and checks that its key id belongs to it.
 *
 * @throws Fault `log.bad-vkey`, `log.bad-key-name`, `log.bad-base64`, `log.unsupported-vkey-type`, `log.vkey-id`
 */
export function parseVkey(vkey: string): NoteVerifier {
  // A cap before parsing; the name has no plus, base64 may have several.
  const nameEnd = vkey.length > MAX_VKEY_UNITS ? -1 : vkey.indexOf('+');
  const idEnd = nameEnd + 9;
  if (nameEnd < 0 || vkey[idEnd] !== '+') throw new Fault('log.bad-vkey', 'expected name+hash+key');
  const idText = vkey.slice(nameEnd + 1, idEnd);
  if (!KEY_ID_HEX.test(idText)) {
    throw new Fault('log.bad-vkey', 'expected 8 lower-case hexadecimal digits as key id');
  }
  const key = decodeBase64(vkey.slice(idEnd + 1));
  const type =
    key[0] === TYPE_BYTE.log ? 'log' : key[0] === TYPE_BYTE.cosignature ? 'cosignature' : undefined;
  if (type === undefined) throw new Fault('log.unsupported-vkey-type', 'expected a key of type 1 or 4');
  if (key.length !== 1 + PUBLIC_KEY_BYTES) {
    throw new Fault('log.bad-vkey', 'expected a type and a key of 32 bytes');
  }
  const verifier = noteVerifier(vkey.slice(0, nameEnd), type, key.slice(1));
  if (!equalBytes(verifier.keyId, fromHex(idText))) {
    throw new Fault('log.vkey-id', 'the key id does not belong to the name and the key');
  }
  return verifier;
}

/**
 * Refuses verifiers that could count one signer twice: the same name and key id, or one public key under two names or
 * types. A cosignature does not commit to the name of its signer (C2SP tlog-cosignature).
 *
 * @throws Fault `log.ambiguous-verifiers`
 */
export function assertDistinctVerifiers(verifiers: readonly NoteVerifier[]): void {
  const publicKeys = new Set(verifiers.map(({ publicKey }) => toHex(publicKey)));
  const lineKeys = new Set(verifiers.map(({ name, keyId }) => `${toHex(keyId)} ${name}`));
  if (publicKeys.size !== verifiers.length || lineKeys.size !== verifiers.length) {
    throw new Fault('log.ambiguous-verifiers', 'expected verifiers with names and keys of their own');
  }
}
