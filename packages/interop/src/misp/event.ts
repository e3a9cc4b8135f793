import { Fault } from '@comity/fault';
import { type ImportableAttribute, type ObjectReference, readAttribute } from './attribute.ts';
import type { LossReport } from './loss.ts';
import { countLostKeys, KEPT_AS_TAGS, STAGES } from './mapping.ts';
import { readText } from './read-text.ts';
import { readTags, type Tags } from './tags.ts';
import { countOf, flagOf, isJsonObject, type JsonObject, shownText, uuidOf } from './text.ts';

/** Where a source stands in a draft. */
export interface Source {
  readonly id?: string;
  readonly name: string;
}

/** What of a MISP event can be imported. */
export interface ImportableEvent {
  readonly uuid: string;
  readonly title: string;
  readonly stage: string;
  readonly tags: Tags;
  /** Texts of tags that state what a record has no field for. */
  readonly notes: readonly string[];
  readonly source: Source | undefined;
  readonly attributes: readonly ImportableAttribute[];
}

/** Most attributes of one event, those of objects included: more is a database, not an event. */
export const MAX_ATTRIBUTES = 100_000;

/** Most tags of an event that are kept: a record has to hold them beside the indicators. */
const MAX_EVENT_TAGS = 64;

const MAX_TITLE_BYTES = 16_384;
const MAX_LINE_BYTES = 512;
const MAX_NAME_BYTES = 256;

/** Distribution levels of MISP: own organisation, community, connected communities, all; 5 inherits. */
const INHERIT = 5;
const SHARING_GROUP = 4;

/**
 * Reads an event. What cannot be imported is a loss; what makes the whole unusable is a fault.
 *
 * @throws Fault `interop.not-a-misp-event`, `interop.too-many-attributes`
 */
export function readEvent(json: unknown, losses: LossReport): ImportableEvent {
  const event = theEvent(json);
  const uuid = uuidOf(event.uuid);
  // misp-core-format, attributes of events: `uuid` and `info` must be present.
  if (uuid === undefined || typeof event.info !== 'string') {
    throw new Fault('interop.not-a-misp-event', 'expected an event with a UUID and an info');
  }
  requireBounded(event);
  countLostKeys('event', event, 'Event', losses);
  const stage = STAGES.get(shown(event.analysis)) ?? (STAGES.get('0') as string);
  losses.add(
    'Event.analysis',
    'stage-derived',
    `analysis ${shown(event.analysis)} is read as stage ${stage}`,
  );
  return {
    uuid,
    title: readTitle(event.info, uuid, losses),
    stage,
    tags: readTags(event.Tag, 'Event.Tag', MAX_EVENT_TAGS, losses),
    notes: readNotes(event, losses),
    source: readSource(event.Orgc, losses),
    attributes: readAttributes(event, losses),
  };
}

/** `{Event: …}`, the event itself, or the answer to a search that found one. */
function theEvent(json: unknown): JsonObject {
  let found: unknown = json;
  if (isJsonObject(found) && Array.isArray(found.response)) {
    if (found.response.length !== 1)
      throw new Fault('interop.not-a-misp-event', 'expected exactly one event');
    found = found.response[0];
  }
  if (isJsonObject(found) && isJsonObject(found.Event)) found = found.Event;
  if (!isJsonObject(found)) throw new Fault('interop.not-a-misp-event', 'expected an object with an Event');
  return found;
}

function requireBounded(event: JsonObject): void {
  let count = listOf(event.Attribute).length;
  for (const object of listOf(event.Object))
    if (isJsonObject(object)) count += listOf(object.Attribute).length;
  if (count <= MAX_ATTRIBUTES) return;
  const fields = { count, max: MAX_ATTRIBUTES };
  throw new Fault(
    'interop.too-many-attributes',
    `expected at most ${MAX_ATTRIBUTES} attributes, got ${count}`,
    { fields },
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readTitle(info: string, uuid: string, losses: LossReport): string {
  const title = readText(info, 'Event.info', MAX_TITLE_BYTES, losses);
  if (title !== undefined) return title;
  losses.add('Event.info', 'malformed', 'expected a text');
  return `MISP event ${uuid}`;
}

/** Fields of the event that a record has no place for, as tags in MISP's own words. */
function readNotes(event: JsonObject, losses: LossReport): string[] {
  return KEPT_AS_TAGS.flatMap((field) => {
    const value = event[field];
    if (value === undefined || value === null || value === '') return [];
    const note = `misp-event:${field}="${shown(value)}"`;
    const { replaced, shortened } = shownText(note, MAX_LINE_BYTES, 'one');
    if (typeof value === 'object' || replaced || shortened) {
      losses.add(`Event.${field}`, 'malformed', 'expected a short text');
      return [];
    }
    losses.add(`Event.${field}`, 'kept-as-text', note);
    return [note];
  });
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : 'not stated';
}

function readSource(value: unknown, losses: LossReport): Source | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return losses.add('Event.Orgc', 'malformed', 'expected an organisation');
  for (const key of Object.keys(value)) {
    if (key !== 'uuid' && key !== 'name') losses.count(`Event.Orgc.${key}`, 'bookkeeping-not-imported');
  }
  const id = uuidOf(value.uuid);
  const name = readText(value.name, 'Event.Orgc.name', MAX_LINE_BYTES, losses) ?? id;
  if (name !== undefined) return { ...(id !== undefined && { id }), name };
  return losses.add('Event.Orgc', 'malformed', 'expected a name or a UUID');
}

function readAttributes(event: JsonObject, losses: LossReport): ImportableAttribute[] {
  const reader = new AttributeReader(losses);
  const level = countOf(event.distribution);
  reader.readList(event.Attribute, 'Event.Attribute', undefined, (own) => isNarrower(own, level));
  for (const [index, object] of listIn(event.Object, 'Event.Object', losses).entries()) {
    const at = `Event.Object[${index}]`;
    if (!isJsonObject(object)) {
      losses.add(at, 'malformed', 'expected an object');
    } else if (flagOf(object.deleted)) {
      losses.add(at, 'deleted', `${listOf(object.Attribute).length} attributes`);
    } else {
      countLostKeys('object', object, 'Event.Object[]', losses);
      const narrow = isNarrower(object.distribution, level);
      reader.readList(
        object.Attribute,
        `${at}.Attribute`,
        readObject(object, at, losses),
        (own) => narrow || isNarrower(own, level),
      );
    }
  }
  return reader.attributes;
}

function listIn(value: unknown, at: string, losses: LossReport): readonly unknown[] {
  if (value !== undefined && value !== null && !Array.isArray(value))
    losses.add(at, 'malformed', 'expected a list');
  return listOf(value);
}

function readObject(object: JsonObject, at: string, losses: LossReport): ObjectReference | undefined {
  const id = uuidOf(object.uuid);
  if (id === undefined) return losses.add(`${at}.uuid`, 'malformed', 'expected a UUID');
  const name = readText(object.name, `${at}.name`, MAX_NAME_BYTES, losses);
  return { id, ...(name !== undefined && { name }) };
}

/** Whether something may reach fewer than the event. A level that is not understood counts as fewer. */
function isNarrower(own: unknown, event: number | undefined): boolean {
  if (own === undefined || own === null) return false;
  const level = countOf(own);
  if (level === undefined) return true;
  if (level === INHERIT) return false;
  if (level === SHARING_GROUP || level > INHERIT) return true;
  return event === undefined || event >= SHARING_GROUP ? level < SHARING_GROUP - 1 : level < event;
}

class AttributeReader {
  readonly attributes: ImportableAttribute[] = [];
  readonly #losses: LossReport;
  readonly #seen = new Set<string>();

  constructor(losses: LossReport) {
    this.#losses = losses;
  }

  readList(
    value: unknown,
    path: string,
    object: ObjectReference | undefined,
    isNarrow: (distribution: unknown) => boolean,
  ): void {
    for (const [index, attribute] of listIn(value, path, this.#losses).entries()) {
      const at = `${path}[${index}]`;
      if (!isJsonObject(attribute)) this.#losses.add(at, 'malformed', 'expected an attribute');
      else if (flagOf(attribute.deleted)) this.#losses.add(at, 'deleted', shown(attribute.type));
      else this.#read(attribute, at, object, isNarrow(attribute.distribution));
    }
  }

  #read(attribute: JsonObject, at: string, object: ObjectReference | undefined, narrow: boolean): void {
    const read = readAttribute(attribute, at, object, narrow, this.#losses);
    if (read === undefined) return;
    if (this.#seen.has(read.indicator.id)) {
      this.#losses.add(at, 'duplicate', read.indicator.id);
      return;
    }
    if (narrow)
      this.#losses.add(`${at}.distribution`, 'distribution-narrowed', 'for the originating state only');
    this.#seen.add(read.indicator.id);
    this.attributes.push(read);
  }
}
