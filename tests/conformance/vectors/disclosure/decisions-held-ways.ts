import { field, recordText, withheldFields } from '../record/text.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { asking, HOUR, said, waiting } from './approval-scenes.ts';
import {
  aroundHeld,
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
import { A, framed, NOTHING } from './part-scenes.ts';
import { type JsonObject, rule } from './policy-text.ts';

/** A frame that is covered as a way, and what is held in it (disclosure.md 5.4, 5.5). */
export function decisionsHeldWays(): VectorFile {
  return decisions('held-ways', [...ways(), ...wholeAndWay()]);
}

/** A rule for a part in a frame waits, so the frame is a way that waits. */
function ways(): readonly ValidCase[] {
  const name = need({ parts: 'victim.name' });
  const rules = [name, free('title')];
  const yes = (at: readonly string[], changes: JsonObject = {}): JsonObject =>
    said(asking(name), framed, at, changes);
  const way = { ...NOTHING, title: B, victim: W, 'victim.name': W, 'victim.sector': NO_PERMIT };
  const { 'victim.name': _name, ...withoutName } = { ...way, victim: NO_PERMIT };
  const both = need({ parts: ['victim.name', 'victim.sector'] });
  return [
    decide('the way waits with the part', framed, rules, B, way),
    decide('way and part are approved', framed, rules, A, { ...way, victim: A, 'victim.name': A }, [
      yes(['victim', 'victim.name']),
    ]),
    decide('the part is approved without the way', framed, rules, A, { ...way, 'victim.name': INSIDE_HELD }, [
      yes(['victim.name']),
    ]),
    decide(
      'the way is approved without the part: a way to something that is held',
      framed,
      rules,
      A,
      { ...way, victim: aroundHeld('a') },
      [yes(['victim'])],
    ),
    decide(
      'the way is rejected',
      framed,
      rules,
      B,
      { ...way, victim: rejectedBy('a'), 'victim.name': INSIDE, 'victim.sector': INSIDE },
      [yes(['victim'], { decision: 'reject' })],
    ),
    decide(
      'the part is rejected: the way to it is not held for it',
      framed,
      rules,
      B,
      { ...way, victim: NO_PERMIT, 'victim.name': rejectedBy('a') },
      [yes(['victim.name'], { decision: 'reject' })],
    ),
    decide(
      'the holder does not have the part: nobody is asked for the way',
      { ...framed, disclosures: framed.record.parts.filter((part) => part !== framed.paths['victim.name']) },
      rules,
      B,
      withoutName,
    ),
    decide(
      'a way that waits for one part, and a rule without a need for another in it',
      framed,
      [name, free('victim.sector')],
      B,
      { ...NOTHING, victim: B, 'victim.name': W, 'victim.sector': B },
    ),
    decide(
      'a way that waits to two parts, of which one is approved with it',
      framed,
      [both],
      A,
      { ...NOTHING, victim: A, 'victim.name': A, 'victim.sector': W },
      [said(asking(both), framed, ['victim', 'victim.name'])],
    ),
  ];
}

/** A frame is covered wholly by one rule, and as a way by another. */
function wholeAndWay(): readonly ValidCase[] {
  const whole = need({ parts: 'victim' });
  const later = rule({ parts: 'victim', after: 'PT1H' });
  const ends = embargoed('a', NOW_SECONDS + HOUR);
  const rest = { ...NOTHING };
  const toSecret = (
    rules: readonly JsonObject[],
    comment: string,
    victim: Verdict,
    sector: Verdict,
    approvals: readonly JsonObject[] = [],
  ): ValidCase => {
    const scene = secretName();
    return decide(
      comment,
      scene,
      rules,
      B,
      {
        victim,
        'victim.name': { outcome: 'withhold', reason: 'classification', check: 'M3' },
        'victim.sector': sector,
      },
      approvals,
    );
  };
  const no = said(asking(whole), framed, ['victim'], { decision: 'reject' });
  const way = free('victim.name');
  return [
    decide('the whole waits, and the way is free: what it leads to goes', framed, [whole, way], B, {
      ...rest,
      victim: B,
      'victim.name': B,
      'victim.sector': W,
    }),
    decide(
      'the whole is rejected, and the way is free: what it would lead to stays with it',
      framed,
      [whole, way],
      B,
      { ...rest, victim: rejectedBy('a'), 'victim.name': INSIDE, 'victim.sector': INSIDE },
      [no],
    ),
    toSecret([whole, way], 'the whole waits, and the way leads to what its label withholds', W, W),
    toSecret(
      [later, way],
      'the whole is in embargo, and the way leads to what its label withholds',
      ends,
      ends,
    ),
    decide(
      'the whole waits, and so does the way: the rule for the whole is cited, whatever the names',
      framed,
      [{ ...whole, name: 'z' }, need({ parts: 'victim.name' })],
      W,
      { ...rest, victim: waiting('z'), 'victim.name': W, 'victim.sector': waiting('z') },
    ),
    decide(
      'the whole is in embargo, and the way waits: the embargo is told',
      framed,
      [later, { ...need({ parts: 'victim.name' }), name: 'b' }],
      waiting('b'),
      { ...rest, victim: ends, 'victim.name': INSIDE, 'victim.sector': INSIDE },
    ),
  ];
}

/** A victim whose name is above what may go. */
function secretName(): Scene {
  const name = field('name', 'Hospital of Saint Alban', { label: labelOf(arcadia, 'secret') });
  const { 'victim.sector': sector } = framed.paths as {
    'victim.sector': NonNullable<Scene['paths'][string]>;
  };
  const victim = field('victim', withheldFields([name, sector]));
  return {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [victim],
    }),
    paths: { victim, 'victim.name': name, 'victim.sector': sector },
  };
}
