import { type DocumentFault, Fault } from '@comity/fault';

/** The time during which a document is valid: `notBeforeSeconds` is part of it, `notAfterSeconds` is not. UTC seconds. */
export interface Validity {
  readonly notBeforeSeconds: number;
  readonly notAfterSeconds: number;
}

/**
 * Refuses a time outside the validity of a certificate or recognition (formats.md §5.2 rule 5: half-open).
 *
 * @throws Fault `identity.not-yet-valid`, `identity.expired`
 */
export function assertValidAt({ notBeforeSeconds, notAfterSeconds }: Validity, atSeconds: number): void {
  // Written as negations so that a time that is not a number is refused.
  if (!(atSeconds >= notBeforeSeconds)) {
    throw new Fault('identity.not-yet-valid', 'the document is not valid yet at the time in question', {
      fields: { notBeforeSeconds, atSeconds },
    });
  }
  if (!(atSeconds < notAfterSeconds)) {
    throw new Fault('identity.expired', 'the document is no longer valid at the time in question', {
      fields: { notAfterSeconds, atSeconds },
    });
  }
}

export function validityFaults({ notBeforeSeconds, notAfterSeconds }: Validity): readonly DocumentFault[] {
  if (notAfterSeconds > notBeforeSeconds) return [];
  const message = 'expected a time after notBeforeSeconds';
  return [{ code: 'identity.bad-validity', path: ['notAfterSeconds'], message }];
}
