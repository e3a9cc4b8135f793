import { type CborKey, type CborValue, REDACTED, Tagged } from '@comity/cbor';
import { compareBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type FieldPath, isFieldName } from './field-path.ts';
import { DIGEST_BYTES, DIGEST_PADDING, MAX_DIGESTS, MAX_PATH_STEPS } from './limits.ts';

/** A map with redacted entries. */
export type RedactedMap = ReadonlyMap<CborKey, CborValue>;

/** A list with redacted elements. */
export type RedactedList = readonly CborValue[];

/** The digests that stand together in one map (its list under simple(59)) or in one list (its elements with tag 60). */
export interface DigestGroup {
  /** The map or list they stand in. */
  readonly container: RedactedMap | RedactedList;
  readonly path: FieldPath;
  /** Lower-case hexadecimal, in the order of the record. */
  readonly digests: readonly string[];
  /** For a list: the position of each digest among the elements. */
  readonly positions: readonly number[] | undefined;
}

/** Groups by the map or list they stand in. */
export interface DigestGroups {
  get(container: object): DigestGroup | undefined;
}

/** Whether a value holds a digest in place of a part, at any depth. */
export function hasRedaction(value: CborValue): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  if (value instanceof Tagged) return true;
  if (Array.isArray(value)) return value.some(hasRedaction);
  const map = value as ReadonlyMap<CborKey, CborValue>;
  if (map.has(REDACTED)) return true;
  for (const inner of map.values()) if (hasRedaction(inner)) return true;
  return false;
}

/** What was collected before, of the payload that the content stands in. */
export interface KnownDigests {
  readonly groups: DigestGroups;
  readonly digests: ReadonlySet<string>;
}

/**
 * Collects the digests of a payload or of a disclosed content, once over all that one view shows: a digest that is seen
 * a second time, in whatever place, is a fault.
 */
export class DigestCollector implements DigestGroups {
  /** Beside the known ones, which are never copied: most parts add few. */
  private readonly seen = new Set<string>();
  private readonly groups = new Map<object, DigestGroup>();
  private readonly known: KnownDigests | undefined;

  constructor(known?: KnownDigests) {
    this.known = known;
  }

  /** Digests seen here, without the known ones. */
  get digests(): ReadonlySet<string> {
    return this.seen;
  }

  get(container: object): DigestGroup | undefined {
    return this.groups.get(container) ?? this.known?.groups.get(container);
  }

  /** Number of all digests seen so far, the known ones among them. */
  get digestCount(): number {
    return this.seen.size + (this.known?.digests.size ?? 0);
  }

  /** The groups inside `value`, which stands at `path`, in the order of the record. */
  collect(value: CborValue, path: FieldPath): readonly DigestGroup[] {
    if (!hasRedaction(value)) return NO_GROUPS;
    const found: DigestGroup[] = [];
    this.visit(value, path, found);
    return found;
  }

  /** As `collect`, for a payload: only what stands under text keys may hold redactions. */
  collectBody(claims: RedactedMap): readonly DigestGroup[] {
    const found: DigestGroup[] = [];
    this.visitMap(claims, [], found);
    return found;
  }

  private visit(value: CborValue, path: FieldPath, found: DigestGroup[]): void {
    if (path.length >= MAX_PATH_STEPS) {
      throw new Fault('record.too-deep', `expected parts at most ${MAX_PATH_STEPS} steps deep`);
    }
    if (Array.isArray(value)) this.visitList(value, path, found);
    else this.visitMap(value as RedactedMap, path, found);
  }

  private visitMap(map: RedactedMap, path: FieldPath, found: DigestGroup[]): void {
    const list = map.get(REDACTED);
    if (list !== undefined) this.add(found, map, path, readDigestList(list), undefined);
    for (const [key, inner] of map) {
      if (key === REDACTED || !hasRedaction(inner)) continue;
      // Every step of the path of a part is a field name or a position, or two parts could share a path text.
      if (!isFieldName(key))
        throw new Fault('record.bad-field-name', 'a part stands below a key that is no field name');
      this.visit(inner, [...path, key], found);
    }
  }

  private visitList(list: RedactedList, path: FieldPath, found: DigestGroup[]): void {
    const digests: Uint8Array[] = [];
    const positions: number[] = [];
    for (let index = 0; index < list.length; index += 1) {
      const element = list[index] as CborValue;
      if (element instanceof Tagged) {
        digests.push(readDigest(element.value));
        positions.push(index);
      } else if (hasRedaction(element)) {
        this.visit(element, [...path, index], found);
      }
    }
    if (digests.length > 0) this.add(found, list, path, digests, positions);
  }

  private add(
    found: DigestGroup[],
    container: RedactedMap | RedactedList,
    path: FieldPath,
    digests: readonly Uint8Array[],
    positions: readonly number[] | undefined,
  ): void {
    // Formats §2.3: the number of digests says nothing finer than a multiple of 4.
    if (digests.length % DIGEST_PADDING !== 0) {
      throw new Fault(
        'record.unpadded-digests',
        `expected a multiple of ${DIGEST_PADDING} digests, got ${digests.length}`,
      );
    }
    if (this.digestCount + digests.length > MAX_DIGESTS) {
      throw new Fault('record.too-many-digests', `expected at most ${MAX_DIGESTS} digests`);
    }
    const names = digests.map(toHex);
    for (const name of names) {
      // Formats §2.3: the same digest placed twice.
      if (this.seen.has(name) || this.known?.digests.has(name) === true)
        throw new Fault('record.digest-placed-twice', 'a digest stands at two places');
      this.seen.add(name);
    }
    const group = { container, path, digests: names, positions };
    this.groups.set(container, group);
    found.push(group);
  }
}

const NO_GROUPS: readonly DigestGroup[] = Object.freeze([]);

/** Formats §6: the list under simple(59) is sorted and free of duplicates. */
function readDigestList(list: CborValue): readonly Uint8Array[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new Fault('record.bad-digest-list', 'expected a list of digests under simple(59)');
  }
  const digests = list.map(readDigest);
  for (let index = 1; index < digests.length; index += 1) {
    const order = compareBytes(digests[index - 1] as Uint8Array, digests[index] as Uint8Array);
    if (order === 0) throw new Fault('record.duplicate-digest', 'a digest occurs twice in a list');
    if (order > 0) throw new Fault('record.unsorted-digests', 'expected digests in ascending order');
  }
  return digests;
}

function readDigest(value: CborValue): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== DIGEST_BYTES) {
    throw new Fault('record.bad-digest', `expected a digest of ${DIGEST_BYTES} bytes`);
  }
  return value;
}
