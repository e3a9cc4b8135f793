import { bytes, defineShape, type Shape } from '@comity/cbor';
import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

declare const stateIdBrand: unique symbol;

/**
 * The id of a state: SHA-256 of the payload of its first charter, as 64 lower-case hexadecimal digits. It never
 * changes, whatever happens to the state's name, code or keys.
 */
export type StateId = string & { readonly [stateIdBrand]: true };

const STATE_ID = /^[0-9a-f]{64}$/;

/** Whether a text is the id of a state. */
export function isStateId(text: string): text is StateId {
  return text.length === 64 && STATE_ID.test(text);
}

/**
 * Refuses a text that is not the id of a state.
 *
 * @throws Fault `label.bad-state-id`
 */
export function assertStateId(text: string): asserts text is StateId {
  if (isStateId(text)) return;
  throw new Fault('label.bad-state-id', 'expected 64 lower-case hexadecimal digits', {
    fields: { length: text.length },
  });
}

const digest = bytes(32);

/** A state id on the wire: the 32 bytes of the digest. */
export const stateIdShape: Shape<StateId> = defineShape<StateId>(
  (value) => toHex(digest.decode(value)) as StateId,
  (id) => {
    assertStateId(id);
    return fromHex(id);
  },
);
