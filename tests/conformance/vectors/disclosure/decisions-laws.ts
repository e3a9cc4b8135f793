import { map, record } from '../cbor-text.ts';
import { type Changes, type Disclosure, field, recordText } from '../record/text.ts';
import { arcadia, borealis } from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  failed,
  forbiddenBy,
  inputOf,
  labelOf,
  levelMap,
  NO_PERMIT,
  openOf,
  recognition,
  type Scene,
  titled,
  type Verdict,
  type Verdicts,
} from './decision-scenes.ts';
import { policy, rule } from './policy-text.ts';

/** What holds of every decision (disclosure.md §7): one decision, and what becomes of it when one thing is changed. */
export function decisionsByLaw(): VectorFile {
  const valid = [...neverMore(), ...sameInAnyOrder(), ...notByTheOriginatorsRecognitions()];
  return decisions('laws', valid);
}

const csirt = map([1, 'network'], [2, ['csirt']]);
const M3 = failed('M3', 'classification');

/** Four parts, each of which hangs on something else. */
function parts(titleLevel = 'unclassified'): Scene {
  const english = (text: string) => record({ en: text });
  const paths: Readonly<Record<string, Disclosure>> = {
    title: field('title', english('Ransomware at a hospital'), { label: labelOf(arcadia, titleLevel) }),
    summary: field('summary', english('Encrypted over night.'), { label: labelOf(arcadia, 'restricted') }),
    rootCause: field('rootCause', english('A password.'), {
      label: labelOf(arcadia, 'unclassified', 'GREEN'),
    }),
    stage: field('stage', 'final', { label: labelOf(arcadia, 'unclassified', undefined, [[7, [csirt]]]) }),
  };
  return {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: Object.values(paths),
    }),
    paths,
    policy: policy(RULES),
    recognitions: [recognised([])],
  };
}

const RULES = [rule({ parts: ['title', 'summary', 'rootCause'] }), rule({ name: 'b', parts: 'stage' })];

function recognised(changes: Changes): Buffer {
  return recognition(arcadia, borealis, [
    ['categories', [csirt]],
    ...changes.filter(([key]) => key !== 'categories'),
  ]);
}

const WHOLE: Verdicts = { title: by('a'), summary: by('a'), rootCause: by('a'), stage: by('b') };

/** §7.2: each of these releases less than the first, and never more. */
function neverMore(): readonly ValidCase[] {
  const base = parts();
  const changed = (comment: string, scene: Partial<Scene>, verdicts: Verdicts): ValidCase =>
    decided(comment, { ...base, ...scene }, by('a'), { ...WHOLE, ...verdicts });
  const granting = (changes: Changes): Partial<Scene> => ({ recognitions: [recognised(changes)] });
  const forbid = rule({ name: 'c', parts: 'title', effect: 'forbid' });
  const { summary: _withheld, ...rest } = WHOLE;
  return [
    changed('what the changes below begin with', {}, {}),
    changed('a permitting rule is removed', { policy: policy(RULES.slice(0, 1)) }, { stage: NO_PERMIT }),
    changed(
      'a forbidding rule is added',
      { policy: policy([...RULES, forbid]) },
      { title: forbiddenBy('c') },
    ),
    changed('the ceiling is lowered', granting([['ceiling', 'unclassified']]), { summary: M3 }),
    changed(
      'the category is taken from the recipient',
      { recognitions: [recognition(arcadia, borealis)] },
      { stage: failed('M5', 'categories') },
    ),
    changed('the community is taken from the recipient', granting([['community', false]]), {
      rootCause: failed('M4', 'tlp'),
    }),
    changed(
      'a level is taken out of the equivalence with the recipient',
      granting([['out', levelMap(arcadia, borealis, { unclassified: 'open' })]]),
      { summary: M3 },
    ),
    decided('a label is raised', parts('secret'), by('a'), { ...WHOLE, title: M3 }),
    decided(
      'less of the record is held',
      { ...base, disclosures: base.record.parts.filter((part) => part !== base.paths.summary) },
      by('a'),
      rest,
    ),
  ];
}

/** §7.3. */
function sameInAnyOrder(): readonly ValidCase[] {
  const base = { ...parts(), known: [cascadia] };
  const reversed = (list: Json | undefined): Json => (Array.isArray(list) ? [...list].reverse() : null);
  const relayed: Scene = {
    ...titled(cascadia, labelOf(cascadia, 'guarded')),
    issuer: cascadia,
    holder: arcadia,
  };
  const given = decided('the recognitions in the other order', relayed, by('all'), { title: by('all') });
  return [
    decided(
      'the rules in the other order',
      { ...base, policy: policy([...RULES].reverse()) },
      by('a'),
      WHOLE,
    ),
    decided(
      'the disclosures in the other order',
      { ...base, disclosures: [...base.record.parts].reverse() },
      by('a'),
      WHOLE,
    ),
    {
      ...decided('the charters in the other order', base, by('a'), WHOLE),
      in: { ...inputOf(base), charters: reversed(inputOf(base).charters) },
    },
    { ...given, in: { ...given.in, recognitions: reversed(given.in.recognitions) } },
  ];
}

/** §7.5: a state that the originator would not give a part can get it from another that the label lets it have it from. */
function notByTheOriginatorsRecognitions(): readonly ValidCase[] {
  const scene = titled(arcadia, labelOf(arcadia, 'restricted'));
  const of = (comment: string, more: Partial<Scene>, verdict: Verdict): ValidCase =>
    decided(comment, { ...scene, ...more }, by('all'), { title: verdict });
  return [
    of(
      'the originator withholds a part for its own ceiling',
      { recognitions: [recognition(arcadia, borealis, [['ceiling', 'unclassified']])], known: [cascadia] },
      M3,
    ),
    of(
      'another holder of the same record, with a higher ceiling, releases it',
      { holder: cascadia },
      by('all'),
    ),
  ];
}
