import type { StateId } from '@comity/label';

import type { ApprovalNeed } from './policy.ts';
import type { ApprovalFact, Situation } from './situation.ts';

/** A rule or an entry that needs approval. */
export interface Asking {
  readonly name: string;
  readonly digest: string;
  readonly approve: ApprovalNeed;
}

/** How what officers said to a rule stands. */
export interface Standing {
  readonly isApproved: boolean;
  /** How many officers have to approve … */
  readonly persons: number;
  /** … and how many do. */
  readonly have: number;
  /** Their ids, ascending. */
  readonly officers: readonly string[];
}

/** What the last words of all officers about one part come to. */
interface LastWords {
  /** The rule that a rejection in force names, the first by name; undefined where no officer keeps the part here. */
  readonly rejectedBy: string | undefined;
  /** When it was rejected last, also where that has ended: what was approved until then counts no longer. */
  readonly rejectedSeconds: number;
}

/** Of a rule that no officer has approved, and that so many have to. */
export function nothingSaid(persons: number): Standing {
  return { isApproved: false, persons, have: 0, officers: [] };
}

/**
 * How many officers have to approve beyond what a rule says: one, where the author of the holder's own record is not proven. At
 * most one of those who approve can be he (disclosure.md 4.12).
 */
export function moreForAuthor(
  originator: StateId,
  { holder, author, isAuthorProven = false }: Pick<Situation, 'holder' | 'author' | 'isAuthorProven'>,
): number {
  return holder !== originator || (isAuthorProven && author !== undefined) ? 0 : 1;
}

const NOT_REJECTED: LastWords = { rejectedBy: undefined, rejectedSeconds: Number.NEGATIVE_INFINITY };

/**
 * What officers have said about a record and a recipient. Statements are bound to parts, approvals also to mode, purpose, a rule
 * and the digest of the rule; that they are about this record and recipient, and signed by whom they name, was verified before.
 */
export class Statements {
  /** By rule and its digest. */
  readonly #said = new Map<string, ApprovalFact[]>();
  /** The same by part, of the rules that were asked about. */
  readonly #byPart = new Map<string, ReadonlyMap<string, readonly ApprovalFact[]>>();
  /** By part; empty where nobody has rejected anything. */
  readonly #lastWords: ReadonlyMap<string, LastWords>;
  readonly #atSeconds: number;
  readonly #more: number;

  /**
   * @param originator of the record
   * @param officer of the recipient whom a letter is for
   */
  constructor(
    situation: Pick<
      Situation,
      'holder' | 'approvals' | 'author' | 'isAuthorProven' | 'mode' | 'purpose' | 'atSeconds'
    >,
    originator: StateId,
    officer: string | undefined,
  ) {
    const { approvals = [], author, mode, purpose, atSeconds } = situation;
    this.#atSeconds = atSeconds;
    this.#more = moreForAuthor(originator, situation);
    const heard = approvals.filter(
      (fact) =>
        (mode === 'letter' ? fact.mode === mode && fact.addressee === officer : fact.mode !== 'letter') &&
        fact.officer !== author &&
        fact.atSeconds <= atSeconds,
    );
    for (const fact of heard) {
      if (fact.mode !== mode || fact.purpose !== purpose) continue;
      const key = keyOf(fact.rule, fact.ruleDigest);
      const facts = this.#said.get(key);
      if (facts === undefined) this.#said.set(key, [fact]);
      else facts.push(fact);
    }
    // What is kept for one purpose would be the same bytes for another.
    this.#lastWords = heard.some(isRejection) ? lastWordsOf(heard, atSeconds) : NO_WORDS;
  }

  /** Nobody has said anything that could count. */
  get isSilent(): boolean {
    return this.#said.size === 0 && this.#lastWords.size === 0;
  }

  /**
   * The rule that an officer named who keeps a part here by his last word, whatever rule would let it go; undefined where none
   * does. An envelope, under the empty digest, is never rejected: who rejects a part says nothing of the others.
   */
  rejectionOf(digest: string): string | undefined {
    return this.#lastWords.get(digest)?.rejectedBy;
  }

  /** Whether the last word of an officer about a part is a rejection, also where that has ended. */
  wasRejected(digest: string): boolean {
    return this.#lastWords.has(digest);
  }

  /**
   * Whether a part may go by a rule: enough different officers of the role approve, each after it was rejected last. The
   * envelope, under the empty digest, goes along with any part that may go, and waits otherwise.
   */
  about({ name, digest: ruleDigest, approve }: Asking, digest: string): Standing {
    const key = keyOf(name, ruleDigest);
    const said = this.#said.get(key);
    const nothing = nothingSaid(approve.persons + this.#more);
    if (said === undefined) return nothing;
    const byPart = this.#byPart.get(key) ?? byPartOf(said);
    this.#byPart.set(key, byPart);
    if (digest !== '') return this.#standing(digest, byPart.get(digest) ?? [], approve);
    return [...byPart]
      .filter(([part]) => this.rejectionOf(part) === undefined)
      .map(([part, facts]) => this.#standing(part, facts, approve))
      .reduce((a, b) => (b.have > a.have ? b : a), nothing);
  }

  #standing(
    digest: string,
    facts: readonly ApprovalFact[],
    { by, persons, withinSeconds }: ApprovalNeed,
  ): Standing {
    const { rejectedSeconds } = this.#lastWords.get(digest) ?? NOT_REJECTED;
    const officers: string[] = [];
    for (const fact of lastByOfficer(facts.filter(({ roles }) => roles.includes(by))).values()) {
      const { decision, atSeconds, notAfterSeconds } = fact;
      // Of what an officer said last nothing is left when its time is over: what he said before does not come back.
      const isOver = this.#atSeconds >= Math.min(notAfterSeconds, atSeconds + withinSeconds);
      if (decision === 'approve' && !isOver && atSeconds > rejectedSeconds) officers.push(fact.officer);
    }
    const have = officers.length;
    const needed = persons + this.#more;
    return { isApproved: have >= needed, persons: needed, have, officers: officers.sort() };
  }
}

const NO_WORDS: ReadonlyMap<string, LastWords> = new Map();

function isRejection({ decision }: ApprovalFact): boolean {
  return decision === 'reject';
}

/** What the last word of each officer about each part comes to, whatever rules they name. */
function lastWordsOf(facts: readonly ApprovalFact[], atSeconds: number): ReadonlyMap<string, LastWords> {
  const words = new Map<string, LastWords>();
  for (const [part, said] of byPartOf(facts)) {
    const rejections = [...lastByOfficer(said).values()].filter(isRejection);
    if (rejections.length === 0) continue;
    const [rejectedBy] = rejections
      .filter(({ notAfterSeconds }) => atSeconds < notAfterSeconds)
      .map(({ rule }) => rule)
      .sort();
    words.set(part, { rejectedBy, rejectedSeconds: Math.max(...rejections.map((fact) => fact.atSeconds)) });
  }
  return words;
}

/**
 * The rejections that keep parts here at a time, each with the digests of the parts that it keeps: those of which it is the last
 * word of its officer, whatever mode and purpose he named; of letters, to one addressee.
 */
export function standingRejections<F extends ApprovalFact>(
  facts: readonly F[],
  atSeconds: number,
): Map<F, string[]> {
  const kept = new Map<F, string[]>();
  const said = facts.filter((fact) => fact.atSeconds <= atSeconds);
  const ways = Map.groupBy(said, ({ mode, addressee = '' }) => (mode === 'letter' ? `to ${addressee}` : ''));
  for (const alike of ways.values()) {
    for (const [part, about] of byPartOf(alike)) {
      for (const fact of lastByOfficer(about).values()) {
        if (!isRejection(fact) || atSeconds >= fact.notAfterSeconds) continue;
        kept.set(fact as F, [...(kept.get(fact as F) ?? []), part]);
      }
    }
  }
  return kept;
}

function lastByOfficer(facts: readonly ApprovalFact[]): Map<string, ApprovalFact> {
  const latest = new Map<string, ApprovalFact>();
  for (const fact of facts) {
    const known = latest.get(fact.officer);
    if (known === undefined || replaces(fact, known)) latest.set(fact.officer, fact);
  }
  return latest;
}

function byPartOf(said: readonly ApprovalFact[]): Map<string, ApprovalFact[]> {
  const byPart = new Map<string, ApprovalFact[]>();
  for (const fact of said) {
    for (const part of fact.parts) {
      const facts = byPart.get(part);
      if (facts === undefined) byPart.set(part, [fact]);
      else facts.push(fact);
    }
  }
  return byPart;
}

function keyOf(rule: string, ruleDigest: string): string {
  return `${ruleDigest} ${rule}`;
}

/** The later statement counts; of two of one second that which lets go less, and of two alike that of the first rule. */
function replaces(fact: ApprovalFact, known: ApprovalFact): boolean {
  if (fact.atSeconds !== known.atSeconds) return fact.atSeconds > known.atSeconds;
  if (fact.decision !== known.decision) return fact.decision === 'reject';
  if (fact.notAfterSeconds === known.notAfterSeconds) return fact.rule < known.rule;
  const isLonger = fact.notAfterSeconds > known.notAfterSeconds;
  return fact.decision === 'reject' ? isLonger : !isLonger;
}
