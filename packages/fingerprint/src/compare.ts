import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { VerifiedCharter } from '@comity/identity';

import { shortFingerprint } from './short-fingerprint.ts';
import { readFingerprint, type Told } from './told.ts';

/**
 * What was told must be the fingerprint of this card: whoever goes on has heard it from the state itself.
 *
 * @param charter the last one of the card
 * @param told in any form, see `readFingerprint`
 * @throws Fault `peer.fingerprint-mismatch`, and as `readFingerprint`
 */
export function assertFingerprint(
  charter: Pick<VerifiedCharter, 'state' | 'digest' | 'code'>,
  told: string,
): void {
  if (readFingerprint(told).some((each) => isOf(each, charter))) return;
  throw new Fault('peer.fingerprint-mismatch', 'the fingerprint is not the one of this card', {
    fields: { code: charter.code },
  });
}

function isOf(told: Told, charter: Parameters<typeof assertFingerprint>[0]): boolean {
  // An id names the first charter alone. Where there are others, it does not say whether they are those of the state.
  if (told.kind === 'state-id')
    return told.state === charter.state && toHex(charter.digest) === charter.state;
  if (told.code !== undefined && told.code !== charter.code) return false;
  return equalBytes(told.fingerprint, shortFingerprint(charter));
}
