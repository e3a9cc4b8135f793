import type { Operations } from '../operation.ts';

/** ledger.md, section "Operations". */
export const ledgerOperations: Operations = {};
