// What each package exports is a promise to the others, so a change of it has to show in a review.
// After an intended change: UPDATE_EXPORTS=1 npm test -- tests/architecture/exports.test.ts

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesOnDisk, readHouse } from './house.ts';

const folder = fileURLToPath(new URL('exports/', import.meta.url));

const packages = readHouse(filesOnDisk())
  .workspaces.map(({ name }) => name)
  .filter((name) => name !== 'protocol' && name !== 'tests');

/** One name a line, sorted by code unit. */
function listed(module: object): string {
  return Object.keys(module)
    .sort()
    .map((name) => `${name}\n`)
    .join('');
}

test.each(packages)('%s exports what is listed', async (name) => {
  const path = `${folder}${name}.txt`;
  const actual = listed(await import(`@comity/${name}`));
  if (process.env.UPDATE_EXPORTS) writeFileSync(path, actual);
  expect(actual).toBe(existsSync(path) ? readFileSync(path, 'utf8') : `${name}.txt is missing`);
});

test('every list belongs to a package', () => {
  expect(readdirSync(folder).sort()).toEqual(packages.map((name) => `${name}.txt`).sort());
});

test('an added, a removed and a renamed export change the list', () => {
  const before = listed({ decode: 1, encode: 1 });
  expect(before).toBe('decode\nencode\n');
  for (const module of [{ decode: 1, encode: 1, peek: 1 }, { decode: 1 }, { decode: 1, write: 1 }]) {
    expect(listed(module)).not.toBe(before);
  }
});
