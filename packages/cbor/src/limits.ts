/** What a decoder spends on one input before it gives up. */
export interface CborLimits {
  /** Longest input, in bytes, checked before anything is parsed. */
  readonly maxBytes: number;
  /** How deep arrays and maps may be nested; a single flat array is depth 1. At most `DEPTH_CEILING`. */
  readonly maxDepth: number;
  /** How many data items in all, the outermost, map keys and tag contents included. */
  readonly maxItems: number;
}

/** cbor.md §1.3: the limits of a record. */
export const DEFAULT_LIMITS: CborLimits = Object.freeze({ maxBytes: 65_536, maxDepth: 16, maxItems: 4_096 });

/** No caller can raise `maxDepth` beyond this: the codec recurses once for each level. */
export const DEPTH_CEILING = 64;

export function depthLimit(limits: Partial<CborLimits> | undefined): number {
  return Math.min(limits?.maxDepth ?? DEFAULT_LIMITS.maxDepth, DEPTH_CEILING);
}
