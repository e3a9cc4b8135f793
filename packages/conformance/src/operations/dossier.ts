import { toHex } from '@comity/digest';
import { type Anchor, plainReport, verifyDossier, verifyReceipt } from '@comity/dossier';
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

  /** log.md 11.7. */
  'receipt.verify': (input) => {
    const { origin, index, size, root } = verifyReceipt(input.hex('receipt'), input.hex('leaf'), {
      origin: input.text('origin'),
      publicKey: input.hex('publicKey'),
    });
    return { origin, index, size, root: toHex(root) };
  },
};

/** 32 bytes are the id of a state, anything else is a charter. */
function anchorsIn(input: Input): readonly Anchor[] {
  return input.hexes('anchors').map((bytes) => {
    const id = toHex(bytes);
    return isStateId(id) ? id : bytes;
  });
}
