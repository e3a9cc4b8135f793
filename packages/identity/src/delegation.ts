import { equalBytes } from '@comity/digest';
import type { DocumentFault } from '@comity/fault';
import { rankOf } from '@comity/label';

import type { KeyCertificate, VerifiedKeyCertificate } from './key-certificate.ts';

/** So many certificates stand at most below one that root keys have signed (charter.md 3.7). */
export const MAX_DELEGATION_DEPTH = 2;

/** A delegate certifies a key for at most 90 days (formats.md §5.2 rule 2). */
export const MAX_DELEGATED_SECONDS: number = 90 * 86_400;

/** The certificates above one, the nearest first: those of the delegates between it and the root keys. */
export function delegatorsOf(certificate: VerifiedKeyCertificate): readonly VerifiedKeyCertificate[] {
  const { delegator } = certificate;
  return delegator === undefined ? [] : [delegator, ...delegatorsOf(delegator)];
}

/** What is wrong in a certificate as one that this delegate has signed: nothing below it reaches further than it does. */
export function delegationFaults(
  certificate: KeyCertificate,
  delegator: VerifiedKeyCertificate,
): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const fault = (code: DocumentFault['code'], path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });
  const { usage, depth = 0, publicKey, notBeforeSeconds, notAfterSeconds } = certificate;

  if (delegator.usage !== 'delegate')
    fault(
      'identity.wrong-usage',
      ['delegatedBy'],
      'the certificate above this one is not that of a delegate',
    );
  if (usage !== 'record' && usage !== 'delegate')
    fault('identity.delegated-usage', ['usage'], 'expected a key for records, or of a delegate');
  // Where the one above is no delegate its depth is 0, and so is that of a record key: it is refused already.
  if (usage === 'delegate' && depth >= (delegator.depth ?? 0))
    fault('identity.delegation-too-deep', ['depth'], `expected less than ${delegator.depth ?? 0}`);
  if (!isWithin(certificate, delegator))
    fault('identity.delegation-wider', ['scope'], 'expected a scope within that of the delegate');
  if (notBeforeSeconds < delegator.notBeforeSeconds || notAfterSeconds > delegator.notAfterSeconds)
    fault('identity.delegation-outlives', ['notAfterSeconds'], "expected a validity within the delegate's");
  if (notAfterSeconds - notBeforeSeconds > MAX_DELEGATED_SECONDS)
    fault(
      'identity.validity-too-long',
      ['notAfterSeconds'],
      `expected at most ${MAX_DELEGATED_SECONDS} seconds`,
    );
  if ([delegator, ...delegatorsOf(delegator)].some((each) => equalBytes(each.publicKey, publicKey)))
    fault('identity.key-reused', ['publicKey'], 'this key is that of a delegate above it');
  return faults;
}

/** Whether a scope allows nothing that the delegate's does not. What is absent is not limited. */
function isWithin({ scope }: KeyCertificate, { scope: outer, scheme }: VerifiedKeyCertificate): boolean {
  const { recordTypes, maxClassification } = outer;
  const areTypes =
    recordTypes === undefined || scope.recordTypes?.every((type) => recordTypes.includes(type)) === true;
  if (!areTypes || maxClassification === undefined) return areTypes;
  const limit = rankOf(scheme, maxClassification);
  const rank = scope.maxClassification === undefined ? undefined : rankOf(scheme, scope.maxClassification);
  return limit !== undefined && rank !== undefined && rank <= limit;
}
