import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assertRecordId,
  formatFieldPath,
  isExerciseId,
  isFieldName,
  isRecordId,
  isRecordType,
  isSubjectId,
  parseFieldPath,
  parseTimeText,
  splitSubject,
} from './index.ts';

describe('record ids', () => {
  test('are 64 lower-case hexadecimal digits', () => {
    expect(isRecordId('0f'.repeat(32))).toBe(true);
    for (const text of [
      '0F'.repeat(32),
      '0f'.repeat(31),
      '',
      'g'.repeat(64),
      5,
      undefined,
      ['0f'.repeat(32)],
    ]) {
      expect(isRecordId(text)).toBe(false);
      expect(() => assertRecordId(text)).toThrow(expect.objectContaining({ code: 'record.bad-record-id' }));
    }
    expect(() => assertRecordId('0f'.repeat(32))).not.toThrow();
  });
});

describe('subjects', () => {
  test('have a type and an id', () => {
    expect(splitSubject('incident/57c4445b')).toEqual({ type: 'incident', subjectId: '57c4445b' });
    for (const text of [
      '',
      'incident',
      '/a',
      'incident/',
      'incident/ a',
      'incident/a\n',
      'ïncident/a',
      '-a/b',
    ]) {
      expect(splitSubject(text)).toBeUndefined();
    }
  });

  test('have limits', () => {
    expect(isRecordType('a'.repeat(32))).toBe(true);
    expect(isRecordType('a'.repeat(33))).toBe(false);
    expect(isSubjectId('a'.repeat(128))).toBe(true);
    expect(isSubjectId('a'.repeat(129))).toBe(false);
    expect(isExerciseId('a'.repeat(64))).toBe(true);
    expect(isExerciseId('a'.repeat(65))).toBe(false);
    expect(splitSubject(`${'a'.repeat(32)}/${'a'.repeat(128)}`)).toBeDefined();
    expect([isRecordType(5), isSubjectId(undefined), isExerciseId(null)]).toEqual([false, false, false]);
  });
});

describe('field paths', () => {
  const steps = fc
    .array(fc.oneof(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/), fc.nat(9_999)), { maxLength: 15 })
    .chain((rest) => fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/).map((first) => [first, ...rest]));

  test('come back from their text', () => {
    fc.assert(
      fc.property(steps, (path) => {
        expect(parseFieldPath(formatFieldPath(path))).toEqual(path);
      }),
    );
  });

  test('have one text each', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '0', '1', '.', '[', ']', '-', '_') }),
        (text) => {
          let path: ReturnType<typeof parseFieldPath>;
          try {
            path = parseFieldPath(text);
          } catch {
            return;
          }
          expect(formatFieldPath(path)).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('have at most 16 steps', () => {
    expect(parseFieldPath(`a${'.a'.repeat(15)}`)).toHaveLength(16);
    expect(() => parseFieldPath(`a${'.a'.repeat(16)}`)).toThrow(
      expect.objectContaining({ code: 'record.bad-path' }),
    );
    expect(formatFieldPath([])).toBe('');
  });

  test('consist of field names', () => {
    for (const name of ['a', 'A-b_9', 'a'.repeat(64)]) expect(isFieldName(name)).toBe(true);
    for (const name of ['', '_a', '9a', 'a.b', 'a b', 'ä', 'a'.repeat(65), '__proto__', 5])
      expect(isFieldName(name)).toBe(false);
  });
});

describe('times', () => {
  test('are UTC to the second', () => {
    expect(parseTimeText('1970-01-01T00:00:00Z')).toBe(0);
    expect(parseTimeText('2026-11-24T10:00:00Z')).toBe(1_795_514_400);
    expect(parseTimeText('9999-12-31T23:59:59Z')).toBe(253_402_300_799);
    expect(parseTimeText('2000-02-29T00:00:00Z')).toBe(951_782_400);
  });

  test('agree with the calendar of the platform', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const text = new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
        expect(parseTimeText(text)).toBe(seconds);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '2026-11-24',
    '2026-11-24T10:00Z',
    '2026-11-24T10:00:00',
    '2026-11-24T10:00:00+00:00',
    '2026-11-24T10:00:00.5Z',
    '2026-11-24t10:00:00z',
    '2026-11-24 10:00:00Z',
    '1969-12-31T23:59:59Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '２026-01-01T00:00:00Z',
    '',
  ])('refuse %j', (text) => {
    expect(parseTimeText(text)).toBeUndefined();
  });
});
