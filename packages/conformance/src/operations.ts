import type { Operations } from './operation.ts';
import { approvalOperations } from './operations/approval.ts';
import { cborOperations } from './operations/cbor.ts';
import { charterOperations } from './operations/charter.ts';
import { disclosureOperations } from './operations/disclosure.ts';
import { dossierOperations } from './operations/dossier.ts';
import { dutyOperations } from './operations/duties.ts';
import { exchangeOperations } from './operations/exchange.ts';
import { keyStateOperations } from './operations/key-state.ts';
import { keysOperations } from './operations/keys.ts';
import { labelOperations } from './operations/label.ts';
import { ledgerOperations } from './operations/ledger.ts';
import { letterOperations } from './operations/letter.ts';
import { logOperations } from './operations/log.ts';
import { queryOperations } from './operations/query.ts';
import { recognitionOperations } from './operations/recognition.ts';
import { recordOperations } from './operations/record.ts';
import { recordTypesOperations } from './operations/record-types.ts';
import { registryOperations } from './operations/registry.ts';
import { witnessOperations } from './operations/witness.ts';

/** Every operation that conformance.md lists. */
export const operations: Operations = {
  ...cborOperations,
  ...keysOperations,
  ...logOperations,
  ...witnessOperations,
  ...labelOperations,
  ...charterOperations,
  ...keyStateOperations,
  ...recognitionOperations,
  ...recordOperations,
  ...recordTypesOperations,
  ...dutyOperations,
  ...registryOperations,
  ...disclosureOperations,
  ...approvalOperations,
  ...ledgerOperations,
  ...letterOperations,
  ...queryOperations,
  ...exchangeOperations,
  ...dossierOperations,
};
