import type { ApprovalNeed } from './policy.ts';
import type { ApprovalFact, Situation } from './situation.ts';

/** A rule or an entry that needs approval. */
export interface Asking {
  readonly name: string;
  readonly digest: string;
  readonly approve: ApprovalNeed;
}

/** How what officers said stands. `have`: officers that approve. */
export interface Standing {
  readonly said: 'approved' | 'rejected' | 'missing';
  readonly have: number;
}

const NOTHING_SAID: Standing = { said: 'missing', have: 0 };

/**
 * What officers have said about a record and a recipient. Statements are bound to mode, purpose, rule, the digest of the rule
 * and parts; that they are about this record and recipient, and signed by whom they name, was verified before.
 */
export class Statements {
  /** By rule and its digest. */
  readonly #said = new Map<string, ApprovalFact[]>();
  /** The same by part, of the rules that were asked about. */
  readonly #byPart = new Map<string, ReadonlyMap<string, readonly ApprovalFact[]>>();
  readonly #atSeconds: number;

  /** @param officer of the recipient whom a letter is for */
  constructor(
    {
      approvals = [],
      author,
      mode,
      purpose,
      atSeconds,
    }: Pick<Situation, 'approvals' | 'author' | 'mode' | 'purpose' | 'atSeconds'>,
    officer: string | undefined,
  ) {
    this.#atSeconds = atSeconds;
    for (const fact of approvals) {
      if (fact.mode !== mode || fact.purpose !== purpose) continue;
      if (mode === 'letter' && fact.addressee !== officer) continue;
      if (fact.officer === author || fact.atSeconds > atSeconds) continue;
      const key = keyOf(fact.rule, fact.ruleDigest);
      const facts = this.#said.get(key);
      if (facts === undefined) this.#said.set(key, [fact]);
      else facts.push(fact);
    }
  }

  /** Nobody has said anything that could count. */
  get isSilent(): boolean {
    return this.#said.size === 0;
  }

  /**
   * Whether a part may go by a rule: enough different officers of the role approve, and none rejects. The envelope, under the
   * empty digest, goes along with any part that may go, and waits otherwise: who rejects a part says nothing of the others.
   */
  about({ name, digest: ruleDigest, approve }: Asking, digest: string): Standing {
    if (this.isSilent) return NOTHING_SAID;
    const key = keyOf(name, ruleDigest);
    const said = this.#said.get(key);
    if (said === undefined) return NOTHING_SAID;
    const byPart = this.#byPart.get(key) ?? byPartOf(said);
    this.#byPart.set(key, byPart);
    if (digest !== '') return this.#standing(byPart.get(digest) ?? [], approve);
    return [...byPart.values()].map((facts) => this.#standing(facts, approve)).reduce(further, NOTHING_SAID);
  }

  #standing(facts: readonly ApprovalFact[], { by, persons, withinSeconds }: ApprovalNeed): Standing {
    const latest = new Map<string, ApprovalFact>();
    for (const fact of facts) {
      if (!fact.roles.includes(by)) continue;
      const known = latest.get(fact.officer);
      if (known === undefined || replaces(fact, known)) latest.set(fact.officer, fact);
    }
    let have = 0;
    for (const { decision, atSeconds, notAfterSeconds } of latest.values()) {
      // Of what an officer said last nothing is left when its time is over: what he said before does not come back.
      if (this.#atSeconds >= Math.min(notAfterSeconds, atSeconds + withinSeconds)) continue;
      if (decision === 'reject') return { said: 'rejected', have: 0 };
      have += 1;
    }
    return { said: have >= persons ? 'approved' : 'missing', have };
  }
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

/** The later statement counts; of two of one second that which lets go less. */
function replaces(fact: ApprovalFact, known: ApprovalFact): boolean {
  if (fact.atSeconds !== known.atSeconds) return fact.atSeconds > known.atSeconds;
  if (fact.decision !== known.decision) return fact.decision === 'reject';
  const isLonger = fact.notAfterSeconds > known.notAfterSeconds;
  return fact.decision === 'reject' ? isLonger : !isLonger;
}

/** Of the parts that an envelope goes along with, that which has come further. */
function further(a: Standing, b: Standing): Standing {
  return b.said !== 'rejected' && b.have > a.have ? b : a;
}
