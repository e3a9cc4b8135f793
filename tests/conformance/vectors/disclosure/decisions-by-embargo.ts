import type { Item } from '../cbor-text.ts';
import { NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, DAY, HOUR, needing, said, TITLED, waiting } from './approval-scenes.ts';
import { stating, title } from './condition-scenes.ts';
import {
  by,
  decided,
  decisions,
  embargoed,
  forbiddenBy,
  INSIDE,
  NO_PERMIT,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { A, framed } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** What a rule permits from a time on (disclosure.md 4.11, 4.13). The record is issued at NOW_SECONDS. */
export function decisionsByEmbargo(): readonly VectorFile[] {
  return [
    decisions('embargo', [...ends(), ...ofSeveralRules(), ...withApproval()]),
    decisions('embargo-anchors', anchors()),
  ];
}

/** What comes of envelope and title under these rules at a time. */
function at(
  comment: string,
  atSeconds: number,
  rules: readonly JsonObject[],
  verdict: Verdict,
  more: Partial<Scene> = {},
): ValidCase {
  const scene: Scene = { ...TITLED, atSeconds, policy: policy(rules), ...more };
  return decided(comment, scene, verdict, { title: verdict.outcome === 'release' ? verdict : INSIDE });
}

function ends(): readonly ValidCase[] {
  const lasting = (after: string, seconds: number): readonly ValidCase[] => {
    const rules = [rule({ after })];
    const until = NOW_SECONDS + seconds;
    return [
      at(`${after}: a second before the end`, until - 1, rules, embargoed('a', until)),
      at(`${after}: the second of the end`, until, rules, A),
    ];
  };
  return [
    at(
      'the second of the issue',
      NOW_SECONDS,
      [rule({ after: 'PT6H' })],
      embargoed('a', NOW_SECONDS + 6 * HOUR),
    ),
    at(
      'a day before the record says that it was issued',
      NOW_SECONDS - DAY / 2,
      [rule({ after: 'PT6H' })],
      embargoed('a', NOW_SECONDS + 6 * HOUR),
    ),
    ...lasting('PT1S', 1),
    ...lasting('PT90M', 90 * 60),
    ...lasting('P1W', 7 * DAY),
    ...lasting('P1DT2H3M4S', DAY + 2 * HOUR + 184),
    ...lasting('P00DT007H', 7 * HOUR),
    ...lasting('P1DT5S', DAY + 5),
  ];
}

function ofSeveralRules(): readonly ValidCase[] {
  const hour = NOW_SECONDS + HOUR;
  const [a, b] = [rule({ after: 'PT2H' }), rule({ name: 'b', after: 'PT1H' })];
  const whole: Readonly<Record<string, Verdict>> = {
    title: embargoed('a', hour + HOUR),
    victim: by('b'),
    'victim.name': by('b'),
    'victim.sector': embargoed('a', hour + HOUR),
    indicators: embargoed('a', hour + HOUR),
    'indicators[0]': INSIDE,
    'indicators[1]': INSIDE,
  };
  return [
    at('of two embargoes that which ends first', NOW_SECONDS, [a, b], embargoed('b', hour)),
    at('one of two has ended', hour, [a, b], by('b')),
    at(
      'of two that end at once the first by name',
      NOW_SECONDS,
      [{ ...a, name: 'c', after: 'PT60M' }, b],
      embargoed('b', hour),
    ),
    at('both have ended: the first by name', hour + HOUR, [b, a], A),
    at('an embargo, and a rule without', NOW_SECONDS, [a, rule({ name: 'b' })], by('b')),
    at('an embargo on a rule for somebody else', NOW_SECONDS, [{ ...a, to: 'XAR' }], NO_PERMIT),
    at(
      'an embargo, and a rule that forbids',
      hour + HOUR,
      [a, rule({ name: 'b', effect: 'forbid' })],
      forbiddenBy('b'),
    ),
    decided(
      'an embargo on the whole, and a way that is free: what the way leads to goes',
      { ...framed, policy: policy([a, rule({ name: 'b', parts: 'victim.name' })]) },
      by('b'),
      whole,
    ),
    decided(
      'an embargo on a way: the frame is withheld, and what is in it',
      { ...framed, policy: policy([{ ...a, parts: 'victim.name' }, rule({ name: 'b', parts: 'title' })]) },
      by('b'),
      {
        title: by('b'),
        victim: embargoed('a', hour + HOUR),
        'victim.name': INSIDE,
        'victim.sector': INSIDE,
        indicators: NO_PERMIT,
        'indicators[0]': INSIDE,
        'indicators[1]': INSIDE,
      },
    ),
    decided(
      'an embargo on the whole, and a way that leads to nothing: the embargo is told',
      {
        ...framed,
        policy: policy([a, rule({ name: 'b', parts: 'victim.contact' })]),
      },
      by('b'),
      {
        ...whole,
        victim: embargoed('a', hour + HOUR),
        'victim.name': embargoed('a', hour + HOUR),
        'victim.sector': embargoed('a', hour + HOUR),
      },
    ),
  ];
}

function withApproval(): readonly ValidCase[] {
  const embargoedNeed = { ...needing(), after: 'PT1H' };
  const hour = NOW_SECONDS + HOUR;
  const plain = needing();
  const yes = said(asking(embargoedNeed), TITLED, ['title']);
  const one = (
    comment: string,
    atSeconds: number,
    rules: readonly JsonObject[],
    verdict: Verdict,
    title: Verdict,
    approvals: readonly JsonObject[],
  ): ValidCase =>
    decided(comment, { ...TITLED, atSeconds, policy: policy(rules), approvals }, verdict, { title });
  return [
    one('in embargo nobody is asked', hour - 1, [embargoedNeed], embargoed('a', hour), INSIDE, []),
    one('after the embargo officers are', hour, [embargoedNeed], waiting('a'), waiting('a'), []),
    one('approved in the embargo: it goes when that ends', hour, [embargoedNeed], A, A, [yes]),
    one('approved, and still in embargo', hour - 1, [embargoedNeed], embargoed('a', hour), INSIDE, [yes]),
    one(
      'one rule in embargo, and another waits',
      NOW_SECONDS,
      [rule({ after: 'PT1H' }), { ...plain, name: 'b' }],
      waiting('b'),
      waiting('b'),
      [],
    ),
  ];
}

/** The stated times, and what of them is not known. */
function anchors(): readonly ValidCase[] {
  const day = NOW_SECONDS - DAY;
  const from = (anchor: string, after = 'P2D'): readonly JsonObject[] => [rule({ after, from: anchor })];
  const stated = (fields: Readonly<Record<string, Item>>): Scene => stating({ title, ...fields });
  const of = (comment: string, scene: Scene, rules: readonly JsonObject[], verdict: Verdict): ValidCase => {
    const held = Object.keys(scene.paths).filter(
      (path) => scene.disclosures?.some((part) => part === scene.paths[path]) ?? true,
    );
    const part = verdict.outcome === 'release' ? verdict : INSIDE;
    return decided(
      comment,
      { ...scene, policy: policy(rules) },
      verdict,
      Object.fromEntries(held.map((path) => [path, part])),
    );
  };
  const times: readonly (readonly [string, string])[] = [
    ['occurred', 'occurredAt'],
    ['detected', 'detectedAt'],
    ['aware', 'awareAt'],
  ];
  const occurred = stated({ occurredAt: day });
  const bare = stated({});
  const silent = { ...bare, disclosures: [...bare.record.parts, ...bare.record.decoys] };
  const only = (name: string, scene: Scene): Scene => ({
    ...scene,
    disclosures: scene.record.parts.filter((part) => part === scene.paths[name]),
  });
  return [
    ...times.flatMap(([anchor, name]) => [
      of(`${anchor}: in embargo`, stated({ [name]: day }), from(anchor), embargoed('a', day + 2 * DAY)),
      of(`${anchor}: over`, stated({ [name]: day - DAY }), from(anchor), A),
      of(`${anchor}: not stated, as every other digest is a decoy`, silent, from(anchor), NO_PERMIT),
      of(`${anchor}: not in sight`, stated({}), from(anchor), NO_PERMIT),
      of(
        `${anchor}: the holder does not have it`,
        only('title', stated({ [name]: day - DAY })),
        from(anchor),
        NO_PERMIT,
      ),
    ]),
    of(
      'issued, written out',
      stated({ occurredAt: day }),
      from('issued', 'PT1H'),
      embargoed('a', NOW_SECONDS + HOUR),
    ),
    of(
      'issued, where it occurred long ago',
      stated({ occurredAt: 0 }),
      [rule({ after: 'PT1H' })],
      embargoed('a', NOW_SECONDS + HOUR),
    ),
    of(
      'it occurred at the first second that there is',
      stated({ occurredAt: 0 }),
      from('occurred', 'P3650D'),
      A,
    ),
    of(
      'it is said to occur in the last second that there is',
      stated({ occurredAt: 253_402_300_799 }),
      from('occurred', 'PT1S'),
      embargoed('a', 253_402_300_800),
    ),
    of('another time is stated', occurred, from('detected'), NO_PERMIT),
    of('the time as a text', stated({ occurredAt: '2026-11-20' }), from('occurred'), NO_PERMIT),
    of('a time before the first second', stated({ occurredAt: -1 }), from('occurred'), NO_PERMIT),
    of('a time as a list', stated({ occurredAt: [day] }), from('occurred'), NO_PERMIT),
    of(
      'the time in the clear',
      stating({ title }, 'incident', { occurredAt: day - DAY }),
      [rule({ after: 'P2D', from: 'occurred' })],
      A,
    ),
    of(
      'a type that has no such time, with a field of this name',
      stating({ title, occurredAt: day - DAY }, 'norm'),
      from('occurred'),
      NO_PERMIT,
    ),
    of(
      'a type that has no such time, from its issue',
      stating({ title, kind: 'voluntary' }, 'norm'),
      from('issued', 'PT1H'),
      embargoed('a', NOW_SECONDS + HOUR),
    ),
    of(
      'the time is not known, and another rule permits',
      stated({}),
      [...from('occurred'), rule({ name: 'b' })],
      by('b'),
    ),
    of(
      'conditions do not hold, in embargo',
      stated({ occurredAt: day }),
      [rule({ after: 'P2D', from: 'occurred', when: { type: 'norm' } })],
      NO_PERMIT,
    ),
    of(
      'conditions are unknown, after the embargo',
      stated({ occurredAt: day }),
      [rule({ after: 'PT1H', from: 'occurred', when: { sector: 'health' } })],
      NO_PERMIT,
    ),
  ];
}
