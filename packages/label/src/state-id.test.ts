import { isFault } from '@comity/fault';
import { expect, test } from 'vitest';

import {
  assertStateCode,
  assertStateId,
  isStateCode,
  isStateId,
  stateCodeShape,
  stateIdShape,
} from './index.ts';

const ID = '0f'.repeat(32);

test('a state id is 64 lower-case hexadecimal digits', () => {
  expect(isStateId(ID)).toBe(true);
  for (const text of [
    '',
    'XAR',
    ID.toUpperCase(),
    `${ID}0`,
    ID.slice(1),
    `${ID.slice(2)}0g`,
    `${ID.slice(1)}\n`,
  ]) {
    expect(isStateId(text), text).toBe(false);
    expect(() => assertStateId(text)).toThrow(expect.objectContaining({ code: 'label.bad-state-id' }));
  }
  expect(() => assertStateId(ID)).not.toThrow();
});

test('a state id travels as the 32 bytes of the digest', () => {
  assertStateId(ID);
  const wire = stateIdShape.encode(ID);
  expect(wire).toEqual(new Uint8Array(32).fill(15));
  expect(stateIdShape.decode(wire)).toBe(ID);
  expect(() => stateIdShape.decode(new Uint8Array(31))).toThrow(
    expect.objectContaining({ code: 'cbor.shape' }),
  );
  expect(() => stateIdShape.decode(ID)).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
  expect(() => stateIdShape.encode('xx' as typeof ID)).toThrow(
    expect.objectContaining({ code: 'label.bad-state-id' }),
  );
});

test('a state code is three capital letters', () => {
  expect(isStateCode('XAR')).toBe(true);
  for (const text of ['', 'xar', 'XA', 'XARX', 'X1R', 'XÄR', 'XAR\n']) {
    expect(isStateCode(text), text).toBe(false);
    expect(() => assertStateCode(text)).toThrow(expect.objectContaining({ code: 'label.bad-state-code' }));
    expect(() => stateCodeShape.decode(text)).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
  }
  expect(stateCodeShape.decode('XBO')).toBe('XBO');
});

test('the refusal of an id does not repeat it', () => {
  try {
    assertStateId('secret-codeword');
    expect.unreachable();
  } catch (thrown) {
    expect(isFault(thrown) && JSON.stringify(thrown)).not.toContain('secret-codeword');
  }
});
