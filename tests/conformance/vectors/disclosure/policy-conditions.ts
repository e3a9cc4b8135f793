// Embargoes, approvals, groups for a time, limits and reciprocity, as they stand in a policy.

import type { ValidCase, VectorFile } from '../vector.ts';
import { digestOf, type JsonObject, policy, rule, STATES } from './policy-text.ts';

export const LIMIT: JsonObject = { to: 'XBO', releases: 50, per: 'P7D', then: 'hold' };
export const RATIO: JsonObject = { to: 'XBO', 'when-ratio-below': 0.2, then: 'hold' };

/** Policies that are in order, with their digests (disclosure.md 6.9, 6.11 to 6.15). */
export function policiesWithConditions(): VectorFile {
  return {
    topic: 'disclosure',
    name: 'policies-with-conditions',
    op: 'policy.check',
    valid: [...fractions(), ...groups(), ...embargoes(), ...approvals(), ...limits(), ...ratios()],
  };
}

function accepted(comment: string, value: JsonObject): ValidCase {
  return { comment, in: { policy: value, states: STATES }, out: { digest: digestOf(value) } };
}

const withRule = (comment: string, members: JsonObject): ValidCase =>
  accepted(comment, policy([rule(members)]));
const withGroup = (comment: string, group: readonly (string | JsonObject)[]): ValidCase =>
  accepted(comment, policy([rule({ to: 'north' })], { groups: { north: group } }));
const withLimit = (comment: string, members: JsonObject): ValidCase =>
  accepted(comment, policy([], { limits: [{ ...LIMIT, ...members }] }));
const withRatio = (comment: string, members: JsonObject): ValidCase =>
  accepted(comment, policy([], { reciprocity: [{ ...RATIO, ...members }] }));

/** A digest that is written down, so that nobody takes it from his own program. */
function fractions(): readonly ValidCase[] {
  const value = policy([], { reciprocity: [{ ...RATIO, 'when-ratio-below': 0.25 }] });
  return [
    {
      comment: 'a fraction is in the digest as a text: SHA-256 of 77 bytes of CBOR',
      in: { policy: value, states: STATES },
      out: { digest: '05d15715a2e3432dae5735364df84511f66daaa4b43e5ed136ad2bfb9b37d0d2' },
    },
    ...[0.01, 0.07, 0.1, 0.29, 0.5, 0.57, 0.58, 0.99, 1].map((ratio) =>
      withRatio(`a ratio of ${ratio}`, { 'when-ratio-below': ratio }),
    ),
  ];
}

function groups(): readonly ValidCase[] {
  const north = (entry: JsonObject): readonly (string | JsonObject)[] => ['XCA', { state: 'XBO', ...entry }];
  return [
    withGroup('a state from a time on', north({ from: '2026-11-24T10:00:00Z' })),
    withGroup('a state until a time', north({ until: '2026-11-24T10:00:00Z' })),
    withGroup('a state from a date until a date', north({ from: '2026-01-01', until: '2027-01-01' })),
    withGroup('a state for a second', north({ from: '2026-11-24', until: '2026-11-24T00:00:01Z' })),
    withGroup('the first second that there is', north({ from: '1970-01-01' })),
    withGroup('the last second that there is', north({ until: '9999-12-31T23:59:59Z' })),
    withGroup('the 29th of February of a leap year', north({ from: '2028-02-29' })),
    withGroup('the 29th of February of the year 2000', north({ from: '2000-02-29T23:59:59Z' })),
    withGroup('every state for a time', [
      { state: 'XBO', from: '2026-01-01' },
      { state: 'XCA', until: '2027-01-01' },
    ]),
    accepted(
      'a state for different times in two groups that one rule names',
      policy([rule({ to: ['north', 'south'] })], {
        groups: {
          north: [{ state: 'XBO', until: '2026-06-01' }],
          south: [{ state: 'XBO', from: '2026-09-01' }],
        },
      }),
    ),
  ];
}

function embargoes(): readonly ValidCase[] {
  const durations = [
    'PT1S',
    'PT90M',
    'PT6H',
    'P1D',
    'P2W',
    'P1DT6H',
    'P1DT1H1M1S',
    'P0DT0H1M',
    'P1DT1S',
    'P00001D',
  ];
  return [
    ...durations.map((after) => withRule(`an embargo of ${after}`, { after })),
    withRule('an embargo of 3650 days', { after: 'P3650D' }),
    withRule('an embargo of 3650 days in seconds', { after: 'PT315360000S' }),
    withRule('an embargo of 521 weeks, which are 3647 days', { after: 'P521W' }),
    ...['issued', 'occurred', 'detected', 'aware'].map((from) =>
      withRule(`an embargo from what is ${from}`, { after: 'PT6H', from }),
    ),
  ];
}

function approvals(): readonly ValidCase[] {
  const needing = (comment: string, approve: JsonObject): ValidCase =>
    withRule(comment, { approve: { by: 'release-authority', ...approve } });
  return [
    needing('an approval by one release-authority', {}),
    needing('an approval by an officer', { by: 'officer' }),
    needing('an approval by one person, written out', { persons: 1 }),
    needing('an approval by nine persons', { persons: 9 }),
    needing('an approval within a second', { within: 'PT1S' }),
    needing('an approval within 365 days', { within: 'P365D' }),
    needing('an approval within 52 weeks', { persons: 2, within: 'P52W' }),
    withRule('an embargo and an approval', { after: 'PT6H', from: 'aware', approve: { by: 'officer' } }),
  ];
}

function limits(): readonly ValidCase[] {
  return [
    withLimit('a limit', {}),
    withLimit('a limit of one release', { releases: 1 }),
    withLimit('a limit of a million releases', { releases: 1_000_000 }),
    withLimit('a limit per second', { per: 'PT1S' }),
    withLimit('a limit per 3650 days', { per: 'P3650D' }),
    withLimit('a limit for two states', { to: ['XBO', 'XCA'] }),
    withLimit('a limit that two officers lift', { approve: { by: 'officer', persons: 2, within: 'P1D' } }),
    accepted(
      'a limit for a group',
      policy([], { groups: { north: ['XBO'] }, limits: [{ ...LIMIT, to: ['north', 'XCA'] }] }),
    ),
    accepted('the same limit twice', policy([], { limits: [LIMIT, LIMIT] })),
    accepted('no limit', policy([], { limits: [] })),
    accepted('1000 limits', policy([], { limits: Array<JsonObject>(1000).fill(LIMIT) })),
  ];
}

function ratios(): readonly ValidCase[] {
  return [
    withRatio('from one release on, written out', { releases: 1 }),
    withRatio('from a million releases on', { releases: 1_000_000 }),
    withRatio('reciprocity that an officer lifts', { approve: { by: 'officer' } }),
    accepted('no reciprocity', policy([], { reciprocity: [] })),
    accepted('1000 entries of reciprocity', policy([], { reciprocity: Array<JsonObject>(1000).fill(RATIO) })),
    accepted('limits and reciprocity', policy([], { limits: [LIMIT], reciprocity: [RATIO] })),
  ];
}
