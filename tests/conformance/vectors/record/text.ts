// Records for the vectors: parts, decoys and digests put together by hand, signed by one of the states of this folder.
// Nothing is checked, and every piece can be replaced: invalid records are made with it as well.

import { cbor, type Entries, type Item, map, SIMPLE_59, sha256, Tag } from '../cbor-text.ts';
import { type KeyPair, type Sign1, sign1 } from '../signing.ts';
import { borealis, changed, drawn, NOW_SECONDS, type State } from '../states.ts';

/** Entries of a map; undefined takes one away. */
export type Changes = readonly (readonly [Item, Item | undefined])[];

/** What stands for one digest: a part or a decoy, with the disclosures that stand inside a part. */
export interface Disclosure {
  readonly bytes: Buffer;
  readonly digest: Buffer;
  readonly isDecoy: boolean;
  readonly inner: readonly Disclosure[];
}

/** Content of a part or of a body in which others are withheld. */
export class Redacted {
  readonly item: Item;
  readonly inner: readonly Disclosure[];
  constructor(item: Item, inner: readonly Disclosure[]) {
    this.item = item;
    this.inner = inner;
  }
}

export interface PartOptions {
  /** Own label; without it the part inherits. */
  readonly label?: Item;
  /** Name that the salt is drawn from, for two parts that are otherwise the same. */
  readonly salt?: string;
}

/** Bytes as a disclosure, whatever they hold (record.md 5.5). */
export function disclosureOf(
  bytes: Uint8Array,
  inner: readonly Disclosure[] = [],
  isDecoy = false,
): Disclosure {
  const copy = Buffer.from(bytes);
  return { bytes: copy, digest: sha256(cbor(copy)), isDecoy, inner };
}

/** A part that is a field. Salts are drawn from what they stand for, so that the vectors can be written again. */
export function field(name: string, content: Item | Redacted, options: PartOptions = {}): Disclosure {
  return partOf(content, options, `field ${name}`, [name]);
}

/** A part that is an element of an array. */
export function element(content: Item | Redacted, options: PartOptions = {}): Disclosure {
  return partOf(content, options, 'element', []);
}

export function decoy(name: string): Disclosure {
  return disclosureOf(cbor([drawn(`decoy ${name}`)]), [], true);
}

/** The overall part of a record with this label. */
export function overall(label: Item, salt?: string): Disclosure {
  return field('overall', null, salt === undefined ? { label } : { label, salt });
}

/**
 * A map in which these fields are withheld, beside entries in the clear; filled up with decoys to a multiple of 4. `salt`
 * tells apart the decoys of two empty ones in a record.
 */
export function withheldFields(
  parts: readonly Disclosure[],
  inClear: Changes = [],
  salt: string = '',
): Redacted {
  const padded = [...parts, ...paddingOf(parts, salt)];
  return new Redacted(map(...inClear, [SIMPLE_59, digestList(padded)]), padded);
}

/** An array in which the disclosures stand as elements, in the order given, followed by decoys. */
export function withheldElements(elements: readonly (Disclosure | Item)[], salt: string = ''): Redacted {
  const parts = elements.filter(isDisclosure);
  const all = [...elements, ...paddingOf(parts, salt)];
  return new Redacted(
    all.map((each) => (isDisclosure(each) ? new Tag(60, each.digest) : each)),
    all.filter(isDisclosure),
  );
}

/** Digests in ascending order, as they stand under simple(59). */
export function digestList(disclosures: readonly Disclosure[]): readonly Buffer[] {
  return ascending(disclosures).map(({ digest }) => digest);
}

export function ascending(disclosures: readonly Disclosure[]): readonly Disclosure[] {
  return [...disclosures].sort((a, b) => Buffer.compare(a.digest, b.digest));
}

/** These disclosures and all that stand inside them. */
export function withInner(disclosures: readonly Disclosure[]): readonly Disclosure[] {
  return disclosures.flatMap((each) => [each, ...withInner(each.inner)]);
}

/** A label of Arcadia's scheme that releases to Borealis; `changes` by key of label.md 2.1. */
export function label(level: string, tlp: string, changes: Changes = []): Entries {
  return changed(
    [
      [1, 'xar-2026'],
      [2, level],
      [3, tlp],
      [5, [borealis.id]],
    ],
    changes,
  );
}

export const openLabel: Entries = label('unclassified', 'GREEN');
export const restrictedLabel: Entries = label('restricted', 'AMBER', [[12, 1_953_244_800]]);

export interface RecordOptions {
  readonly issuer: State;
  /** Type, slash and subject id. */
  readonly subject: string;
  /** Default: that of the issuer for records. */
  readonly key?: KeyPair;
  readonly issuedAtSeconds?: number;
  /** Claim 2. Default: `openLabel`. */
  readonly envelope?: Item;
  /** The body. Default: nothing but the overall part, which has the label of the envelope. */
  readonly body?: readonly Disclosure[] | Redacted;
  /** Changes of the claims under integers, and of whatever else stands in the payload. */
  readonly payload?: Changes;
  /** Changes of the CWT claims. */
  readonly claims?: Changes;
  /** Changes of the protected header. */
  readonly header?: Changes;
}

/** A signed record and everything that it can disclose. */
export interface RecordText extends Sign1 {
  readonly idText: string;
  /** Every part at every depth, without decoys. */
  readonly parts: readonly Disclosure[];
  readonly decoys: readonly Disclosure[];
  /** The record with these disclosures in entry 17, in the order of record.md 7.6. Default: all parts. */
  view(disclosures?: readonly Disclosure[]): Buffer;
}

/** Signs a record (record.md §2 to §4). A body that is a list is padded with decoys. */
export function recordText(options: RecordOptions): RecordText {
  const { issuer, subject, key = issuer.keys.record, issuedAtSeconds = NOW_SECONDS } = options;
  const envelope = options.envelope ?? openLabel;
  const given = options.body ?? [overall(envelope, subject)];
  const body = given instanceof Redacted ? given : withheldFields(given);
  const bodyEntries = (body.item as Entries).entries;
  const payload = changed([[1, 1], [2, envelope], ...bodyEntries], options.payload ?? []);
  const claims = changed(
    [
      [1, issuer.idText],
      [2, subject],
      [6, issuedAtSeconds],
      [7, drawn(`nonce ${subject} ${issuedAtSeconds}`)],
    ],
    options.claims ?? [],
  );
  const header = changed(
    [
      [1, -19],
      [4, key.keyId],
      [15, claims],
      [16, 'application/comity-record+cose'],
      [170, -16],
    ],
    options.header ?? [],
  );
  return signedRecord(key, cbor(payload), header, body.inner);
}

/** A record around any payload and any protected header. */
export function signedRecord(
  key: KeyPair,
  payload: Uint8Array,
  header: Item,
  inner: readonly Disclosure[] = [],
): RecordText {
  const signed = sign1(key, payload, [], header);
  const all = withInner(inner);
  const parts = all.filter(({ isDecoy }) => !isDecoy);
  return {
    ...signed,
    idText: signed.id.toString('hex'),
    parts,
    decoys: all.filter(({ isDecoy }) => isDecoy),
    view: (disclosures = parts) =>
      carrying(
        signed,
        ascending(disclosures).map(({ bytes }) => bytes),
      ),
  };
}

/** The signed record with byte strings, or anything else, in entry 17; none: the empty header. */
export function carrying(signed: Sign1, disclosures: readonly Item[]): Buffer {
  return withUnprotected(signed, disclosures.length === 0 ? map() : map([17, disclosures]));
}

/** The signed record with another unprotected header. */
export function withUnprotected(signed: Sign1, header: Item): Buffer {
  return cbor(new Tag(18, [signed.protected, header, signed.payload, signed.signature]));
}

function partOf(
  content: Item | Redacted,
  { label: own, salt }: PartOptions,
  kind: string,
  rest: readonly Item[],
): Disclosure {
  const { item, inner } = content instanceof Redacted ? content : new Redacted(content, []);
  const part: Item = [own ?? null, item];
  const drawnSalt = drawn(`salt ${kind} ${salt ?? ''} ${cbor(part).toString('hex')}`);
  return disclosureOf(cbor([drawnSalt, part, ...rest]), inner);
}

/** As many decoys as fill up to a multiple of 4, at least 4 digests in all. */
function paddingOf(parts: readonly Disclosure[], salt: string): readonly Disclosure[] {
  const missing = parts.length === 0 ? 4 : (4 - (parts.length % 4)) % 4;
  const name = [salt, ...parts.map(({ digest }) => digest.toString('hex'))].join(' ');
  return Array.from({ length: missing }, (_, index) => decoy(`${index} beside ${name}`));
}

function isDisclosure(value: Disclosure | Item): value is Disclosure {
  return typeof value === 'object' && value !== null && 'digest' in value;
}
