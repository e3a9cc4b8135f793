import type { Operations } from '../operation.ts';

/** charter.md, section "Operations". */
export const charterOperations: Operations = {};
