import { approvalVectors } from './approval/approval.ts';
import { cborVectors } from './cbor/cbor.ts';
import { chainVectors } from './chain/chain.ts';
import { charterVectors } from './charter/charter.ts';
import { disclosureVectors } from './disclosure/disclosure.ts';
import { dossierVectors } from './dossier/dossier.ts';
import { dutyVectors } from './duties/duties.ts';
import { exchangeVectors } from './exchange/exchange.ts';
import { keyStateVectors } from './key-state/key-state.ts';
import { keysVectors } from './keys/keys.ts';
import { labelVectors } from './label/label.ts';
import { ledgerVectors } from './ledger/ledger.ts';
import { letterVectors } from './letter/letter.ts';
import { logVectors } from './log/log.ts';
import { queryVectors } from './query/query.ts';
import { recognitionVectors } from './recognition/recognition.ts';
import { recordVectors } from './record/record.ts';
import { recordTypesVectors } from './record-types/record-types.ts';
import { registryVectors } from './registry/registry.ts';
import type { VectorFile } from './vector.ts';
import { witnessVectors } from './witness/witness.ts';

/** The vectors of every chapter. Built anew each time, always the same. */
export function allVectors(): readonly VectorFile[] {
  return [
    ...cborVectors(),
    ...keysVectors(),
    ...logVectors(),
    ...witnessVectors(),
    ...labelVectors(),
    ...charterVectors(),
    ...keyStateVectors(),
    ...recognitionVectors(),
    ...recordVectors(),
    ...recordTypesVectors(),
    ...dutyVectors(),
    ...registryVectors(),
    ...disclosureVectors(),
    ...approvalVectors(),
    ...ledgerVectors(),
    ...letterVectors(),
    ...queryVectors(),
    ...exchangeVectors(),
    ...dossierVectors(),
    ...chainVectors(),
  ];
}
