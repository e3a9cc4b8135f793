/**
 * A source of unpredictable bytes, passed in by the caller: the operating system's generator in a node, a seeded one in
 * tests. Packages of the lower floors never take randomness from globals.
 */
export type Entropy = (byteLength: number) => Uint8Array;
