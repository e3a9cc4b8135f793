import { toHex } from '@comity/digest';
import type { Dossier } from '@comity/dossier';
import { chartersOf, type VerifiedCharter, type VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Sovereign } from './sovereign.ts';

/** A state whose signatures are in a dossier: what its certificates are verified with. */
interface Signatory {
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
}

type Documents = Pick<Dossier, 'charters' | 'certificates'>;

/**
 * Charters and key certificates of states that have signed something in a dossier: of each its first charter and what is
 * certified under that, since a dossier has no later ones (dossier.md 8.1). No transport certificate: it has addresses in it,
 * and nothing in a dossier is signed with its key.
 */
export function documentsOf(sovereign: Sovereign, states: Iterable<StateId>): Documents {
  const charters: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  for (const state of new Set(states)) {
    const known = signatoryOf(sovereign, state);
    const [first] = known === undefined ? [] : chartersOf(known.charter);
    if (known === undefined || first === undefined) continue;
    charters.push(first.bytes);
    for (const { usage, charterVersion, bytes } of known.certificates)
      if (usage !== 'transport' && charterVersion === first.version) certificates.push(bytes);
  }
  return { charters, certificates };
}

/** Whether the key of a record has a certificate that a dossier can have. */
export function isVerifiable(sovereign: Sovereign, issuer: StateId, kid: Uint8Array): boolean {
  const certificates = signatoryOf(sovereign, issuer)?.certificates ?? [];
  return certificates.some((each) => each.charterVersion === 1 && toHex(each.kid) === toHex(kid));
}

function signatoryOf({ self, peers }: Sovereign, state: StateId): Signatory | undefined {
  return state === self.state ? self : peers.get(state);
}
