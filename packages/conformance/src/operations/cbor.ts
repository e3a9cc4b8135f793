import { type CborLimits, DEFAULT_LIMITS, decode, encode } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Input } from '../input.ts';
import type { Operations } from '../operation.ts';

/** cbor.md §6. */
export const cborOperations: Operations = {
  'cbor.decode': (input) => {
    const limits = limitsOf(input.optionalObject('limits'));
    return { reencoded: toHex(encode(decode(input.hex('hex'), limits), limits)) };
  },
};

/** cbor.md §6.2. @throws Fault `conformance.bad-input` */
function limitsOf(limits: Input | undefined): CborLimits {
  const limit = (name: string, otherwise: number): number => {
    const value = limits?.optionalInteger(name) ?? otherwise;
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Fault('conformance.bad-input', `in.limits.${name} is not an integer from 0 to 2^53 - 1`);
  };
  return {
    maxBytes: limit('bytes', DEFAULT_LIMITS.maxBytes),
    maxDepth: limit('depth', DEFAULT_LIMITS.maxDepth),
    maxItems: limit('items', DEFAULT_LIMITS.maxItems),
  };
}
