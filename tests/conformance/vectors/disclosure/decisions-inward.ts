import { type Item, record } from '../cbor-text.ts';
import {
  type Changes,
  type Disclosure,
  element,
  field,
  overall,
  recordText,
  withheldElements,
  withheldFields,
} from '../record/text.ts';
import { arcadia, borealis, NOW_SECONDS, type State } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { DAY, said, waiting } from './approval-scenes.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  ERROR,
  embargoed,
  failed,
  forbiddenBy,
  INSIDE,
  labelOf,
  NO_PERMIT,
  openOf,
  recognition,
  type Scene,
  type Verdict,
  type Verdicts,
} from './decision-scenes.ts';
import { type JsonObject, policy, rule, WORKED_EXAMPLE } from './policy-text.ts';

/** From the envelope inward (disclosure.md §0, §5). */
export function decisionsInward(): readonly VectorFile[] {
  return [decisions('worked-example', workedExample()), decisions('inward', [...inward(), ...errors()])];
}

const indicator = (id: string): Item => record({ id, type: 'ip-dst', value: '192.0.2.7' });
const to = (...states: readonly State[]): Changes => [
  [5, states.length === 0 ? undefined : states.map(({ id }) => id)],
];
const M2 = failed('M2', 'originator-control');
const M3 = failed('M3', 'classification');
const M4 = failed('M4', 'tlp');

/** The record of disclosure.md §0. */
function hospital(): Scene {
  const green = labelOf(arcadia, 'unclassified', 'GREEN');
  const forCascadia = labelOf(arcadia, 'restricted', 'AMBER', to(cascadia));
  const own = labelOf(arcadia, 'restricted', 'AMBER', to());
  const [name, sector] = [field('name', 'Hospital of Saint Alban'), field('sector', 'health')];
  const [first, second] = [element(indicator('i-1')), element(indicator('i-2'), { label: forCascadia })];
  const paths: Record<string, Disclosure> = {
    sectors: field('sectors', ['health']),
    title: field('title', record({ en: 'Ransomware at a hospital' })),
    indicators: field('indicators', withheldElements([first, second])),
    'indicators[0]': first,
    'indicators[1]': second,
    stage: field('stage', 'notification'),
    overall: overall(own),
    victim: field('victim', withheldFields([name, sector]), { label: own }),
    'victim.name': name,
    'victim.sector': sector,
  };
  const body = Object.entries(paths)
    .filter(([path]) => !/[.[]/.test(path))
    .map(([, part]) => part);
  return {
    record: recordText({ issuer: arcadia, subject: 'incident/alban', envelope: green, body }),
    paths,
    policy: WORKED_EXAMPLE,
    known: [cascadia],
  };
}

function workedExample(): readonly ValidCase[] {
  const scene = hospital();
  const inside = Object.fromEntries(Object.keys(scene.paths).map((path) => [path, INSIDE]));
  const stranger = recognition(arcadia, borealis, [['community', false]]);
  const T = by('technical');
  const decision = {
    sectors: NO_PERMIT,
    title: forbiddenBy('no-titles'),
    indicators: T,
    'indicators[0]': T,
    'indicators[1]': M2,
    stage: NO_PERMIT,
    overall: M2,
    victim: M2,
    'victim.name': INSIDE,
    'victim.sector': INSIDE,
  };
  return [
    decided('the worked example of the chapter', scene, T, decision),
    decided(
      'in answer to a question no rule permits the envelope',
      { ...scene, mode: 'query' },
      NO_PERMIT,
      inside,
    ),
    decided(
      'outside the community the envelope fails M4',
      { ...scene, recognitions: [stranger] },
      M4,
      inside,
    ),
    ...withApproval(scene, decision),
    decided(
      'to Cascadia no rule permits anything',
      { ...scene, recipient: cascadia, known: [borealis] },
      NO_PERMIT,
      inside,
    ),
  ];
}

/** The worked example with a rule that waits for two officers. */
function withApproval(scene: Scene, decision: Verdicts): readonly ValidCase[] {
  const [technical, titles] = WORKED_EXAMPLE.rules as readonly [JsonObject, JsonObject];
  const needed = { ...technical, approve: { by: 'release-authority', persons: 2 } };
  const waits = (have: number): Verdict => waiting('technical', have, 2);
  const held = { ...decision, indicators: waits(0), 'indicators[0]': waits(0) };
  const paths = ['indicators', 'indicators[0]'];
  const word = (officer: string): JsonObject => ({
    ...said({ name: 'technical', value: needed }, scene, paths, { officer }),
    ruleDigest: 'efbd2b163321f0914c40b295594f1c7bea71f91a257e0e5775bd38d6c018b0ce',
  });
  const under = (rule: JsonObject, approvals: readonly JsonObject[]): Scene => ({
    ...scene,
    policy: policy([rule, titles]),
    approvals,
  });
  const inside = Object.fromEntries(Object.keys(scene.paths).map((path) => [path, INSIDE]));
  return [
    decided('the rule waits for two officers', under(needed, []), waits(0), held),
    decided('the rule waits for two officers, and one has approved', under(needed, [word('ada')]), waits(1), {
      ...held,
      indicators: waits(1),
      'indicators[0]': waits(1),
    }),
    decided(
      'both officers have approved',
      under(needed, [word('ada'), word('ben')]),
      by('technical'),
      decision,
    ),
    decided(
      'the rule waits for two officers, and is in embargo',
      under({ ...needed, after: 'P1D' }, []),
      embargoed('technical', NOW_SECONDS + DAY),
      inside,
    ),
  ];
}

/** An incident of Arcadia with a victim of name and sector under labels of their own, beside a title. */
function victimOf(victimLabel: Item | undefined, nameLabel: Item | undefined): Scene {
  const labelled = (own: Item | undefined): { label?: Item } => (own === undefined ? {} : { label: own });
  const name = field('name', 'Hospital of Saint Alban', labelled(nameLabel));
  const sector = field('sector', 'health');
  const victim = field('victim', withheldFields([name, sector]), labelled(victimLabel));
  const title = field('title', record({ en: 'Ransomware at a hospital' }));
  const text = recordText({
    issuer: arcadia,
    subject: 'incident/alban',
    envelope: openOf(arcadia),
    body: [title, victim],
  });
  return { record: text, paths: { title, victim, 'victim.name': name, 'victim.sector': sector } };
}

const secret = labelOf(arcadia, 'secret');
const open = labelOf(arcadia, 'unclassified');

function inward(): readonly ValidCase[] {
  const ALL = by('all');
  const A = by('a');
  const plain = victimOf(undefined, undefined);
  const way = (scene: Scene): Scene => ({ ...scene, policy: policy([rule({ parts: 'victim.name' })]) });
  const unused = { title: NO_PERMIT, victim: NO_PERMIT, 'victim.sector': NO_PERMIT };
  const { title } = plain.paths as { title: Disclosure };
  return [
    decided('a part with a stricter label than what it stands in', victimOf(undefined, secret), ALL, {
      title: ALL,
      victim: ALL,
      'victim.name': M3,
      'victim.sector': ALL,
    }),
    decided('a part inside one that is withheld, whatever its own label', victimOf(secret, open), ALL, {
      title: ALL,
      victim: M3,
      'victim.name': INSIDE,
      'victim.sector': INSIDE,
    }),
    decided('a label that is inherited from what the part stands in', victimOf(secret, undefined), ALL, {
      title: ALL,
      victim: M3,
      'victim.name': INSIDE,
      'victim.sector': INSIDE,
    }),
    decided(
      'a way to a part that its label withholds: it is withheld, and nothing of the record is released',
      way(victimOf(undefined, secret)),
      A,
      { ...unused, 'victim.name': M3 },
    ),
    decided('a way that its own label withholds', way(victimOf(secret, open)), A, {
      title: NO_PERMIT,
      victim: M3,
      'victim.name': INSIDE,
      'victim.sector': INSIDE,
    }),
    decided(
      'a way to a part that the holder does not have',
      {
        ...way(plain),
        disclosures: plain.record.parts.filter((part) => part !== plain.paths['victim.name']),
      },
      A,
      unused,
    ),
    decided(
      'the envelope is released and no part is: nothing of the record is released',
      { ...plain, policy: policy([rule({ parts: 'tags' })]) },
      A,
      { title: NO_PERMIT, victim: NO_PERMIT, 'victim.name': INSIDE, 'victim.sector': INSIDE },
    ),
    decided(
      'the holder has no part: nothing is released, not even that the record exists',
      { ...plain, disclosures: [] },
      ALL,
      {},
    ),
    decided('the holder has one part', { ...plain, disclosures: [title] }, ALL, { title: ALL }),
    decided(
      'decoys are no parts, and are not released',
      { ...plain, disclosures: [...plain.record.parts, ...plain.record.decoys] },
      ALL,
      { title: ALL, victim: ALL, 'victim.name': ALL, 'victim.sector': ALL },
    ),
    decided('the overall part has its own label like any other', { ...overallOf(secret) }, ALL, {
      overall: M3,
      title: ALL,
    }),
    decided('the overall part is released where its label allows it', { ...overallOf(open) }, ALL, {
      overall: ALL,
      title: ALL,
    }),
  ];
}

function overallOf(label: Item): Scene {
  const [whole, title] = [overall(label), field('title', record({ en: 'Ransomware at a hospital' }))];
  const text = recordText({
    issuer: arcadia,
    subject: 'incident/alban',
    envelope: openOf(arcadia),
    body: [whole, title],
  });
  return { record: text, paths: { overall: whole, title } };
}

function errors(): readonly ValidCase[] {
  const scene = victimOf(undefined, undefined);
  const all = Object.fromEntries(Object.keys(scene.paths).map((path) => [path, ERROR]));
  const cause = { cause: 'disclosure.unknown-mode' };
  return ['export', 'PUSH', ''].map((mode) =>
    decided(
      `a mode that there is not, "${mode}": everything is withheld`,
      { ...scene, mode },
      ERROR,
      all,
      cause,
    ),
  );
}
