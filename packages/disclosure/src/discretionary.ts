import { CONSENT_GOES_ALONG } from './consent.ts';
import { forbidCovers, type PartShape, permitCoverage, type RulePaths } from './coverage.ts';
import type { Asked, AskedOfficers, Judgement } from './decision.ts';
import { DEFAULT_NEED } from './parse-need.ts';
import type { PolicyRule } from './policy.ts';
import type { MatchingPermit, MatchingRules } from './rule-index.ts';
import type { Asking, Standing } from './statements.ts';

/** Rules that permit a part, or lead to one inside it, in the order of names. */
export interface Candidates {
  /** The first that lets it go as it is. */
  readonly open: string | undefined;
  /** Those that let it go as it is, without the word that a consent goes along. */
  readonly plain: readonly PolicyRule[];
  /** Those that need approval. */
  readonly guarded: readonly (PolicyRule & Asking)[];
  /** Those whose embargo runs. */
  readonly embargoed: readonly PolicyRule[];
}

/** What the state's own policy says about a part, before officers are asked. `way`: it is a frame, permitted to get inside. */
export type Discretion =
  | { readonly forbiddenBy: string }
  | { readonly forbiddenBy: undefined; readonly whole: Candidates; readonly way: Candidates };

/** What officers have said about a part and a rule that asks for it. */
export type Ask = (asking: Asking) => Standing;

const NOBODY: Candidates = { open: undefined, plain: [], guarded: [], embargoed: [] };
const NO_PERMIT: Judgement = { outcome: 'withhold', reason: 'no-permit' };

/** DISCLOSURE §2: forbid beats permit; no permitting rule, no release. */
export function discretionOverPart(
  part: PartShape,
  { permits, forbids, goesAlong }: MatchingRules,
): Discretion {
  const forbid = forbids.find(({ paths }) => forbidCovers(part, paths));
  if (forbid !== undefined) return { forbiddenBy: forbid.rule.name };
  const whole: MatchingPermit[] = [];
  const way: MatchingPermit[] = [];
  for (const permit of permits) {
    const coverage = permitCoverage(part, permit.paths);
    if (coverage === 'whole') whole.push(permit);
    else if (coverage === 'way') way.push(permit);
  }
  return { forbiddenBy: undefined, whole: candidates(whole, goesAlong), way: candidates(way, false) };
}

/**
 * The same for the envelope. A rule about some parts permits that the record exists, and forbids nothing about that. But
 * the envelope cannot be had without the fields in the clear, so a permit has to cover them all, and no forbid any.
 */
export function discretionOverEnvelope(
  clear: readonly PartShape[],
  { permits, forbids, goesAlong }: MatchingRules,
): Discretion {
  const forbid = forbids.find(({ paths }) => forbidCoversEnvelope(clear, paths));
  if (forbid !== undefined) return { forbiddenBy: forbid.rule.name };
  const whole = permits.filter(({ paths }) => permitCoversEnvelope(clear, paths));
  return { forbiddenBy: undefined, whole: candidates(whole, goesAlong), way: NOBODY };
}

export function forbidCoversEnvelope(clear: readonly PartShape[], paths: RulePaths): boolean {
  return paths.parts === undefined || clear.some((field) => forbidCovers(field, paths));
}

export function permitCoversEnvelope(clear: readonly PartShape[], paths: RulePaths): boolean {
  return clear.every((field) => permitCoverage(field, paths) === 'whole');
}

function candidates(permits: readonly MatchingPermit[], goesAlong: boolean): Candidates {
  if (permits.length === 0 && !goesAlong) return NOBODY;
  const guarded: (PolicyRule & Asking)[] = [];
  const embargoed: PolicyRule[] = [];
  const plain: PolicyRule[] = [];
  for (const { rule, isEmbargoed } of permits) {
    if (isEmbargoed) embargoed.push(rule);
    else if (asks(rule)) guarded.push(rule);
    else plain.push(rule);
  }
  const open = plain[0]?.name ?? (goesAlong ? CONSENT_GOES_ALONG : undefined);
  return { open, plain, guarded, embargoed };
}

/**
 * The same of a part that an officer rejected, when that has ended: rules that ask for nobody ask for a release authority then,
 * so that nothing goes by the end of a rejection alone.
 */
export function allGuarded(discretion: Discretion): Discretion {
  if (discretion.forbiddenBy !== undefined) return discretion;
  const { whole, way } = discretion;
  return { forbiddenBy: undefined, whole: guardedOf(whole), way: guardedOf(way) };
}

function guardedOf({ open, plain, guarded, embargoed }: Candidates): Candidates {
  if (plain.length === 0) return { open, plain, guarded, embargoed };
  const asking = [...guarded, ...plain.map((rule) => ({ ...rule, approve: DEFAULT_NEED }))];
  const goesAlong = open === CONSENT_GOES_ALONG ? open : undefined;
  return {
    open: goesAlong,
    plain: [],
    guarded: asking.sort((a, b) => (a.name < b.name ? -1 : 1)),
    embargoed,
  };
}

function asks(rule: PolicyRule): rule is PolicyRule & Asking {
  return rule.approve !== undefined;
}

/**
 * What becomes of a part by the policy. A way that is open beats a whole that waits: with it, more rules that permit never
 * release less. The rule cited is the first by name of those that say the same, of embargoes that which ends first.
 */
export function settle(discretion: Discretion, ask: Ask): Judgement {
  if (discretion.forbiddenBy !== undefined)
    return { outcome: 'withhold', reason: 'forbid', rule: discretion.forbiddenBy };
  const { whole, way } = discretion;
  // Statements change nothing where nothing asks for them.
  const byStatement = whole.guarded.length > 0 || way.guarded.length > 0;
  const settled = settleCandidates(whole, way, ask);
  return byStatement ? { ...settled, byStatement } : settled;
}

function settleCandidates(whole: Candidates, way: Candidates, ask: Ask): Judgement {
  const rule = satisfied(whole, ask);
  if (rule !== undefined) return { outcome: 'release', reason: 'permit', rule };
  const refusal = refusalOf(whole, ask);
  const wayRule = satisfied(way, ask);
  if (wayRule !== undefined) {
    return { outcome: 'way', reason: 'permit', rule: wayRule, ...(refusal && { otherwise: refusal }) };
  }
  const wayRefusal = refusal ?? refusalOf(way, ask);
  if (refusal === undefined && wayRefusal?.outcome === 'hold') return { ...wayRefusal, isWay: true };
  return wayRefusal ?? NO_PERMIT;
}

/** The first rule by name that lets a part go; that consent goes along is said only where no rule does. */
function satisfied({ open, guarded }: Candidates, ask: Ask): string | undefined {
  const approved = guarded.find((rule) => ask(rule).isApproved)?.name;
  if (approved === undefined || open === undefined) return approved ?? open;
  return open === CONSENT_GOES_ALONG || approved < open ? approved : open;
}

/** What holds or withholds a part where none of the candidates is satisfied; undefined without candidates. */
function refusalOf({ guarded, embargoed }: Candidates, ask: Ask): Judgement | undefined {
  const [first] = guarded;
  if (first !== undefined) {
    const all = (): Asked => ({
      needs: 'one',
      of: guarded.map((rule) => askedBy('approval-needed', rule, ask(rule))),
    });
    return waiting('approval-needed', first, ask(first), all);
  }
  return embargoed.length > 0 ? { outcome: 'withhold', reason: 'embargo', embargoed } : undefined;
}

/** A part waits for the officers that a rule or an entry asks for. */
export function waiting(
  reason: AskedOfficers['reason'],
  { name, approve: { by } }: Asking,
  { persons, have }: Standing,
  asked: () => Asked,
): Judgement {
  return { outcome: 'hold', reason, rule: name, missing: { role: by, persons, have }, asked };
}

/** Whom one rule or entry asks for. */
export function askedBy(
  reason: AskedOfficers['reason'],
  { approve: { by, withinSeconds } }: Asking,
  { persons, have }: Standing,
): AskedOfficers {
  return { reason, role: by, persons, have, withinSeconds };
}
