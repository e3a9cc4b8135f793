// A record of Arcadia, and what states say about handing it on (record-types.md §14).

import { type Item, map, sha256 } from '../cbor-text.ts';
import { encoded } from '../record/inputs.ts';
import { type Disclosure, field, type RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import { caldera, day, issued, type Options } from './norm-records.ts';

/** The record that is asked about, and one of the same issuer that is not. */
export const shared: RecordText = issued('incident', [field('stage', 'final')], { subject: 'shared' });
export const another: RecordText = issued('incident', [field('stage', 'final')], { subject: 'another' });

/** Digests of three parts, ascending. */
export const PARTS: readonly string[] = ['1a', '2b', '3c'].map((byte) => byte.repeat(32));

/** Fields of a release-grant; null leaves one out that is there by default. */
export interface GrantFields {
  readonly decision?: Item;
  readonly record?: Item;
  readonly parts?: Item;
  readonly holder?: Item;
  readonly thirdParty?: Item;
  readonly purposes?: Item;
  readonly notBefore?: Item;
  readonly notAfter?: Item;
  readonly conditions?: Item;
  readonly reason?: Item;
}

const ABOUT: GrantFields = {
  record: shared.idText,
  parts: 'all',
  holder: borealis.idText,
  thirdParty: caldera.idText,
};

/** A release-grant whose fields are all withheld. Default: Arcadia lets Borealis hand the record on to Caldera for 30 days. */
export function granted(fields: GrantFields = {}, options: Options = {}): RecordText {
  const term = { purposes: ['incident-response'], notBefore: day(0), notAfter: day(30) };
  return released({ decision: 'grant', ...ABOUT, ...term, ...fields }, options);
}

/** By default a day after the begin. */
export function revoked(fields: GrantFields = {}, options: Options = {}): RecordText {
  return released({ decision: 'revoke', ...ABOUT, ...fields }, { atSeconds: day(1), ...options });
}

export function refused(fields: GrantFields = {}, options: Options = {}): RecordText {
  return released({ decision: 'refuse', ...ABOUT, ...fields }, options);
}

/** The part of a release-grant that is this field. */
export function partOf(grant: RecordText, name: string): Disclosure {
  const part = grant.parts.find(({ bytes }) => bytes.subarray(-name.length).toString() === name);
  if (part === undefined) throw new Error(`no part ${name}`);
  return part;
}

/** The whole of a record but these fields. */
export function withholding(text: RecordText, ...names: readonly string[]): Buffer {
  const hidden = names.map((name) => partOf(text, name));
  return text.view([...text.parts, ...text.decoys].filter((part) => !hidden.includes(part)));
}

function released(fields: GrantFields, options: Options): RecordText {
  const given = Object.entries(fields).filter(([, content]) => content !== null);
  const { by = arcadia, atSeconds = BEGIN_SECONDS, payload = [] } = options;
  const content = encoded([by.code, atSeconds, map(...given), map(...(payload as [Item, Item][]))]);
  const subject = `g-${sha256(Buffer.from(content)).toString('hex').slice(0, 16)}`;
  const parts = given.map(([name, value]) => field(name, value as Item, { salt: subject }));
  return issued('release-grant', parts, { ...options, subject });
}
