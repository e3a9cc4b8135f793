// Requests to cosign a checkpoint (witness.md §3).

import { filled } from '../cbor-text.ts';
import { base64, LEAVES, LOG_KEY, LOG_VKEY, ORIGIN, OTHER_KEY, WITNESS_LINE } from '../log/example.ts';
import {
  checkpointText,
  consistencyProof,
  NOTE_TYPE,
  signedCheckpoint,
  treeRoot,
  vkeyOf,
} from '../log/text.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import { evidenceOf, FORKED } from './evidence.ts';

const textAt = (size: number, leaves = LEAVES): string =>
  checkpointText(ORIGIN, size, treeRoot(leaves.slice(0, size)));
const noteAt = (size: number, leaves = LEAVES, key = LOG_KEY): string =>
  signedCheckpoint(ORIGIN, size, treeRoot(leaves.slice(0, size)), key);
const requestOf = (old: number | string, proof: readonly Uint8Array[], note: string): string =>
  `old ${old}\n${proof.map((hash) => `${base64(hash)}\n`).join('')}\n${note}`;
const request = (old: number, size: number, leaves = LEAVES): string =>
  requestOf(old, old < size ? consistencyProof(old, leaves.slice(0, size)) : [], noteAt(size, leaves));

interface Known {
  readonly logs?: readonly string[];
  readonly last?: string;
  readonly seen?: string;
}

const inputOf = (body: string, { logs = [LOG_VKEY], last, seen }: Known = {}): ValidCase['in'] => ({
  request: body,
  logs,
  ...(last !== undefined && { last }),
  ...(seen !== undefined && { seen }),
});

export function decidedRequests(): readonly ValidCase[] {
  const decided = (comment: string, body: string, known: Known, out: ValidCase['out']): ValidCase => ({
    comment,
    in: inputOf(body, known),
    out,
  });
  const yes = (comment: string, body: string, known: Known = {}): ValidCase =>
    decided(comment, body, known, { status: 200 });
  const no = (comment: string, status: number, body: string, known: Known = {}): ValidCase =>
    decided(comment, body, known, { status });
  const last = (size: number): Known => ({ last: textAt(size) });
  const evidence = evidenceOf(16);
  const later = vkeyOf(ORIGIN, NOTE_TYPE, OTHER_KEY);
  return [
    yes('the first checkpoint', request(0, 5)),
    yes('the first checkpoint, of an empty log', request(0, 0)),
    yes('what continues the empty log', request(0, 5), last(0)),
    yes('what continues the last one', request(5, 13), last(5)),
    yes('a power of two', request(8, 16), last(8)),
    yes('the same again', request(5, 5), last(5)),
    yes('the same again, which was seen', request(16, 16), { ...last(16), seen: noteAt(16) }),
    yes('with cosignatures under it', `${request(5, 13)}${WITNESS_LINE}`, last(5)),
    yes('signed by the second key of the log', requestOf(0, [], noteAt(5, LEAVES, OTHER_KEY)), {
      logs: [LOG_VKEY, later],
    }),
    no('a log that is not witnessed', 404, request(0, 5), { logs: [] }),
    no('signed by another key', 403, requestOf(0, [], noteAt(5, LEAVES, OTHER_KEY))),
    no('a signature that is not one', 403, requestOf(0, [], noteAt(5).replace('\n5\n', '\n6\n'))),
    no(
      'the log of another state, signed with the key of this one',
      403,
      requestOf(0, [], signedCheckpoint('other', 5, treeRoot(LEAVES.slice(0, 5)), LOG_KEY)),
    ),
    no(
      'an empty log with another root',
      403,
      requestOf(0, [], signedCheckpoint(ORIGIN, 0, filled(1), LOG_KEY)),
    ),
    no('an old size above the size', 400, requestOf(9, [], noteAt(5)), last(9)),
    decided('an old size below the last', request(3, 13), last(5), { status: 409, size: 5 }),
    decided('an old size above the last', request(8, 13), last(5), { status: 409, size: 5 }),
    decided('an old size where nothing was cosigned', request(5, 13), {}, { status: 409, size: 0 }),
    decided('an older checkpoint', request(0, 5), last(8), { status: 409, size: 8 }),
    no('a proof for another history', 422, request(13, 16, FORKED), last(13)),
    no(
      'a proof that is too short',
      422,
      requestOf(5, consistencyProof(5, LEAVES.slice(0, 13)).slice(1), noteAt(13)),
      last(5),
    ),
    no('a proof where the old size is 0', 422, requestOf(0, [filled(1)], noteAt(5))),
    no('a proof where the sizes are equal', 422, requestOf(5, [filled(1)], noteAt(5)), last(5)),
    no('another root at the last size, which was not kept as a note', 422, request(16, 16, FORKED), last(16)),
    decided(
      'another root at the last size',
      request(16, 16, FORKED),
      { ...last(16), seen: noteAt(16) },
      { status: 422, evidence },
    ),
    decided(
      'another root at a size seen before, whatever the old size',
      request(0, 16, FORKED),
      { ...last(20), seen: noteAt(16) },
      { status: 422, evidence },
    ),
    decided(
      'the histories found the other way round',
      request(0, 16),
      { seen: noteAt(16, FORKED) },
      { status: 422, evidence },
    ),
    decided(
      'with cosignatures under it, the same evidence',
      `${request(0, 16)}${WITNESS_LINE}`,
      { seen: noteAt(16, FORKED) },
      { status: 422, evidence },
    ),
    no('what was seen has another size: no evidence', 422, request(11, 16, FORKED), {
      ...last(11),
      seen: noteAt(11),
    }),
  ];
}

export function refusedRequests(): readonly InvalidCase[] {
  const refused = (comment: string, body: string, code: string): InvalidCase => ({
    comment,
    in: inputOf(body),
    code,
    clause: '3.1',
  });
  const hashes = (count: number): Buffer[] => Array.from({ length: count }, () => filled(1));
  return [
    refused('no old size', request(0, 5).replace('old 0\n', ''), 'log.add-form'),
    refused('another word', request(0, 5).replace('old ', 'new '), 'log.add-form'),
    refused('an old size with a leading zero', requestOf('00', [], noteAt(5)), 'log.add-form'),
    refused('an old size of 2^53', requestOf('9007199254740992', [], noteAt(5)), 'log.add-form'),
    refused('an old size without a number', requestOf('', [], noteAt(5)), 'log.add-form'),
    refused('no empty line', 'old 0\n', 'log.add-form'),
    refused('a hash of 31 bytes', requestOf(5, [filled(1).subarray(1)], noteAt(13)), 'log.proof-hash'),
    refused('64 hashes', requestOf(5, hashes(64), noteAt(13)), 'log.too-many-hashes'),
    refused('8193 characters', `${request(0, 5)}${WITNESS_LINE.repeat(60)}`, 'log.too-large'),
  ];
}
