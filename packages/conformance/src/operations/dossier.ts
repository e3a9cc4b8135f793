import { toHex } from '@comity/digest';
import { type Anchor, plainReport, verifyDossier } from '@comity/dossier';
import { isStateId } from '@comity/label';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** dossier.md §10. */
export const dossierOperations: Operations = {
  'dossier.verify': (input) => {
    const report = verifyDossier(input.hex('dossier'), {
      anchors: anchorsIn(input),
      atSeconds: input.seconds('atSeconds'),
      federation: input.optionalText('federation'),
      keyStates: input.has('keyStates') ? input.hexes('keyStates') : [],
      policy: input.optionalText('policy'),
    });
    return plainReport(report) as unknown as Json;
  },
};

/** 32 bytes are the id of a state, anything else is a charter. */
function anchorsIn(input: Input): readonly Anchor[] {
  return input.hexes('anchors').map((bytes) => {
    const id = toHex(bytes);
    return isStateId(id) ? id : bytes;
  });
}
