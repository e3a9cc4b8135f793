import { DEFAULT_LIMITS, decode, encode } from '@comity/cbor';
import { toHex } from '@comity/digest';
import type { Operations } from '../operation.ts';

/** cbor.md §7. */
export const cborOperations: Operations = {
  'cbor.decode': (input) => {
    const limits = input.optionalObject('limits');
    const allowed = {
      maxBytes: limits?.optionalInteger('bytes') ?? DEFAULT_LIMITS.maxBytes,
      maxDepth: limits?.optionalInteger('depth') ?? DEFAULT_LIMITS.maxDepth,
      maxItems: limits?.optionalInteger('items') ?? DEFAULT_LIMITS.maxItems,
    };
    return { reencoded: toHex(encode(decode(input.hex('hex'), allowed), allowed)) };
  },
};
