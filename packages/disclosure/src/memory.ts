import { type LevelMap, PURPOSES, type StateId } from '@comity/label';
import type { View } from '@comity/record';

import type { Judgement } from './decision.ts';
import type { Facts } from './facts.ts';
import { type Ground, judgeEnvelope, judgePart } from './judge.ts';
import { type EnvelopeClass, type Outline, OutlineBook, type PartClass } from './outline.ts';
import { type CompiledRule, type MatchingRules, matching, type RuleIndex } from './rule-index.ts';
import type { Mode, Recipient, Situation } from './situation.ts';

/** Labels, classes and facts remembered before starting anew: tens of megabytes, reached by hostile variety only. */
const MAX_BOOK_ENTRIES = 65_536;

/** Judgements remembered before starting anew. */
const MAX_JUDGEMENTS = 1_048_576;

/** Judgements about classes, for records with the same facts on the same ground. */
export interface Judgements {
  ofEnvelope(envelope: EnvelopeClass): Judgement;
  ofPart(part: PartClass): Judgement;
}

/**
 * Remembers judgements. It changes how fast an answer comes and never which: a judgement depends on class, facts and
 * ground, and all three are compared before a remembered one is used.
 */
export class DecisionMemory {
  readonly #rules: RuleIndex;
  #book: OutlineBook;
  #recipients = new WeakMap<Recipient, RecipientCase>();
  #size = { judgements: 0 };

  constructor(rules: RuleIndex) {
    this.#rules = rules;
    this.#book = new OutlineBook(rules.above);
  }

  outline(view: View, atSeconds: number): Outline {
    if (this.#book.size > MAX_BOOK_ENTRIES || this.#size.judgements > MAX_JUDGEMENTS) this.#startAnew();
    return this.#book.outline(view, atSeconds);
  }

  /** @param facts from `outline` */
  judgements(facts: Facts, originator: StateId, recipient: Recipient, situation: Situation): Judgements {
    const inbound = situation.holder === originator ? undefined : situation.inboundOf(originator);
    // Purposes may come from a peer: what it makes up is judged, and not remembered.
    const ground = PURPOSES.has(situation.purpose)
      ? this.#ground(originator, recipient, situation, inbound)
      : this.#layGround(originator, recipient, situation, inbound);
    return ground.judgements(facts);
  }

  #ground(
    originator: StateId,
    recipient: Recipient,
    situation: Situation,
    inbound: LevelMap | undefined,
  ): RememberedGround {
    const byOriginator = this.#caseOf(recipient).grounds[situation.mode];
    let byPurpose = byOriginator.get(originator);
    if (byPurpose === undefined) {
      byPurpose = new Map();
      byOriginator.set(originator, byPurpose);
    }
    const known = byPurpose.get(situation.purpose);
    if (known?.isOf(situation, inbound)) return known;
    const fresh = this.#layGround(originator, recipient, situation, inbound);
    byPurpose.set(situation.purpose, fresh);
    return fresh;
  }

  #caseOf(recipient: Recipient): RecipientCase {
    const known = this.#recipients.get(recipient);
    if (known !== undefined && isUnchanged(known.was, recipient)) return known;
    const fresh = { was: { ...recipient }, grounds: { push: new Map(), query: new Map(), relay: new Map() } };
    this.#recipients.set(recipient, fresh);
    return fresh;
  }

  #layGround(
    originator: StateId,
    recipient: Recipient,
    situation: Situation,
    inbound: LevelMap | undefined,
  ): RememberedGround {
    const { holder, holderScheme, mode, purpose } = situation;
    const ground = {
      originator,
      recipient: { ...recipient },
      setting: { holder, holderScheme, mode, purpose },
      inbound,
    };
    return new RememberedGround(ground, this.#rules.candidates(recipient.state, situation), this.#size);
  }

  #startAnew(): void {
    this.#book = new OutlineBook(this.#rules.above);
    this.#recipients = new WeakMap();
    this.#size = { judgements: 0 };
  }
}

/** A recipient as it was when its grounds were laid, to notice an object that was changed in place. */
interface RecipientCase {
  readonly was: Recipient;
  readonly grounds: Readonly<Record<Mode, Map<StateId, Map<string, RememberedGround>>>>;
}

function isUnchanged(was: Recipient, now: Recipient): boolean {
  return (
    was.state === now.state &&
    was.ceiling === now.ceiling &&
    was.outbound === now.outbound &&
    was.categories === now.categories &&
    was.community === now.community
  );
}

class RememberedGround {
  readonly #ground: Ground;
  readonly #candidates: readonly CompiledRule[];
  readonly #size: { judgements: number };
  readonly #byFacts = new Map<Facts, RememberedJudgements>();

  constructor(ground: Ground, candidates: readonly CompiledRule[], size: { judgements: number }) {
    this.#ground = ground;
    this.#candidates = candidates;
    this.#size = size;
  }

  isOf({ holder, holderScheme }: Situation, inbound: LevelMap | undefined): boolean {
    const { setting } = this.#ground;
    return (
      setting.holder === holder && setting.holderScheme === holderScheme && this.#ground.inbound === inbound
    );
  }

  judgements(facts: Facts): Judgements {
    let known = this.#byFacts.get(facts);
    if (known === undefined) {
      known = new RememberedJudgements(this.#ground, matching(this.#candidates, facts), this.#size);
      this.#byFacts.set(facts, known);
    }
    return known;
  }
}

class RememberedJudgements implements Judgements {
  readonly #ground: Ground;
  readonly #rules: MatchingRules;
  readonly #size: { judgements: number };
  readonly #envelopes = new Map<EnvelopeClass, Judgement>();
  readonly #parts = new Map<PartClass, Judgement>();

  constructor(ground: Ground, rules: MatchingRules, size: { judgements: number }) {
    this.#ground = ground;
    this.#rules = rules;
    this.#size = size;
  }

  ofEnvelope(envelope: EnvelopeClass): Judgement {
    return (
      this.#envelopes.get(envelope) ??
      this.#remember(this.#envelopes, envelope, judgeEnvelope(envelope, this.#rules, this.#ground))
    );
  }

  ofPart(part: PartClass): Judgement {
    return (
      this.#parts.get(part) ?? this.#remember(this.#parts, part, judgePart(part, this.#rules, this.#ground))
    );
  }

  #remember<K>(known: Map<K, Judgement>, key: K, judgement: Judgement): Judgement {
    known.set(key, judgement);
    this.#size.judgements += 1;
    return judgement;
  }
}
