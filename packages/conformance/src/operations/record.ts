import type { Operations } from '../operation.ts';

/** record.md, section "Operations". */
export const recordOperations: Operations = {};
