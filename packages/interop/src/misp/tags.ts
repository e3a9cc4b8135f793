import { type Pap, papRank, type Tlp, tlpRank } from '@comity/label';
import rsit from '@comity/protocol/registries/rsit.json' with { type: 'json' };
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import type { LossReport } from './loss.ts';
import {
  CLASSIFICATION_NAMESPACES,
  CLASSIFICATION_TAGS,
  type Classification,
  countLostKeys,
  PAP_TAGS,
  SECTOR_PREDICATES,
  TECHNIQUE_PREDICATES,
  TLP_TAGS,
} from './mapping.ts';
import { byteLength, flagOf, isJsonObject, shownText } from './text.ts';

/** A technique of an attacker, as an entry of a catalogue. */
export interface Technique {
  readonly scheme: string;
  readonly id: string;
  readonly name?: string;
}

/** What the tags of an event or an attribute say. */
export interface Tags {
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  /** Texts of the tags that a label does not express. */
  readonly texts: readonly string[];
  /** Classes of RSIT that are stated, each once. */
  readonly classifications: readonly Classification[];
  readonly sectors: readonly string[];
  readonly techniques: readonly Technique[];
  /** Exercises named by the taxonomy `exercise`. */
  readonly exercises: readonly string[];
}

const MAX_TAG_BYTES = 512;
const RSIT_TYPES: ReadonlyMap<string, readonly string[]> = new Map(
  rsit.classes.map(({ id, types }) => [id, types]),
);
const SECTORS: ReadonlySet<string> = new Set(sectors.sectors.map(({ id }) => id));
const TECHNIQUE_ID = / - (T[0-9]{4}(?:\.[0-9]{3})?)$/;

/** Reads a list of tags. Each is kept as text, but those that a label expresses; some fill fields besides. */
export function readTags(value: unknown, path: string, maxTags: number, losses: LossReport): Tags {
  const found = readNames(value, path, maxTags, losses).map(
    (tag): FoundTag => ({ ...tag, meaning: meaningOf(tag.name) }),
  );
  for (const { name, at, meaning } of found) {
    if (meaning.strange) losses.add(at, 'unknown-marking', `${name} is read as RED`);
  }
  const tlp = strictest(found, 'tlp', tlpRank, losses);
  const pap = strictest(found, 'pap', papRank, losses);
  const all = <K extends keyof Meaning>(key: K): NonNullable<Meaning[K]>[] =>
    found.map(({ meaning }) => meaning[key]).filter((each) => each !== undefined);
  return {
    ...(tlp && { tlp }),
    ...(pap && { pap }),
    texts: found.filter(({ isText }) => isText).map(({ name }) => name),
    classifications: different(all('classification')),
    sectors: different(all('sector')),
    techniques: different(all('technique')),
    exercises: all('exercise'),
  };
}

interface NamedTag {
  readonly name: string;
  readonly at: string;
  /** Whether it is kept as text. */
  readonly isText: boolean;
}

interface FoundTag extends NamedTag {
  readonly meaning: Meaning;
}

function isMarking(name: string): boolean {
  return /^\s*(?:tlp|pap):/i.test(name);
}

/** Of the taxonomy `exercise`, whatever it says further. */
function isExercise(name: string): boolean {
  return /^\s*exercise:/i.test(name);
}

function readNames(value: unknown, path: string, maxTags: number, losses: LossReport): NamedTag[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    losses.add(path, 'malformed', 'expected a list of tags');
    return [];
  }
  const keysPath = `${path.replaceAll(/\[\d+\]/g, '[]')}[]`;
  const names = new Map<string, NamedTag>();
  let texts = 0;
  for (const [index, tag] of value.entries()) {
    const at = `${path}[${index}]`;
    const written: unknown = isJsonObject(tag) ? tag.name : undefined;
    if (!isJsonObject(tag) || typeof written !== 'string' || written === '') {
      losses.add(at, 'malformed', 'expected a tag with a name');
      continue;
    }
    countLostKeys('tag', tag, keysPath, losses);
    const { text: name, replaced } = shownText(written, MAX_TAG_BYTES, 'one');
    if (names.has(name)) {
      losses.add(at, 'duplicate', name);
      continue;
    }
    // A marking restricts, and an exercise is one, also where the tag is local or one too many: nothing makes an import
    // less strict by a detail.
    if (isMarking(name) || isExercise(name)) names.set(name, { name, at, isText: false });
    if (isMarking(name)) continue;
    if (tag.exportable === false || flagOf(tag.local)) losses.add(at, 'local-tag', name);
    else if (written.length > MAX_TAG_BYTES || byteLength(written) > MAX_TAG_BYTES) {
      losses.add(at, 'too-long', name);
    } else if (texts >= maxTags) losses.add(at, 'too-many', name);
    else {
      if (replaced) losses.add(at, 'text-replaced', name);
      names.set(name, { name, at, isText: true });
      texts += 1;
    }
  }
  return [...names.values()];
}

/** What one tag stands for. */
interface Meaning {
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  readonly classification?: Classification;
  readonly sector?: string;
  readonly technique?: Technique;
  readonly exercise?: string;
  /** It is written like a marking and is none. */
  readonly strange?: true;
}

function meaningOf(name: string): Meaning {
  const marking = isMarking(name) ? name.trim().toLowerCase() : undefined;
  if (marking !== undefined) return meaningOfMarking(marking);
  if (isExercise(name)) return { exercise: name };
  const stated = CLASSIFICATION_TAGS.get(name);
  if (stated !== undefined) return { classification: stated };
  const [, namespace = '', predicate = '', value = ''] = /^([^:="]+):([^="]+)(?:="(.*)")?$/.exec(name) ?? [];
  if (CLASSIFICATION_NAMESPACES.includes(namespace)) {
    const types = RSIT_TYPES.get(predicate);
    if (types?.includes(value)) return { classification: { rsitClass: predicate, rsitType: value } };
    if (types !== undefined) return { classification: { rsitClass: predicate } };
  }
  if (SECTOR_PREDICATES.includes(`${namespace}:${predicate}`) && SECTORS.has(value)) return { sector: value };
  const scheme = TECHNIQUE_PREDICATES.get(`${namespace}:${predicate}`);
  const id = TECHNIQUE_ID.exec(value)?.[1];
  if (scheme !== undefined && id !== undefined) {
    return { technique: { scheme, id, name: value.slice(0, value.lastIndexOf(' - ')) || id } };
  }
  return {};
}

function meaningOfMarking(marking: string): Meaning {
  const tlp = TLP_TAGS.get(marking);
  if (tlp !== undefined) return { tlp };
  const pap = PAP_TAGS.get(marking);
  if (pap !== undefined) return { pap };
  // Deny by default: a marking that nobody has defined lets nobody have it.
  return marking.startsWith('tlp:') ? { tlp: 'RED', strange: true } : { pap: 'RED', strange: true };
}

function strictest<K extends 'tlp' | 'pap', V extends Meaning[K]>(
  found: readonly FoundTag[],
  key: K,
  rank: (value: V) => number,
  losses: LossReport,
): V | undefined {
  const marked = found.filter(({ meaning }) => meaning[key] !== undefined);
  const [first, ...others] = marked.toSorted((a, b) => rank(b.meaning[key] as V) - rank(a.meaning[key] as V));
  for (const { at, name, meaning } of others) {
    if (meaning[key] !== first?.meaning[key])
      losses.add(at, 'conflicting-marking', `${name} beside ${first?.name}`);
  }
  return first?.meaning[key] as V | undefined;
}

function different<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
