import type { Operations } from '../operation.ts';

/** label.md, section "Operations". */
export const labelOperations: Operations = {};
