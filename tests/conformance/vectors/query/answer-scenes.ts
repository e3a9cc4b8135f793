// Records that answer a question, and the inputs of query.answers.

import { hex, type Item, record } from '../cbor-text.ts';
import { openOf } from '../disclosure/decision-scenes.ts';
import {
  type Disclosure,
  element,
  field,
  type RecordOptions,
  type RecordText,
  recordText,
  withheldElements,
} from '../record/text.ts';
import { arcadia, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';

/** A record and the disclosures of it that came, or are held. */
export interface Handed {
  readonly record: RecordText;
  readonly disclosures: readonly Disclosure[];
}

/** An incident of Arcadia, of which everything is shown. */
export function incident(body: readonly Disclosure[], options: Partial<RecordOptions> = {}): Handed {
  const text = recordText({
    issuer: arcadia,
    subject: 'incident/alban',
    envelope: openOf(arcadia),
    body,
    ...options,
  });
  return { record: text, disclosures: text.parts };
}

export const titleOf = (text: string): Disclosure => field('title', record({ en: text }));
export const indicator = (value: Item): Disclosure => element(record({ id: 'i-1', type: 'any', value }));
export const indicatorsOf = (...values: readonly Item[]): Disclosure =>
  field('indicators', withheldElements(values.map(indicator)));

/** An incident with a title, issued so many seconds before now. */
export function incidentAgo(seconds: number, options: Partial<RecordOptions> = {}): Handed {
  return incident([titleOf('Ransomware at a hospital')], {
    issuedAtSeconds: NOW_SECONDS - seconds,
    ...options,
  });
}

/** Two incidents of one second, the one with the greater id first. */
export function ofOneSecond(): readonly [Handed, Handed] {
  const two = ['incident/alban', 'incident/bede'].map((subject) => incidentAgo(0, { subject }));
  const [first, second] = two.sort((a, b) => Buffer.compare(b.record.id, a.record.id));
  return [first as Handed, second as Handed];
}

export function positionOf(
  { record: text }: Handed,
  issuedAtSeconds: number,
): { readonly [name: string]: Json } {
  return { issuedAtSeconds, recordId: text.idText };
}

type Members = { readonly [name: string]: Json };

export interface Course {
  readonly filter?: Members;
  readonly limit?: number;
  readonly held?: readonly Handed[];
  readonly more?: boolean;
  readonly nowSeconds?: number;
  readonly states?: readonly State[];
}

/** The `in` of query.answers. */
export function inputOf(answers: readonly Handed[], course: Course = {}): Members {
  const {
    states = [arcadia],
    filter = {},
    limit,
    held = [],
    more = false,
    nowSeconds = NOW_SECONDS,
  } = course;
  const handed = ({ record: text, disclosures }: Handed): Json => ({
    record: hex(text.message),
    disclosures: disclosures.map(({ bytes }) => hex(bytes)),
  });
  return {
    filter,
    ...(limit !== undefined && { limit }),
    charters: states.map(({ charter }) => hex(charter)),
    certificates: states.map(({ certificates }) => hex(certificates.record)),
    nowSeconds,
    held: held.map(handed),
    answers: answers.map(handed),
    more,
  };
}

/** Answers that are all taken; `next` where the END says that there is more. */
export function taken(
  comment: string,
  answers: readonly Handed[],
  course: Course = {},
  next?: Members,
): ValidCase {
  const records = answers.map(({ record: text }) => text.idText);
  return { comment, in: inputOf(answers, course), out: { records, ...(next && { next }) } };
}

export function refused(
  code: string,
  clause: string,
  comment: string,
  answers: readonly Handed[],
  course: Course = {},
): InvalidCase {
  return { comment, in: inputOf(answers, course), code, clause };
}

const form = {
  topic: 'query',
  op: 'query.answers',
  grammar: { charters: 'charter', certificates: 'key-certificate' },
};

export const answersTaken = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  ...form,
  name,
  valid,
});
export const answersRefused = (name: string, invalid: readonly InvalidCase[]): VectorFile => ({
  ...form,
  name,
  invalid,
});
