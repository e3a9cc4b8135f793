import { readFileSync } from 'node:fs';
import { compilePolicy, decideRecord, parsePolicy, type Recipient } from '@comity/disclosure';
import { agreedEquivalence } from '@comity/identity';
import { issueRecord, parseDraft, type View } from '@comity/record';
import {
  type SampleCode,
  type SampleState,
  type SampleStates,
  sampleCommitmentDraft,
  sampleIncidentDraft,
  sampleNormDraft,
  sampleStates,
  seededEntropy,
} from '@comity/testkit';
import { parse } from 'yaml';
import type { Bench, Figure } from './bench.ts';

const RECORDS = 2_000;
const ROUNDS = 5;

/** Applying a policy decides about every record and every peer again; so does a hello with new recognitions. */
export const decide: Bench = {
  name: 'decide',
  question: 'How many (record, peer) decisions does one core take in a second, under the sample policies?',
  async run({ scale }) {
    const states = await sampleStates();
    const figures: Figure[] = [];
    for (const state of states.all)
      figures.push(...(await measure(states, state, Math.max(Math.round(RECORDS * scale), 1))));
    return figures;
  },
};

async function measure(states: SampleStates, state: SampleState, records: number): Promise<Figure[]> {
  const views = await issueViews(states, state, records);
  const policyFile = new URL(
    import.meta.resolve(`@comity/protocol/registries/samples/policies/${state.code.toLowerCase()}.yaml`),
  );
  const policy = parsePolicy(parse(readFileSync(policyFile, 'utf8')), { stateOf: states.stateOf });
  const recipients = states.all.filter((other) => other !== state).map((other) => recipientOf(state, other));
  const compiled = compilePolicy(policy);
  const situation = {
    holder: state.state,
    holderScheme: state.scheme,
    inboundOf: () => undefined,
    atSeconds: states.atSeconds,
    mode: 'push',
    purpose: 'incident-response',
  } as const;
  let partCount = 0;
  let released = 0;
  const since = process.threadCpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const view of views) {
      for (const recipient of recipients) {
        released += decideRecord(view, recipient, situation, compiled).released.size;
        partCount += view.parts.length;
      }
    }
  }
  const { user, system } = process.threadCpuUsage(since);
  const decisions = ROUNDS * views.length * recipients.length;
  if (released === 0) throw new Error('nothing is released: the decisions say nothing about the usual case');
  return [
    {
      name: `policy of ${state.code}`,
      value: (decisions * 1e6) / (user + system),
      unit: 'decisions/s',
      target: 'at least 100,000',
    },
    {
      name: `policy of ${state.code}: parts decided about`,
      value: partCount / decisions,
      unit: 'parts/decision',
    },
  ];
}

/** Mostly incidents, and a norm and a commitment for every eight of them. */
async function issueViews(
  { atSeconds, stateOf }: SampleStates,
  state: SampleState,
  records: number,
): Promise<View[]> {
  const entropy = seededEntropy(`bench ${state.code}`);
  // The sample states have the sample codes.
  const code = state.code as string as SampleCode;
  const drafts = [
    ...Array.from({ length: 8 }, () => sampleIncidentDraft(code)),
    sampleNormDraft(code),
    sampleCommitmentDraft(code),
  ];
  const context = { scheme: state.scheme, atSeconds, stateOf, normKindOf: () => 'voluntary' as const };
  const views: View[] = [];
  for (let index = 0; index < records; index += 1) {
    const draft = parseDraft(drafts[index % drafts.length], context);
    const { view } = await issueRecord(draft, {
      issuer: state.state,
      scheme: state.scheme,
      atSeconds,
      entropy,
      signer: state.signers.record,
    });
    views.push(view);
  }
  return views;
}

function recipientOf(by: SampleState, about: SampleState): Recipient {
  const ours = by.recognitions.get(about.state);
  const theirs = about.recognitions.get(by.state);
  if (ours === undefined) throw new Error('the sample states do not recognise each other');
  const { ceiling, categories, community } = ours;
  return {
    state: about.state,
    code: about.code,
    ceiling,
    categories,
    community,
    outbound: agreedEquivalence(ours, theirs, { ours: by.scheme, theirs: about.scheme }).outbound,
  };
}
