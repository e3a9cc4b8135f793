import { type Item, record } from '../cbor-text.ts';
import { field, recordText, withheldFields } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  forbiddenBy,
  INSIDE,
  NO_PERMIT,
  openOf,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { A, ALL, framed, NOTHING, shown } from './part-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** What is forbidden, which rule counts, and what becomes of the envelope (disclosure.md 4.7 to 4.10). */
export function decisionsByRule(): readonly VectorFile[] {
  return [
    decisions('parts-forbidden', forbidden()),
    decisions('rule-cited', cited()),
    decisions('envelope', envelopes()),
  ];
}

function forbidden(): readonly ValidCase[] {
  const F = forbiddenBy('b');
  const of = (
    comment: string,
    parts: string | readonly string[],
    verdicts: Readonly<Record<string, Verdict>>,
    scene = framed,
  ): ValidCase =>
    decided(
      comment,
      { ...scene, policy: policy([rule(), rule({ name: 'b', parts, effect: 'forbid' })]) },
      A,
      { ...ALL, ...verdicts },
    );
  const whole = { victim: F, 'victim.name': INSIDE, 'victim.sector': INSIDE };
  return [
    of('a part, though a rule permits it', 'title', { title: F }),
    of('a field with all that is under it', 'victim', whole),
    of('a list with its elements', ['indicators'], {
      indicators: F,
      'indicators[0]': INSIDE,
      'indicators[1]': INSIDE,
    }),
    of('a field in a frame: the frame itself shows nothing of it', 'victim.name', { 'victim.name': F }),
    of('a field in a part that shows something of its own', 'victim.name', whole, shown),
    of('a field that the record does not have, in a frame', 'victim.contact', {}),
    of(
      'a field that the record does not have, in a part that shows something of its own',
      'victim.contact',
      whole,
      shown,
    ),
    of('a field of another type', 'provisions', {}),
    decided(
      'a rule that permits the part by name does not help',
      {
        ...framed,
        policy: policy([
          rule({ parts: ['title', 'victim'] }),
          rule({ name: 'b', parts: 'title', effect: 'forbid' }),
        ]),
      },
      A,
      { ...NOTHING, title: F, victim: A, 'victim.name': A, 'victim.sector': A },
    ),
  ];
}

function cited(): readonly ValidCase[] {
  const rules = (...names: readonly string[]): JsonObject => policy(names.map((name) => rule({ name })));
  const all = (name: string) => Object.fromEntries(Object.keys(ALL).map((path) => [path, by(name)]));
  const forbidding = policy([
    rule(),
    ...['z', 'y', 'y-1'].map((name) => rule({ name, parts: 'title', effect: 'forbid' })),
  ]);
  return [
    decided(
      'of several that permit, the first by name',
      { ...framed, policy: rules('c', 'b', 'd') },
      by('b'),
      all('b'),
    ),
    decided(
      'bytewise: a hyphen before a digit before a letter',
      { ...framed, policy: rules('nb', 'n1', 'n-z') },
      by('n-z'),
      all('n-z'),
    ),
    decided(
      'bytewise: a name before one that goes on',
      { ...framed, policy: rules('na', 'n-', 'n') },
      by('n'),
      all('n'),
    ),
    decided('of several that forbid, the first by name', { ...framed, policy: forbidding }, A, {
      ...ALL,
      title: forbiddenBy('y'),
    }),
    decided(
      'one that covers wholly before one that gives a way, whatever the names',
      { ...framed, policy: policy([rule({ parts: 'victim.name' }), rule({ name: 'b', parts: 'victim' })]) },
      A,
      { ...NOTHING, victim: by('b'), 'victim.name': A, 'victim.sector': by('b') },
    ),
    decided(
      'of two ways, the first by name',
      {
        ...framed,
        policy: policy([
          rule({ name: 'b', parts: 'victim.sector' }),
          rule({ name: 'c', parts: 'victim.name' }),
        ]),
      },
      by('b'),
      { ...NOTHING, victim: by('b'), 'victim.name': by('c'), 'victim.sector': by('b') },
    ),
  ];
}

function envelopes(): readonly ValidCase[] {
  const title = field('title', record({ en: 'Ransomware at a hospital' }));
  const name = field('name', 'Hospital of Saint Alban');
  const inner = withheldFields([name]);
  const clear = (fields: Readonly<Record<string, Item>>): Scene => ({
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [title],
      payload: Object.entries(fields),
    }),
    paths: { title },
  });
  const stage = clear({ stage: 'final' });
  const two = clear({ stage: 'final', crossBorder: true });
  const nested: Scene = {
    ...clear({ victim: inner.item }),
    paths: { title, 'victim.name': name },
    disclosures: [title, name],
  };
  const of = (
    comment: string,
    scene: Scene,
    rules: readonly JsonObject[],
    envelope: Verdict,
    verdicts: Readonly<Record<string, Verdict>>,
    more: JsonObject = {},
  ): ValidCase => decided(comment, { ...scene, policy: policy(rules, more) }, envelope, verdicts);
  const withheld = { title: INSIDE };
  const B = forbiddenBy('b');
  const forbid = (members: JsonObject = {}): JsonObject => rule({ name: 'b', effect: 'forbid', ...members });
  return [
    of(
      'no field in the clear: a rule for some parts permits that the record exists',
      framed,
      [rule({ parts: 'tags' })],
      A,
      NOTHING,
    ),
    of(
      'a rule for some parts that does not cover the field in the clear',
      stage,
      [rule({ parts: 'title' })],
      NO_PERMIT,
      withheld,
    ),
    of('a rule for some parts that covers it', stage, [rule({ parts: ['title', 'stage'] })], A, { title: A }),
    of(
      'one rule covers the field in the clear, another the part',
      stage,
      [rule({ parts: 'title' }), rule({ name: 'b', parts: 'stage' })],
      by('b'),
      { title: A },
    ),
    of(
      'two fields in the clear, each covered by another rule: none covers the envelope',
      two,
      [rule({ parts: ['stage', 'title'] }), rule({ name: 'b', parts: 'crossBorder' })],
      NO_PERMIT,
      withheld,
    ),
    of(
      'two fields in the clear, both covered by one rule',
      two,
      [rule({ parts: ['crossBorder', 'stage'] })],
      A,
      { title: NO_PERMIT },
    ),
    of('a profile that drops the field in the clear', stage, [rule({ profile: 'p' })], NO_PERMIT, withheld, {
      profiles: { p: { drop: 'stage' } },
    }),
    of(
      'a profile that keeps the field in the clear',
      stage,
      [rule({ profile: 'p' })],
      A,
      { title: NO_PERMIT },
      { profiles: { p: { keep: 'stage' } } },
    ),
    of('a forbidding rule without parts', stage, [rule(), forbid()], B, withheld),
    of(
      'a forbidding rule that covers the field in the clear',
      stage,
      [rule(), forbid({ parts: 'stage' })],
      B,
      withheld,
    ),
    of('a forbidding rule for a part alone', stage, [rule(), forbid({ parts: 'title' })], A, { title: B }),
    of(
      'a map in the clear with a withheld field: it is no way to the field',
      nested,
      [rule({ parts: ['title', 'victim.name'] })],
      NO_PERMIT,
      { ...withheld, 'victim.name': INSIDE },
    ),
    of('a map in the clear with a withheld field: both covered', nested, [rule({ parts: 'victim' })], A, {
      title: NO_PERMIT,
      'victim.name': A,
    }),
    of(
      'a map in the clear, and a forbidding rule for a field in it',
      nested,
      [rule(), forbid({ parts: 'victim.name' })],
      B,
      { ...withheld, 'victim.name': INSIDE },
    ),
    decided(
      'in the clear for one recipient and not for another',
      {
        ...stage,
        recipient: cascadia,
        known: [arcadia],
        policy: policy([rule({ to: 'XCA', parts: 'title' })]),
      },
      NO_PERMIT,
      withheld,
    ),
  ];
}
