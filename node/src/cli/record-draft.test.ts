import { DocumentFaults } from '@comity/fault';
import { type PlainScheme, schemeFrom } from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { parseDraft, type RecordType, recordTypes } from '@comity/record';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { emptyDraft } from './record-draft.ts';

const scheme = schemeFrom(neutral.scheme as unknown as PlainScheme);

/** Codes and paths of the faults that a draft has. */
function faults(text: string): { code: string; path: string }[] {
  try {
    parseDraft(parse(text), { scheme, atSeconds: 1_795_514_400, stateOf: () => undefined });
  } catch (thrown) {
    if (!(thrown instanceof DocumentFaults)) throw thrown;
    return thrown.faults.map(({ code, path }) => ({ code, path: path.join('.') }));
  }
  return [];
}

const required = ({ fields }: RecordType) =>
  Object.entries(fields).flatMap(([name, rule]) => (rule.required === true ? [name] : []));

test.each(recordTypes.map((type) => [type.id, type] as const))(
  'the empty draft of the type %s cannot be signed as it is, and misses what is required',
  (_, type) => {
    const missing = faults(emptyDraft(type)).map(({ path }) => path);
    expect(missing).toContain('label.classification');
    for (const name of required(type)) {
      // A list without elements, and a map without entries, can stand.
      if (type.fields[name]?.redaction === 'whole') expect(missing).toContain(`content.${name}`);
    }
  },
);

test.each(recordTypes.map((type) => [type.id, type] as const))(
  'what the empty draft of the type %s names, the type has',
  (_, type) => {
    const whole = emptyDraft(type).replaceAll(/^( *)# ([A-Za-z]+:(?: \[\])?)$/gm, '$1$2');
    const { content } = parse(whole) as { content: object };
    expect(Object.keys(content)).toEqual(Object.keys(type.fields));
    expect(faults(whole).filter(({ code }) => code === 'record.unknown-field')).toEqual([]);
  },
);
