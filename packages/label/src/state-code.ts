import { type Shape, text } from '@comity/cbor';
import { Fault } from '@comity/fault';

declare const stateCodeBrand: unique symbol;

/**
 * The short name of a state in markings and policies, in the form of ISO 3166-1 alpha-3. Samples and exercises use the
 * user-assigned codes XAA to XZZ. A code is what a state calls itself: it identifies nobody, a `StateId` does.
 */
export type StateCode = string & { readonly [stateCodeBrand]: true };

const STATE_CODE = /^[A-Z]{3}$/;

/** Whether a text has the form of a state code. */
export function isStateCode(text: string): text is StateCode {
  return text.length === 3 && STATE_CODE.test(text);
}

/**
 * Refuses a text that does not have the form of a state code.
 *
 * @throws Fault `label.bad-state-code`
 */
export function assertStateCode(text: string): asserts text is StateCode {
  if (isStateCode(text)) return;
  throw new Fault('label.bad-state-code', 'expected three capital letters', {
    fields: { length: text.length },
  });
}

/** A state code on the wire: the three letters. */
export const stateCodeShape: Shape<StateCode> = text({
  maxBytes: 3,
  pattern: STATE_CODE,
}) as Shape<string> as Shape<StateCode>;
