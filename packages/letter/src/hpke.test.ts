import { createCipheriv } from 'node:crypto';
import { concatBytes, fromHex, toHex } from '@comity/digest';
import { expect, test } from 'vitest';
import { openBase, sealBase } from './hpke.ts';

// RFC 9180 A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
const INFO = fromHex('4f6465206f6e2061204772656369616e2055726e');
const IKM = fromHex('7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234');
const PUBLIC_KEY = fromHex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d');
const PRIVATE_KEY = fromHex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8');
const ENC = fromHex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431');
const KEY = fromHex('4531685d41d65f03dc48f6b8302c05b0');
const BASE_NONCE = fromHex('56d890e5accaaf011cff4b7d');
const PLAINTEXT = fromHex('4265617574792069732074727574682c20747275746820626561757479');

test('encapsulated key, key and nonce are those of RFC 9180 A.1.1', async () => {
  const sealed = await sealBase(PUBLIC_KEY, INFO, PLAINTEXT, IKM);
  expect(toHex(sealed.enc)).toBe(toHex(ENC));
  // The example has associated data, and letters have none: the same key and nonce without.
  const cipher = createCipheriv('aes-128-gcm', KEY, BASE_NONCE);
  const expected = concatBytes(cipher.update(PLAINTEXT), cipher.final(), cipher.getAuthTag());
  expect(toHex(sealed.ciphertext)).toBe(toHex(expected));
  expect(await openBase(PRIVATE_KEY, INFO, sealed)).toEqual(PLAINTEXT);
});

test('another key, other info and a changed byte look alike', async () => {
  const sealed = await sealBase(PUBLIC_KEY, INFO, PLAINTEXT, IKM);
  const opened = (change: Partial<typeof sealed>, privateKey = PRIVATE_KEY, info = INFO) =>
    openBase(privateKey, info, { ...sealed, ...change });
  const flipped = sealed.ciphertext.with(7, (sealed.ciphertext[7] as number) ^ 1);
  // With a point of small order everybody has the same secret. The highest bit of a coordinate says nothing, and is bound.
  const smallOrder = new Uint8Array(32).with(0, 1);
  const sameCoordinate = ENC.with(31, (ENC[31] as number) ^ 0x80);
  for (const attempt of [
    () => opened({}, IKM),
    () => opened({}, PRIVATE_KEY, ENC),
    () => opened({ ciphertext: flipped }),
    () => opened({ enc: smallOrder }),
    () => opened({ enc: new Uint8Array(32) }),
    () => opened({ enc: sameCoordinate }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'letter.not-opened' });
  }
});
