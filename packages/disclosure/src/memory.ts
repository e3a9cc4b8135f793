import { PURPOSES, type StateId } from '@comity/label';
import type { View } from '@comity/record';

import type { Judgement, Verdict } from './decision.ts';
import { judgeInward } from './inward.ts';
import { type Ground, type Opinion, opinionOfEnvelope, opinionOfPart } from './judge.ts';
import {
  type EnvelopeClass,
  type Outline,
  OutlineBook,
  type PartClass,
  type PartGroup,
  type Shape,
} from './outline.ts';
import { isWithin } from './policy.ts';
import {
  type Addressed,
  type MatchedFacts,
  type MatchingRules,
  matching,
  type RuleIndex,
} from './rule-index.ts';
import type { Mode, Recipient, Situation } from './situation.ts';
import { moreForAuthor } from './statements.ts';

/** Labels, classes and facts remembered before starting anew: tens of megabytes, reached by hostile variety only. */
const MAX_BOOK_ENTRIES = 65_536;

/** Opinions remembered before starting anew. */
const MAX_OPINIONS = 1_048_576;

/** Judgements in the verdicts remembered before these are forgotten: of many records, each has a shape of its own. */
const MAX_JUDGEMENTS = 2_097_152;

/** How much is remembered on all grounds. */
interface Remembered {
  opinions: number;
  judgements: number;
  /** Counts how often verdicts were forgotten: those of an earlier count are. */
  forgotten: number;
}

const nothing = (): Remembered => ({ opinions: 0, judgements: 0, forgotten: 0 });

/**
 * Remembers judgements. It changes how fast an answer comes and never which: a judgement depends on class, facts and
 * ground, a verdict on shape and ground, and all of these are compared before a remembered one is used. What officers said,
 * consents and what went before are no part of any: they are looked at each time.
 */
export class DecisionMemory {
  readonly #rules: RuleIndex;
  #book: OutlineBook;
  #recipients = new WeakMap<Recipient, RecipientCase>();
  #size = nothing();

  constructor(rules: RuleIndex) {
    this.#rules = rules;
    this.#book = new OutlineBook(rules);
  }

  outline(view: View, atSeconds: number): Outline {
    if (this.#book.size > MAX_BOOK_ENTRIES || this.#size.opinions > MAX_OPINIONS) this.#startAnew();
    return this.#book.outline(view, atSeconds);
  }

  /** @throws Fault `label.*` from what `inboundOf` does */
  ground(originator: StateId, recipient: Recipient, situation: Situation): RememberedGround {
    const { holder, purpose, inboundOf, barredBy } = situation;
    const isOwn = holder === originator;
    const inbound = isOwn ? undefined : inboundOf(originator);
    const isBarred = !isOwn && barredBy?.(originator).has(recipient.state) === true;
    const found = { inbound, isBarred, morePersons: moreForAuthor(originator, situation) };
    // Purposes may come from a peer: what it makes up is judged, and not remembered.
    return PURPOSES.has(purpose)
      ? this.#ground(originator, recipient, situation, found)
      : this.#layGround(originator, recipient, situation, found);
  }

  #ground(
    originator: StateId,
    recipient: Recipient,
    situation: Situation,
    found: FoundGround,
  ): RememberedGround {
    const byOriginator = this.#caseOf(recipient).grounds[situation.mode];
    let byPurpose = byOriginator.get(originator);
    if (byPurpose === undefined) {
      byPurpose = new Map();
      byOriginator.set(originator, byPurpose);
    }
    // Records whose author is proven stand among others.
    const key = found.morePersons === 0 ? `${situation.purpose} !` : situation.purpose;
    const known = byPurpose.get(key);
    if (known?.isOf(situation, found)) return known;
    const fresh = this.#layGround(originator, recipient, situation, found);
    byPurpose.set(key, fresh);
    return fresh;
  }

  #caseOf(recipient: Recipient): RecipientCase {
    const known = this.#recipients.get(recipient);
    if (known !== undefined && isUnchanged(known.was, recipient)) return known;
    const fresh = { was: { ...recipient }, grounds: groundsByMode() };
    this.#recipients.set(recipient, fresh);
    return fresh;
  }

  #layGround(
    originator: StateId,
    recipient: Recipient,
    situation: Situation,
    found: FoundGround,
  ): RememberedGround {
    const { holder, holderScheme, mode, purpose } = situation;
    const ground = {
      originator,
      recipient: { ...recipient },
      setting: { holder, holderScheme, mode, purpose },
      ...found,
    };
    return new RememberedGround(ground, this.#rules.addressed(recipient.state, situation), this.#size);
  }

  #startAnew(): void {
    this.#book = new OutlineBook(this.#rules);
    this.#recipients = new WeakMap();
    this.#size = nothing();
  }
}

/** What had to be asked for a ground. */
type FoundGround = Pick<Ground, 'inbound' | 'isBarred' | 'morePersons'>;

/** A recipient as it was when its grounds were laid, to notice an object that was changed in place. */
interface RecipientCase {
  readonly was: Recipient;
  readonly grounds: Readonly<Record<Mode, Map<StateId, Map<string, RememberedGround>>>>;
}

function groundsByMode(): RecipientCase['grounds'] {
  return { push: new Map(), query: new Map(), relay: new Map(), letter: new Map() };
}

function isUnchanged(was: Recipient, now: Recipient): boolean {
  return (
    was.state === now.state &&
    was.ceiling === now.ceiling &&
    was.outbound === now.outbound &&
    was.categories === now.categories &&
    was.community === now.community &&
    was.officer === now.officer
  );
}

/** A ground, with what was judged on it. */
export class RememberedGround {
  readonly ground: Ground;
  readonly #addressed: Addressed;
  readonly #size: Remembered;
  readonly #byFacts = new Map<MatchedFacts, Opinions>();
  readonly #byShape = new Map<Shape, Verdict>();
  #forgotten: number;

  constructor(ground: Ground, addressed: Addressed, size: Remembered) {
    this.ground = ground;
    this.#addressed = addressed;
    this.#size = size;
    this.#forgotten = size.forgotten;
  }

  /** Entries of `limits` and `reciprocity` about the recipient. */
  get entries(): Addressed['entries'] {
    return this.#addressed.entries;
  }

  isOf(
    { holder, holderScheme, atSeconds }: Situation,
    { inbound, isBarred, morePersons }: FoundGround,
  ): boolean {
    const { setting } = this.ground;
    return (
      setting.holder === holder &&
      setting.holderScheme === holderScheme &&
      this.ground.inbound === inbound &&
      this.ground.isBarred === isBarred &&
      this.ground.morePersons === morePersons &&
      isWithin(this.#addressed, atSeconds)
    );
  }

  /** The verdict where nobody has said anything, there is no consent, and no entry is reached. */
  verdict(shape: Shape): Verdict {
    if (this.#forgotten !== this.#size.forgotten) {
      this.#byShape.clear();
      this.#forgotten = this.#size.forgotten;
    }
    const known = this.#byShape.get(shape);
    if (known !== undefined) return known;
    const verdict = this.#judge(shape);
    this.#byShape.set(shape, verdict);
    // One for the verdict itself.
    this.#size.judgements += shape.groups.length + 1;
    if (this.#size.judgements > MAX_JUDGEMENTS) {
      this.#size.judgements = 0;
      this.#size.forgotten += 1;
    }
    return verdict;
  }

  #judge(shape: Shape): Verdict {
    const { envelope, groups } = shape;
    const opinions = this.opinions(shape.facts);
    return judgeInward(groups, judgementOf(opinions.ofEnvelope(envelope)), (index) =>
      judgementOf(opinions.ofPart((groups[index] as PartGroup).class)),
    );
  }

  opinions(facts: MatchedFacts): Opinions {
    let known = this.#byFacts.get(facts);
    if (known === undefined) {
      const { recipient, setting } = this.ground;
      const rules = matching(this.#addressed.rules, facts, recipient.state, setting.mode);
      known = new Opinions(this.ground, rules, this.#size);
      this.#byFacts.set(facts, known);
    }
    return known;
  }
}

function judgementOf({ refused, settled }: Opinion): Judgement {
  return refused ?? settled;
}

/** Opinions of classes, for records with the same facts on the same ground. */
export class Opinions {
  readonly #ground: Ground;
  readonly #rules: MatchingRules;
  readonly #size: Remembered;
  readonly #envelopes = new Map<EnvelopeClass, Opinion>();
  readonly #parts = new Map<PartClass, Opinion>();

  constructor(ground: Ground, rules: MatchingRules, size: Remembered) {
    this.#ground = ground;
    this.#rules = rules;
    this.#size = size;
  }

  ofEnvelope(envelope: EnvelopeClass): Opinion {
    return (
      this.#envelopes.get(envelope) ??
      this.#remember(this.#envelopes, envelope, opinionOfEnvelope(envelope, this.#rules, this.#ground))
    );
  }

  ofPart(part: PartClass): Opinion {
    return (
      this.#parts.get(part) ??
      this.#remember(this.#parts, part, opinionOfPart(part, this.#rules, this.#ground))
    );
  }

  #remember<K>(known: Map<K, Opinion>, key: K, opinion: Opinion): Opinion {
    known.set(key, opinion);
    this.#size.opinions += 1;
    return opinion;
  }
}
