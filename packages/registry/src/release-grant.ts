import type { StateId } from '@comity/label';
import {
  type Fact,
  factOf,
  MAX_GRANT_SECONDS,
  type RecordHeader,
  type RecordId,
  type View,
} from '@comity/record';
import { known } from './norm.ts';

export type Parts = ReadonlySet<string> | 'all';

/** A grant that its originator has given: to whom, of what, and for how long if nothing ends it before. */
export interface GrantTerms {
  readonly header: RecordHeader;
  readonly recordId: RecordId;
  readonly parts: Parts;
  readonly holder: StateId;
  readonly thirdParty: StateId;
  readonly purposes: readonly string[];
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** A revocation by an originator. What is undefined is unknown, and may be anything. */
export interface Revocation {
  readonly header: RecordHeader;
  readonly recordId: RecordId | undefined;
  readonly parts: Parts;
  readonly holder: StateId | undefined;
  readonly thirdParty: StateId | undefined;
}

/** Why a release-grant does not count. */
export type GrantRefusal =
  | 'other-type'
  | 'withheld'
  | 'other-record'
  | 'other-exercise'
  | 'not-originator'
  | 'same-state'
  | 'bad-term';

export type ReadGrant =
  | { readonly says: 'grant'; readonly terms: GrantTerms }
  | { readonly says: 'revoke'; readonly revocation: Revocation }
  | { readonly says: 'refuse' }
  | { readonly says: 'nothing'; readonly refusal: GrantRefusal };

type About = Pick<RecordHeader, 'issuer' | 'exercise'>;

/** Reads a release-grant (record-types.md 15.1 to 15.5). */
export function readGrant(view: View, recordOf: (id: RecordId) => About | undefined): ReadGrant {
  const { header } = view;
  if (header.type !== 'release-grant') return nothing('other-type');
  const decision = known(textOf(view, 'decision'));
  const recordId = known(textOf(view, 'record')) as RecordId | undefined;
  if (decision === undefined || (recordId === undefined && decision !== 'revoke')) return nothing('withheld');
  const refusal = recordId === undefined ? undefined : refusalAbout(header, recordOf(recordId));
  if (refusal !== undefined) return nothing(refusal);
  if (decision === 'refuse') return { says: 'refuse' };
  const [holder, thirdParty] = ['holder', 'thirdParty'].map(
    (name) => known(textOf(view, name)) as StateId | undefined,
  );
  const parts = known(factOf(view, 'parts', partsIn));
  if (decision === 'revoke') {
    return { says: 'revoke', revocation: { header, recordId, parts: parts ?? 'all', holder, thirdParty } };
  }
  return readTerms(view, { recordId, parts, holder, thirdParty });
}

/** Record-types.md 15.2: nobody consents for another state, and what is done in an exercise is not done. */
function refusalAbout(header: RecordHeader, about: About | undefined): GrantRefusal | undefined {
  if (about === undefined) return 'other-record';
  if (header.exercise !== about.exercise) return 'other-exercise';
  return header.issuer === about.issuer ? undefined : 'not-originator';
}

type Named = { [Name in 'recordId' | 'parts' | 'holder' | 'thirdParty']: GrantTerms[Name] | undefined };

function readTerms(view: View, { recordId, parts, holder, thirdParty }: Named): ReadGrant {
  const { header } = view;
  const purposes = known(factOf(view, 'purposes', (value) => value as readonly string[]));
  const [notBefore, notAfter] = ['notBefore', 'notAfter'].map((name) =>
    known(factOf(view, name, (value) => value as number)),
  );
  if (
    recordId === undefined ||
    parts === undefined ||
    holder === undefined ||
    thirdParty === undefined ||
    purposes === undefined ||
    notBefore === undefined ||
    notAfter === undefined
  ) {
    return nothing('withheld');
  }
  if (new Set([header.issuer, holder, thirdParty]).size < 3) return nothing('same-state');
  const fromSeconds = Math.max(notBefore, header.issuedAtSeconds);
  const isBadTerm = notAfter <= fromSeconds || notAfter - header.issuedAtSeconds > MAX_GRANT_SECONDS;
  if (isBadTerm) return nothing('bad-term');
  const terms = {
    header,
    recordId,
    parts,
    holder,
    thirdParty,
    purposes,
    fromSeconds,
    untilSeconds: notAfter,
  };
  return { says: 'grant', terms };
}

function partsIn(value: unknown): Parts {
  return value === 'all' ? value : new Set(value as readonly string[]);
}

function textOf(view: View, field: string): Fact<string> {
  return factOf(view, field, (value) => value as string);
}

function nothing(refusal: GrantRefusal): ReadGrant {
  return { says: 'nothing', refusal };
}
