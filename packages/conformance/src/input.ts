import { fromHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Json } from './operation.ts';

/** 9999-12-31T23:59:59Z, the last second that label.md §2.3 knows. */
const MAX_SECONDS = 253_402_300_799;

/** conformance.md §2.5: so that a line is answered in time. */
const MAX_ENTRIES = 65_536;
const MAX_DOCUMENTS = 512;
const DOCUMENT_LISTS: ReadonlySet<string> = new Set([
  'answers',
  'approvals',
  'certificates',
  'charters',
  'commitments',
  'consents',
  'grants',
  'held',
  'incidents',
  'keyStates',
  'officers',
  'orders',
  'recognitions',
  'retractions',
  'views',
]);

type JsonObject = { readonly [name: string]: Json };

/**
 * The `in` of a line, read member by member. Every member that is read is one that the operation names; one that is missing
 * or has another form is refused, and so is one that nobody has read (`assertRead`): a misspelt option would change nothing.
 *
 * All readers throw Fault `conformance.bad-input`.
 */
export class Input {
  readonly #members: JsonObject;
  readonly #path: string;
  readonly #read = new Set<string>();
  readonly #inner: Input[] = [];

  constructor(members: JsonObject, path = 'in') {
    this.#members = members;
    this.#path = path;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  /** Binary as lower-case hex. */
  hex(name: string): Uint8Array {
    return asBytes(this.json(name), this.#at(name));
  }

  optionalHex(name: string): Uint8Array | undefined {
    return this.has(name) ? this.hex(name) : undefined;
  }

  hexes(name: string): Uint8Array[] {
    return this.list(name).map((each, index) => asBytes(each, `${this.#at(name)}[${index}]`));
  }

  text(name: string): string {
    return asText(this.json(name), this.#at(name));
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  texts(name: string): string[] {
    return this.list(name).map((each, index) => asText(each, `${this.#at(name)}[${index}]`));
  }

  flag(name: string): boolean {
    const value = this.json(name);
    if (typeof value !== 'boolean') throw refuse(this.#at(name), 'true or false');
    return value;
  }

  /**
   * An integer (conformance.md §2.2): a JSON number, or a decimal text for one from 2^53 on, which comes out rounded: the range
   * that the protocol gives then refuses it.
   */
  integer(name: string): number {
    const value = this.json(name);
    // Adding zero makes the negative zero of JSON an ordinary one.
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
    if (
      typeof value === 'string' &&
      /^-?[1-9]\d{15,39}$/.test(value) &&
      !Number.isSafeInteger(Number(value))
    ) {
      return Number(value);
    }
    throw refuse(this.#at(name), 'an integer');
  }

  /** A time in UTC seconds, up to the year 9999 (conformance.md §2.2). */
  seconds(name: string): number {
    const value = this.integer(name);
    if (value < 0 || value > MAX_SECONDS) throw refuse(this.#at(name), 'a time in UTC seconds');
    return value;
  }

  /** Times in UTC seconds. */
  times(name: string): number[] {
    const times = this.naturals(name);
    if (times.some((each) => each > MAX_SECONDS))
      throw refuse(this.#at(name), 'a list of times in UTC seconds');
    return times;
  }

  optionalSeconds(name: string): number | undefined {
    return this.has(name) ? this.seconds(name) : undefined;
  }

  optionalInteger(name: string): number | undefined {
    return this.has(name) ? this.integer(name) : undefined;
  }

  /** An integer from 0 to 2^53 - 1. */
  natural(name: string): number {
    return asNatural(this.json(name), this.#at(name));
  }

  optionalNatural(name: string): number | undefined {
    return this.has(name) ? this.natural(name) : undefined;
  }

  naturals(name: string): number[] {
    return this.list(name).map((each, index) => asNatural(each, `${this.#at(name)}[${index}]`));
  }

  list(name: string): readonly Json[] {
    const value = this.json(name);
    if (!Array.isArray(value)) throw refuse(this.#at(name), 'a list');
    if (value.length > (DOCUMENT_LISTS.has(name) ? MAX_DOCUMENTS : MAX_ENTRIES))
      throw refuse(this.#at(name), 'short enough');
    return value;
  }

  object(name: string): Input {
    return this.#nested(this.json(name), this.#at(name));
  }

  optionalObject(name: string): Input | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }

  objects(name: string): Input[] {
    return this.list(name).map((each, index) => this.#nested(each, `${this.#at(name)}[${index}]`));
  }

  /** The member as it stands, whatever it is. */
  json(name: string): Json {
    const value = this.has(name) ? this.#members[name] : undefined;
    if (value === undefined) throw refuse(this.#at(name), 'present');
    this.#read.add(name);
    return value;
  }

  /** Names of the members, for an object that is used as a dictionary. */
  names(): string[] {
    return Object.keys(this.#members);
  }

  /** @throws Fault `conformance.bad-input` when a member was read by nobody */
  assertRead(): void {
    const unread = Object.keys(this.#members).find((name) => !this.#read.has(name));
    if (unread !== undefined)
      throw new Fault('conformance.bad-input', `${this.#at(unread)} means nothing to this operation`);
    for (const inner of this.#inner) inner.assertRead();
  }

  #nested(value: Json, path: string): Input {
    if (!isObject(value)) throw refuse(path, 'an object');
    const inner = new Input(value, path);
    this.#inner.push(inner);
    return inner;
  }

  #at(name: string): string {
    return `${this.#path}.${name}`;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asNatural(value: Json, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw refuse(path, 'an integer from 0 to 2^53 - 1');
}

/** Half a surrogate pair has no UTF-8 form, so it is no text (conformance.md §2.3). */
function asText(value: Json, path: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw refuse(path, 'a text');
  return value;
}

function asBytes(value: Json, path: string): Uint8Array {
  if (typeof value !== 'string') throw refuse(path, 'lower-case hex');
  try {
    return fromHex(value);
  } catch (cause) {
    throw new Fault('conformance.bad-input', `${path} is not lower-case hex`, { cause });
  }
}

function refuse(path: string, expected: string): Fault {
  return new Fault('conformance.bad-input', `${path} is not ${expected}`);
}
