import type { StateId } from '@comity/label';

import type { Consent, Situation } from './situation.ts';

/**
 * What decisions cite where a release-grant goes to the state that it names as third party: whoever is handed a record by
 * consent is handed the consent too. It permits; rules that forbid and the mandatory layer stand above it.
 */
export const CONSENT_GOES_ALONG = 'consent-goes-along';

/** The record type of a consent. */
export const GRANT_TYPE = 'release-grant';

/** One record on its way from a holder to a recipient. */
export interface HandingOn {
  readonly recordId: string;
  readonly originator: StateId;
  readonly recipient: StateId;
}

/** The consents that are in force for handing a record on; none where the holder is its originator, who needs none. */
export function consentsFor(
  { recordId, originator, recipient }: HandingOn,
  { holder, purpose, atSeconds, consents }: Pick<Situation, 'holder' | 'purpose' | 'atSeconds' | 'consents'>,
): readonly Consent[] {
  if (consents === undefined || holder === originator) return NONE;
  return consents.filter(
    (consent) =>
      consent.recordId === recordId &&
      consent.holder === holder &&
      consent.thirdParty === recipient &&
      consent.purposes.includes(purpose) &&
      consent.fromSeconds <= atSeconds &&
      atSeconds < consent.untilSeconds,
  );
}

const NONE: readonly Consent[] = [];

/** The consent that covers a part; of several the one whose grant has the lowest id. The empty digest is the envelope. */
export function consentTo(consents: readonly Consent[], digest: string): Consent | undefined {
  let found: Consent | undefined;
  for (const consent of consents) {
    if (digest !== '' && consent.parts !== 'all' && !consent.parts.has(digest)) continue;
    if (found === undefined || consent.grant < found.grant) found = consent;
  }
  return found;
}
