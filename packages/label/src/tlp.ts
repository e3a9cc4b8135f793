import registry from '@comity/protocol/registries/tlp.json' with { type: 'json' };

/** A label of TLP 2.0, without the prefix. */
export type Tlp = 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED';

/** Whom a TLP label lets a recipient share with, from the widest to the narrowest circle. */
export type TlpAudience =
  | 'everyone'
  | 'community'
  | 'organization-and-clients'
  | 'organization'
  | 'individuals';

/** What the registry says about a TLP label. */
export interface TlpEntry {
  readonly label: Tlp;
  readonly audience: TlpAudience;
  /** What a recipient may do, for people. */
  readonly permits: string;
  /** Id of the STIX 2.1 marking definition. */
  readonly stix: string;
}

/** The labels of TLP 2.0 in ascending order of restriction (protocol/registries/tlp.json). */
export const TLP: ReadonlyMap<Tlp, TlpEntry> = new Map(
  (registry.labels as readonly TlpEntry[]).map((entry) => [entry.label, entry]),
);

const RANKS: ReadonlyMap<string, number> = new Map([...TLP.keys()].map((label, index) => [label, index + 1]));

/** Whether a text is a label of TLP 2.0. Other spellings and the labels of version 1 are not. */
export function isTlp(text: string): text is Tlp {
  return RANKS.has(text);
}

/**
 * Rank of a TLP label: 1 for CLEAR to 5 for RED. No statement has rank 0: it restricts nothing by itself, and any
 * statement is at least as restrictive.
 */
export function tlpRank(tlp: Tlp | undefined): number {
  return tlp === undefined ? 0 : (RANKS.get(tlp) as number);
}
