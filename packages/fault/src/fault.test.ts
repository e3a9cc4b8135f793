import { expect, test } from 'vitest';
import { DocumentFaults, Fault, isFault } from './index.ts';

test('carries code, message, fields and cause', () => {
  const cause = new Error('below');
  const fault = new Fault('digest.bad-hex', 'expected hex', {
    fields: { at: 3, list: [1, ['a', null]] },
    cause,
  });
  expect(fault).toBeInstanceOf(Error);
  expect(fault.code).toBe('digest.bad-hex');
  expect(fault.message).toBe('expected hex');
  expect(fault.fields).toEqual({ at: 3, list: [1, ['a', null]] });
  expect(fault.cause).toBe(cause);
  expect(String(fault)).toBe('Fault: expected hex');
  expect(fault.stack).toContain('fault.test.ts');
});

test('without options it has no fields and no cause', () => {
  const fault = new Fault('fault.internal', 'message');
  expect(fault.fields).toEqual({});
  expect('cause' in fault).toBe(false);
  expect('cause' in new Fault('fault.internal', 'message', { fields: {} })).toBe(false);
  expect(new Fault('fault.internal', 'message', { cause: undefined })).toHaveProperty('cause', undefined);
});

test('as JSON it has neither cause nor stack', () => {
  const fault = new Fault('digest.bad-hex', 'expected hex', {
    fields: { at: 3 },
    cause: new Error('secret'),
  });
  expect(JSON.parse(JSON.stringify(fault))).toEqual({
    code: 'digest.bad-hex',
    message: 'expected hex',
    fields: { at: 3 },
  });
});

test('fields are a frozen copy', () => {
  const fields = { at: 1 };
  const fault = new Fault('digest.bad-hex', 'message', { fields });
  fields.at = 2;
  expect(fault.fields).toEqual({ at: 1 });
  expect(() => Object.assign(fault.fields, { at: 3 })).toThrow(TypeError);
  expect(() => Object.assign(new Fault('fault.internal', 'other').fields, { at: 3 })).toThrow(TypeError);
});

test('isFault tells faults, with and without a code', () => {
  const fault = new Fault('digest.bad-hex', 'message');
  const faults = new DocumentFaults([{ code: 'digest.bad-hex', path: [], message: 'message' }]);
  for (const thrown of [fault, faults]) {
    expect(isFault(thrown)).toBe(true);
    expect(isFault(thrown, 'digest.bad-hex')).toBe(true);
    expect(isFault(thrown, 'fault.internal')).toBe(false);
  }
  for (const thrown of [new Error('message'), { ...fault.toJSON() }, 'digest.bad-hex', null, undefined]) {
    expect(isFault(thrown)).toBe(false);
  }
});
