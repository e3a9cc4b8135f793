import { decode } from '@comity/cbor';
import {
  type CoseSign,
  decodeSign,
  decodeSign1,
  documentId,
  keyThumbprint,
  publicKeyOf,
  verifySign,
  verifySign1,
} from '@comity/cose';
import { toHex } from '@comity/digest';
import { assertPublicKey, check } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { Json, Operations } from '../operation.ts';

/** keys.md §9. */
export const keysOperations: Operations = {
  'ed25519.verify': (input) => {
    const code = check(input.hex('publicKey'), input.hex('message'), input.hex('signature'));
    if (code !== undefined) throw new Fault(code, 'the signature is not accepted');
    return {};
  },

  'ed25519.enrol': (input) => {
    const publicKey = input.hex('publicKey');
    assertPublicKey(publicKey);
    return { keyId: toHex(keyThumbprint(publicKey)) };
  },

  'cose.key': (input) => {
    const publicKey = publicKeyOf(decode(input.hex('key')));
    return { publicKey: toHex(publicKey), keyId: toHex(keyThumbprint(publicKey)) };
  },

  'cose.verify': (input) => {
    const message = input.hex('message');
    const publicKeys = input.hexes('publicKeys');
    const threshold = input.optionalInteger('threshold');
    if (threshold !== undefined) {
      const sign = decodeSign(message);
      return contentOf(sign, verifySign(sign, publicKeys, threshold));
    }
    const [publicKey, ...others] = publicKeys;
    if (publicKey === undefined || others.length > 0) {
      throw new Fault('conformance.bad-input', 'in.publicKeys is not one key, and there is no threshold');
    }
    const sign1 = decodeSign1(message);
    verifySign1(sign1, publicKey);
    return { ...contentOf(sign1, [keyThumbprint(publicKey)]), id: toHex(documentId(sign1)) };
  },
};

function contentOf(
  { payload, protectedBytes }: Pick<CoseSign, 'payload' | 'protectedBytes'>,
  keyIds: readonly Uint8Array[],
): { readonly [name: string]: Json } {
  return { payload: toHex(payload), protected: toHex(protectedBytes), signers: keyIds.map(toHex) };
}
