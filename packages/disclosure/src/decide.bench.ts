// How many (record, peer) decisions a second can one core take? A node that applies a new policy decides again about every
// record and every peer. Records of 5 to 10 parts with labels of their own dates; 20 peers; the sample policy of Arcadia
// and one of 200 rules; with a memory that knows nothing yet, and with one that does.
//
//   node --conditions=source packages/disclosure/src/decide.bench.ts [records]

import { readFileSync } from 'node:fs';
import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { RecordDraft, View } from '@comity/record';
import { parse } from 'yaml';

import { compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import { explainRecord } from './explain.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';
import { drawLevelMap, drawPolicy, drawRule } from './questions.test-support.ts';
import type { Recipient, Situation } from './situation.ts';
import { Draw, issue, type SampleState, STATES, stateByCode } from './world.test-support.ts';

/** Processor time of this process in milliseconds: what else the machine does at the moment does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const records = Number(process.argv[2] ?? 5_000);
const PEERS = 20;
const [arcadia] = STATES;

function draftOf(draw: Draw, index: number): RecordDraft {
  const label = (classification: string): Label => ({
    scheme: arcadia.scheme.id,
    classification,
    tlp: draw.one(['CLEAR', 'GREEN', 'AMBER'] as const),
    releasableTo: STATES.map(({ id }) => id).sort(),
    createdAtSeconds: index,
  });
  const envelope = label('unclassified');
  const guarded = label(draw.one(['restricted', 'confidential']));
  const overall = { ...guarded, classification: 'secret', tlp: 'RED' as const };
  const text = (name: string, its: Label) => ({
    name,
    label: its,
    content: { kind: 'value', value: new Map([['en', name]]) } as const,
  });
  const optional = ['rootCause', 'measuresTaken', 'classification', 'crossBorder'].filter(() => draw.once(2));
  return {
    type: 'incident',
    subjectId: String(index),
    supersedes: [],
    envelope,
    overall,
    fields: [
      text('title', envelope),
      text('summary', guarded),
      {
        name: 'sectors',
        label: envelope,
        content: { kind: 'value', value: [draw.one(['energy', 'health', 'justice', 'transport'])] },
      },
      {
        name: 'victim',
        label: guarded,
        content: { kind: 'fields', fields: draw.once(2) ? [text('name', guarded)] : [] },
      },
      ...optional.map((name) => text(name, draw.one([envelope, guarded]))),
    ],
  };
}

function recognise(state: SampleState, index: number): Recipient {
  const categories = arcadia.scheme.categorySets.map(({ id: set, values }) => ({
    set,
    values: values.map(({ id }) => id),
  }));
  const ceiling = arcadia.scheme.levels[1 + (index % 4)]?.id as string;
  const outbound = drawLevelMap(new Draw(index), arcadia, state, false);
  return { state: state.id, code: state.code, ceiling, outbound, categories, community: true };
}

const signer = signerFromSeed(new Uint8Array(32).fill(7));
const views: View[] = [];
for (let index = 0; index < records; index += 1)
  views.push((await issue(draftOf(new Draw(index), index), arcadia, signer, index)).view);
const peers = Array.from({ length: PEERS }, (_, index) =>
  recognise(STATES[1 + (index % 3)] as SampleState, index),
);
const situation: Situation = {
  holder: arcadia.id,
  holderScheme: arcadia.scheme,
  inboundOf: () => undefined,
  atSeconds: 500,
  mode: 'push',
  purpose: 'incident-response',
};

const sampleFile = new URL('../../../protocol/registries/samples/policies/xar.yaml', import.meta.url);
const drawn = Array.from({ length: 4_000 }, (_, index) => drawRule(new Draw(index), `rule-${index}`));
// Rules that permit by and large, as a ministry writes them, and a few that forbid one thing.
const rules = [
  ...drawn.filter(({ effect }) => effect !== 'forbid').slice(0, 190),
  ...drawn
    .filter(({ effect, when, parts }) => effect === 'forbid' && when !== undefined && parts !== undefined)
    .slice(0, 10),
];
const context = { stateOf: stateByCode };
const policies: [string, Policy][] = [
  ['sample policy', parsePolicy(parse(readFileSync(sampleFile, 'utf8')), context)],
  ['200 rules', parsePolicy({ ...drawPolicy(new Draw(1)), rules }, context)],
];

for (const [name, policy] of policies) {
  const compiled = compilePolicy(policy);
  for (const memory of ['fresh', 'used', 'used']) {
    let released = 0;
    let decisions = 0;
    let parts = 0;
    const started = cpuMs();
    for (const view of views) {
      for (const peer of peers) {
        const decision = decideRecord(view, peer, situation, compiled);
        decisions += 1;
        parts += view.parts.length;
        released += decision.released.size;
      }
    }
    const perSecond = Math.round((decisions * 1_000) / (cpuMs() - started));
    console.log(
      `${name}, memory ${memory}: ${perSecond.toLocaleString('en')} decisions/s (${decisions} decisions, ${(parts / decisions).toFixed(1)} parts each, ${Math.round((released * 100) / parts)} % of parts released)`,
    );
  }
  const started = cpuMs();
  for (const view of views.slice(0, 200)) explainRecord(view, peers[0] as Recipient, situation, compiled);
  console.log(
    `${name}, full trace: ${Math.round((200 * 1_000) / (cpuMs() - started)).toLocaleString('en')} traces/s`,
  );
}
