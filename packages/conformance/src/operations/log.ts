import { toHex } from '@comity/digest';
import {
  type CheckpointTrust,
  type OpenedCheckpoint,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseVkey,
  verifyCosignature,
  verifyProof,
} from '@comity/log';
import { leafHash, rootOf, verifyConsistency, verifyInclusion } from '@comity/merkle';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** log.md §11. */
export const logOperations: Operations = {
  'merkle.root': (input) => ({ root: toHex(rootOf(input.hexes('leaves').map(leafHash))) }),

  'merkle.inclusion': (input) => {
    verifyInclusion({
      leafHash: input.hex('leafHash'),
      index: input.integer('index'),
      size: input.integer('size'),
      proof: input.hexes('proof'),
      root: input.hex('root'),
    });
    return {};
  },

  'merkle.consistency': (input) => {
    verifyConsistency({
      size1: input.integer('size1'),
      size2: input.integer('size2'),
      root1: input.hex('root1'),
      root2: input.hex('root2'),
      proof: input.hexes('proof'),
    });
    return {};
  },

  'note.open': (input) => {
    const { text, signatures } = openNote(input.text('note'), input.texts('verifiers').map(parseVkey));
    return { text, signers: signatures.map(({ verifier }) => verifier.name) };
  },

  'checkpoint.verify': (input) => contentOf(openCheckpoint(input.text('note'), trustOf(input))),

  'cosignature.verify': (input) => {
    const checkpoint = input.text('checkpoint');
    parseCheckpoint(checkpoint);
    const { atSeconds } = verifyCosignature(
      input.text('line'),
      checkpoint,
      parseVkey(input.text('verifier')),
    );
    return { timeSeconds: atSeconds };
  },

  'proof.verify': (input) => {
    const verified = verifyProof(input.text('proof'), input.hex('leaf'), trustOf(input));
    return { index: verified.index, ...contentOf(verified) };
  },
};

function trustOf(input: Input): CheckpointTrust {
  return {
    origin: input.text('origin'),
    logVerifier: parseVkey(input.text('log')),
    cosigners: input.texts('cosigners').map(parseVkey),
  };
}

function contentOf({ checkpoint, cosignatures }: OpenedCheckpoint): { readonly [name: string]: Json } {
  return {
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: toHex(checkpoint.root),
    cosignatures: cosignatures.map(({ verifier, atSeconds }) => ({
      name: verifier.name,
      timeSeconds: atSeconds,
    })),
  };
}
