import type { CborValue } from '@comity/cbor';
import { Fault } from '@comity/fault';
import { type Label, labelShape } from '@comity/label';

/** Distinct labels remembered. A flood of other labels only evicts: nothing grows. */
const SLOTS = 4_096;

/** Longer labels are decoded each time, so that the whole cache stays below a few megabytes. */
const MAX_CACHED_BYTES = 1_024;

interface Slot {
  readonly bytes: Uint8Array;
  readonly label: Label;
}

const slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);

/**
 * The label encoded at `start` of `bytes`, an item that `decode` has accepted with `value` as result. Labels with the
 * same bytes are the same frozen object while the cache remembers them: decisions about a label are cached by identity,
 * and thousands of records carry the same few labels.
 *
 * @throws Fault `record.label-malformed`
 */
export function readLabel(bytes: Uint8Array, start: number, value: CborValue): Label {
  const end = endOfItem(bytes, start);
  const index = slotOf(bytes, start, end);
  const slot = slots[index];
  if (slot !== undefined && isSame(slot.bytes, bytes, start, end)) return slot.label;
  const label = decodeLabel(value);
  // A copy: a view would keep the whole frame of a peer alive.
  if (end - start <= MAX_CACHED_BYTES) slots[index] = { bytes: bytes.slice(start, end), label };
  return label;
}

function decodeLabel(value: CborValue): Label {
  try {
    return labelShape.decode(value, 'label');
  } catch (cause) {
    throw new Fault('record.label-malformed', 'expected a label', { cause });
  }
}

/** FNV-1a. Not keyed: whoever makes two labels collide makes both slower to read, and nothing else. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}

/** Where the item at `start` ends. Only for bytes that `decode` has accepted: definite lengths, no floats. */
function endOfItem(bytes: Uint8Array, start: number): number {
  let at = start;
  let items = 1;
  while (items > 0) {
    const initial = bytes[at] as number;
    const major = initial >> 5;
    const width = widthOfArgument(initial & 0x1f);
    let argument = initial & 0x1f;
    if (width > 0) argument = readArgument(bytes, at + 1, width);
    at += 1 + width;
    if (major === 2 || major === 3) at += argument;
    else if (major === 4) items += argument;
    else if (major === 5) items += 2 * argument;
    else if (major === 6) items += 1;
    items -= 1;
  }
  return at;
}

function widthOfArgument(information: number): number {
  return information < 24 ? 0 : 1 << (information - 24);
}

function readArgument(bytes: Uint8Array, at: number, width: number): number {
  let argument = 0;
  for (let index = 0; index < width; index += 1) argument = argument * 256 + (bytes[at + index] as number);
  return argument;
}
