import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { checkPolicy } from './check-policy.ts';
import { applyPolicy } from './policy.ts';
import { listPolicies, showPolicy } from './policy-versions.ts';

let seconds: number;
let node: ScratchNode;

beforeEach(async () => {
  seconds = Math.floor(Date.now() / 1_000);
  node = await ScratchNode.found(['XBB'], () => seconds);
});

afterEach(() => node[Symbol.asyncDispose]());

const timeOf = (atSeconds: number): string => new Date(atSeconds * 1_000).toISOString().replace('.000', '');
const apply = (text: string) => applyPolicy(node.sovereign, { text }, () => {});

test('the policies that were applied are listed and shown, with when, by whom, and whether what was signed still counts', async () => {
  expect(await showPolicy(node.sovereign, {})).toEqual({ policy: null, text: null });
  expect(await listPolicies(node.sovereign, {})).toEqual({ versions: [], next: null });
  const begin = seconds;
  const texts = ['[]', '[{ name: a, to: [XBB] }]', '[{ name: b, to: [XBB], mode: push }]'].map(
    (rules) => `comity: policy/1\nrules: ${rules}\n`,
  );
  for (const text of texts) {
    await apply(text);
    seconds += 60;
  }
  const { versions, next } = await listPolicies(node.sovereign, {});
  expect(next).toBeNull();
  expect(versions).toMatchObject([
    { version: 3, rules: 1, inForce: true, replacedAt: null, signature: 'valid' },
    { version: 2, rules: 1, inForce: false, replacedAt: timeOf(begin + 120), appliedAt: timeOf(begin + 60) },
    { version: 1, rules: 0, inForce: false, replacedAt: timeOf(begin + 60), signedAt: timeOf(begin) },
  ]);
  const first = await listPolicies(node.sovereign, { limit: 2 });
  expect(first).toEqual({ versions: versions.slice(0, 2), next: 2 });
  const rest = await listPolicies(node.sovereign, { limit: 2, before: first.next as number });
  expect(rest).toEqual({ versions: versions.slice(2), next: null });
  expect(await showPolicy(node.sovereign, { version: 2 })).toEqual({ policy: versions[1], text: texts[1] });
  expect(await showPolicy(node.sovereign, {})).toEqual({ policy: versions[0], text: texts[2] });
  await expect(showPolicy(node.sovereign, { version: 4 })).rejects.toMatchObject({
    code: 'policy.not-found',
  });
  // What stands there by now was not signed.
  const row = await node.sovereign.store.get(TABLES.policies, [1]);
  const changed = new WriteSet().put(TABLES.policies, [1], {
    ...(row as never as object),
    text: texts[1],
  } as never);
  await node.sovereign.store.commit(changed);
  expect((await showPolicy(node.sovereign, { version: 1 })).policy).toMatchObject({
    signature: 'policy.not-as-signed',
    key: null,
  });
});

test('a policy is checked with what this node knows, and each warning has its line and column', () => {
  const text = `comity: policy/1
groups:
  old: [{ state: XBB, until: ${timeOf(seconds).slice(0, 10)} }]
rules:
  - name: a
    to: [XBB]
  - name: b
    to: [old]
    approve: { by: officer }
`;
  const { rules, warnings } = checkPolicy(node.sovereign, text);
  expect(rules).toBe(2);
  expect(warnings.map(({ kind, path, line, column }) => [kind, path, line, column])).toEqual([
    ['membership-over', 'groups.old[0]', 3, 9],
    ['over', 'rules[1].to', 8, 5],
    ['too-few-officers', 'rules[1].approve', 9, 5],
  ]);
});
