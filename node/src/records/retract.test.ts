import { effectiveLabel, type Label, type PlainScheme, type StateId, schemeFrom } from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { type DraftContext, parseDraft } from '@comity/record';
import { expect, test } from 'vitest';
import type { Sovereign } from '../sovereign.ts';
import { draftLabel } from './retract.ts';

const own = 'a'.repeat(64) as StateId;
const other = 'b'.repeat(64) as StateId;
const known = {
  self: { state: own, charter: { code: 'XAA' } },
  peers: { codeOf: (state: StateId) => (state === other ? 'XBB' : undefined) },
} as unknown as Sovereign;
const context = (atSeconds: number): DraftContext => ({
  scheme: schemeFrom(neutral.scheme as unknown as PlainScheme),
  atSeconds,
  stateOf: (code) =>
    new Map<string, StateId>([
      ['XAA', own],
      ['XBB', other],
    ]).get(code),
  normKindOf: () => undefined,
});
const labelOf = (label: unknown, atSeconds: number): Label =>
  parseDraft({ type: 'incident', label, content: { title: { en: 'T' }, stage: 'final' } }, context(atSeconds))
    .fields[0]?.label as Label;

const YEARS = ['2030', '2031', '2032', '2033'].map((year) => Date.parse(`${year}-01-01T00:00:00Z`) / 1000);
const written = {
  classification: 'secret',
  tlp: 'AMBER',
  releasableTo: ['XAA', 'XBB'],
  succession: {
    at: '2031-01-01T00:00:00Z',
    label: {
      classification: 'restricted',
      releasableTo: null,
      succession: {
        at: '2032-01-01T00:00:00Z',
        label: { classification: 'unclassified', tlp: null, releasableTo: ['XBB'] },
      },
    },
  },
};

test.each(YEARS)('a label written again at %d says the same from then on', (atSeconds) => {
  const label = labelOf(written, YEARS[0] as number);
  const again = labelOf(draftLabel(known, effectiveLabel(label, atSeconds)), atSeconds);
  for (const laterSeconds of YEARS.filter((each) => each >= atSeconds)) {
    const { reviewAtSeconds: _, createdAtSeconds: __, ...now } = effectiveLabel(label, laterSeconds);
    const { reviewAtSeconds: ___, createdAtSeconds: ____, ...then } = effectiveLabel(again, laterSeconds);
    expect(then).toEqual(now);
  }
});
