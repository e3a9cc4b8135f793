import type { Operations } from '../operation.ts';

/** record-types.md, section "Operations". */
export const recordTypesOperations: Operations = {};
