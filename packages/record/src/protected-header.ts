import type { CborKey, CborValue } from '@comity/cbor';
import { HEADER_KID, HEADER_TYP, MEDIA_TYPES } from '@comity/cose';
import { Fault } from '@comity/fault';
import { isStateId, type StateId } from '@comity/label';
import { DIGEST_BYTES, MAX_TIME_SECONDS, NONCE_BYTES } from './limits.ts';
import { splitSubject } from './subject.ts';

/** Header labels of a record beside those of COSE itself (formats §0). */
export const HEADER_CWT_CLAIMS = 15;
export const HEADER_DIGEST_ALGORITHM = 170;

/** CWT claims of a record (RFC 8392, RFC 9597). */
export const CLAIM_ISSUER = 1;
export const CLAIM_SUBJECT = 2;
export const CLAIM_ISSUED_AT = 6;
export const CLAIM_NONCE = 7;

/** SHA-256 in the COSE registry of algorithms. */
export const DIGEST_SHA256 = -16;

/** What the protected header says, with every form checked. */
export interface SignedHeader {
  readonly kid: Uint8Array;
  readonly issuer: StateId;
  readonly subject: string;
  readonly type: string;
  readonly subjectId: string;
  readonly issuedAtSeconds: number;
  readonly nonce: Uint8Array;
}

/** Reads the closed protected header of a record (formats §0, §6 rec-prot and cwt). The algorithm was checked by COSE. */
export function readProtectedHeader(header: ReadonlyMap<CborKey, CborValue>): SignedHeader {
  const kid = header.get(HEADER_KID);
  const cwt = header.get(HEADER_CWT_CLAIMS);
  // Closed map: five entries and these five, so that nothing that was signed is overlooked.
  if (header.size !== 5 || kid === undefined || cwt === undefined) {
    throw new Fault(
      'record.protected-header',
      'expected the protected headers 1, 4, 15, 16 and 170, and no other',
    );
  }
  // RFC 9596: what was signed as another kind of document is no record.
  if (header.get(HEADER_TYP) !== MEDIA_TYPES.record) {
    throw new Fault('record.media-type', `expected ${MEDIA_TYPES.record} in header 16`);
  }
  if (header.get(HEADER_DIGEST_ALGORITHM) !== DIGEST_SHA256) {
    throw new Fault('record.digest-algorithm', `expected ${DIGEST_SHA256} (SHA-256) in header 170`);
  }
  if (!(kid instanceof Uint8Array) || kid.length !== DIGEST_BYTES) {
    throw new Fault('record.bad-key-id', 'expected a key thumbprint of 32 bytes in header 4');
  }
  return readCwtClaims(cwt, kid);
}

function readCwtClaims(cwt: CborValue, kid: Uint8Array): SignedHeader {
  if (!(cwt instanceof Map) || cwt.size !== 4) {
    throw new Fault('record.cwt-claims', 'expected the claims 1, 2, 6 and 7, and no other');
  }
  const issuer = cwt.get(CLAIM_ISSUER);
  if (typeof issuer !== 'string' || !isStateId(issuer))
    throw new Fault('record.bad-issuer', 'expected a state id in claim 1');
  const subject = cwt.get(CLAIM_SUBJECT);
  const named = typeof subject === 'string' ? splitSubject(subject) : undefined;
  if (named === undefined)
    throw new Fault('record.bad-subject', 'expected record type, slash and subject id in claim 2');
  const issuedAtSeconds = cwt.get(CLAIM_ISSUED_AT);
  if (!isTime(issuedAtSeconds)) throw new Fault('record.bad-issue-time', 'expected UTC seconds in claim 6');
  const nonce = cwt.get(CLAIM_NONCE);
  if (!(nonce instanceof Uint8Array) || nonce.length !== NONCE_BYTES) {
    throw new Fault('record.bad-nonce', `expected ${NONCE_BYTES} bytes in claim 7`);
  }
  return { kid, issuer, subject: subject as string, ...named, issuedAtSeconds, nonce };
}

/** UTC seconds between 1970 and 9999. */
export function isTime(value: CborValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_TIME_SECONDS;
}
