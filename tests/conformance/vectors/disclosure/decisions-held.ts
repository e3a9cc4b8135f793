import { record } from '../cbor-text.ts';
import { field, recordText } from '../record/text.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, HOUR, said, waiting } from './approval-scenes.ts';
import {
  decisions,
  embargoed,
  INSIDE,
  INSIDE_HELD,
  labelOf,
  NO_PERMIT,
  openOf,
  rejectedBy,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { B, decide, free, need, W } from './held-scenes.ts';
import { A, framed, NOTHING, shown } from './part-scenes.ts';
import { type JsonObject, rule } from './policy-text.ts';

/** What is held, and what stands in it (disclosure.md 5.3). */
export function decisionsHeld(): VectorFile {
  return decisions('held', [...heldEnvelopes(), ...heldParts()]);
}

/** A title, a stage and a victim, with a field in the clear that the envelope carries. */
function open(): Scene {
  const title = field('title', record({ en: 'Ransomware at a hospital' }));
  const secret = field('summary', record({ en: 'Encrypted over night.' }), {
    label: labelOf(arcadia, 'secret'),
  });
  return {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [title, secret],
      payload: [['stage', 'final']],
    }),
    paths: { title, summary: secret },
  };
}

function heldEnvelopes(): readonly ValidCase[] {
  const scene = open();
  const M3: Verdict = { outcome: 'withhold', reason: 'classification', check: 'M3' };
  const stage = need({ parts: 'stage' });
  const yes = said(asking(stage), scene, ['title']);
  return [
    decide('the envelope waits, and a part would go: it is held inside', scene, [stage, free('title')], W, {
      title: INSIDE_HELD,
      summary: M3,
    }),
    decide(
      'the envelope is approved with a part that it is said of',
      scene,
      [stage, free('title')],
      A,
      { title: B, summary: M3 },
      [yes],
    ),
    decide('the envelope waits, and no part would go: the record is withheld', scene, [stage], W, {
      title: NO_PERMIT,
      summary: M3,
    }),
    decide(
      'the envelope waits, and a part waits for itself',
      scene,
      [stage, { ...need({ parts: 'title' }), name: 'b' }],
      W,
      { title: waiting('b'), summary: M3 },
    ),
    decide(
      'the envelope waits, and a part is in embargo',
      scene,
      [stage, { ...free('title'), after: 'PT1H' }],
      W,
      { title: embargoed('b', NOW_SECONDS + HOUR), summary: M3 },
    ),
    decide(
      'the envelope is in embargo: nobody is asked for what stands in it',
      scene,
      [rule({ parts: 'stage', after: 'PT1H' }), { ...need({ parts: 'title' }), name: 'b' }],
      embargoed('a', NOW_SECONDS + HOUR),
      { title: INSIDE, summary: INSIDE },
    ),
    decide(
      'the envelope waits, and a way leads to a part that would go',
      { ...framed, ...clearStage() },
      [stage, free('victim.name')],
      W,
      { title: NO_PERMIT, victim: INSIDE_HELD, 'victim.name': INSIDE_HELD, 'victim.sector': NO_PERMIT },
    ),
    decide(
      'the envelope waits, and a way leads to nothing',
      { ...framed, ...clearStage() },
      [stage, free('victim.contact')],
      W,
      { title: NO_PERMIT, victim: NO_PERMIT, 'victim.name': NO_PERMIT, 'victim.sector': NO_PERMIT },
    ),
  ];
}

/** The victim of `framed`, beside a field in the clear. */
function clearStage(): Scene {
  const { title, victim, 'victim.name': name, 'victim.sector': sector } = framed.paths;
  const body = [title, victim] as readonly Exclude<typeof title, undefined>[];
  return {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body,
      payload: [['stage', 'final']],
    }),
    paths: { title, victim, 'victim.name': name, 'victim.sector': sector } as Scene['paths'],
  };
}

function heldParts(): readonly ValidCase[] {
  const victim = need({ parts: 'victim' });
  const rules = [victim, free(['title', 'victim.name', 'indicators'])];
  const rest = { title: B, indicators: B, 'indicators[0]': B, 'indicators[1]': B };
  const yes = (at: readonly string[], changes: JsonObject = {}): JsonObject =>
    said(asking(victim), shown, at, changes);
  return [
    decide(
      'a part waits: what would go is held inside it, and what waits keeps its own reason',
      shown,
      rules,
      B,
      {
        ...rest,
        victim: W,
        'victim.name': INSIDE_HELD,
        'victim.sector': W,
      },
    ),
    decide(
      'the part is approved, and one that waits in it is not',
      shown,
      rules,
      A,
      { ...rest, victim: A, 'victim.name': B, 'victim.sector': W },
      [yes(['victim'])],
    ),
    decide(
      'the part in it is approved alone: it is held inside',
      shown,
      rules,
      A,
      { ...rest, victim: W, 'victim.name': INSIDE_HELD, 'victim.sector': INSIDE_HELD },
      [yes(['victim.sector'])],
    ),
    decide(
      'the part is rejected',
      shown,
      rules,
      B,
      { ...rest, victim: rejectedBy('a'), 'victim.name': INSIDE, 'victim.sector': INSIDE },
      [yes(['victim'], { decision: 'reject' })],
    ),
    decide(
      'a part in a part that waits is rejected',
      shown,
      rules,
      B,
      { ...rest, victim: W, 'victim.name': INSIDE_HELD, 'victim.sector': rejectedBy('a') },
      [yes(['victim.sector'], { decision: 'reject' })],
    ),
    decide(
      'a part waits, and a rule forbids one in it',
      shown,
      [need(), rule({ name: 'b', parts: 'indicators', effect: 'forbid' })],
      W,
      {
        title: W,
        victim: W,
        'victim.name': W,
        'victim.sector': W,
        indicators: { outcome: 'withhold', reason: 'forbid', rule: 'b' },
        'indicators[0]': INSIDE,
        'indicators[1]': INSIDE,
      },
    ),
    decide(
      'one part waits, and nothing else is permitted: the record is held',
      shown,
      [need({ parts: 'title' })],
      W,
      {
        ...NOTHING,
        title: W,
      },
    ),
  ];
}
