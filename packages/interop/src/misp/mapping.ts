import type { Pap, Tlp } from '@comity/label';
import mapping from '@comity/protocol/registries/misp-mapping.json' with { type: 'json' };
import type { LossReason, LossReport } from './loss.ts';
import type { JsonObject } from './text.ts';

/** Tag, in lower case, to label of TLP 2.0. */
export const TLP_TAGS: ReadonlyMap<string, Tlp> = new Map(Object.entries(mapping.tlp) as [string, Tlp][]);

/** Tag, in lower case, to label of PAP. */
export const PAP_TAGS: ReadonlyMap<string, Pap> = new Map(Object.entries(mapping.pap) as [string, Pap][]);

/** An incident's class of the Reference Security Incident Taxonomy. */
export interface Classification {
  readonly rsitClass: string;
  readonly rsitType?: string;
}

/** Tag to the class it states. */
export const CLASSIFICATION_TAGS: ReadonlyMap<string, Classification> = new Map(Object.entries(mapping.rsit));

/** Taxonomies whose predicates are classes of RSIT and whose values are its types. */
export const CLASSIFICATION_NAMESPACES: readonly string[] = mapping.rsitNamespaces;

/** Predicates whose value is a sector. */
export const SECTOR_PREDICATES: readonly string[] = mapping.sectorPredicates;

/** Predicate to the catalogue of techniques that its value names an entry of. */
export const TECHNIQUE_PREDICATES: ReadonlyMap<string, string> = new Map(
  Object.entries(mapping.techniquePredicates),
);

/** State of the analysis to stage of an incident. */
export const STAGES: ReadonlyMap<string, string> = new Map(Object.entries(mapping.stages));

/** Fields of an event that a record keeps as the text of a tag. */
export const KEPT_AS_TAGS: readonly string[] = mapping.keptAsTags;

interface Level {
  readonly mapped: readonly string[];
  readonly losses: Readonly<Record<string, string>>;
}

const LEVELS: Readonly<Record<'event' | 'attribute' | 'object' | 'tag', Level>> = mapping;

/** Counts every key of an object that is not carried over. What is empty says nothing, and is no loss. */
export function countLostKeys(
  level: keyof typeof LEVELS,
  object: JsonObject,
  path: string,
  losses: LossReport,
): void {
  const { mapped, losses: lost } = LEVELS[level];
  for (const [key, value] of Object.entries(object)) {
    if (mapped.includes(key) || saysNothing(key, value, lost)) continue;
    if (level === 'event' && KEPT_AS_TAGS.includes(key)) continue;
    const reason = Object.hasOwn(lost, key) ? (lost[key] as LossReason) : 'unknown-key';
    losses.count(`${path}.${key}`, reason);
  }
}

/** What MISP writes where nothing is stated; 0 as a level of distribution is a statement. */
function saysNothing(key: string, value: unknown, known: Level['losses']): boolean {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return true;
  if (!Object.hasOwn(known, key) || key === 'distribution') return false;
  return value === false || value === 0 || value === '0';
}
