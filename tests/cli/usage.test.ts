import { expect, test } from 'vitest';
import { comity } from '../federation/command-line.ts';

test.each([
  ['a number below its least', ['record', 'list', '--limit', '0'], 'limit: expected at least 1'],
  ['a number above its most', ['query', 'list', '--limit', '1001'], 'limit: expected at most 1000'],
  ['what is no number', ['record', 'list', '--limit', 'x'], 'limit: expected a number'],
  ['an empty text', ['record', 'find', ''], 'text: expected something, and it is empty'],
  [
    'a choice that is none',
    ['policy', 'explain', 'ab', 'XCA', '--mode', 'export'],
    'mode: expected one of push, query',
  ],
  [
    'what is no code of a state',
    ['query', 'ask', 'x', '--purpose', 'p', '--yes'],
    'peers.0: expected the code of a state: three capital letters',
  ],
])('%s is refused in words of ours', async (_, args, text) => {
  const { code, stderr } = await comity(args);
  expect(code).toBe(2);
  expect(stderr).toContain(`error: ${text}`);
  expect(stderr).toContain('[cli.usage]');
});
