import type { FaultCode } from '@comity/fault';
import { recordTypeOf } from '@comity/record';

import { type DocumentPath, type DocumentReader, shown } from './document-reader.ts';
import type { Condition, SeverityFloor } from './policy.ts';
import { isSector, SEVERITY_SCALES, scalesWith } from './vocabulary.ts';

/** Reads `when` of a rule. */
export function readCondition(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
): Condition | undefined {
  const condition = reader.mapping(value, path, { required: [], optional: ['type', 'sector', 'severity'] });
  if (condition === undefined) return undefined;
  if (Object.keys(value as object).length === 0)
    reader.fault('policy.missing-key', path, 'expected at least one condition');
  const among = (
    key: 'type' | 'sector',
    isKnown: (text: string) => boolean,
    unknown: FaultCode,
  ): string[] | undefined => {
    if (condition[key] === undefined) return undefined;
    return reader.texts(condition[key], [...path, key], 'scalar-or-list').map(([text, at]) => {
      if (!isKnown(text)) reader.fault(unknown, at, `"${shown(text)}" is not registered`);
      return text;
    });
  };
  const type = among('type', (text) => recordTypeOf(text) !== undefined, 'policy.unknown-type');
  const sector = among('sector', isSector, 'policy.unknown-sector');
  const severity =
    condition.severity === undefined
      ? undefined
      : readSeverity(reader, condition.severity, [...path, 'severity']);
  return { ...(type && { type }), ...(sector && { sector }), ...(severity && { severity }) };
}

function readSeverity(reader: DocumentReader, value: unknown, path: DocumentPath): SeverityFloor | undefined {
  const severity = reader.mapping(value, path, { required: ['at-least'], optional: ['scale'] });
  if (severity?.['at-least'] === undefined) return undefined;
  const atLeast = reader.text(severity['at-least'], [...path, 'at-least']);
  if (atLeast === undefined) return undefined;
  if (severity.scale === undefined) {
    // Numbers and words of different scales are never compared; a word of one scale alone names that scale.
    const scales = scalesWith(atLeast);
    if (scales.length === 1) return { scale: scales[0] as string, atLeast };
    const expected =
      scales.length === 0 ? 'a value of a registered scale' : `a key "scale": one of ${scales.join(', ')}`;
    return reader.fault(
      'policy.unknown-severity',
      [...path, 'at-least'],
      `expected ${expected}, got "${shown(atLeast)}"`,
    );
  }
  const scale = reader.text(severity.scale, [...path, 'scale']);
  if (scale === undefined) return undefined;
  const values = SEVERITY_SCALES.get(scale);
  if (values === undefined) {
    return reader.fault(
      'policy.unknown-severity',
      [...path, 'scale'],
      `"${shown(scale)}" is not a registered scale`,
    );
  }
  if (!values.has(atLeast)) {
    return reader.fault(
      'policy.unknown-severity',
      [...path, 'at-least'],
      `the scale ${scale} has no value "${shown(atLeast)}"`,
    );
  }
  return { scale, atLeast };
}
