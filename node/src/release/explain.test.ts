import { expect, test, vi } from 'vitest';
import { draft, PEERS } from '../policy/policy-diff.test-support.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { explainForPeer } from './explain.ts';

vi.setConfig({ testTimeout: 60_000 });

const rule = (name: string, purpose: string, more: object) => ({
  name,
  to: 'XBB',
  mode: ['push'],
  purpose: [purpose],
  ...more,
});

async function explained(rules: object[], mode?: 'query') {
  await using node = await ScratchNode.found(PEERS);
  await node.apply({ comity: 'policy/1', rules });
  const [record = ''] = await node.issue(draft('One'));
  const { purpose, outcome } = await explainForPeer(node.sovereign, { record, peer: 'XBB', mode });
  return { purpose, outcome };
}

test('without a purpose, one for which the policy answers is explained where answers are asked about', async () => {
  const rules = [
    rule('asked', 'public-security', { mode: ['query'] }),
    rule('unasked', 'incident-response', { parts: ['title'] }),
  ];
  expect(await explained(rules, 'query')).toEqual({ purpose: 'public-security', outcome: 'release' });
  expect(await explained(rules)).toEqual({ purpose: 'incident-response', outcome: 'release' });
});

test('what waits for a person comes before what waits for a time, and that before what is kept', async () => {
  const none = rule('none', 'incident-response', { when: { type: 'norm' } });
  const embargoed = rule('later', 'public-security', { after: 'P1D' });
  const held = rule('asking', 'fraud-prevention', { approve: { by: 'officer' } });
  expect((await explained([none, embargoed])).purpose).toBe('public-security');
  expect(await explained([none, embargoed, held])).toEqual({ purpose: 'fraud-prevention', outcome: 'hold' });
});

test('a purpose that is not registered is refused', async () => {
  await using node = await ScratchNode.found(PEERS);
  const [record = ''] = await node.issue(draft('One'));
  const asked = explainForPeer(node.sovereign, { record, peer: 'XBB', purpose: 'mischief' });
  await expect(asked).rejects.toMatchObject({
    code: 'label.unknown-purpose',
    fields: { purpose: 'mischief' },
  });
});
