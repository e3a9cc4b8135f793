// How many (record, peer) decisions a second can one core take? A node that applies a new policy decides again about every
// record and every peer. Records of 5 to 10 parts with labels of their own dates; 20 peers; the sample policy of Arcadia
// and one of 200 rules with embargoes and approvals; with a memory that knows nothing yet, and with one that does; the
// outcome alone, and with the parts to hand over; and where officers have spoken or a limit is reached, so that each part is
// looked at for itself.
//
//   node --conditions=source packages/disclosure/src/decide.bench.ts [records]

import { readFileSync } from 'node:fs';
import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { RecordDraft, View } from '@comity/record';
import { parse } from 'yaml';

import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import { explainRecord } from './explain.ts';
import { parsePolicy } from './parse-policy.ts';
import type { PlainPolicy } from './plain-policy.test-support.ts';
import { drawLevelMap, drawPolicy, drawRule } from './questions.test-support.ts';
import type { Account, ApprovalFact, Recipient, Situation } from './situation.ts';
import { sketchOf } from './sketch.ts';
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
/** Of a recipient that was never given anything. */
const account: Account = { already: new Set(), releasesSince: () => 0, given: 0, received: 0 };
const situation: Situation = {
  holder: arcadia.id,
  holderScheme: arcadia.scheme,
  inboundOf: () => undefined,
  atSeconds: 500,
  mode: 'push',
  purpose: 'incident-response',
  account,
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
const { groups, profiles } = drawPolicy(new Draw(1));
const sample = parse(readFileSync(sampleFile, 'utf8')) as PlainPolicy;
const documents: [string, PlainPolicy][] = [
  ['sample policy', { ...sample, groups: { ...sample.groups, all: ['XBO', 'XCA', 'XDE'] } }],
  ['200 rules', { comity: 'policy/1', rules, ...(groups && { groups }), ...(profiles && { profiles }) }],
];

interface Run {
  readonly name: string;
  readonly policy: CompiledPolicy;
  readonly situationOf: (view: View) => Situation;
  readonly withParts: boolean;
}

function measure({ name, policy, situationOf, withParts }: Run): void {
  let [going, decisions] = [0, 0];
  const started = cpuMs();
  for (const view of views) {
    const asked = situationOf(view);
    for (const peer of peers) {
      const decision = decideRecord(view, peer, asked, policy);
      decisions += 1;
      going += withParts ? decision.released.size : decision.outcome === 'release' ? 1 : 0;
    }
  }
  const perSecond = Math.round((decisions * 1_000) / (cpuMs() - started));
  const share = (going / decisions).toFixed(2);
  const what = withParts ? `with the parts that go: ${share} for each` : `outcome alone: ${share} go`;
  console.log(`${name}: ${perSecond.toLocaleString('en').padStart(9)} decisions/s (${decisions}; ${what})`);
}

/** The first ten rules that ask for approval were approved for every record by two officers. */
function approved({ policy: { rules } }: CompiledPolicy, view: View): Situation {
  const parts = new Set(view.parts.map(({ digest }) => digest));
  const asking = rules.filter(({ approve }) => approve !== undefined).slice(0, 10);
  const approvals = asking.flatMap(({ name: rule, digest: ruleDigest }) =>
    ['anna', 'ben'].map(
      (officer): ApprovalFact => ({
        officer,
        roles: ['officer', 'release-authority'],
        decision: 'approve',
        rule,
        ruleDigest,
        parts,
        mode: 'push',
        purpose: situation.purpose,
        atSeconds: 499,
        notAfterSeconds: 100_000,
      }),
    ),
  );
  return { ...situation, approvals };
}

const limits = [{ to: ['all'], releases: 1, per: 'P1D', then: 'hold' }];

for (const [name, document] of documents) {
  const policy = compilePolicy(parsePolicy(document, context));
  const plain = (): Situation => situation;
  for (const [memory, withParts] of [
    ['fresh', false],
    ['used', false],
    ['used', false],
    ['used', true],
  ] as const)
    measure({ name: `${name}, memory ${memory}`, policy, situationOf: plain, withParts });
  const asking = (view: View): Situation => approved(policy, view);
  measure({ name: `${name}, officers have approved`, policy, situationOf: asking, withParts: true });
  const limited = compilePolicy(parsePolicy({ ...document, limits }, context));
  const reached = { ...situation, account: { ...account, releasesSince: () => 1 } };
  measure({ name: `${name}, limit reached`, policy: limited, situationOf: () => reached, withParts: true });
  const started = cpuMs();
  for (const view of views.slice(0, 200)) explainRecord(view, peers[0] as Recipient, situation, policy);
  const perSecond = Math.round((Math.min(200, views.length) * 1_000) / (cpuMs() - started));
  console.log(`${name}, full trace: ${perSecond.toLocaleString('en')} traces/s`);
}
const parts = views.reduce((sum, view) => sum + view.parts.length, 0) / views.length;
const kinds = new Set(views.map((view) => sketchOf(view)?.text)).size;
console.log(
  `${views.length} records of ${kinds} kinds, of ${parts.toFixed(1)} parts, ${peers.length} peers, processor time of one core`,
);
