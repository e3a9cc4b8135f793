import type { ClassificationScheme, LevelMap, StateCode, StateId } from '@comity/label';

/** How a record would leave the node: on our own initiative, as the answer to a question, or handed on for another state. */
export type Mode = 'push' | 'query' | 'relay';

/** The modes of this version, in the order in which people are shown them. */
export const MODES: readonly Mode[] = ['push', 'query', 'relay'];

/** Categories of the holder's scheme that a recipient holds. */
export interface HeldCategories {
  readonly set: string;
  readonly values: readonly string[];
}

/**
 * A state that would receive, as the holder's own recognition of it says. Never built from what the recipient says
 * about itself. To change a recipient make a new object: decisions are cached per object.
 */
export interface Recipient {
  readonly state: StateId;
  readonly code: StateCode;
  /** Level of the holder's scheme: the highest that may go to this state. */
  readonly ceiling: string;
  /**
   * Signed equivalence, from the holder's levels to the recipient's. Where a level is mapped, each lower one has to be:
   * otherwise a raised label could release more.
   */
  readonly outbound: LevelMap;
  readonly categories: readonly HeldCategories[];
  /** Whether the holder counts this state among its TLP:GREEN community. */
  readonly community: boolean;
}

/** A running exercise and the states that play in it. */
export interface Exercise {
  readonly id: string;
  readonly players: readonly StateId[];
}

/** Everything a decision depends on besides record, recipient and policy. No clock: the time is given. */
export interface Situation {
  /** The state whose node decides. */
  readonly holder: StateId;
  readonly holderScheme: ClassificationScheme;
  /** Signed equivalence from an originator's levels to the holder's, as `outbound`; undefined where the two have none. */
  readonly inboundOf: (originator: StateId) => LevelMap | undefined;
  /** UTC seconds. */
  readonly atSeconds: number;
  readonly mode: Mode;
  /** Identifier of protocol/registries/purposes.json. */
  readonly purpose: string;
  /** Present in exercise mode only. */
  readonly exercise?: Exercise;
}
