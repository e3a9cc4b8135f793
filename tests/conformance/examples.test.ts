import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const PROTOCOL = new URL('../../protocol/', import.meta.url);

// The chapters whose worked examples are inputs of operations as they stand. Those of the other chapters are held against
// their grammars.
describe.each(['cbor', 'keys', 'log', 'label', 'charter', 'key-state', 'approval', 'dossier'])(
  'the worked example of %s.md',
  (chapter) => {
    const vectors = textsBelow(`vectors/${chapter}/valid/`);
    const example = /^## 0 Worked example\n(.*?)^## 1 /ms.exec(read(`${chapter}.md`))?.[1] ?? '';
    const blocks = [...example.matchAll(/```\n(.*?)```/gs)].map(([, block = '']) => block);

    test('is among the valid vectors', () => {
      const documents = blocks.filter((block) => isDocument(block)).map(asInVectors);
      expect(documents.length).toBeGreaterThan(0);
      for (const document of documents) expect(vectors.includes(document), document).toBe(true);
    });
  },
);

/** Hex that is a CBOR item with all its parts, or a log proof; not what is signed, nor the parts of a line. */
function isDocument(block: string): boolean {
  return /^(?:d284|d862|a[3-8])[0-9a-f\s]+$/.test(block) || block.startsWith('c2sp.org/tlog-proof');
}

function asInVectors(block: string): string {
  return block.startsWith('c2sp') ? JSON.stringify(block).slice(1, -1) : block.replaceAll(/\s/g, '');
}

function textsBelow(folder: string): string {
  return readdirSync(new URL(folder, PROTOCOL))
    .map((name) => read(folder + name))
    .join('');
}

function read(path: string): string {
  return readFileSync(new URL(path, PROTOCOL), 'utf8');
}
