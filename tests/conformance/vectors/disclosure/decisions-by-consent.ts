import type { Entries } from '../cbor-text.ts';
import { hex, map } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { arcadia, borealis, drawn, NOW_SECONDS, type State } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { DAY, needing, waiting } from './approval-scenes.ts';
import { digestsOf } from './decision-facts.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  failed,
  forbiddenBy,
  INSIDE,
  labelOf,
  NO_PERMIT,
  recognition,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** What an originator has consented to, and whom it has barred (disclosure.md 3.2, 3.4, 3.8, 3.9). */
export function decisionsByConsent(): readonly VectorFile[] {
  return [decisions('consents', [...inForce(), ...ofParts(), ...otherRows()]), decisions('bars', bars())];
}

const ALL = by('all');
const M2 = failed('M2', 'originator-control');
const M4 = failed('M4', 'tlp');
const nobody: Changes = [[5, undefined]];

/** A record of Cascadia that Arcadia holds. Envelope and title are for nobody, or have labels of their own. */
function foreign(
  label: Entries = labelOf(cascadia, 'public', undefined, nobody),
  envelope: Entries = labelOf(cascadia, 'public', undefined, nobody),
): Scene {
  return { ...titled(cascadia, label, { envelope }), issuer: cascadia, holder: arcadia };
}

/** A consent to hand all of a record on, for incident-response, since yesterday and until tomorrow; `changes` replace members. */
function consent(scene: Pick<Scene, 'record'>, changes: JsonObject = {}): JsonObject {
  return {
    record: scene.record.idText,
    grant: hex(drawn('grant', 32)),
    parts: 'all',
    holder: arcadia.idText,
    thirdParty: borealis.idText,
    purposes: ['incident-response'],
    fromSeconds: NOW_SECONDS - DAY,
    untilSeconds: NOW_SECONDS + DAY,
    ...changes,
  };
}

const inside = (verdict: Verdict): Verdict => (verdict.outcome === 'release' ? verdict : INSIDE);

function inForce(): readonly ValidCase[] {
  const scene = foreign();
  const of = (comment: string, verdict: Verdict, ...changes: readonly JsonObject[]): ValidCase =>
    decided(comment, { ...scene, consents: changes.map((each) => consent(scene, each)) }, verdict, {
      title: inside(verdict),
    });
  return [
    of('there is no consent', M2),
    of('a consent to all parts', ALL, {}),
    of('it begins in the second of the decision', ALL, { fromSeconds: NOW_SECONDS }),
    of('it begins a second later', M2, { fromSeconds: NOW_SECONDS + 1 }),
    of('it ends a second later', ALL, { untilSeconds: NOW_SECONDS + 1 }),
    of('it ends in the second of the decision', M2, { untilSeconds: NOW_SECONDS }),
    of('it begins when it has ended', M2, { fromSeconds: NOW_SECONDS, untilSeconds: NOW_SECONDS }),
    of('about another record', M2, { record: foreign(labelOf(cascadia, 'guarded')).record.idText }),
    of('to another holder', M2, { holder: cascadia.idText }),
    of('for another third party', M2, { thirdParty: cascadia.idText }),
    of('holder and third party exchanged', M2, { holder: borealis.idText, thirdParty: arcadia.idText }),
    of('for another purpose', M2, { purposes: ['norm-verification'] }),
    of('for this purpose and another', ALL, { purposes: ['norm-verification', 'incident-response'] }),
    of('for no purpose', M2, { purposes: [] }),
    of('one that has ended, and one in force', ALL, { untilSeconds: NOW_SECONDS }, {}),
    of(
      'what one lacks another has: no consent is made of two',
      M2,
      { purposes: ['norm-verification'] },
      { fromSeconds: NOW_SECONDS + 1 },
    ),
    decided('in answer to a question', { ...scene, mode: 'query', consents: [consent(scene)] }, ALL, {
      title: ALL,
    }),
    decided(
      'the holder is the originator, and cannot consent to itself',
      {
        ...titled(arcadia, labelOf(arcadia, 'unclassified', undefined, nobody)),
        consents: [consent(titled(arcadia, labelOf(arcadia, 'unclassified', undefined, nobody)))],
      },
      ALL,
      { title: M2 },
    ),
  ];
}

function ofParts(): readonly ValidCase[] {
  const scene = foreign();
  const named = digestsOf(scene, ['title']);
  const other = digestsOf(foreign(labelOf(cascadia, 'guarded')), ['title']);
  const of = (comment: string, title: Verdict, ...parts: readonly (readonly string[])[]): ValidCase =>
    decided(comment, { ...scene, consents: parts.map((each) => consent(scene, { parts: each })) }, ALL, {
      title,
    });
  return [
    of('the part is named', ALL, named),
    of('the part is named beside another', ALL, [...other, ...named]),
    of('another part is named: the envelope may go, and the part may not', M2, other),
    of('no part is named: the same', M2, []),
    of('one consent names another part, and one names this', ALL, other, named),
    decided(
      'the label lets the part go, and the envelope is consented to',
      {
        ...foreign(labelOf(cascadia, 'public')),
        consents: [consent(foreign(labelOf(cascadia, 'public')), { parts: [] })],
      },
      ALL,
      { title: ALL },
    ),
    decided(
      'the label lets the part go, and nobody consents to the envelope',
      foreign(labelOf(cascadia, 'public')),
      M2,
      { title: INSIDE },
    ),
  ];
}

/** What a consent widens, and what it does not. */
function otherRows(): readonly ValidCase[] {
  const title = (
    comment: string,
    label: Entries,
    verdict: Verdict,
    more: Partial<Scene> = {},
    isConsented = true,
  ): ValidCase => {
    const scene = foreign(label, labelOf(cascadia, 'public'));
    return decided(comment, { ...scene, ...(isConsented && { consents: [consent(scene)] }), ...more }, ALL, {
      title: verdict,
    });
  };
  const marked = (tlp: string, changes: Changes = nobody): Entries =>
    labelOf(cascadia, 'public', tlp, changes);
  const stranger = {
    recognitions: [
      recognition(arcadia, borealis, [['community', false]]),
      recognition(arcadia, cascadia),
      recognition(cascadia, arcadia),
    ],
  };
  const scene = foreign(marked('AMBER', []), labelOf(cascadia, 'public'));
  const all = { name: 'all', to: 'XBO' };
  return [
    title('AMBER with consent', marked('AMBER'), ALL),
    title('AMBER+STRICT with consent', marked('AMBER+STRICT'), ALL),
    title('RED with consent: a node is no named person', marked('RED'), M4),
    title('AMBER, releasable to the recipient, without consent', marked('AMBER', []), M4, {}, false),
    title('AMBER, releasable to the recipient, with consent', marked('AMBER', []), ALL),
    title('AMBER with consent, outside the community', marked('AMBER'), M4, stranger),
    title('GREEN with consent, outside the community', marked('GREEN'), M4, stranger),
    title('AMBER with consent to another part', marked('AMBER', []), M4, {
      consents: [consent(scene, { parts: [] })],
    }),
    title('AMBER with consent, in mode push', marked('AMBER'), ALL, { mode: 'push' }),
    title(
      'a level above the ceiling, with consent',
      labelOf(cascadia, 'secret', undefined, nobody),
      failed('M3', 'classification'),
    ),
    title(
      'a level that nothing maps, with consent',
      labelOf(cascadia, 'top-secret', undefined, nobody),
      failed('M3', 'classification'),
    ),
    title(
      'categories of the originator, with consent',
      labelOf(cascadia, 'public', undefined, [...nobody, [7, [map([1, 'topic'], [2, ['health']])]]]),
      failed('M5', 'categories'),
    ),
    title(
      'a purpose that the label does not have, with consent',
      labelOf(cascadia, 'public', undefined, [...nobody, [8, ['norm-verification']]]),
      failed('M7', 'purpose'),
    ),
    title(
      'displayOnlyTo, with consent',
      labelOf(cascadia, 'public', undefined, [...nobody, [6, [borealis.id]]]),
      ALL,
    ),
    title('no rule permits, with consent', labelOf(cascadia, 'public'), NO_PERMIT, {
      policy: policy([{ ...all, parts: 'tags' }]),
    }),
    title('a rule forbids, with consent', labelOf(cascadia, 'public', undefined, nobody), forbiddenBy('b'), {
      policy: policy([all, rule({ name: 'b', parts: 'title', effect: 'forbid' })]),
    }),
    title('a rule waits, with consent', labelOf(cascadia, 'public', undefined, nobody), waiting('b'), {
      policy: policy([
        { ...all, parts: 'tags' },
        { ...needing(), name: 'b', parts: 'title' },
      ]),
    }),
  ];
}

function bars(): readonly ValidCase[] {
  const open = labelOf(cascadia, 'public');
  const scene = foreign(open, open);
  const of = (comment: string, verdict: Verdict, more: Partial<Scene>): ValidCase =>
    decided(comment, { ...scene, ...more }, verdict, { title: inside(verdict) });
  const barred: readonly (readonly [State, State])[] = [[cascadia, borealis]];
  const own = titled(arcadia, labelOf(arcadia, 'unclassified'));
  const clear = foreign(labelOf(cascadia, 'public', 'CLEAR'), labelOf(cascadia, 'public', 'CLEAR'));
  return [
    of('no bar', ALL, { bars: [] }),
    of('the recipient is barred, though the label names it', M2, { bars: barred }),
    of('the recipient is barred, and everybody may have it by its TLP', M2, { ...clear, bars: barred }),
    of('the recipient is barred, and there is a consent', M2, { bars: barred, consents: [consent(scene)] }),
    of('the recipient is barred, in answer to a question', M2, { bars: barred, mode: 'query' }),
    of('another state is barred', ALL, { bars: [[cascadia, arcadia]] }),
    of('another state has barred the recipient', ALL, {
      bars: [
        [borealis, borealis],
        [arcadia, borealis],
      ],
    }),
    of('two are barred, the recipient among them', M2, { bars: [[cascadia, arcadia, borealis]] }),
    of('nobody is barred by the originator', ALL, { bars: [[cascadia]] }),
    of('an originator twice, with one state each', M2, { bars: [[cascadia, arcadia], ...barred] }),
    decided(
      'the holder is the originator: a bar of its own is not for itself',
      { ...own, bars: [[arcadia, borealis]] },
      ALL,
      { title: ALL },
    ),
  ];
}
