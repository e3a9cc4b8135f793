import { REDACTED } from '@comity/cbor';
import { toHex } from '@comity/digest';

/** JSON as `JSON.stringify` takes it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Content of a part as JSON for people and programs: byte strings as `{"hex": …}`, maps as objects, lists without their
 * withheld elements (their number is told apart, see `redactedElements`).
 */
export function contentToJson(content: unknown): Json {
  if (
    content === null ||
    typeof content === 'string' ||
    typeof content === 'number' ||
    typeof content === 'boolean'
  )
    return content;
  if (content instanceof Uint8Array) return { hex: toHex(content) };
  if (Array.isArray(content)) return content.filter((element) => element !== REDACTED).map(contentToJson);
  if (content instanceof Map) {
    const object: { [key: string]: Json } = {};
    for (const [key, value] of content) {
      if (key === REDACTED || value === REDACTED) continue;
      // A peer's key could be `__proto__`: define it, never assign it.
      Object.defineProperty(object, String(key), {
        value: contentToJson(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }
  return null;
}

/** Elements of a list that are not disclosed: withheld ones and padding, which cannot be told apart. */
export function redactedElements(content: unknown): number {
  return Array.isArray(content) ? content.filter((element) => element === REDACTED).length : 0;
}
