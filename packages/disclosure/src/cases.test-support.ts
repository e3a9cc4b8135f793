// Cases drawn from a seed, and whether decision, oracle and trace agree about one.

import type { View } from '@comity/record';

import { drawCircumstances } from './circumstances.test-support.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import type { PartDecision, RecordDecision } from './decision.ts';
import { explainRecord } from './explain.ts';
import { HOLDING, oracle } from './oracle.test-support.ts';
import { parsePolicy } from './parse-policy.ts';
import type { PlainPolicy } from './plain-policy.test-support.ts';
import {
  drawMerged,
  drawNarrowed,
  drawPolicy,
  drawRecipient,
  drawSituation,
} from './questions.test-support.ts';
import type { Recipient, Situation } from './situation.ts';
import {
  COMMON_PURPOSE,
  Draw,
  drawDraft,
  issue,
  type SampleRecord,
  type SampleState,
  STATES,
  stateByCode,
  twinOf,
} from './world.test-support.ts';

/** Records, every second one a twin of that before. */
export async function drawPool(
  count: number,
  signer: Parameters<typeof issue>[2],
  types?: readonly string[],
): Promise<SampleRecord[]> {
  const pool: SampleRecord[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const draw = new Draw(seed);
    const issuer = STATES[(seed >> 1) % 3] as SampleState;
    const before = pool[seed - 1]?.draft;
    const twin = seed % 2 === 1 && before !== undefined ? twinOf(before, draw, issuer.scheme) : undefined;
    pool.push(await issue(twin ?? drawDraft(draw, issuer.scheme, types), issuer, signer, seed));
  }
  return pool;
}

export const compiled = (policy: PlainPolicy): CompiledPolicy =>
  compilePolicy(parsePolicy(policy, { stateOf: stateByCode }));

export interface Case {
  readonly sample: SampleRecord;
  readonly view: View;
  readonly policy: PlainPolicy;
  readonly recipient: Recipient;
  readonly situation: Situation;
}

/** `odd`: also with what a sound node would not come to. */
export function drawCase(
  pool: readonly SampleRecord[],
  seed: number,
  odd: boolean,
  policyFrom: (draw: Draw) => PlainPolicy = drawPolicy,
): Case {
  const draw = new Draw(seed);
  const sample = draw.one(pool);
  const holder = draw.once(2) ? draw.one(STATES) : sample.issuer;
  const seen = draw.once(3)
    ? drawMerged(draw, sample.view)
    : draw.once(3)
      ? drawNarrowed(draw, sample.view)
      : sample.view;
  const view = odd && draw.once(6) ? withClear(seen, draw.one(['victim', 'summary', 'tags'])) : seen;
  const policy = policyFrom(draw);
  const drawn = {
    recipient: drawRecipient(draw, holder, odd),
    situation: drawSituation(draw, holder, odd),
  };
  // Else most records would be closed to most recipients by their envelope.
  const { recipient, situation } = draw.once(4) ? drawn : befriended(drawn, holder, view);
  const circumstances = drawCircumstances(draw, { policy, view, recipient, situation }, odd);
  return { sample, view, policy, recipient, situation: { ...situation, ...circumstances } };
}

/** The same view with a field in the clear, as no issuer of ours leaves one. */
function withClear(view: View, name: string): View {
  const claims = new Map([...view.record.claims, [name, 'in the clear'] as const]);
  return Object.create(view, { record: { value: { ...view.record, claims } } }) as View;
}

/** The same, with nothing in the recognition of the recipient that stands against a hand-over. */
function befriended(
  { recipient, situation }: Pick<Case, 'recipient' | 'situation'>,
  { scheme }: SampleState,
  { header: { exercise } }: View,
): Pick<Case, 'recipient' | 'situation'> {
  const top = STATES.find(({ id }) => id === recipient.state)?.scheme.levels.at(-1)?.id as string;
  const { exercise: _, ...rest } = situation;
  return {
    recipient: {
      ...recipient,
      ceiling: scheme.levels.at(-1)?.id as string,
      outbound: { ...recipient.outbound, levels: new Map(scheme.levels.map(({ id }) => [id, top])) },
      categories: scheme.categorySets.map(({ id: set, values }) => ({
        set,
        values: values.map(({ id }) => id),
      })),
      community: true,
    },
    situation: {
      ...rest,
      purpose: COMMON_PURPOSE,
      ...(exercise !== undefined && { exercise: { id: exercise, players: STATES.map(({ id }) => id) } }),
    },
  };
}

export function decide({ view, recipient, situation, policy }: Case): RecordDecision {
  return decideRecord(view, recipient, situation, compiled(policy));
}

/** A decision about a part in the words of the oracle. */
export function fateOf({ outcome, reason, rule, missing, fromSeconds }: PartDecision): string {
  if (outcome === 'release') return 'release';
  const cited = ['rejected', 'embargo', ...HOLDING].includes(reason) && rule !== undefined;
  const asked = missing && `${missing.role} ${missing.have}/${missing.persons}`;
  const words = [reason, cited ? rule : undefined, asked, fromSeconds];
  return words.filter((word) => word !== undefined).join(' ');
}

/**
 * Where decision, oracle and trace of a case differ; undefined where they agree.
 *
 * @param seen counts how often each reason came
 */
export function disagreement(
  { sample, view, policy, recipient, situation }: Case,
  seen: Map<string, number>,
): string | undefined {
  const ready = compiled(policy);
  const decision = decideRecord(view, recipient, situation, ready);
  const decided = [decision.envelope, ...decision.parts];
  const fates = oracle(policy, view, sample.isFrame, recipient, situation);
  const found = decided.map((part) => [part.digest, fateOf(part)]);
  const trace = explainRecord(view, recipient, situation, ready);
  const traced = [trace.envelope, ...trace.parts].map(
    ({ checks: _, rules: __, entries: ___, rejectedBy: ____, ...kept }) => kept,
  );
  for (const fate of fates.values()) {
    const [reason = ''] = fate.split(' ');
    seen.set(reason, (seen.get(reason) ?? 0) + 1);
  }
  return (
    different('oracle', found, [...fates]) ??
    different('sets', setsOf(decision), setsOfFates(fates)) ??
    different('trace', traced, decided) ??
    different('outcome of the trace', trace.outcome, decision.outcome)
  );
}

function different(what: string, found: unknown, expected: unknown): string | undefined {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? undefined : `${what}: ${a} instead of ${b}`;
}

/** What is handed over, what waits, and what becomes of the record. */
type Sets = readonly [outcome: string, released: readonly string[], held: readonly string[]];

function setsOf({ outcome, released, held }: RecordDecision): Sets {
  return [outcome, [...released].sort(), [...held].sort()];
}

function setsOfFates(fates: ReadonlyMap<string, string>): Sets {
  const parts = [...fates].filter(([digest]) => digest !== '').sort();
  const released = parts.filter(([, fate]) => fate === 'release').map(([digest]) => digest);
  const held = parts
    .filter(([, fate]) => HOLDING.includes(fate.split(' ')[0] as string))
    .map(([digest]) => digest);
  return [released.length > 0 ? 'release' : held.length > 0 ? 'hold' : 'withhold', released, held];
}

/** A generator that never reaches a reason would prove nothing about it. */
export const REASONS: readonly string[] = [
  'exercise',
  'originator-control',
  'classification',
  'tlp',
  'categories',
  'purpose',
  'forbid',
  'no-permit',
  'embargo',
  'approval-needed',
  'rejected',
  'limit',
  'reciprocity',
  'ancestor-held',
  'part-held',
  'ancestor-withheld',
  'decision-error',
  'release',
];
