import type { Operations } from '../operation.ts';

/** log.md, section "Operations". */
export const logOperations: Operations = {};
