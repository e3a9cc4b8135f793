// The chapters of protocol/ as data: their tables of refusals.

import { readdirSync, readFileSync } from 'node:fs';

const PROTOCOL = new URL('../../protocol/', import.meta.url);

/** One row of a table of refusals. */
export interface Refusal {
  readonly code: string;
  readonly clauses: readonly string[];
  readonly when: string;
}

export interface Refusals {
  readonly withVector: readonly Refusal[];
  /** Rows below a heading that ends in "Refusals without a vector". */
  readonly withoutVector: readonly Refusal[];
}

/** File names of the chapters that have a table of refusals. */
export function chapters(): readonly string[] {
  return readdirSync(PROTOCOL).filter((name) => name.endsWith('.md') && /^## .*Refusals/m.test(textOf(name)));
}

export function refusalsOf(chapter: string): Refusals {
  const sections = textOf(chapter).split(/^(?=##+ )/m);
  const rows = (heading: RegExp): Refusal[] =>
    sections.filter((section) => heading.test(section)).flatMap(rowsOf);
  return {
    withVector: rows(/^##+ [\d.]* ?Refusals\n/),
    withoutVector: rows(/^##+ [\d.]* ?Refusals without a vector\n/),
  };
}

function textOf(chapter: string): string {
  return readFileSync(new URL(chapter, PROTOCOL), 'utf8');
}

function rowsOf(section: string): Refusal[] {
  return [...section.matchAll(/^\| `([a-z0-9-]+\.[a-z0-9-]+)`\s*\|([^|]*)\|([^|]*)\|$/gm)].map(
    ([, code = '', clauses = '', when = '']) => ({
      code,
      clauses: clauses.split(',').map((clause) => clause.trim()),
      when: when.trim(),
    }),
  );
}
