export { PUBLIC_KEY_BYTES, SEED_BYTES, SIGNATURE_BYTES } from './encoding.ts';
export { assertPublicKey } from './public-key.ts';
export { type LocalSigner, type Signer, signerFromSeed } from './signer.ts';
export { check, verify } from './verify.ts';
