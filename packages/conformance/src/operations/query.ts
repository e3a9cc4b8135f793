import type { Operations } from '../operation.ts';

/** query.md, section "Operations". */
export const queryOperations: Operations = {};
