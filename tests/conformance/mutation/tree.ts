// CBOR as a tree that can be bent: read leniently, changed anywhere, written again. It is not the decoder under test.

/** One data item. `head` overrides the head that its content would give. */
export interface Item {
  major: number;
  argument: bigint;
  head?: Buffer;
  /** Of byte and text strings. */
  data?: Buffer;
  /** What a byte string holds, where that is CBOR itself: a protected header, a payload, a disclosure. */
  inner?: Item;
  /** Elements; of a map keys and values in turn; of a tag its content. */
  items?: Item[];
}

/** How deep trees are read: deeper than any limit of the protocol. */
const MAX_DEPTH = 80;

/** The tree of an input, or undefined where it is not one whole item of definite lengths. */
export function readTree(bytes: Uint8Array): Item | undefined {
  const reader = new Reader(Buffer.from(bytes));
  try {
    const item = reader.item(0);
    return reader.at === bytes.length ? item : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function writeTree(item: Item): Buffer {
  if (item.items !== undefined) {
    const count = item.major === 5 ? item.items.length >> 1 : item.items.length;
    const argument = item.major === 6 ? item.argument : BigInt(count);
    return Buffer.concat([item.head ?? writeHead(item.major, argument), ...item.items.map(writeTree)]);
  }
  const data = item.inner === undefined ? item.data : writeTree(item.inner);
  if (data === undefined) return item.head ?? writeHead(item.major, item.argument);
  return Buffer.concat([item.head ?? writeHead(item.major, BigInt(data.length)), data]);
}

/** Every item of a tree with what it stands in, the outermost first. */
export function itemsOf(root: Item): { item: Item; parent: Item | undefined }[] {
  const found: { item: Item; parent: Item | undefined }[] = [];
  const visit = (item: Item, parent: Item | undefined): void => {
    found.push({ item, parent });
    if (item.inner !== undefined) visit(item.inner, item);
    for (const each of item.items ?? []) visit(each, item);
  };
  visit(root, undefined);
  return found;
}

export function copyTree(item: Item): Item {
  return {
    ...item,
    ...(item.inner === undefined ? {} : { inner: copyTree(item.inner) }),
    ...(item.items === undefined ? {} : { items: item.items.map(copyTree) }),
  };
}

/** Sorts the entries of a map as the profile wants them. */
export function sortEntries(map: Item): void {
  const items = map.items ?? [];
  const entries = Array.from({ length: items.length >> 1 }, (_, index) =>
    items.slice(index * 2, index * 2 + 2),
  );
  const odd = items.length % 2 === 1 ? items.slice(-1) : [];
  entries.sort(([a], [b]) => Buffer.compare(writeTree(a as Item), writeTree(b as Item)));
  map.items = [...entries.flat(), ...odd];
}

export function writeHead(major: number, argument: bigint, width?: 0 | 1 | 2 | 4 | 8): Buffer {
  const least =
    argument < 24n ? 0 : argument < 0x100n ? 1 : argument < 0x1_0000n ? 2 : argument < 0x1_0000_0000n ? 4 : 8;
  const bytes = width ?? least;
  if (bytes === 0) return Buffer.from([(major << 5) | Number(argument)]);
  const information = { 1: 24, 2: 25, 4: 26, 8: 27 }[bytes];
  const digits = BigInt.asUintN(64, argument)
    .toString(16)
    .padStart(16, '0')
    .slice(-bytes * 2);
  return Buffer.concat([Buffer.from([(major << 5) | information]), Buffer.from(digits, 'hex')]);
}

class Reader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  item(depth: number): Item {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    const start = this.at;
    const first = this.#bytes.readUInt8(this.at++);
    const major = first >> 5;
    const argument = this.#argument(first & 31);
    if (major === 7) return { major, argument, head: this.#bytes.subarray(start, this.at) };
    if (major < 2) return { major, argument };
    if (major < 4) {
      const end = this.at + Number(argument);
      if (end > this.#bytes.length) throw new RangeError('truncated');
      const data = this.#bytes.subarray(this.at, end);
      this.at = end;
      const inner = major === 2 && data.length > 1 ? innerTree(data, depth) : undefined;
      return { major, argument, data, ...(inner === undefined ? {} : { inner }) };
    }
    const count = major === 6 ? 1 : Number(argument) * (major === 5 ? 2 : 1);
    if (count > this.#bytes.length) throw new RangeError('truncated');
    const items: Item[] = [];
    for (let index = 0; index < count; index++) items.push(this.item(depth + 1));
    return { major, argument, items };
  }

  #argument(information: number): bigint {
    if (information < 24) return BigInt(information);
    if (information > 27) throw new RangeError('no definite length');
    const width = 1 << (information - 24);
    const value = this.#bytes.subarray(this.at, this.at + width);
    if (value.length < width) throw new RangeError('truncated');
    this.at += width;
    return BigInt(`0x${value.toString('hex')}`);
  }
}

/** Only arrays, maps and tags are taken for CBOR inside: most other bytes are an item by accident. */
function innerTree(data: Buffer, depth: number): Item | undefined {
  const major = (data[0] as number) >> 5;
  if (major < 4 || major > 6) return undefined;
  const reader = new Reader(data);
  try {
    const item = reader.item(depth + 1);
    return reader.at === data.length ? item : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
