import type { Operations } from '../operation.ts';

/** disclosure.md, section "Operations". */
export const disclosureOperations: Operations = {};
