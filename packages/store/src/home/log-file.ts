import { concatBytes } from '@comity/digest';
import { maskedCrc32c } from './crc32c.ts';

/** Where a file of LevelDB stops being what was written. */
export interface FileDamage {
  readonly atByte: number;
  readonly reason: string;
}

/** What is known about a write-ahead log or a manifest. */
export interface LogFileExpectation {
  /** Bytes that were on disk for certain. Beyond them a write that was cut off is no damage. */
  readonly durableBytes: number;
  /** For a write-ahead log: the sequence number its first batch must have, where that is known. */
  readonly firstSequence?: number;
  /** Whether its records are batches; those of a manifest are not. */
  readonly batches: boolean;
}

/** The result of {@link checkLogFile}. */
export interface LogFileCheck {
  readonly damage?: FileDamage;
  /** The sequence number that the next batch has, where the file holds any. */
  readonly nextSequence?: number;
}

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
// 3 is a fragment in the middle.
const LAST = 4;
const BATCH_HEADER_BYTES = 12;

interface Fragment {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Checks a LevelDB log file (write-ahead log or manifest) before LevelDB reads it. LevelDB drops what fails its checksum
 * and goes on behind it, so a single flipped bit loses acknowledged batches in silence (reliability §3).
 *
 * A write that a crash cut off is told from damage by its place: it lies beyond the bytes that were known to be on disk,
 * and nothing that began later follows it, because each batch is on disk before the next one begins.
 */
export function checkLogFile(bytes: Uint8Array, expectation: LogFileExpectation): LogFileCheck {
  const { durableBytes, batches } = expectation;
  if (bytes.length < durableBytes) return { damage: { atByte: bytes.length, reason: 'shorter than it was' } };
  let sequence = expectation.firstSequence;
  let sequenceBehind = sequence;
  let recordStart: number | undefined;
  let firstBad: FileDamage | undefined;

  for (let at = 0; at < bytes.length; ) {
    const blockEnd = Math.min(at - (at % BLOCK_BYTES) + BLOCK_BYTES, bytes.length);
    // The rest of a block that no header fits into is filled up, and not read.
    if (blockEnd - at < HEADER_BYTES && blockEnd % BLOCK_BYTES === 0) {
      at = blockEnd;
      continue;
    }
    const fragment = readFragment(bytes, at, blockEnd);
    const starts = fragment?.type === FULL || fragment?.type === FIRST;
    if (starts && (firstBad !== undefined || recordStart !== undefined)) {
      return { damage: firstBad ?? { atByte: recordStart as number, reason: 'record without its end' } };
    }
    if (fragment === undefined || (!starts && recordStart === undefined)) {
      const reason = fragment === undefined ? 'checksum' : 'record without its beginning';
      firstBad ??= { atByte: recordStart ?? at, reason };
      if (firstBad.atByte < durableBytes || beginsAfter(bytes, at, blockEnd)) return { damage: firstBad };
      recordStart = undefined;
      at = fragment?.end ?? blockEnd;
      continue;
    }
    if (starts && batches) {
      const batch = readBatchHeader(bytes, fragment);
      const isBatch = batch !== undefined && batch !== 'cut';
      if (batch !== 'cut' && (!isBatch || (sequence !== undefined && batch.sequence !== sequence))) {
        return { damage: { atByte: at, reason: 'batch out of sequence' } };
      }
      // What is cut off has no end either, so nothing follows in its sequence.
      if (isBatch) sequenceBehind = batch.sequence + batch.count;
    }
    if (starts) recordStart = at;
    if (fragment.type === FULL || fragment.type === LAST) {
      recordStart = undefined;
      sequence = sequenceBehind;
    }
    at = fragment.end;
  }
  if (recordStart !== undefined && recordStart < durableBytes) {
    return { damage: { atByte: recordStart, reason: 'record without its end' } };
  }
  return sequence === undefined ? {} : { nextSequence: sequence };
}

/** The records of a log file that was checked, in order. What a crash cut off is left out, as LevelDB leaves it out. */
export function* logRecords(bytes: Uint8Array): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const blockEnd = Math.min(at - (at % BLOCK_BYTES) + BLOCK_BYTES, bytes.length);
    if (blockEnd - at < HEADER_BYTES) {
      at = blockEnd;
      continue;
    }
    const fragment = readFragment(bytes, at, blockEnd);
    if (fragment === undefined) return;
    if (fragment.type === FULL || fragment.type === FIRST) pieces = [];
    pieces.push(bytes.subarray(fragment.start, fragment.end));
    if (fragment.type === FULL || fragment.type === LAST) yield concatBytes(...pieces);
    at = fragment.end;
  }
}

function readFragment(bytes: Uint8Array, at: number, blockEnd: number): Fragment | undefined {
  if (blockEnd - at < HEADER_BYTES) return undefined;
  const type = bytes[at + 6] as number;
  const start = at + HEADER_BYTES;
  const end = start + (bytes[at + 4] as number) + (bytes[at + 5] as number) * 256;
  if (type < FULL || type > LAST || end > blockEnd) return undefined;
  const stored = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
  return stored === maskedCrc32c(bytes, at + 6, end) ? { type, start, end } : undefined;
}

/** Whether a whole record begins right behind a bad fragment, if the length of the bad one can be believed. */
function beginsAfter(bytes: Uint8Array, at: number, blockEnd: number): boolean {
  if (blockEnd - at < HEADER_BYTES) return false;
  const next = at + HEADER_BYTES + (bytes[at + 4] as number) + (bytes[at + 5] as number) * 256;
  const fragment = next < blockEnd ? readFragment(bytes, next, blockEnd) : undefined;
  return fragment?.type === FULL || fragment?.type === FIRST;
}

/** Undefined where the record is too short for a batch; `cut` where so little of it was written that there is no header. */
function readBatchHeader(
  bytes: Uint8Array,
  { type, start, end }: Fragment,
): { sequence: number; count: number } | 'cut' | undefined {
  let header = bytes.subarray(start, end);
  if (type === FIRST && header.length < BATCH_HEADER_BYTES) {
    // A record may begin so near the end of a block that its header goes on in the next one.
    const rest = readFragment(bytes, end, Math.min(end + BLOCK_BYTES, bytes.length));
    if (rest === undefined || rest.type === FULL || rest.type === FIRST) return 'cut';
    header = concatBytes(header, bytes.subarray(rest.start, rest.end));
  }
  if (header.length < BATCH_HEADER_BYTES) return undefined;
  const view = new DataView(header.buffer, header.byteOffset);
  return {
    sequence: view.getUint32(0, true) + view.getUint32(4, true) * 0x1_0000_0000,
    count: view.getUint32(8, true),
  };
}
