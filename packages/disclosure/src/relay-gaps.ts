import { type Label, type StateId, successionsOf } from '@comity/label';
import type { DraftPart, RecordDraft, View } from '@comity/record';

import { LABEL_CHECKS, type LabelInForce, labelInForce } from './mandatory.ts';
import { windowOf } from './outline.ts';
import type { Recipient, Situation } from './situation.ts';

/** A part, or the envelope, with the labels that guard it. */
export interface GuardedPart {
  /** As a draft has it: `victim.name`, `indicators[3]`; `envelope` for the envelope. */
  readonly path: string;
  /** Of the envelope, of what the part stands in, and its own: the last. All have to allow what happens to it. */
  readonly labels: readonly [Label, ...Label[]];
}

/** Why the originator would not hand a part to a state to which its label lets others hand it. */
export type RelayGapReason = 'unrecognised' | 'above-ceiling' | 'outside-community';

/** One part and one state to which others may hand it, and the originator would not. */
export interface RelayGap {
  readonly path: string;
  readonly state: StateId;
  readonly reason: RelayGapReason;
  /** UTC seconds from which on the label permits it; undefined where it does so now. */
  readonly fromSeconds: number | undefined;
}

/** The originator's side: the state itself, its scheme, and whom it recognises at this time. */
export interface Origin extends Pick<Situation, 'holder' | 'holderScheme' | 'atSeconds'> {
  /** Undefined where the state is not recognised, or not served. */
  readonly recipientOf: (state: StateId) => Recipient | undefined;
}

/**
 * Where the labels of an own record permit more than their originator does. A holder is bound by the label alone (M2): it
 * hands a part on to every state in `releasableTo` that its own recognitions let it reach, not to those that ours do. So a
 * state that is named there, and that we would not give the part ourselves, gets it from the next one.
 *
 * TLP:AMBER and stricter, and labels with categories, are never handed on (M4, M5), and a state cannot be handed what it is
 * the only one to be named for: there is no gap then. Every label that will succeed is looked at as well.
 */
export function relayGaps(parts: readonly GuardedPart[], origin: Origin): RelayGap[] {
  const gaps = new Map<string, RelayGap>();
  let atSeconds: number | undefined = origin.atSeconds;
  while (atSeconds !== undefined) {
    const fromSeconds = atSeconds === origin.atSeconds ? undefined : atSeconds;
    const judge = new LabelJudge(origin, atSeconds);
    for (const { path, labels } of parts) {
      for (const { state, reason } of judge.gapsOf(labels)) {
        const key = `${state} ${reason} ${path}`;
        if (!gaps.has(key)) gaps.set(key, { path, state, reason, fromSeconds });
      }
    }
    atSeconds = nextChange(parts, atSeconds);
  }
  return [...gaps.values()];
}

type FoundGap = Pick<RelayGap, 'state' | 'reason'>;

/** Looks at each label once: most parts of a record share theirs. */
class LabelJudge {
  readonly #origin: Origin;
  readonly #atSeconds: number;
  readonly #permitted = new Map<Label, ReadonlySet<StateId>>();
  readonly #refused = new Map<Label, readonly FoundGap[]>();

  constructor(origin: Origin, atSeconds: number) {
    this.#origin = origin;
    this.#atSeconds = atSeconds;
  }

  gapsOf(labels: GuardedPart['labels']): readonly FoundGap[] {
    const own = labels.at(-1) as Label;
    const refused = this.#refusedBy(own);
    if (refused.length === 0) return refused;
    const permitted = labels.map((label) => this.#permittedBy(label));
    const holders = [...everNamedBy(own)].filter(
      (state) => state !== this.#origin.holder && labels.every((label) => everNamedBy(label).has(state)),
    );
    return refused.filter(
      ({ state }) =>
        permitted.every((states) => states.has(state)) && holders.some((holder) => holder !== state),
    );
  }

  /** States that a holder may hand to what bears this label, as far as the label says; the originator has it anyway. */
  #permittedBy(label: Label): ReadonlySet<StateId> {
    const known = this.#permitted.get(label);
    if (known !== undefined) return known;
    const { tlp, categories, releasableTo } = labelInForce(label, this.#atSeconds);
    const isHandedOn = (tlp === undefined || tlp === 'CLEAR' || tlp === 'GREEN') && !categories?.length;
    const states = (isHandedOn ? (releasableTo ?? []) : []).filter((state) => state !== this.#origin.holder);
    const permitted = new Set(states);
    this.#permitted.set(label, permitted);
    return permitted;
  }

  #refusedBy(label: Label): readonly FoundGap[] {
    const known = this.#refused.get(label);
    if (known !== undefined) return known;
    const inForce = labelInForce(label, this.#atSeconds);
    const refused = [...this.#permittedBy(label)].flatMap((state): FoundGap[] => {
      const reason = this.#reasonAgainst(state, inForce);
      return reason === undefined ? [] : [{ state, reason }];
    });
    this.#refused.set(label, refused);
    return refused;
  }

  /** The rows of the mandatory layer that depend on our recognition of the state; the policy is ours to change. */
  #reasonAgainst(state: StateId, label: LabelInForce): RelayGapReason | undefined {
    const { holder, holderScheme, recipientOf } = this.#origin;
    const recipient = recipientOf(state);
    if (recipient === undefined) return 'unrecognised';
    const setting = { holder, holderScheme, mode: 'push', purpose: '' } as const;
    const examined = {
      originator: holder,
      label,
      recipient,
      setting,
      inbound: undefined,
      isBarred: false,
      consent: undefined,
    };
    const isRefused = (row: string): boolean =>
      LABEL_CHECKS.some(({ id, examine }) => id === row && !examine(examined).passed);
    if (isRefused('M3')) return 'above-ceiling';
    return isRefused('M4') ? 'outside-community' : undefined;
  }
}

/** Who can have come to hold what bears a label, at any time: what somebody holds it keeps when a succession narrows it. */
function everNamedBy(label: Label): ReadonlySet<StateId> {
  const stages = [label, ...successionsOf(label).map((succession) => succession.label)];
  return new Set(stages.flatMap(({ releasableTo }) => releasableTo ?? []));
}

function nextChange(parts: readonly GuardedPart[], atSeconds: number): number | undefined {
  const labels = new Set(parts.flatMap((part) => part.labels));
  const next = Math.min(...[...labels].map((label) => windowOf(label, atSeconds).untilSeconds));
  return Number.isFinite(next) ? next : undefined;
}

/** The parts of a record with the labels that guard them, by the paths that it is shown with. */
export function guardedPartsOf({ header, parts }: View): GuardedPart[] {
  const byDigest = new Map(parts.map((part) => [part.digest, part.label]));
  return [
    { path: 'envelope', labels: [header.label] },
    ...parts.map(({ pathText, ancestors, label }): GuardedPart => {
      const around = ancestors.map((digest) => byDigest.get(digest)).filter((each) => each !== undefined);
      return { path: pathText, labels: [header.label, ...around, label] };
    }),
  ];
}

/** The same of a draft, by the paths of the draft. */
export function guardedPartsOfDraft({ envelope, overall, fields }: RecordDraft): GuardedPart[] {
  const found: GuardedPart[] = [
    { path: 'envelope', labels: [envelope] },
    { path: 'overall', labels: [envelope, overall] },
  ];
  const collect = (path: string, around: GuardedPart['labels'], { label, content }: DraftPart): void => {
    const labels: GuardedPart['labels'] = [...around, label];
    found.push({ path, labels });
    if (content.kind === 'fields')
      for (const field of content.fields) collect(`${path}.${field.name}`, labels, field);
    if (content.kind === 'elements')
      for (const [index, element] of content.elements.entries())
        collect(`${path}[${index}]`, labels, element);
  };
  for (const field of fields) collect(field.name, [envelope], field);
  return found;
}
