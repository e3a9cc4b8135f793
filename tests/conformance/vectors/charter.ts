import { cardVectors } from './charter-cards.ts';
import { certificateVectors } from './charter-certificates.ts';
import { certificatesRefused } from './charter-certificates-refused.ts';
import { certificateSignatures } from './charter-certificates-signatures.ts';
import { charterVectorFile } from './charter-charters.ts';
import { charterForms } from './charter-charters-form.ts';
import { chartersRefused } from './charter-charters-refused.ts';
import { equivalenceVectors } from './charter-equivalence.ts';
import { equivalencesRefused } from './charter-equivalence-refused.ts';
import { keyVectors } from './charter-keys.ts';
import { keysRefused } from './charter-keys-refused.ts';
import { recognitionVectors } from './charter-recognitions.ts';
import { recognitionForms } from './charter-recognitions-form.ts';
import { recognitionsRefused } from './charter-recognitions-refused.ts';
import { recognitionSignatures } from './charter-recognitions-signatures.ts';
import { charterSignatures } from './charter-signatures.ts';
import type { VectorFile } from './vector.ts';

/** Vectors of charter.md. */
export function charterVectors(): readonly VectorFile[] {
  return [
    charterVectorFile,
    charterForms,
    chartersRefused,
    charterSignatures,
    certificateVectors,
    ...certificatesRefused,
    certificateSignatures,
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
