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
  readonly #said: readonly ApprovalFact[];
  readonly #atSeconds: number;

  constructor({
    approvals = [],
    author,
    mode,
    purpose,
    atSeconds,
  }: Pick<Situation, 'approvals' | 'author' | 'mode' | 'purpose' | 'atSeconds'>) {
    this.#atSeconds = atSeconds;
    this.#said = approvals.filter(
      (fact) =>
        fact.officer !== author &&
        fact.mode === mode &&
        fact.purpose === purpose &&
        fact.atSeconds <= atSeconds,
    );
  }

  /**
   * Whether a part may go by a rule: enough different officers of the role approve, and none rejects. The envelope, under the
   * empty digest, goes along with any part that may go.
   */
  about(asking: Asking, digest: string): Standing {
    const said = this.#said.filter(
      ({ rule, ruleDigest, roles }) =>
        rule === asking.name && ruleDigest === asking.digest && roles.includes(asking.approve.by),
    );
    if (said.length === 0) return NOTHING_SAID;
    if (digest !== '') return this.#ofPart(said, asking.approve, digest);
    const named = new Set(said.flatMap(({ parts }) => [...parts]));
    return [...named].map((part) => this.#ofPart(said, asking.approve, part)).reduce(better, NOTHING_SAID);
  }

  #ofPart(said: readonly ApprovalFact[], { persons, withinSeconds }: ApprovalNeed, digest: string): Standing {
    const latest = new Map<string, ApprovalFact>();
    for (const fact of said) {
      if (!fact.parts.has(digest)) continue;
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

/** The later statement counts; of two of one second that which lets go less. */
function replaces(fact: ApprovalFact, known: ApprovalFact): boolean {
  if (fact.atSeconds !== known.atSeconds) return fact.atSeconds > known.atSeconds;
  if (fact.decision !== known.decision) return fact.decision === 'reject';
  const isLonger = fact.notAfterSeconds > known.notAfterSeconds;
  return fact.decision === 'reject' ? isLonger : !isLonger;
}

const ORDER = ['missing', 'rejected', 'approved'] as const;

/** For the envelope: approved before rejected before missing. */
function better(a: Standing, b: Standing): Standing {
  const [placeA, placeB] = [ORDER.indexOf(a.said), ORDER.indexOf(b.said)];
  if (placeA !== placeB) return placeA > placeB ? a : b;
  return a.have >= b.have ? a : b;
}
