import { expect, test } from 'vitest';
import { delegateTree } from './delegate-tree.ts';

const VALID = {
  validFrom: '2026-11-01T00:00:00Z',
  validUntil: '2027-01-30T00:00:00Z',
  standing: 'live',
} as const;
const SCOPE = { types: null, max: null, depth: null };
const ministry = {
  ...{ ...VALID, ...SCOPE, usage: 'delegate', kid: 'aa'.repeat(32), subject: 'Ministry', delegatedBy: null },
  ...{ types: ['incident', 'norm'], max: 'restricted', depth: 2 },
};
const office = {
  ...{ ...ministry, kid: 'bb'.repeat(32), subject: 'Office', delegatedBy: ministry.kid },
  ...{ types: ['incident'], depth: 1 },
};
const key = {
  ...office,
  usage: 'record',
  kid: 'cc'.repeat(32),
  subject: 'Node',
  delegatedBy: office.kid,
  depth: null,
};
const own = { ...key, kid: 'dd'.repeat(32), delegatedBy: null };

test('each stands below the one that has certified it, with scope and validity', () => {
  expect(delegateTree([office, ministry], [own, key])).toEqual([
    'Ministry  delegate aaaaaaaaaaaaaaaa  incident, norm; up to restricted; 2 below it; 2026-11-01T00:00:00Z to 2027-01-30T00:00:00Z; live',
    '  Office  delegate bbbbbbbbbbbbbbbb  incident; up to restricted; 1 below it; 2026-11-01T00:00:00Z to 2027-01-30T00:00:00Z; live',
    '    Node  record cccccccccccccccc  incident; up to restricted; 2026-11-01T00:00:00Z to 2027-01-30T00:00:00Z; live',
  ]);
});

test('a state that delegates nothing has no tree', () => {
  expect(delegateTree([], [own])).toEqual([]);
});
