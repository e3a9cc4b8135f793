import type { Operations } from '../operation.ts';

/** exchange.md, section "Operations". */
export const exchangeOperations: Operations = {};
