import {
  type AgreedEquivalence,
  agreedEquivalence,
  type Recognition,
  type SchemePair,
} from '@comity/identity';
import type { LevelMap } from '@comity/label';

import type { Recipient } from './situation.ts';

/**
 * What the recognitions of two states by each other say to a decision of one of them, disclosure.md §1.2, §3.3 and §8.1:
 * who the other is as a recipient, and what its levels are here while it is an originator.
 */
export class Relation {
  /** One object for as long as the relation stands, so that decisions can be remembered. */
  readonly recipient: Recipient;
  readonly agreed: AgreedEquivalence;
  readonly #ours: Recognition;
  readonly #theirs: Recognition | undefined;

  /**
   * @param ours the holder's recognition of the other state
   * @param theirs the other state's of the holder, if it is at hand. What it disputes stays disputed after it has ended
   * @throws Fault `identity.recognitions-unrelated`
   */
  constructor(ours: Recognition, theirs: Recognition | undefined, schemes: SchemePair) {
    const { subject: state, subjectCode: code, ceiling, categories, community } = ours;
    const { outbound, ...agreed } = agreedEquivalence(ours, theirs, schemes);
    this.agreed = Object.freeze({ ...agreed, outbound: Object.freeze(outbound) });
    // Decisions are remembered by these objects: nothing in them may change.
    this.recipient = Object.freeze({
      ...{ state, code, ceiling, outbound: this.agreed.outbound, community },
      categories: Object.freeze(
        categories.map(({ set, values }) => Object.freeze({ set, values: Object.freeze([...values]) })),
      ),
    });
    this.#ours = ours;
    this.#theirs = theirs;
  }

  /** Whether the holder's recognition is in force: otherwise nothing is handed over. */
  isServedAt(atSeconds: number): boolean {
    return isInForce(this.#ours, atSeconds);
  }

  /** The other state's levels to the holder's, while every recognition that they come from is in force. */
  inboundAt(atSeconds: number): LevelMap | undefined {
    if (!isInForce(this.#ours, atSeconds)) return undefined;
    // One that has ended is no longer their word, and to leave it out would put levels in force that they dispute.
    if (this.#theirs !== undefined && !isInForce(this.#theirs, atSeconds)) return undefined;
    return this.agreed.inbound;
  }

  /** The first second at which `inboundAt` ends by itself. */
  get inboundUntilSeconds(): number {
    return Math.min(this.#ours.notAfterSeconds, this.#theirs?.notAfterSeconds ?? Number.POSITIVE_INFINITY);
  }
}

function isInForce({ notBeforeSeconds, notAfterSeconds }: Recognition, atSeconds: number): boolean {
  return atSeconds >= notBeforeSeconds && atSeconds < notAfterSeconds;
}
