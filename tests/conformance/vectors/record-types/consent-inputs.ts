// What consent.status is given, and what it says (record-types.md §15, 10.3).

import { hex } from '../cbor-text.ts';
import { valid } from '../record/inputs.ts';
import type { RecordText } from '../record/text.ts';
import { BEGIN_SECONDS, borealis, type State } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';
import { shared } from './consent-records.ts';
import { whole } from './norm-inputs.ts';
import { caldera, day, STATES } from './norm-records.ts';

type Given = RecordText | Uint8Array;

export interface Asked {
  readonly record?: Given;
  readonly grants?: readonly Given[];
  readonly retractions?: readonly Given[];
  /** Those whose charters and certificates are known. Default: all three. */
  readonly states?: readonly State[];
}

export function asked({
  record = shared,
  grants = [],
  retractions = [],
  states = STATES,
}: Asked): ValidCase['in'] {
  const bytesOf = (given: Given): string => hex(given instanceof Uint8Array ? given : whole(given));
  return {
    record: bytesOf(record),
    grants: grants.map(bytesOf),
    retractions: retractions.map(bytesOf),
    charters: states.map(({ charter }) => hex(charter)),
    certificates: states.map(({ certificates }) => hex(certificates.record)),
  };
}

export interface ExpectedConsent {
  readonly parts?: 'all' | readonly string[];
  readonly holder?: State;
  readonly thirdParty?: State;
  readonly purposes?: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

/** A consent by a grant, which holds by default what `granted` gives by default. */
export function consent(of: RecordText, expected: ExpectedConsent = {}): Json {
  const { parts = 'all', holder = borealis, thirdParty = caldera } = expected;
  return {
    grant: of.idText,
    parts,
    holder: holder.idText,
    thirdParty: thirdParty.idText,
    purposes: expected.purposes ?? ['incident-response'],
    fromSeconds: expected.from ?? BEGIN_SECONDS,
    untilSeconds: expected.until ?? day(30),
  };
}

/** A record that does not count, and why. */
export type Ignored = readonly [of: RecordText, reason: string];

/** A vector of consent.status. Consents of one grant are given in the order of time. */
export function consentCase(
  comment: string,
  given: Asked,
  consents: readonly Json[],
  ignored: readonly Ignored[] = [],
): ValidCase {
  const key = (each: Json): string => {
    const { grant, fromSeconds } = each as { grant: string; fromSeconds: number };
    return `${grant} ${fromSeconds}`;
  };
  return valid(comment, asked(given), {
    consents: [...consents].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    ignored: ignored
      .map(([{ idText: id }, reason]) => ({ id, reason }))
      .sort((a, b) => (`${a.id} ${a.reason}` < `${b.id} ${b.reason}` ? -1 : 1)),
  });
}

export const CONSENT_GRAMMAR: { readonly [member: string]: string } = {
  record: 'record',
  grants: 'record',
  retractions: 'record',
  charters: 'charter',
  certificates: 'key-certificate',
};
