// Vectors of key-state.md 4.8: what a key counts for that a delegate has certified.

import { hex } from '../cbor-text.ts';
import { FIRST_CHARTER, SECOND_CHARTER } from '../charter/chain-forms.ts';
import { AGENCY, MINISTRY, OFFICE, OFFICE_ONE, OFFICE_TWO } from '../charter/delegates.ts';
import { type Change, DAY_SECONDS, member } from '../charter/forms.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, certificatePayload } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { entry, ISSUED_SECONDS, idsOf, type KeyStateDocument, keyStateOf, USAGES } from './forms.ts';

const END_SECONDS = BEGIN_SECONDS + 5 * DAY_SECONDS;
const own = USAGES.map((usage) => arcadia.keys[usage]);

interface Lists {
  readonly live?: readonly KeyPair[];
  readonly superseded?: readonly (readonly [KeyPair, number])[];
  readonly revoked?: readonly (readonly [KeyPair, number])[];
}
/** A key state that names the keys of the state, and these. */
function stateWith(
  { live = [], superseded = [], revoked = [] }: Lists,
  charter = FIRST_CHARTER,
): KeyStateDocument {
  const changes: Change[] = [
    ['live', idsOf([...own, ...live])],
    ['superseded', superseded.map(([key, end]) => entry(key, end))],
    ['revoked', revoked.map(([key, end]) => entry(key, end, 'compromised'))],
  ];
  return keyStateOf(arcadia, charter, changes);
}

interface Question {
  readonly keyStates: readonly KeyStateDocument[];
  readonly certificate?: Buffer;
  readonly charters?: readonly (typeof FIRST_CHARTER)[];
  readonly at?: number;
  readonly trusted?: number;
}
const asked = ({
  keyStates,
  certificate = OFFICE_ONE,
  charters = [FIRST_CHARTER],
  at,
  trusted,
}: Question) => ({
  charters: charters.map(({ message }) => hex(message)),
  certificates: [hex(certificate)],
  keyStates: keyStates.map(({ message }) => hex(message)),
  keyId: hex(OFFICE.keyId),
  usage: 'record',
  atSeconds: at ?? END_SECONDS - 1,
  ...(trusted !== undefined && { trustedSeconds: trusted }),
  nowSeconds: ISSUED_SECONDS,
});
const found = (comment: string, standing: string, question: Question): ValidCase => ({
  comment,
  in: asked(question),
  out: {
    certificateId: hex(member(certificatePayload(arcadia.idText, 'record', OFFICE), 7) as Uint8Array),
    standing,
    ...(question.keyStates.length > 0 && { keyState: { version: 1, ageSeconds: 0, stale: false } }),
  },
});
const refused = (code: string, comment: string, question: Question): InvalidCase => ({
  comment,
  in: asked(question),
  code: `identity.${code}`,
  clause: '4.8',
});

const live = { live: [MINISTRY] };
const ministryRevoked = stateWith({ revoked: [[MINISTRY, END_SECONDS]] });
const ministrySuperseded = stateWith({ superseded: [[MINISTRY, END_SECONDS]] });
const officeRevoked = stateWith({ ...live, revoked: [[OFFICE, END_SECONDS]] });
const both = stateWith({ superseded: [[OFFICE, END_SECONDS - 100]], revoked: [[MINISTRY, END_SECONDS]] });

const VALID: readonly ValidCase[] = [
  found('4.8: no key state', 'live', { keyStates: [] }),
  found('4.8: the delegate is live, and the key is not named', 'live', { keyStates: [stateWith(live)] }),
  found('4.8: both are named', 'live', { keyStates: [stateWith({ live: [MINISTRY, OFFICE] })] }),
  found('4.8: two steps below, where only the first delegate is named', 'live', {
    keyStates: [stateWith(live)],
    certificate: OFFICE_TWO,
  }),
  found('4.8: a second before the delegate is superseded', 'superseded', { keyStates: [ministrySuperseded] }),
  found('4.8: seen a second before the delegate was revoked', 'revoked', {
    keyStates: [ministryRevoked],
    trusted: END_SECONDS - 1,
  }),
  found('4.8: seen a second before the key itself was revoked', 'revoked', {
    keyStates: [officeRevoked],
    trusted: END_SECONDS - 1,
  }),
  found('4.8: superseded itself and below a revoked delegate, seen before both', 'revoked', {
    keyStates: [both],
    trusted: END_SECONDS - 101,
  }),
];

const REFUSED: readonly InvalidCase[] = [
  refused('delegator-not-listed', 'the state does not name the delegate', { keyStates: [stateWith({})] }),
  refused('delegator-not-listed', 'the state names the key, and not the delegate', {
    keyStates: [stateWith({ live: [OFFICE] })],
  }),
  refused('delegator-not-listed', 'two steps below, where only the second delegate is named', {
    keyStates: [stateWith({ live: [AGENCY] })],
    certificate: OFFICE_TWO,
  }),
  refused('delegator-not-listed', 'after a second charter, whose key state does not name the delegate', {
    charters: [FIRST_CHARTER, SECOND_CHARTER],
    keyStates: [stateWith({}, SECOND_CHARTER)],
  }),
  refused('delegator-superseded', 'in the second in which the delegate is superseded', {
    keyStates: [ministrySuperseded],
    at: END_SECONDS,
  }),
  refused('delegator-revoked', 'no trusted time', { keyStates: [ministryRevoked] }),
  refused('delegator-revoked', 'a trusted time in the second of the theft', {
    keyStates: [ministryRevoked],
    trusted: END_SECONDS,
  }),
  refused('delegator-revoked', 'the delegate in the middle is revoked', {
    keyStates: [stateWith({ ...live, revoked: [[AGENCY, END_SECONDS]] })],
    certificate: OFFICE_TWO,
    trusted: END_SECONDS,
  }),
  refused('delegator-revoked', 'superseded itself before the delegate was revoked, and seen between', {
    keyStates: [both],
    trusted: END_SECONDS - 50,
  }),
  refused('key-revoked', 'the key itself is revoked', { keyStates: [officeRevoked] }),
  {
    ...refused('key-not-listed', 'after a second charter, and no key state', {
      charters: [FIRST_CHARTER, SECOND_CHARTER],
      keyStates: [],
    }),
    clause: '4.2',
  },
];

export const delegatedVectors: readonly VectorFile[] = [
  { topic: 'key-state', name: 'delegated', op: 'key-state.resolve', valid: VALID },
  { topic: 'key-state', name: 'delegated', op: 'key-state.resolve', invalid: REFUSED },
];
