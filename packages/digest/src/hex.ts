import { Fault } from '@comity/fault';
import * as engine from '#hex';

/**
 * Lower-case hexadecimal, two characters a byte. Node does it in one call, a third of the time: each record has dozens of
 * digests that are looked up by their text.
 */
export const toHex: (bytes: Uint8Array) => string = engine.toHex;

/**
 * The bytes that a lower-case hexadecimal text stands for. One spelling for each value: capitals, prefixes and spaces
 * are refused.
 *
 * @throws Fault `digest.bad-hex`
 */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) {
    throw new Fault('digest.bad-hex', 'expected an even number of characters', {
      fields: { length: text.length },
    });
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    const high = nibble(text.charCodeAt(2 * index));
    const low = nibble(text.charCodeAt(2 * index + 1));
    if (high < 0 || low < 0) {
      const at = 2 * index + (high < 0 ? 0 : 1);
      throw new Fault('digest.bad-hex', 'expected only the characters 0-9 and a-f', { fields: { at } });
    }
    bytes[index] = high * 16 + low;
  }
  return bytes;
}

function nibble(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x57;
  return -1;
}
