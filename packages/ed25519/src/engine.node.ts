import { openSeed, opensslEquationHolds } from './openssl.node.ts';
import { sodiumEquationHolds } from './sodium.node.ts';

/** Verification is most of what a node does with bulk: by libsodium where it is there, else by OpenSSL. */
export const equationHolds = sodiumEquationHolds ?? opensslEquationHolds;

export { openSeed };
