import { existsSync } from 'node:fs';
import { DEFAULT_TIMINGS } from '@comity/exchange';
import { explainCode } from '@comity/fault';
import audiences from '@comity/protocol/registries/code-audiences.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { comity } from '../federation/command-line.ts';
import { scratchDirectory } from '../federation/scratch-directory.ts';

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
  [
    'a record type that there is not, in a question',
    ['query', 'ask', 'XCA', '--purpose', 'incident-response', '--type', 'incident', 'incidnet', '--yes'],
    'no record type incidnet; there are incident, norm, commitment, retraction, release-request, release-grant, ',
  ],
  [
    'a record type that there is not, in a list',
    ['record', 'list', '--type', 'incidnet'],
    'no record type incidnet; ',
  ],
  [
    'a record type that there is not, in a search',
    ['record', 'find', 'x', '--type', 'incidnet'],
    'no record type incidnet; ',
  ],
  [
    'a cursor that is none',
    ['record', 'list', '--after', 'yesterday'],
    'after: expected the cursor that an earlier page ended with',
  ],
])('%s is refused in words of ours', async (_, args, text) => {
  const { code, stderr } = await comity(args);
  expect(code).toBe(2);
  expect(stderr).toContain(`error: ${text}`);
  expect(stderr).toContain('[cli.usage]');
});

test('the help of a question tells how long a peer is waited for whatever --timeout says', async () => {
  const { stdout } = await comity(['query', 'ask', '--help']);
  const { stillWithinMs, answerWithinMs } = DEFAULT_TIMINGS;
  const said =
    /nothing is heard for (\d+)\s+seconds, or that goes (\d+) minutes without a further answer/.exec(stdout);
  expect(said?.slice(1).map(Number)).toEqual([stillWithinMs / 1_000, answerWithinMs / 60_000]);
});

test('a federation is not founded under a name that no log can have', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.at('home');
  const founding = ['node', 'init', '--code', 'XAA', '--name', 'Arcadia', '--federation-name', 'Our Own'];
  const { code, stderr } = await comity(['--home', home, ...founding]);
  expect(code).toBe(2);
  expect(stderr).toContain('[log.bad-federation]');
  expect(existsSync(home)).toBe(false);
});

test('a code is explained: what it means, who sees it, what to do', async () => {
  const { summary, seenBy, remedy, exit } = explainCode('query.malformed');
  const { stdout } = await comity(['explain', 'query.malformed']);
  const shown = audiences.audiences.filter(({ id }) => seenBy.some((each) => each === id));
  expect(shown.map(({ id }) => id)).toEqual(['peer', 'operator', 'author', 'verifier']);
  expect(stdout).toBe(
    [
      `query.malformed (exit code ${exit})`,
      `  ${summary}`,
      `  Seen by: ${shown.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
      `  What to do: ${remedy}\n`,
    ].join('\n'),
  );
});
