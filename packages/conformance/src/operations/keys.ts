import type { Operations } from '../operation.ts';

/** keys.md, section "Operations". */
export const keysOperations: Operations = {};
