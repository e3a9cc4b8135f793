import { cborVectors } from './cbor.ts';
import { chainVectors } from './chain.ts';
import { charterVectors } from './charter.ts';
import { disclosureVectors } from './disclosure.ts';
import { exchangeVectors } from './exchange.ts';
import { keysVectors } from './keys.ts';
import { labelVectors } from './label.ts';
import { ledgerVectors } from './ledger.ts';
import { logVectors } from './log.ts';
import { queryVectors } from './query.ts';
import { recordVectors } from './record.ts';
import { recordTypesVectors } from './record-types.ts';
import type { VectorFile } from './vector.ts';

/** The vectors of every chapter. Built anew each time, always the same. */
export function allVectors(): readonly VectorFile[] {
  return [
    ...cborVectors(),
    ...keysVectors(),
    ...logVectors(),
    ...labelVectors(),
    ...charterVectors(),
    ...recordVectors(),
    ...recordTypesVectors(),
    ...disclosureVectors(),
    ...ledgerVectors(),
    ...queryVectors(),
    ...exchangeVectors(),
    ...chainVectors(),
  ];
}
