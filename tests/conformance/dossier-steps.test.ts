// The codes of steps and the reasons in dossier.md against what the vectors show: refusals of an operation have a test of
// their own, these stand in reports.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Step {
  readonly status: string;
  readonly step?: string;
  readonly code?: string;
  readonly why?: string;
}

interface Report {
  readonly verdict: string;
  readonly documents: readonly Step[];
  readonly known: Step;
  readonly records: readonly { readonly verdict: string; readonly steps: readonly Step[] }[];
  readonly notifications: readonly { readonly verdict: string; readonly steps: readonly Step[] }[];
}

const PROTOCOL = new URL('../../protocol/', import.meta.url);
const chapter = readFileSync(new URL('dossier.md', PROTOCOL), 'utf8');
const folder = new URL('vectors/dossier/valid/', PROTOCOL);
const reports: readonly Report[] = readdirSync(folder).flatMap((name) =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')).vectors.map(({ out }: { out: Report }) => out),
);
const judged = reports.flatMap(({ records, notifications }) => [...records, ...notifications]);
const steps = [
  ...reports.flatMap(({ documents, known }) => [...documents, known]),
  ...judged.flatMap((each) => each.steps),
];

/** The first column of the table in a section or clause. */
function listedIn(from: string, to: string): readonly string[] {
  const part = chapter.slice(chapter.indexOf(from), chapter.indexOf(to));
  return [...part.matchAll(/^\| `([a-z.-]+)`/gm)].map(([, name = '']) => name).toSorted();
}

const distinct = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.flatMap((value) => value ?? []))].toSorted();

test('every code of a step is that of some step of the vectors, and no other is', () => {
  const listed = listedIn('## 12 Codes of steps', '## 13 ');
  expect(listed.length).toBeGreaterThan(10);
  expect(distinct(steps.map(({ code }) => code))).toEqual(listed);
});

test('every reason is that of some step of the vectors, and no other is', () => {
  const listed = listedIn('4. The reasons for which', '5. A proof is **read**');
  expect(listed.length).toBeGreaterThan(5);
  expect(distinct(steps.map(({ why }) => why))).toEqual(listed);
});

test('every step has vectors in which it is done and in which it is not, and every verdict is given', () => {
  const names = distinct(steps.map(({ step }) => step));
  expect(names.length).toBe(19);
  for (const name of names) {
    const found = distinct(steps.filter(({ step }) => step === name).map(({ status }) => status));
    expect(found.length, name).toBeGreaterThan(1);
    expect(found, name).toContain('done');
  }
  for (const verdicts of [reports, judged].map((each) => each.map(({ verdict }) => verdict))) {
    for (const verdict of ['VALID', 'INVALID', 'INDETERMINATE'])
      expect(verdicts.filter((each) => each === verdict).length, verdict).toBeGreaterThan(5);
  }
});
