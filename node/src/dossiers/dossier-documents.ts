import { toHex } from '@comity/digest';
import type { Dossier } from '@comity/dossier';
import { chartersOf, type VerifiedCharter, type VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Sovereign } from '../sovereign.ts';

/** A state whose signatures are in a dossier: what its certificates are verified with. */
interface Signatory {
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
}

type Documents = Pick<Dossier, 'charters' | 'certificates' | 'keyStates'>;

/**
 * Charters, key certificates and the newest known key state of states that have signed something in a dossier. No transport
 * certificate: it has addresses in it, and nothing in a dossier is signed with its key. None of a delegate: it stands in those
 * that the delegate has signed.
 */
export function documentsOf(sovereign: Sovereign, states: Iterable<StateId>): Documents {
  const charters: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  const keyStates: Uint8Array[] = [];
  for (const state of new Set(states)) {
    const known = signatoryOf(sovereign, state);
    if (known === undefined) continue;
    for (const { bytes } of chartersOf(known.charter)) charters.push(bytes);
    for (const { usage, bytes } of known.certificates)
      if (usage !== 'transport' && usage !== 'delegate') certificates.push(bytes);
    const keyState = sovereign.directory.keyStateOf(state);
    if (keyState !== undefined) keyStates.push(keyState.bytes);
  }
  return { charters, certificates, keyStates };
}

/** Whether the key of a record has a certificate that a dossier can have. */
export function isVerifiable(sovereign: Sovereign, issuer: StateId, kid: Uint8Array): boolean {
  const certificates = signatoryOf(sovereign, issuer)?.certificates ?? [];
  return certificates.some((each) => toHex(each.kid) === toHex(kid));
}

function signatoryOf({ self, peers }: Sovereign, state: StateId): Signatory | undefined {
  return state === self.state ? self : peers.get(state);
}
