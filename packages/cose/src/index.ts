export {
  ALG_ED25519,
  HEADER_ALG,
  HEADER_CRIT,
  HEADER_KID,
  HEADER_TYP,
  type Header,
  keyIdOf,
  MEDIA_TYPES,
  type MediaType,
} from './header.ts';
export { coseKeyOf, keyThumbprint, publicKeyOf } from './key.ts';
export {
  type CoseSign,
  decodeSign,
  encodeSign,
  MAX_SIGNERS,
  type SignDraft,
  type SignerSignature,
  signSign,
  toBeSigned,
  verifySign,
} from './sign.ts';
export {
  decodeSign1,
  documentId,
  encodeSign1,
  type Sign1,
  type Sign1Draft,
  signSign1,
  signSign1Sync,
  toBeSigned1,
  verifySign1,
} from './sign1.ts';
