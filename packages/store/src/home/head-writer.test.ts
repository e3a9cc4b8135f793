import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HeadWriter } from './head-writer.ts';
import { homePaths } from './home-paths.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-head-writer-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test('a head that is due while another is being written waits: the file is whole at every moment', async () => {
  const paths = homePaths(directory);
  await mkdir(paths.database);
  const failures: unknown[] = [];
  let commits = 0;
  const writer = new HeadWriter(
    paths,
    {
      exclusive: (job) => job(),
      heads: () => ({ commits, auditSequence: commits, auditHash: '0'.repeat(64) }),
      failed: (error) => failures.push(error),
    },
    0,
  );
  await writer.write('open');
  const torn: string[] = [];
  // Far more often than the disk takes it.
  while (commits < 2_000) {
    commits += 1;
    writer.noteCommit();
    await turn();
    if (commits % 10 > 0) continue;
    const text = await readFile(paths.auditHead, 'utf8');
    if (!text.endsWith('}\n')) torn.push(text);
  }
  await writer.stop();
  await writer.write('closed');
  expect(torn).toEqual([]);
  expect(failures).toEqual([]);
  expect(JSON.parse(await readFile(paths.auditHead, 'utf8'))).toMatchObject({ commits: 2_000, closed: true });
});
