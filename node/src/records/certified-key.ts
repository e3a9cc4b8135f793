import { toHex } from '@comity/digest';
import { delegatorsOf, type KeyDirectory, type VerifiedKeyCertificate } from '@comity/identity';
import { formatTime } from '../operations/shapes.ts';

/** A certificate as it is shown to people. */
export function certifiedKey(certificate: VerifiedKeyCertificate, directory: KeyDirectory) {
  const { usage, kid, subject, delegator, scope, depth } = certificate;
  return {
    usage,
    kid: toHex(kid),
    validFrom: formatTime(certificate.notBeforeSeconds),
    validUntil: formatTime(certificate.notAfterSeconds),
    standing: directory.standingOf(kid)?.standing ?? ('not-listed' as const),
    subject,
    delegatedBy: delegator === undefined ? null : toHex(delegator.kid),
    types: scope.recordTypes === undefined ? null : [...scope.recordTypes],
    max: scope.maxClassification ?? null,
    depth: depth ?? null,
  };
}

/** All certificates of delegates among these and above them, each once. */
export function delegatesIn(certificates: readonly VerifiedKeyCertificate[]): VerifiedKeyCertificate[] {
  const all = certificates.flatMap((each) => [each, ...delegatorsOf(each)]);
  const byId = new Map(
    all
      .filter(({ usage }) => usage === 'delegate')
      .map((each) => [`${toHex(each.kid)} ${toHex(each.certificateId)}`, each]),
  );
  return [...byId.values()];
}
