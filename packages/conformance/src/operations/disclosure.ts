import {
  compilePolicy,
  decideRecord,
  type Mode,
  type PartDecision,
  parsePolicy,
  type RecordDecision,
  Relation,
  type Situation,
} from '@comity/disclosure';
import { Fault, isFault } from '@comity/fault';
import {
  namedParties,
  type VerifiedCharter,
  type VerifiedRecognition,
  verifyRecognition,
} from '@comity/identity';
import { isStateCode, type StateCode, type StateId } from '@comity/label';
import { factsIn } from '../disclosure-facts.ts';
import type { Input } from '../input.ts';
import { charterOf, type KnownStates, knownStatesIn, stateIdIn, viewIn } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

/** disclosure.md §10. */
export const disclosureOperations: Operations = {
  'policy.check': (input) => {
    const states = new Set(input.texts('states').map(stateCodeIn));
    // Which state a code stands for does not matter here: no decision is made.
    const stateOf = (code: StateCode) => (states.has(code) ? NO_STATE : undefined);
    return { digest: parsePolicy(input.json('policy'), { stateOf }).digest };
  },

  'disclosure.decide': (input) => {
    const known = knownStatesIn(input);
    const holder = charterOf(known, stateIdIn(input.hex('holder')));
    const relations = relationsOf(holder, input, known);
    const policy = parsePolicy(input.json('policy'), { stateOf: (code) => known.directory.stateOf(code) });
    const view = viewIn(input, known);
    const atSeconds = input.seconds('atSeconds');
    const relation = relations.get(stateIdIn(input.hex('recipient')));
    if (relation?.isServedAt(atSeconds) !== true)
      throw new Fault('peer.unknown', 'the holder has no recognition of the recipient that is in force');
    const situation: Situation = {
      holder: holder.state,
      holderScheme: holder.scheme,
      inboundOf: (originator) => relations.get(originator)?.inboundAt(atSeconds),
      atSeconds,
      // A mode that there is not is for the decision to refuse.
      mode: input.text('mode') as Mode,
      purpose: input.text('purpose'),
      ...exerciseIn(input),
      ...factsIn(input),
    };
    let cause: unknown;
    const compiled = compilePolicy(policy, { onDecisionError: ({ error }) => (cause = error) });
    const officer = input.optionalText('officer');
    const recipient = { ...relation.recipient, ...(officer !== undefined && { officer }) };
    return decisionAsJson(decideRecord(view, recipient, situation, compiled), cause);
  },
};

const NO_STATE = '0'.repeat(64) as StateId;

function stateCodeIn(text: string): StateCode {
  if (!isStateCode(text)) throw new Fault('conformance.bad-input', 'in.states holds what is no state code');
  return text;
}

function exerciseIn(input: Input): Pick<Situation, 'exercise'> {
  const exercise = input.optionalObject('exercise');
  if (exercise === undefined) return {};
  return { exercise: { id: exercise.text('id'), players: exercise.hexes('players').map(stateIdIn) } };
}

/** The holder's relations by the other state. */
function relationsOf(holder: VerifiedCharter, input: Input, known: KnownStates): Map<StateId, Relation> {
  const ours = new Map<StateId, VerifiedRecognition>();
  const theirs = new Map<StateId, VerifiedRecognition>();
  for (const bytes of input.hexes('recognitions')) {
    const recognition = verifiedBetween(bytes, known);
    const { issuer, subject } = recognition;
    const [list, other] = issuer === holder.state ? [ours, subject] : [theirs, issuer];
    if ((list === theirs && subject !== holder.state) || list.has(other))
      throw new Fault('conformance.bad-input', 'in.recognitions has one twice, or one without the holder');
    list.set(other, recognition);
  }
  return new Map(
    [...ours].map(([state, recognition]) => {
      const schemes = { ours: holder.scheme, theirs: charterOf(known, state).scheme };
      return [state, new Relation(recognition, theirs.get(state), schemes)];
    }),
  );
}

/** A recognition says itself who issued it and whom it is about. */
function verifiedBetween(bytes: Uint8Array, { directory }: KnownStates): VerifiedRecognition {
  const named = namedParties(bytes);
  const [issuer, subject] = [directory.charterOf(named.issuer), directory.charterOf(named.subject)];
  if (issuer === undefined)
    throw new Fault('identity.wrong-issuer', 'the recognition is of a state without a charter here');
  if (subject === undefined)
    throw new Fault('identity.wrong-subject', 'the recognition is about a state without a charter here');
  return verifyRecognition(bytes, issuer, subject);
}

function decisionAsJson(
  { outcome, policy, envelope, parts, released, held }: RecordDecision,
  cause: unknown,
): Json {
  return {
    outcome,
    policy,
    envelope: partAsJson(envelope),
    parts: Object.fromEntries(parts.map((part) => [part.path, partAsJson(part)])),
    released: [...released].sort(),
    held: [...held].sort(),
    ...(isFault(cause) && { cause: cause.code }),
  };
}

function partAsJson({ outcome, reason, rule, check, missing, fromSeconds }: PartDecision): Json {
  return {
    outcome,
    ...(outcome !== 'release' && { reason }),
    ...(rule !== undefined && { rule }),
    ...(check !== undefined && { check }),
    ...(missing !== undefined && { missing: { ...missing } }),
    ...(fromSeconds !== undefined && { fromSeconds }),
  };
}
