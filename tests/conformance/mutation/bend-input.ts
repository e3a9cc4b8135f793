import type { Chance } from '@comity/testkit';
import type { Request } from '../driver-process.ts';
import type { VectorsOnDisk } from '../vector-files.ts';
import type { Json } from '../vectors/vector.ts';
import { bendBytes, bendNumber, bendText, bendTree, pick } from './bend.ts';
import { redigest, resignMessage, resignNote, resignWithin } from './resign.ts';
import { bytesOf } from './size.ts';
import { readTree, writeTree } from './tree.ts';

type Members = { [name: string]: Json };

/** Inputs that are known, by operation: what the vectors hold. */
export type Corpus = ReadonlyMap<string, readonly Members[]>;

/** Long inputs are left out: a million of them take a day, and their like is there in short. */
const MAX_BYTES = 20_000;

export function corpusOf(files: readonly VectorsOnDisk[]): Corpus {
  const corpus = new Map<string, Members[]>();
  for (const { op, vectors } of files) {
    const inputs = vectors.map((vector) => vector.in).filter((each) => bytesOf(each) <= MAX_BYTES);
    corpus.set(op, [...(corpus.get(op) ?? []), ...inputs]);
  }
  return corpus;
}

/** A request made of one of the corpus by one to four changes. */
export function bentRequest(corpus: Corpus, chance: Chance): Request {
  const op = pick(chance, [...corpus.keys()]);
  const known = corpus.get(op) ?? [];
  let bent: Members = structuredClone(pick(chance, known));
  const changes = pick(chance, [1, 1, 1, 1, 2, 2, 3, 4]);
  for (let index = 0; index < changes; index++) bent = bendMembers(bent, pick(chance, known), chance);
  return { op, in: bent };
}

/** Changes one member, or puts that of another known input in its place. */
function bendMembers(members: Members, other: Members, chance: Chance): Members {
  const names = Object.keys(members);
  if (names.length === 0) return members;
  const name = pick(chance, names);
  const drawn = chance.next();
  if (drawn < 0.01) return Object.fromEntries(Object.entries(members).filter(([each]) => each !== name));
  if (drawn < 0.15 && Object.hasOwn(other, name))
    return { ...members, [name]: structuredClone(other[name] as Json) };
  const before = members[name] as Json;
  const bent = { ...members, [name]: bendJson(before, other[name], chance) };
  return followDisclosures(bent, before, bent[name] as Json);
}

function bendJson(value: Json, other: Json | undefined, chance: Chance): Json {
  if (typeof value === 'string') {
    return isHex(value) ? bendHex(value, isHex(other) ? other : value, chance) : bendNote(value, chance);
  }
  if (typeof value === 'number') return bendNumber(value, chance);
  if (typeof value === 'boolean') return !value;
  if (value === null) return 0;
  if (isList(value)) return bendList([...value], isList(other) ? other : [], chance);
  return bendMembers({ ...value }, isMembers(other) ? other : {}, chance);
}

function bendList(list: Json[], other: readonly Json[], chance: Chance): Json {
  const at = chance.between(0, Math.max(0, list.length - 1));
  const drawn = chance.next();
  if (list.length === 0 || drawn < 0.1)
    return [...list, ...(other.length > 0 ? [pick(chance, other)] : list.slice(0, 1))];
  if (drawn < 0.2) list.splice(at, 1);
  else if (drawn < 0.3) list.push(list[at] as Json);
  else if (drawn < 0.35) list.reverse();
  else list[at] = bendJson(list[at] as Json, other[at] ?? other[0], chance);
  return list;
}

function bendHex(value: string, other: string, chance: Chance): string {
  const bytes = Buffer.from(value, 'hex');
  const tree = chance.next() < 0.85 ? readTree(bytes) : undefined;
  if (tree === undefined) return bendBytes(bytes, chance, Buffer.from(other, 'hex')).toString('hex');
  bendTree(tree, chance);
  if (chance.next() < 0.85) resignWithin(tree);
  return writeTree(tree).toString('hex');
}

function bendNote(value: string, chance: Chance): string {
  const bent = bendText(value, chance);
  return chance.next() < 0.8 ? resignNote(bent) : bent;
}

/** A disclosure that was changed is no orphan where the record beside it, which is signed again, names its digest. */
function followDisclosures(members: Members, before: Json, after: Json): Members {
  const { record } = members;
  if (!isHex(record) || !isList(before) || !isList(after) || before.length !== after.length) return members;
  const tree = readTree(Buffer.from(record, 'hex'));
  if (tree === undefined) return members;
  for (const [index, each] of before.entries()) {
    const now = after[index];
    if (each !== now && isHex(each) && isHex(now)) {
      redigest(tree, Buffer.from(each, 'hex'), Buffer.from(now, 'hex'));
    }
  }
  resignMessage(tree);
  return { ...members, record: writeTree(tree).toString('hex') };
}

function isHex(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > 1 && value.length % 2 === 0 && /^[0-9a-f]+$/.test(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
