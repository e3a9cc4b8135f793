// Records of one incident, and what duty.status is given and says (duties.md §4, §5, 7.2).

import { hex, type Item, record } from '../cbor-text.ts';
import { valid } from '../record/inputs.ts';
import { field, type RecordText } from '../record/text.ts';
import { whole } from '../record-types/norm-inputs.ts';
import { english, issued, type Options, STATES } from '../record-types/norm-records.ts';
import type { Json, ValidCase } from '../vector.ts';
import { type CalendarText, calendar, utc } from './calendars.ts';

/** A Monday. The keys of the states are valid from 10:00 on. */
export const AWARE = '2026-11-23T11:00:00Z';

export interface IncidentFields {
  readonly [name: string]: Item;
}

/** A record of the incident `incident/i-1`, by default an early warning at 12:00 that states when the issuer was aware. */
export function incident(at: string, fields: IncidentFields = {}, options: Options = {}): RecordText {
  const stated: IncidentFields = { stage: 'early-warning', awareAt: utc(AWARE), ...fields };
  const salt = { salt: at };
  return issued(
    'incident',
    [
      field('title', english('An incident'), salt),
      ...Object.entries(stated).flatMap(([name, content]) =>
        content === null ? [] : [field(name, content, salt)],
      ),
    ],
    { atSeconds: utc(at), subject: 'i-1', ...options },
  );
}

export const delayed = (stage: string, profile?: string): Item => [
  record({ stage, reason: english('The site is under water.'), ...(profile !== undefined && { profile }) }),
];

export interface Given {
  /** The first is the one that says which incident it is. */
  readonly incidents: readonly (RecordText | Uint8Array)[];
  readonly retractions?: readonly (RecordText | Uint8Array)[];
  readonly profiles?: readonly string[];
  readonly country?: string;
  readonly clocks?: CalendarText;
  readonly at: string;
}

export function dutyInput({
  incidents,
  retractions = [],
  profiles = [],
  country,
  clocks = {},
  at,
}: Given): ValidCase['in'] {
  const [first = '', ...others] = incidents.map(bytesOf);
  return {
    incident: first,
    incidents: others,
    retractions: retractions.map(bytesOf),
    charters: STATES.map(({ charter }) => hex(charter)),
    certificates: STATES.map(({ certificates }) => hex(certificates.record)),
    profiles,
    ...(country !== undefined && { country }),
    calendar: calendar(clocks),
    atSeconds: utc(at),
  };
}

const bytesOf = (given: RecordText | Uint8Array): string =>
  hex(given instanceof Uint8Array ? given : whole(given));

export interface ExpectedDuty {
  readonly profile: string;
  readonly stage: string;
  readonly status: string;
  readonly reason?: string;
  readonly event: string;
  /** Of the anchor: when, by which record. */
  readonly from?: readonly [at: string, by: RecordText];
  readonly restated?: boolean;
  readonly due?: string;
  readonly cap?: string;
  readonly report?: readonly [at: string, of: RecordText];
  readonly explanation?: RecordText;
  readonly modifiers?: readonly string[];
}

export function duty(expected: ExpectedDuty): Json {
  const { profile, stage, status, reason, event, from, restated = false } = expected;
  const { due, cap, report, explanation, modifiers = [] } = expected;
  return {
    ...{ profile, stage, status, modifiers },
    ...(reason !== undefined && { reason }),
    anchor: { event, restated, ...(from && { atSeconds: utc(from[0]), record: from[1].idText }) },
    ...(due !== undefined && { dueAtSeconds: utc(due) }),
    ...(cap !== undefined && { capAtSeconds: utc(cap) }),
    ...(report && { report: { id: report[1].idText, atSeconds: utc(report[0]) } }),
    ...(explanation && { explanation: explanation.idText }),
  };
}

export interface ExpectedProfile {
  readonly profile: string;
  readonly standing?: string;
  readonly named?: boolean;
  readonly assumed?: readonly string[];
  readonly by?: string;
}

export interface Expected {
  readonly profiles?: readonly ExpectedProfile[];
  readonly duties?: readonly ExpectedDuty[];
  readonly unknown?: readonly string[];
  readonly ignored?: readonly (readonly [of: RecordText, reason: string])[];
}

export function dutyCase(comment: string, given: Given, expected: Expected): ValidCase {
  const { profiles = [], duties = [], unknown = [], ignored = [] } = expected;
  return valid(comment, dutyInput(given), {
    profiles: profiles.map(({ profile, standing = 'applies', named = false, assumed = [], by }) => ({
      ...{ profile, standing, named, assumed },
      ...(by !== undefined && { by }),
    })),
    duties: duties.map(duty),
    unknown,
    ignored: ignored
      .map(([of, reason]) => ({ id: of.idText, reason }))
      .sort((a, b) => (`${a.id} ${a.reason}` < `${b.id} ${b.reason}` ? -1 : 1)),
  });
}

export const DUTY_GRAMMAR: { readonly [member: string]: string } = {
  incident: 'record',
  incidents: 'record',
  retractions: 'record',
  charters: 'charter',
  certificates: 'key-certificate',
};
