import type { VectorFile } from '../vector.ts';
import { cardVectors } from './cards.ts';
import { certificateVectors } from './certificates.ts';
import { certificatesRefused } from './certificates-refused.ts';
import { certificateSignatures } from './certificates-signatures.ts';
import { chainVectors } from './chains.ts';
import { charterVectorFile } from './charters.ts';
import { charterForms } from './charters-form.ts';
import { chartersRefused } from './charters-refused.ts';
import { delegationVectors } from './delegations.ts';
import { equivalenceVectors } from './equivalence.ts';
import { equivalencesRefused } from './equivalence-refused.ts';
import { keyVectors } from './keys.ts';
import { keysRefused } from './keys-refused.ts';
import { recognitionVectors } from './recognitions.ts';
import { recognitionForms } from './recognitions-form.ts';
import { recognitionsRefused } from './recognitions-refused.ts';
import { recognitionSignatures } from './recognitions-signatures.ts';
import { charterSignatures } from './signatures.ts';

/** Vectors of charter.md. */
export function charterVectors(): readonly VectorFile[] {
  return [
    charterVectorFile,
    charterForms,
    chartersRefused,
    charterSignatures,
    ...chainVectors,
    certificateVectors,
    ...certificatesRefused,
    certificateSignatures,
    ...delegationVectors,
    ...recognitionVectors,
    recognitionForms,
    recognitionsRefused,
    recognitionSignatures,
    equivalenceVectors,
    equivalencesRefused,
    ...cardVectors,
    keyVectors,
    ...keysRefused,
  ];
}
