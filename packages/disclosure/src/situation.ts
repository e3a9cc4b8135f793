import type { ClassificationScheme, LevelMap, StateCode, StateId } from '@comity/label';

/**
 * How a record would leave the node: on our own initiative, as the answer to a question, handed on for another state, or
 * sealed for one officer of the recipient, by somebody's hand.
 */
export type Mode = 'push' | 'query' | 'relay' | 'letter';

/** The modes of this version, in the order in which people are shown them. */
export const MODES: readonly Mode[] = ['push', 'query', 'relay', 'letter'];

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
  /** Id of the one officer of that state who could read it; looked at in mode `letter` alone. */
  readonly officer?: string;
}

/** A running exercise and the states that play in it. */
export interface Exercise {
  readonly id: string;
  readonly players: readonly StateId[];
}

/** What an entry of `limits` or `reciprocity` has held from a recipient and no officer has let go since. */
export interface HeldBefore {
  /** Digest of the entry as written, in lower-case hexadecimal. */
  readonly entry: string;
  /** What was held in letters counts for letters alone, and what was held in other modes for all of these. */
  readonly mode: string;
  /** Digests of parts of this record. */
  readonly parts: ReadonlySet<string>;
}

/** What has gone to one recipient and come from it, as far as limits and reciprocity look at it. */
export interface Account {
  /** Digests of parts of this record that were released to the recipient before. */
  readonly already: ReadonlySet<string>;
  /** Entries of the release ledger of the recipient with a time later than the one given, in UTC seconds. */
  readonly releasesSince: (fromSeconds: number) => number;
  /** How many records the recipient was given in all. */
  readonly given: number;
  /** How many records came from it in all. */
  readonly received: number;
  /** What waits of this record by such entries, in any order: time alone does not let it go. Absent: nothing. */
  readonly held?: readonly HeldBefore[];
}

/** A verified statement of an officer of the holder: of this record, these parts may go to this recipient, or may not. */
export interface ApprovalFact {
  /** Id of the officer. */
  readonly officer: string;
  /** Identifiers of protocol/registries/officer-roles.json. */
  readonly roles: readonly string[];
  readonly decision: 'approve' | 'reject';
  /** Name of the rule it is about, or the entry: `limits[0]`, `reciprocity[2]`. */
  readonly rule: string;
  /** Digest of that rule as written, in lower-case hexadecimal (`ruleDigestOf`): a changed rule needs new statements. */
  readonly ruleDigest: string;
  /** Digests of parts. */
  readonly parts: ReadonlySet<string>;
  readonly mode: string;
  readonly purpose: string;
  /** The officer of the recipient whom a letter is for: another one needs another statement. */
  readonly addressee?: string;
  /** UTC seconds from which it holds … */
  readonly atSeconds: number;
  /** … until before this second. */
  readonly notAfterSeconds: number;
}

/** What the originator of a record allows a holder: to hand it on to one more state. */
export interface Consent {
  readonly recordId: string;
  /** Digests of parts, those that they stand in included. */
  readonly parts: ReadonlySet<string> | 'all';
  /** The state that may hand on … */
  readonly holder: StateId;
  /** … to this one … */
  readonly thirdParty: StateId;
  /** … for these purposes. */
  readonly purposes: readonly string[];
  /** UTC seconds from which it is in force … */
  readonly fromSeconds: number;
  /** … until before this second. */
  readonly untilSeconds: number;
  /** Id of the record that grants it. */
  readonly grant: string;
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
  /** Needed where the policy has limits or reciprocity for the recipient: without it the decision fails, and withholds. */
  readonly account?: Account;
  /** Verified statements of officers about this record and recipient, in any order. */
  readonly approvals?: readonly ApprovalFact[];
  /** Id of the officer who wrote the record, or is named as who did. His statements about it never count. */
  readonly author?: string;
  /**
   * Whether that officer has signed that he wrote it. Otherwise anybody could have, one of those who approve as well: of the
   * holder's own records one more has to. Without meaning for records of others.
   */
  readonly isAuthorProven?: boolean;
  /** What the originator allows of this record, in any order. Others among them change nothing. */
  readonly consents?: readonly Consent[];
  /** States to which an originator has ordered that its records are no longer passed; absent: none. */
  readonly barredBy?: (originator: StateId) => ReadonlySet<StateId>;
}
