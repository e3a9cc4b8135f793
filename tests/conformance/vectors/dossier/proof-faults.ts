// dossier.verify: log proofs of records that show nothing (dossier.md 3.5 to 3.7, 5.7, 5.8).

import { filled } from '../cbor-text.ts';
import {
  checkpointText,
  inclusionProof,
  ledgerOriginOf,
  nodeHash,
  noteKeyId,
  originOf,
  signatureLine,
  treeRoot,
} from '../log/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, borealis } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports } from './pieces.ts';
import { BY_BOREALIS, further, logged, OWN, PLAIN, proofCase } from './proof-pieces.ts';
import { AFTER, certificate, failed, type RecordDeviations, type Scene } from './scene.ts';
import {
  allKeys,
  byLog,
  INDEX,
  type Line,
  leaves,
  ledger,
  ledgerProof,
  lines,
  origin,
  proofOf,
} from './story.ts';

export function proofFaultsFile(): ValidFile {
  return reports('proof-faults', [...notIncluded(), ...malformed(), ...refused()]);
}

/** The record is valid but for its proof. */
function atFault(
  comment: string,
  proof: string,
  step: RecordDeviations,
  changes: Partial<Scene> = {},
): ValidCase {
  return proofCase(
    comment,
    { ...logged(proof, { checkpoint: AFTER, cosignatures: AFTER, ...step }, {}), verdict: 'INVALID' },
    { verdict: 'INVALID', ...changes },
  );
}

function notIncluded(): readonly ValidCase[] {
  const not = (comment: string, options: Parameters<typeof proofOf>[1]): ValidCase =>
    atFault(comment, proofOf(lines(OWN), options), { inclusion: failed('not-in-log') });
  const hashes = inclusionProof(INDEX, leaves);
  const other = leaves.with(INDEX, filled(0x77));
  return [
    not('the proof of another record', { index: 1 }),
    not('another index', { index: INDEX + 1, hashes }),
    not('an index that is the size', { index: leaves.length, hashes }),
    not('one hash is another', { hashes: hashes.with(0, filled(0)) }),
    not('a hash too few', { hashes: hashes.slice(0, -1) }),
    not('a hash too many', { hashes: [...hashes, filled(0)] }),
    not('the log has another record in this place', { of: other }),
    not('a size that the hashes do not fit', {
      hashes,
      text: checkpointText(origin, leaves.length - 1, treeRoot(leaves)),
    }),
    not('the node above the record as root', {
      hashes,
      text: checkpointText(origin, leaves.length, nodeHash(filled(1), filled(2))),
    }),
    not('an empty log', { hashes: [], text: checkpointText(origin, 0, treeRoot([])) }),
  ];
}

function malformed(): readonly ValidCase[] {
  const bad = (comment: string, proof: string, changes: Partial<Scene> = {}): ValidCase =>
    atFault(comment, proof, { inclusion: failed('proof-malformed') }, changes);
  const unsorted = (...each: readonly Line[]): string => proofOf(lines(...each), { sorted: false });
  const otherLog = (text: string): string => text.replace(origin, originOf(borealis));
  return [
    bad('an extra line', proofOf(lines(OWN), { header: 'c2sp.org/tlog-proof@v1\nextra AA==\n' })),
    bad('another version in the first line', proofOf(lines(OWN), { header: 'c2sp.org/tlog-proof@v2\n' })),
    bad('an index with a leading zero', PLAIN.replace(/index /, 'index 0')),
    bad('the proof is one letter', 'x'),
    bad('the longest text, of one letter', 'x'.repeat(73_899)),
    bad('as many signature lines as a file can have', '\u2014 \n'.repeat(4_096)),
    bad('signature lines in descending order', unsorted(OWN, BY_BOREALIS)),
    bad('a signature line that stands twice', unsorted(OWN, OWN)),
    bad(
      'no signature line',
      proofOf(() => []),
    ),
    bad('the last line without its line feed', PLAIN.slice(0, -1)),
    bad('a signature line in base64 without padding', PLAIN.replace(/=\n$/, '\n')),
    bad(
      'a further line in the checkpoint',
      proofOf(lines(OWN), {
        text: `${checkpointText(origin, leaves.length, treeRoot(leaves))}more\n`,
      }),
    ),
    bad('the log of another state', otherLog(PLAIN)),
    bad(
      'the ledger of the issuer',
      proofOf(lines(OWN), {
        text: checkpointText(ledgerOriginOf(arcadia, borealis), leaves.length, treeRoot(leaves)),
      }),
    ),
    bad('the proof of an entry of the ledger', ledgerProof(ledger, 1)),
    bad('the log of another federation than that of the file', PLAIN, { federation: 'other' }),
  ];
}

function refused(): readonly ValidCase[] {
  const bad = (comment: string, proof: string, changes: Partial<Scene> = {}): ValidCase =>
    atFault(comment, proof, { checkpoint: failed('checkpoint-refused') }, changes);
  const over = (line: (text: string) => string) => (): string =>
    line(checkpointText(origin, leaves.length, filled(0x55)));
  const short = (): string =>
    signatureLine(origin, noteKeyId(origin, 1, arcadia.keys.log.publicKey), filled(1, 63));
  const second = keyPair(0x74);
  return [
    bad('the log has signed another checkpoint', proofOf(lines(over(OWN)))),
    bad('a good line of the log and one over another checkpoint', proofOf(lines(OWN, over(OWN)))),
    bad('a signature of 63 bytes', proofOf(lines(short))),
    bad(
      'one of two keys of the log has signed another checkpoint',
      proofOf(lines(OWN, over(byLog(second)))),
      {
        documents: [...allKeys, certificate(arcadia, 'log', { bytes: further(arcadia, 'log', second) })],
      },
    ),
  ];
}
