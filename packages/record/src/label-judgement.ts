import { Fault, type FaultCode } from '@comity/fault';
import {
  type ClassificationScheme,
  checkLabel,
  dominates,
  type Label,
  rankOf,
  successionsOf,
} from '@comity/label';

/** What a key may label, and by which scheme. */
export interface LabelGrant {
  readonly scheme: ClassificationScheme;
  readonly scope: { readonly maxClassification?: string };
}

/**
 * Judgements about labels under one grant, remembered by the identity of the label: thousands of records carry the same
 * few label objects.
 */
export class LabelJudgements {
  private readonly grant: LabelGrant;
  private readonly refusals = new WeakMap<
    Label,
    { readonly code: FaultCode; readonly message: string } | typeof GRANTED
  >();
  private readonly covered = new WeakMap<Label, WeakMap<Label, boolean>>();

  constructor(grant: LabelGrant) {
    this.grant = grant;
  }

  /**
   * Requires that the label is valid in the issuer's scheme and not above what the key may sign, also after every
   * succession.
   *
   * @throws Fault `record.label-invalid`, `record.classification-out-of-scope`, with the part in `fields.part`
   */
  requireGranted(label: Label, part: string): void {
    let refusal = this.refusals.get(label);
    if (refusal === undefined) {
      refusal = this.judge(label);
      this.refusals.set(label, refusal);
    }
    if (refusal !== GRANTED) throw new Fault(refusal.code, refusal.message, { fields: { part } });
  }

  /** Whether `outer` dominates `inner` at all times. Both must be valid in the scheme. */
  covers(outer: Label, inner: Label): boolean {
    if (outer === inner) return true;
    let known = this.covered.get(outer);
    if (known === undefined) {
      known = new WeakMap();
      this.covered.set(outer, known);
    }
    let covers = known.get(inner);
    if (covers === undefined) {
      covers = dominates(outer, inner, this.grant.scheme);
      known.set(inner, covers);
    }
    return covers;
  }

  private judge(label: Label): { readonly code: FaultCode; readonly message: string } | typeof GRANTED {
    const { scheme, scope } = this.grant;
    const [first] = checkLabel(label, scheme);
    if (first !== undefined) {
      return {
        code: 'record.label-invalid',
        message: `a label is not valid in its issuer's scheme (${first.code})`,
      };
    }
    if (scope.maxClassification !== undefined) {
      const limit = rankOf(scheme, scope.maxClassification);
      // A limit that the scheme does not know is no permission.
      if (limit === undefined || highestRank(label, scheme) > limit) {
        return {
          code: 'record.classification-out-of-scope',
          message: 'a label is above what the key may sign',
        };
      }
    }
    return GRANTED;
  }
}

const GRANTED = 'granted';

const judgements = new WeakMap<ClassificationScheme, Map<string, LabelJudgements>>();

/** The judgements under a grant; the same object for all grants of a scheme with the same limit. */
export function judgementsOf(grant: LabelGrant): LabelJudgements {
  const { scheme, scope } = grant;
  let ofScheme = judgements.get(scheme);
  if (ofScheme === undefined) {
    ofScheme = new Map();
    judgements.set(scheme, ofScheme);
  }
  const limit = limitOf(scheme, scope.maxClassification);
  let known = ofScheme.get(limit);
  if (known === undefined) {
    known = new LabelJudgements(grant);
    ofScheme.set(limit, known);
  }
  return known;
}

/** One name for all limits that mean the same: as many as the scheme has levels, and two. */
function limitOf(scheme: ClassificationScheme, maxClassification: string | undefined): string {
  if (maxClassification === undefined) return ' none';
  return rankOf(scheme, maxClassification) === undefined ? ' unknown' : maxClassification;
}

/** The label's highest rank over time. A level that the scheme does not know counts as above all others. */
function highestRank(label: Label, scheme: ClassificationScheme): number {
  const labels = [label, ...successionsOf(label).map((succession) => succession.label)];
  return Math.max(...labels.map((each) => rankOf(scheme, each.classification) ?? Number.POSITIVE_INFINITY));
}
