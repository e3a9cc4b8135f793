// The table of reasons in disclosure.md against what the vectors show.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Verdict {
  readonly reason?: string;
}

interface Decision {
  readonly envelope: Verdict;
  readonly parts: Readonly<Record<string, Verdict>>;
  readonly cause?: string;
}

interface Vectors {
  readonly op: string;
  readonly vectors: readonly { readonly out: Decision }[];
}

const PROTOCOL = new URL('../../protocol/', import.meta.url);
const section = /^## \d+ Reasons\n[\s\S]*?(?=^## )/m.exec(
  readFileSync(new URL('disclosure.md', PROTOCOL), 'utf8'),
);
const listed = [...(section?.[0] ?? '').matchAll(/^\| `([a-z.-]+)`/gm)].map(([, code]) => code);
const folder = new URL('vectors/disclosure/valid/', PROTOCOL);
const decisions = readdirSync(folder)
  .map((name): Vectors => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .filter(({ op }) => op === 'disclosure.decide')
  .flatMap(({ vectors }) => vectors.map(({ out }) => out));

test('every reason that the chapter lists is that of some decision, and no other is', () => {
  const shown = decisions.flatMap(({ envelope, parts, cause }) => [
    ...[envelope, ...Object.values(parts)]
      .flatMap(({ reason }) => reason ?? [])
      .map((reason) => `disclosure.${reason}`),
    ...(cause === undefined ? [] : [cause]),
  ]);
  expect([...new Set(shown)].sort()).toEqual([...listed].sort());
  expect(listed.length).toBeGreaterThan(5);
});
