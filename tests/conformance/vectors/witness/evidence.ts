// Evidence that a log keeps two histories (witness.md §4).

import { filled, hex } from '../cbor-text.ts';
import { LEAVES, LOG_KEY, LOG_VKEY, ORIGIN, OTHER_KEY, WITNESS_LINE } from '../log/example.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, signedCheckpoint, treeRoot, vkeyOf } from '../log/text.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';

/** The leaves of the example up to the tenth, then others. */
export const FORKED: readonly Buffer[] = LEAVES.map((leaf, index) =>
  index < 10 ? leaf : filled(0x80 + index),
);

interface Side {
  readonly root: Buffer;
  readonly vkey: string;
  readonly note: string;
}

const sideOf = (size: number, leaves: readonly Buffer[], key = LOG_KEY, origin = ORIGIN): Side => {
  const root = treeRoot(leaves.slice(0, size));
  return { root, vkey: vkeyOf(origin, NOTE_TYPE, key), note: signedCheckpoint(origin, size, root, key) };
};
const fileOf = (...sides: readonly Side[]): string =>
  `comity-equivocation@v1\n${sides.map(({ vkey, note }) => `\nlog ${vkey}\n${note}`).join('')}`;
const sorted = (...sides: readonly Side[]): Side[] =>
  sides.toSorted((a, b) => Buffer.compare(a.root, b.root));

/** The file for the two histories of the example at a size from 11 on. */
export const evidenceOf = (size: number): string =>
  fileOf(...sorted(sideOf(size, LEAVES), sideOf(size, FORKED)));

export function verifiedEvidence(): readonly ValidCase[] {
  const verified = (comment: string, size: number, ...sides: readonly Side[]): ValidCase => ({
    comment,
    in: { evidence: fileOf(...sorted(...sides)) },
    out: { origin: ORIGIN, size, roots: sorted(...sides).map(({ root }) => hex(root)) },
  });
  return [
    verified('two roots at size 16', 16, sideOf(16, LEAVES), sideOf(16, FORKED)),
    verified('two roots at size 11', 11, sideOf(11, LEAVES), sideOf(11, FORKED)),
    verified('signed by two keys of the log', 16, sideOf(16, LEAVES), sideOf(16, FORKED, OTHER_KEY)),
  ];
}

export function refusedEvidence(): readonly InvalidCase[] {
  const refused = (comment: string, evidence: string, code: string, clause: string): InvalidCase => ({
    comment,
    in: { evidence },
    code,
    clause,
  });
  const file = evidenceOf(16);
  const [a, b] = sorted(sideOf(16, LEAVES), sideOf(16, FORKED)) as [Side, Side];
  const other = sideOf(16, FORKED, LOG_KEY, ORIGIN.replace('sample', 'other'));
  return [
    refused('no text', '', 'log.evidence-form', '4.1'),
    refused('another header', file.replace('@v1', '@v2'), 'log.evidence-form', '4.1'),
    refused('one checkpoint', fileOf(a), 'log.evidence-form', '4.1'),
    refused('three checkpoints', fileOf(a, b, b), 'log.evidence-form', '4.1'),
    refused('a line feed more at the end', `${file}\n`, 'log.evidence-form', '4.1'),
    refused('no line feed at the end', file.slice(0, -1), 'log.evidence-form', '4.1'),
    refused('a checkpoint with a second line', `${file}${WITNESS_LINE}`, 'log.evidence-form', '4.1'),
    refused('no key before a checkpoint', file.replace('\nlog ', '\nkey '), 'log.evidence-form', '4.1'),
    refused('4097 characters', `${file}${'#'.repeat(4_097 - file.length)}`, 'log.too-large', '4.1'),
    refused(
      'a checkpoint that another key has signed',
      fileOf(a, { ...b, vkey: vkeyOf(ORIGIN, NOTE_TYPE, OTHER_KEY) }),
      'log.no-known-signature',
      '4.1',
    ),
    refused('a size that was changed', file.replace('\n16\n', '\n17\n'), 'log.bad-signature', '4.1'),
    refused(
      'the key of a witness',
      file.replace(LOG_VKEY, vkeyOf(ORIGIN, COSIGNATURE_TYPE, LOG_KEY)),
      'log.origin-key-mismatch',
      '4.2',
    ),
    refused('checkpoints of two logs', fileOf(...sorted(a, other)), 'log.wrong-origin', '4.2'),
    refused('the same checkpoint twice', fileOf(a, a), 'log.evidence-nothing', '4.3'),
    refused('other sizes', fileOf(sideOf(11, LEAVES), sideOf(16, FORKED)), 'log.evidence-nothing', '4.3'),
    refused('the other order', fileOf(b, a), 'log.evidence-order', '4.4'),
  ];
}
