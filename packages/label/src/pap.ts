import registry from '@comity/protocol/registries/pap.json' with { type: 'json' };

/** A label of the Permissible Actions Protocol, without the prefix. */
export type Pap = 'CLEAR' | 'GREEN' | 'AMBER' | 'RED';

/** What a PAP label lets a recipient do, from the widest to the narrowest range of action. */
export type PapActions = 'unrestricted' | 'active' | 'passive-cross-check' | 'non-detectable';

/** What the registry says about a PAP label. */
export interface PapEntry {
  readonly label: Pap;
  readonly actions: PapActions;
  /** What a recipient may do, for people. */
  readonly permits: string;
}

/** The PAP labels in ascending order of restriction (protocol/registries/pap.json). */
export const PAP: ReadonlyMap<Pap, PapEntry> = new Map(
  (registry.labels as readonly PapEntry[]).map((entry) => [entry.label, entry]),
);

const RANKS: ReadonlyMap<string, number> = new Map([...PAP.keys()].map((label, index) => [label, index + 1]));

/** Whether a text is a PAP label. */
export function isPap(text: string): text is Pap {
  return RANKS.has(text);
}

/** Rank of a PAP label: 1 for CLEAR to 4 for RED, 0 for no statement. */
export function papRank(pap: Pap | undefined): number {
  return pap === undefined ? 0 : (RANKS.get(pap) as number);
}
