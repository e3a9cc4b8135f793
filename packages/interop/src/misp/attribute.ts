import { attachmentTag } from './attachment.ts';
import type { LossReport } from './loss.ts';
import { countLostKeys } from './mapping.ts';
import { readText } from './read-text.ts';
import { readTags, type Tags } from './tags.ts';
import { byteLength, countOf, type JsonObject, readFlag, uuidOf } from './text.ts';

/** The object an attribute belongs to. */
export interface ObjectReference {
  readonly id: string;
  readonly name?: string;
  readonly relation?: string;
}

/** An element of `indicators` in a draft. */
export interface Indicator {
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly category?: string;
  readonly comment?: string;
  readonly toIds?: boolean;
  readonly tags?: readonly string[];
  readonly atSeconds?: number;
  readonly object?: ObjectReference;
}

/** An attribute that can be imported. */
export interface ImportableAttribute {
  /** Where it stands in the event. */
  readonly at: string;
  readonly indicator: Indicator;
  readonly tags: Tags;
  /** MISP distributes it more narrowly than the event. */
  readonly narrow: boolean;
}

/** Longest texts of an indicator, as the record type `incident` has them. */
const MAX_VALUE_BYTES = 16_384;
const MAX_COMMENT_BYTES = 4_096;
const MAX_LINE_BYTES = 256;
const MAX_TAGS = 64;
const MAX_TYPE_LENGTH = 64;
const TYPE = /^[A-Za-z0-9][A-Za-z0-9._:|/+-]{0,63}$/;
const LATEST_SECONDS = 253_402_300_799;

/** Reads one attribute. Undefined, with a loss, where it cannot be imported. */
export function readAttribute(
  attribute: JsonObject,
  at: string,
  object: ObjectReference | undefined,
  narrow: boolean,
  losses: LossReport,
): ImportableAttribute | undefined {
  const id = uuidOf(attribute.uuid);
  const type = readType(attribute.type, at, losses);
  const value = readValue(attribute.value, at, losses);
  if (id === undefined) losses.add(`${at}.uuid`, 'malformed', 'expected a UUID');
  if (id === undefined || type === undefined || value === undefined) return undefined;
  countLostKeys('attribute', attribute, at.replaceAll(/\[\d+\]/g, '[]'), losses);

  const attachment = attachmentTag(attribute.data, `${at}.data`, losses);
  const tags = readTags(attribute.Tag, `${at}.Tag`, MAX_TAGS - 1, losses);
  const texts =
    attachment === undefined ? tags.texts : [...tags.texts.filter((text) => text !== attachment), attachment];
  const category = readText(attribute.category, `${at}.category`, MAX_LINE_BYTES, losses);
  const comment = readText(attribute.comment, `${at}.comment`, MAX_COMMENT_BYTES, losses, 'many');
  const relation = readText(attribute.object_relation, `${at}.object_relation`, MAX_LINE_BYTES, losses);
  const toIds = readToIds(attribute.to_ids, `${at}.to_ids`, losses);
  const atSeconds = readTime(attribute.timestamp, `${at}.timestamp`, losses);
  return {
    at,
    indicator: {
      id,
      type,
      value,
      ...(category !== undefined && { category }),
      ...(comment !== undefined && { comment }),
      ...(toIds !== undefined && { toIds }),
      ...(texts.length > 0 && { tags: texts }),
      ...(atSeconds !== undefined && { atSeconds }),
      ...(object !== undefined && { object: { ...object, ...(relation !== undefined && { relation }) } }),
    },
    tags,
    narrow,
  };
}

function readType(value: unknown, at: string, losses: LossReport): string | undefined {
  if (typeof value === 'string' && TYPE.test(value)) return value;
  const respelt =
    typeof value === 'string' && value.length <= MAX_TYPE_LENGTH ? value.replaceAll(' ', '-') : '';
  if (!TYPE.test(respelt)) return losses.add(`${at}.type`, 'malformed', 'expected the name of a type');
  losses.add(`${at}.type`, 'respelt', `${value} is now ${respelt}`);
  return respelt;
}

/** Kept as it is, whatever characters it has: an indicator may be a hostile file name, and is compared, not shown. */
function readValue(value: unknown, at: string, losses: LossReport): string | undefined {
  const path = `${at}.value`;
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string' || text === '') return losses.add(path, 'malformed', 'expected a text');
  if (text.length > MAX_VALUE_BYTES || byteLength(text) > MAX_VALUE_BYTES) {
    return losses.add(path, 'too-long', `expected at most ${MAX_VALUE_BYTES} bytes`);
  }
  return text.isWellFormed() ? text : losses.add(path, 'malformed', 'expected whole Unicode characters');
}

function readToIds(value: unknown, at: string, losses: LossReport): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return readFlag(value) ?? losses.add(at, 'malformed', 'expected true or false');
}

function readTime(value: unknown, at: string, losses: LossReport): number | undefined {
  if (value === undefined || value === null) return undefined;
  const seconds = countOf(value);
  // What has never been changed or published has the time 0 in MISP.
  if (seconds === 0) return undefined;
  if (seconds !== undefined && seconds <= LATEST_SECONDS) return seconds;
  return losses.add(at, 'malformed', 'expected seconds since 1970');
}
