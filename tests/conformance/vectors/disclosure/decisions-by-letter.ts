import { type Entries, hex, map } from '../cbor-text.ts';
import { arcadia, borealis, drawn, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, BEN, NO, needing, said, TITLED, waiting } from './approval-scenes.ts';
import { stating, title } from './condition-scenes.ts';
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
  rejectedBy,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { limit, limited, times, WEEK } from './limit-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** Letters to named officers (disclosure.md 2.1, 3.2, 3.4, 4.1, 4.12, 4.14, 4.15). */
export function decisionsByLetter(): readonly VectorFile[] {
  return [
    decisions('letters-by-label', [...red(), ...otherRows()]),
    decisions('letters-by-rule', [...byRule(), ...byGrant()]),
    decisions('letters-by-approval', [...byApproval(), ...byLimit()]),
  ];
}

const A = by('a');
const [M2, M3, M4] = [
  failed('M2', 'originator-control'),
  failed('M3', 'classification'),
  failed('M4', 'tlp'),
];
const [M5, M7] = [failed('M5', 'categories'), failed('M7', 'purpose')];

const TO_NOBODY = { mode: 'letter' };
const TO_ANNA = { mode: 'letter', officer: 'anna' };
/** A rule that permits everything, letters too. */
const EVERY_MODE = rule({ mode: ['letter', 'push', 'query', 'relay'] });
const EVERYTHING = policy([EVERY_MODE]);
const STRANGER: Partial<Scene> = { recognitions: [recognition(arcadia, borealis, [['community', false]])] };

const inside = (verdict: Verdict): Verdict => (verdict.outcome === 'release' ? verdict : INSIDE);

/** An incident of which envelope and title have this label, in a letter to Anna. */
function both(comment: string, label: Entries, verdict: Verdict, more: Partial<Scene> = TO_ANNA): ValidCase {
  const scene = titled(more.issuer ?? arcadia, label, { envelope: label });
  const given = { ...scene, policy: EVERYTHING, ...more };
  return decided(comment, given, verdict, { title: inside(verdict) });
}

/** 3.4. */
function red(): readonly ValidCase[] {
  const RED = labelOf(arcadia, 'unclassified', 'RED');
  const open = labelOf(arcadia, 'unclassified');
  const part = (comment: string, verdict: Verdict, more: Partial<Scene>): ValidCase =>
    decided(comment, { ...titled(arcadia, RED, { envelope: open }), policy: EVERYTHING, ...more }, A, {
      title: verdict,
    });
  return [
    both('RED, in a letter to an officer who is named', RED, A),
    both('RED, in a letter to nobody in particular', RED, M4, TO_NOBODY),
    both('RED, unasked, and an officer is named', RED, M4, { officer: 'anna' }),
    both('RED in answer to a question, and an officer is named', RED, M4, { officer: 'anna', mode: 'query' }),
    both('RED in mode relay, and an officer is named', RED, M4, { officer: 'anna', mode: 'relay' }),
    both('RED, in a letter to outside the community', RED, M4, { ...TO_ANNA, ...STRANGER }),
    part('a part that is RED, in a letter', A, TO_ANNA),
    part('a part that is RED, in a letter to nobody in particular', M4, TO_NOBODY),
    part('a part that is RED, unasked: the rest goes on', M4, {}),
    decided(
      'the envelope is RED, and a part is not: unasked nothing goes',
      { ...titled(arcadia, open, { envelope: RED }), policy: EVERYTHING },
      M4,
      { title: INSIDE },
    ),
    both('AMBER+STRICT in a letter', labelOf(arcadia, 'unclassified', 'AMBER+STRICT'), A),
    both(
      'AMBER in a letter to nobody in particular',
      labelOf(arcadia, 'unclassified', 'AMBER'),
      A,
      TO_NOBODY,
    ),
    both('AMBER in a letter to outside the community', labelOf(arcadia, 'unclassified', 'AMBER'), M4, {
      ...TO_ANNA,
      ...STRANGER,
    }),
    both('no TLP, in a letter to outside the community', open, A, { ...TO_ANNA, ...STRANGER }),
    both('RED until a second from now: it is RED', withSuccession('RED', 'AMBER', NOW_SECONDS + 1), M4, {}),
    both('RED from now on: it is RED', withSuccession('AMBER', 'RED', NOW_SECONDS), M4, {}),
    both('RED until now: it goes unasked', withSuccession('RED', 'AMBER', NOW_SECONDS), A, {}),
  ];
}

/** A label with one TLP before a time and another from then on. */
function withSuccession(before: string, after: string, atSeconds: number): Entries {
  const label = labelOf(arcadia, 'unclassified', after);
  return labelOf(arcadia, 'unclassified', before, [[13, map([1, atSeconds], [2, label])]]);
}

/** What else binds a letter (3.2, 3.3, 3.5, 3.7): all that binds anything. */
function otherRows(): readonly ValidCase[] {
  const RED = (level: string, changes: Parameters<typeof labelOf>[3] = []): Entries =>
    labelOf(arcadia, level, 'RED', changes);
  const foreign = labelOf(cascadia, 'public');
  const relayed: Partial<Scene> = { ...TO_ANNA, issuer: cascadia, holder: arcadia };
  const scene = titled(cascadia, foreign, { envelope: foreign });
  const consent = {
    record: scene.record.idText,
    grant: hex(drawn('grant', 32)),
    parts: 'all',
    holder: arcadia.idText,
    thirdParty: borealis.idText,
    purposes: ['incident-response'],
    fromSeconds: NOW_SECONDS - 1,
    untilSeconds: NOW_SECONDS + 1,
  };
  const csirt = [7, [map([1, 'network'], [2, ['csirt']])]] as const;
  return [
    both('the recipient is not in releasableTo', RED('unclassified', [[5, [cascadia.id]]]), M2),
    both('above the ceiling', RED('secret'), M3),
    both('a category that the recipient does not hold', RED('unclassified', [csirt]), M5),
    both('a purpose that the label does not name', RED('unclassified', [[8, ['norm-verification']]]), M7),
    both('of another state, which releases it to the recipient', foreign, M2, relayed),
    both('of another state, with its consent', foreign, M2, { ...relayed, consents: [consent] }),
    both('of another state, to that state', foreign, M2, {
      ...relayed,
      recipient: cascadia,
      policy: policy([]),
    }),
    both('of another state, with its consent, in mode relay', foreign, A, {
      ...relayed,
      mode: 'relay',
      consents: [consent],
    }),
  ];
}

/** 4.1: who permits letters says so, and who forbids need not. */
function byRule(): readonly ValidCase[] {
  const of = (
    comment: string,
    rules: readonly JsonObject[],
    verdict: Verdict,
    more: Partial<Scene> = TO_ANNA,
  ): ValidCase =>
    decided(comment, { ...TITLED, policy: policy(rules), ...more }, verdict, { title: inside(verdict) });
  const letters = rule({ mode: 'letter' });
  const forbidding = (members: JsonObject = {}): JsonObject =>
    rule({ name: 'b', effect: 'forbid', ...members });
  return [
    of('a permitting rule for letters', [letters], A),
    of('a permitting rule for letters and more', [rule({ mode: ['push', 'letter'] })], A),
    of('a permitting rule without a mode', [rule()], NO_PERMIT),
    of('a permitting rule for every other mode', [rule({ mode: ['push', 'query', 'relay'] })], NO_PERMIT),
    of('a permitting rule for letters: nothing goes unasked', [letters], NO_PERMIT, {}),
    of('a permitting rule for letters: no question is answered', [letters], NO_PERMIT, { mode: 'query' }),
    of('a permitting rule for letters: nothing is handed on', [letters], NO_PERMIT, { mode: 'relay' }),
    of('a permitting rule for letters, and an officer is named for another mode', [letters], NO_PERMIT, {
      officer: 'anna',
    }),
    of('a forbidding rule without a mode', [letters, forbidding()], forbiddenBy('b')),
    of('a forbidding rule for letters', [letters, forbidding({ mode: 'letter' })], forbiddenBy('b')),
    of(
      'a forbidding rule for every other mode',
      [letters, forbidding({ mode: ['push', 'query', 'relay'] })],
      A,
    ),
    of(
      'a permitting rule for letters with another purpose',
      [rule({ mode: 'letter', purpose: 'norm-verification' })],
      NO_PERMIT,
    ),
    of('of two rules the one for letters is cited', [rule(), rule({ name: 'c', mode: 'letter' })], by('c')),
    of(
      'in embargo like anything else',
      [rule({ mode: 'letter', after: 'P1D' }), rule({ name: 'c', mode: 'letter' })],
      by('c'),
    ),
  ];
}

/** 4.15: no grant goes along in a letter. */
function byGrant(): readonly ValidCase[] {
  const grant = stating({ title, thirdParty: borealis.idText }, 'release-grant');
  const of = (comment: string, rules: readonly JsonObject[], verdict: Verdict): ValidCase =>
    decided(comment, { ...grant, policy: policy(rules), ...TO_ANNA }, verdict, {
      title: inside(verdict),
      thirdParty: inside(verdict),
    });
  return [
    of('a grant to the third party that it names', [], NO_PERMIT),
    of('a grant to the third party that it names, by a rule for letters', [rule({ mode: 'letter' })], A),
  ];
}

/** 4.12 a: who lets something go to one person, names the person. */
function byApproval(): readonly ValidCase[] {
  const needed: JsonObject = { ...needing(), mode: ['letter', 'push'] };
  const statement = (changes: JsonObject): JsonObject => said(asking(needed), TITLED, ['title'], changes);
  const anna = { mode: 'letter', addressee: 'anna' };
  const bertil = { mode: 'letter', addressee: 'bertil' };
  const W = waiting('a');
  const of = (
    comment: string,
    changes: readonly JsonObject[],
    verdict: Verdict,
    envelope: Verdict = verdict,
    more: Partial<Scene> = TO_ANNA,
  ): ValidCase =>
    decided(
      comment,
      { ...TITLED, policy: policy([needed]), approvals: changes.map(statement), ...more },
      envelope,
      { title: verdict },
    );
  return [
    of('nobody has said anything', [], W),
    of('approved for this officer', [anna], A),
    of('approved for another officer', [bertil], W),
    of('approved for an officer whose name begins alike', [{ mode: 'letter', addressee: 'ann' }], W),
    of('approved for no officer in particular', [{ mode: 'letter' }], W),
    of('approved for this officer, in another mode', [{ addressee: 'anna' }], W),
    of('approved for pushes', [{}], W),
    of('approved for this officer, and rejected for another', [anna, { ...bertil, ...NO, ...BEN }], A),
    of(
      'rejected for this officer, and approved for another',
      [
        { ...anna, ...NO },
        { ...bertil, ...BEN },
      ],
      rejectedBy('a'),
      W,
    ),
    of(
      'approved for this officer, then rejected for another by the same',
      [anna, { ...bertil, ...NO, atSeconds: NOW_SECONDS }],
      A,
    ),
    of('approved for this officer: a push waits', [anna], W, W, {}),
    of('approved for pushes with an officer, who does not matter there', [{ addressee: 'anna' }], A, A, {}),
    of('for nobody in particular: approved for nobody in particular', [{ mode: 'letter' }], A, A, TO_NOBODY),
    of('for nobody in particular: approved for an officer', [anna], W, W, TO_NOBODY),
  ];
}

/** 4.14. */
function byLimit(): readonly ValidCase[] {
  const of = (
    comment: string,
    account: Scene['account'],
    verdict: Verdict,
    approvals: readonly JsonObject[] = [],
  ): ValidCase =>
    decided(
      comment,
      {
        ...TITLED,
        ...TO_ANNA,
        policy: limited([rule({ mode: 'letter' })], [WEEK]),
        ...(account && { account }),
        approvals,
      },
      A,
      { title: verdict },
    );
  const approval = (changes: JsonObject): JsonObject =>
    said({ name: 'limits[0]', value: WEEK }, TITLED, ['title'], changes);
  const reached = { releases: times(2) };
  return [
    of('a limit is not reached', { releases: times(1) }, A),
    of('a limit is reached', reached, limit()),
    of('a limit is reached, and approved for this officer', reached, A, [
      approval({ mode: 'letter', addressee: 'anna' }),
    ]),
    of('a limit is reached, and approved for another officer', reached, limit(), [
      approval({ mode: 'letter', addressee: 'bertil' }),
    ]),
    of(
      'a limit is reached, and what the letter shows was released before',
      { ...reached, already: ['title'] },
      A,
    ),
  ];
}
