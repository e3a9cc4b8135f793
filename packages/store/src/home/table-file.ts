import { maskedCrc32c } from './crc32c.ts';
import type { FileDamage } from './log-file.ts';
import { BrokenFile, Varints } from './varints.ts';

const FOOTER_BYTES = 48;
const TRAILER_BYTES = 5;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * Checks every byte of a LevelDB table (.ldb) that carries meaning: footer, index and the checksum of each block. Row
 * digests find a row that changed; only this finds a row, an index or a filter that makes other rows unfindable.
 */
export function checkTableFile(bytes: Uint8Array): FileDamage | undefined {
  try {
    const footer = bytes.length - FOOTER_BYTES;
    if (footer < 0) throw new BrokenFile(0, 'too short for a table');
    if (MAGIC.some((byte, index) => bytes[bytes.length - MAGIC.length + index] !== byte)) {
      throw new BrokenFile(footer, 'no table footer');
    }
    const handles = new Varints(bytes, footer, bytes.length - MAGIC.length);
    const metaIndex = checkBlock(bytes, readBlockHandle(handles));
    const index = checkBlock(bytes, readBlockHandle(handles));
    const blocks = [...blocksIn(bytes, index), ...blocksIn(bytes, metaIndex), metaIndex, index];
    for (const block of blocks) checkBlock(bytes, block);
    requireWhole(blocks, footer);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof BrokenFile) return { atByte: thrown.atByte, reason: thrown.reason };
    throw thrown;
  }
}

function checkBlock(bytes: Uint8Array, block: Block): Block {
  const { start, end } = block;
  if (start > end || end + TRAILER_BYTES > bytes.length)
    throw new BrokenFile(start, 'block outside the file');
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end + 1).getUint32(0, true);
  if (stored !== maskedCrc32c(bytes, start, end + 1)) throw new BrokenFile(start, 'block checksum');
  // Tables are written without compression; another type means another writer.
  if (bytes[end] !== 0) throw new BrokenFile(end, 'compressed block');
  return block;
}

/** The blocks that an index block names: entries of shared length, own length, value length, key rest, value. */
function* blocksIn(bytes: Uint8Array, { start, end }: Block): Generator<Block> {
  if (end - start < 4) throw new BrokenFile(start, 'index block');
  const restarts = new DataView(bytes.buffer, bytes.byteOffset + end - 4).getUint32(0, true);
  const entriesEnd = end - 4 - 4 * restarts;
  const entries = new Varints(bytes, start, entriesEnd);
  while (!entries.done) {
    entries.next();
    const keyBytes = entries.next();
    const valueBytes = entries.next();
    const value = entries.at + keyBytes;
    yield readBlockHandle(new Varints(bytes, value, value + valueBytes));
    entries.at = value + valueBytes;
  }
}

/** The blocks follow each other from the first byte to the footer: none is missing from the index. */
function requireWhole(blocks: readonly Block[], footer: number): void {
  let next = 0;
  for (const { start, end } of blocks.toSorted((a, b) => a.start - b.start)) {
    if (start !== next) throw new BrokenFile(next, 'bytes of no block');
    next = end + TRAILER_BYTES;
  }
  if (next !== footer) throw new BrokenFile(next, 'bytes of no block');
}

function readBlockHandle(numbers: Varints): Block {
  const start = numbers.next();
  return { start, end: start + numbers.next() };
}
