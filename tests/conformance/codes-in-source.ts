// The error codes that the source names: as texts, put together from pieces, and where its comments say what is thrown.

import ts from 'typescript';
import { filesOnDisk } from '../architecture/house.ts';

/** A code as the source names it, and in which file. */
export interface NamedCode {
  readonly code: string;
  readonly path: string;
}

export interface CodesInSource {
  /** Texts that have the form of a code of a known topic. */
  readonly texts: readonly NamedCode[];
  /** Templates that make a code: whoever looks for the code does not find them. */
  readonly composed: readonly NamedCode[];
  /** Codes behind `@throws`; `record.*` and `exchange.bad-*` stand for all that begin so. */
  readonly documented: readonly NamedCode[];
}

/** A topic, a dot and words (errors.md §1.1). */
export const CODE = /^([a-z][a-z0-9]*)\.[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What stands before the dot. */
export function topicOf(code: string): string {
  return code.split('.')[0] ?? '';
}

/** @param topics those of the registered codes: other texts with a dot are none of ours */
export function codesInSource(topics: ReadonlySet<string>): CodesInSource {
  const texts: NamedCode[] = [];
  const composed: NamedCode[] = [];
  const documented: NamedCode[] = [];
  for (const [path, text] of filesOnDisk()) {
    if (!isSource(path)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && CODE.test(node.text) && topics.has(topicOf(node.text)))
        texts.push({ code: node.text, path });
      if (ts.isTemplateExpression(node) && (isFirstOfFault(node) || isHeadOfCode(node, topics)))
        composed.push({ code: node.getText(), path });
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    documented.push(...thrownBy(text, topics).map((code) => ({ code, path })));
  }
  return { texts, composed, documented };
}

function isSource(path: string): boolean {
  return /^(packages\/[^/]+|node)\/src\/.*\.ts$/.test(path) && !/\.(test|bench|test-support)\.ts$/.test(path);
}

function isFirstOfFault(node: ts.TemplateExpression): boolean {
  const { parent } = node;
  return (
    ts.isNewExpression(parent) &&
    ['Fault', 'Refusal'].includes(parent.expression.getText()) &&
    parent.arguments?.[0] === node
  );
}

function isHeadOfCode({ head }: ts.TemplateExpression, topics: ReadonlySet<string>): boolean {
  return /^[a-z][a-z0-9]*\.[a-z0-9-]*$/.test(head.text) && topics.has(topicOf(head.text));
}

function thrownBy(text: string, topics: ReadonlySet<string>): string[] {
  return [...text.matchAll(/@throws\b(.*?)(?:\*\/|@[a-z])/gs)]
    .flatMap(([, said = '']) => said.match(/\b[a-z][a-z0-9]*\.[a-z0-9*][a-z0-9*-]*/g) ?? [])
    .filter((word) => topics.has(topicOf(word)) && !word.endsWith('.md'));
}
