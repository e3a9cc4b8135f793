import { keyStateAge } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { RecordHeader } from '@comity/record';
import type { Known } from './known.ts';
import type { Remark } from './report.ts';
import { done, failed, notDone, type Outcome } from './steps.ts';

/**
 * What the issuer says of the key of a record (dossier.md 5.11, key-state.md §4).
 *
 * @param trustedSeconds when the record was there by the word of a quorum
 * @returns what a reader has to be told of the key although it counts
 */
export function standingOf(
  { kid, issuer, issuedAtSeconds }: RecordHeader,
  known: Known,
  trustedSeconds: number | undefined,
): Outcome<readonly Remark[]> {
  const standing = known.standingOf(kid);
  const isShown = known.directory.keyStateOf(issuer) !== undefined;
  const isDelegators = standing?.isDelegators === true;
  switch (standing?.standing) {
    case 'superseded':
      if (issuedAtSeconds < standing.fromSeconds) return done(['key-superseded']);
      return failed(isDelegators ? 'dossier.delegator-superseded' : 'dossier.key-superseded');
    case 'revoked':
      if (trustedSeconds === undefined) return notDone('revoked-time-unknown');
      if (trustedSeconds < standing.fromSeconds) return done(['revoked-later']);
      return failed(isDelegators ? 'dossier.delegator-revoked' : 'dossier.key-revoked');
    case 'not-listed':
      return notDone('not-listed');
    default:
      return isShown ? done([]) : notDone('no-key-state');
  }
}

/** Whether no root key has certified the key of a record, but a delegate of its state. */
export function isDelegated({ kid }: RecordHeader, known: Known): boolean {
  return known.certificatesFor(kid).some(({ delegator }) => delegator !== undefined);
}

/**
 * Whether the chain of delegates between root keys and the key of a record holds (dossier.md 5.14).
 *
 * @param isBeyondScope none of the certificates grants type and label of the record
 */
export function delegationOf(
  { kid, issuer, issuedAtSeconds }: RecordHeader,
  known: Known,
  isBeyondScope: boolean,
): Outcome<null> {
  const [first] = known.certificatesFor(kid);
  if (first === undefined) {
    const code = known.beyondDelegate(issuer, kid);
    return code === undefined ? notDone('no-certificate') : failed(code);
  }
  if (first.issuer !== issuer || first.usage !== 'record') return notDone('no-certificate');
  if (first.delegator === undefined) return done(null);
  if (known.validAt(kid, issuedAtSeconds).length === 0) return notDone('no-delegation-then');
  return isBeyondScope ? failed('dossier.delegation-scope') : done(null);
}

/** Whether the key state that a record is judged by is still to be relied on: what was revoked since is not in it. */
export function isCurrent(
  issuer: StateId,
  { known, atSeconds }: { readonly known: Known; readonly atSeconds: number },
): Outcome<null> {
  const keyState = known.directory.keyStateOf(issuer);
  if (keyState === undefined) return notDone('no-key-state');
  return keyStateAge(keyState, atSeconds).isStale ? notDone('stale-key-state') : done(null);
}
