import type { VectorFile } from '../vector.ts';
import { validItems } from './items.ts';
import { itemsBeyondLimits, itemsWithinLimits } from './limits.ts';
import { refusedItems } from './refused.ts';

/** Vectors of cbor.md. */
export function cborVectors(): readonly VectorFile[] {
  const decode = { topic: 'cbor', op: 'cbor.decode' };
  const grammar = { hex: 'document' };
  return [
    { ...decode, name: 'items', grammar, valid: validItems() },
    { ...decode, name: 'limits', grammar, valid: itemsWithinLimits() },
    { ...decode, name: 'items', invalid: refusedItems() },
    { ...decode, name: 'limits', invalid: itemsBeyondLimits() },
  ];
}
