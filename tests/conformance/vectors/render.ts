import { lineVectors } from './lines.ts';
import { allVectors } from './topics.ts';
import type { VectorFile } from './vector.ts';

/** Text of every vector file by its path below protocol/vectors: one vector a line, so that a change shows as one. */
export function vectorTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const file of allVectors()) {
    const path = `${file.topic}/${'valid' in file ? 'valid' : 'invalid'}/${file.name}.json`;
    if (texts.has(path)) throw new Error(`two generators write ${path}`);
    texts.set(path, render(file));
  }
  texts.set('lines.json', `{"lines": [\n${lineVectors().map(asLine).join(',\n')}\n]}\n`);
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function render(file: VectorFile): string {
  const cases = 'valid' in file ? file.valid : file.invalid;
  const grammar = file.grammar === undefined ? '' : ` "grammar": ${JSON.stringify(file.grammar)},\n`;
  const lines = cases.map(asLine).join(',\n');
  return `{"op": ${JSON.stringify(file.op)},\n${grammar} "vectors": [\n${lines}\n]}\n`;
}

function asLine(each: object): string {
  return `  ${JSON.stringify(each)}`;
}
