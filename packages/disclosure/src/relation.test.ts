import type { Recognition } from '@comity/identity';
import type { StateCode, StateId } from '@comity/label';
import { expect, test } from 'vitest';

import { Relation } from './relation.ts';

const english = (text: string) => new Map([['en', text]]);
const scheme = {
  id: 'plain',
  name: english('Plain'),
  levels: [{ id: 'open', name: english('Open'), rank: 0 }],
  categorySets: [],
};
const levels = { from: 'plain', to: 'plain', levels: new Map([['open', 'open']]) };

test('decisions are remembered by the recipient: nothing in it changes, whatever becomes of the recognition', () => {
  const categories = [{ set: 'network', values: ['csirt', 'soc'] }];
  const ours: Recognition = {
    issuer: 'a1'.repeat(32) as StateId,
    subject: 'b2'.repeat(32) as StateId,
    subjectCode: 'XBO' as StateCode,
    charterDigest: new Uint8Array(32),
    ceiling: 'open',
    outbound: levels,
    inbound: levels,
    categories,
    community: true,
    issuedAtSeconds: 0,
    notBeforeSeconds: 0,
    notAfterSeconds: 10,
  };
  const { recipient, agreed } = new Relation(ours, undefined, { ours: scheme, theirs: scheme });
  categories[0]?.values.push('another');
  categories.pop();
  expect(recipient.categories).toEqual([{ set: 'network', values: ['csirt', 'soc'] }]);
  const held = recipient.categories as { set: string; values: string[] }[];
  const changes: readonly (() => unknown)[] = [
    () => held.push({ set: 'network', values: [] }),
    () => held[0]?.values.push('another'),
    () => Object.assign(held[0] ?? {}, { set: 'another' }),
    () => Object.assign(recipient, { ceiling: 'another' }),
    () => Object.assign(recipient.outbound, { levels: new Map() }),
    () => Object.assign(agreed, { outbound: levels }),
  ];
  for (const change of changes) expect(change).toThrow(TypeError);
  expect(recipient.outbound).toBe(agreed.outbound);
});
