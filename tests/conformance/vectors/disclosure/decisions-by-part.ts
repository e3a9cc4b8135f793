import { element, field, recordText, withheldElements, withheldFields } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  decided,
  decisions,
  INSIDE,
  NO_PERMIT,
  openOf,
  type Scene,
  type Verdict,
} from './decision-scenes.ts';
import { A, ALL, framed, NOTHING, shown, withRule } from './part-scenes.ts';
import type { JsonObject } from './policy-text.ts';

/** Which parts a permitting rule covers (disclosure.md 4.4 to 4.6). */
export function decisionsByPart(): VectorFile {
  return decisions('parts', [...permitted(), ...profiles()]);
}

function permitted(): readonly ValidCase[] {
  const of = (
    comment: string,
    parts: string | readonly string[],
    verdicts: Readonly<Record<string, Verdict>>,
    scene = framed,
  ): ValidCase => decided(comment, withRule(scene, { parts }), A, { ...NOTHING, ...verdicts });
  const nameAlone = { victim: A, 'victim.name': A, 'victim.sector': NO_PERMIT };
  const { record: text, paths } = framed;
  return [
    decided('a rule without parts covers all', withRule(framed, {}), A, ALL),
    of('a field that is one part', 'title', { title: A }),
    of('a field with all that is under it', ['victim'], { victim: A, 'victim.name': A, 'victim.sector': A }),
    of('elements are under their list, whatever their positions', 'indicators', {
      indicators: A,
      'indicators[0]': A,
      'indicators[1]': A,
    }),
    of('a field in a frame: the frame is the way to it', 'victim.name', nameAlone),
    of('two fields of one frame', ['victim.sector', 'victim.name'], { ...nameAlone, 'victim.sector': A }),
    of('a field in a part that shows something of its own: there is no way', 'victim.name', {}, shown),
    of(
      'a part that shows something of its own, as a whole',
      'victim',
      { victim: A, 'victim.name': A, 'victim.sector': A },
      shown,
    ),
    of('a field that the record does not have: the way to it leads to nothing', 'victim.contact', {
      'victim.name': NO_PERMIT,
      'victim.sector': NO_PERMIT,
    }),
    of('a field of another name that begins alike', 'narrative', {}),
    {
      ...decided(
        'a frame in which the holder does not have everything is a frame',
        {
          ...withRule(framed, { parts: 'victim.name' }),
          disclosures: text.parts.filter((part) => part !== paths['victim.sector']),
        },
        A,
        Object.fromEntries(
          Object.entries({ ...NOTHING, ...nameAlone }).filter(([path]) => path !== 'victim.sector'),
        ),
      ),
    },
    partsInElements(),
    fieldsInFields(),
  ];
}

function partsInElements(): ValidCase {
  const value = field('value', '192.0.2.7');
  const first = element(withheldFields([value], [['id', 'i-1']]));
  const indicators = field('indicators', withheldElements([first]));
  const scene: Scene = {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [indicators],
    }),
    paths: { indicators, 'indicators[0]': first, 'indicators[0].value': value },
  };
  return decided('a part in an element', withRule(scene, { parts: 'indicators' }), A, {
    indicators: A,
    'indicators[0]': A,
    'indicators[0].value': A,
  });
}

function fieldsInFields(): ValidCase {
  const phone = field('phone', '+1 555 0100');
  const contact = field('contact', withheldFields([phone]));
  const name = field('name', 'Hospital of Saint Alban');
  const victim = field('victim', withheldFields([name, contact]));
  const scene: Scene = {
    record: recordText({
      issuer: arcadia,
      subject: 'incident/alban',
      envelope: openOf(arcadia),
      body: [victim],
    }),
    paths: { victim, 'victim.name': name, 'victim.contact': contact, 'victim.contact.phone': phone },
  };
  return decided('a part in a part in a frame', withRule(scene, { parts: 'victim.contact' }), A, {
    victim: A,
    'victim.name': NO_PERMIT,
    'victim.contact': A,
    'victim.contact.phone': A,
  });
}

function profiles(): readonly ValidCase[] {
  const of = (
    comment: string,
    profile: JsonObject,
    verdicts: Readonly<Record<string, Verdict>>,
    scene = framed,
    members: JsonObject = {},
  ): ValidCase =>
    decided(
      comment,
      withRule(scene, { profile: 'p', ...members }, { profiles: { p: profile } }),
      A,
      verdicts,
    );
  const sectorAlone = { victim: A, 'victim.name': NO_PERMIT, 'victim.sector': A };
  return [
    of('a profile that keeps a part', { keep: 'title' }, { ...NOTHING, title: A }),
    of(
      'a profile that keeps a field in a frame',
      { keep: ['victim.sector'] },
      { ...NOTHING, ...sectorAlone },
    ),
    of(
      'a profile that drops a field in a frame',
      { drop: 'victim.name' },
      { ...ALL, 'victim.name': NO_PERMIT },
    ),
    of(
      'a profile that drops a field with all that is under it',
      { drop: 'victim' },
      { ...ALL, victim: NO_PERMIT, 'victim.name': INSIDE, 'victim.sector': INSIDE },
    ),
    of(
      'a profile that drops a field in a part that shows something of its own: it goes as well',
      { drop: 'victim.name' },
      { ...ALL, victim: NO_PERMIT, 'victim.name': INSIDE, 'victim.sector': INSIDE },
      shown,
    ),
    of(
      'dropped again from what is kept',
      { keep: 'victim', drop: 'victim.name' },
      { ...NOTHING, ...sectorAlone },
    ),
    of('kept and dropped: dropped', { keep: 'victim', drop: 'victim' }, NOTHING),
    of(
      'of parts and keep the lesser: wholly and as a way',
      { keep: ['victim.sector', 'title'] },
      { ...NOTHING, ...sectorAlone },
      framed,
      { parts: 'victim' },
    ),
    of(
      'of parts and keep the lesser: two ways that lead to different parts, and so to none',
      { keep: 'victim.sector' },
      { ...NOTHING, 'victim.name': NO_PERMIT, 'victim.sector': NO_PERMIT },
      framed,
      { parts: 'victim.name' },
    ),
    of(
      'of parts and keep the lesser: a way to what the record does not have',
      { keep: 'victim.contact' },
      { ...NOTHING, 'victim.name': NO_PERMIT, 'victim.sector': NO_PERMIT },
      framed,
      { parts: 'victim' },
    ),
    of('of parts and keep the lesser: nothing in common', { keep: 'victim' }, NOTHING, framed, {
      parts: 'title',
    }),
    decided('the registered profile peer-technical', withRule(framed, { profile: 'peer-technical' }), A, {
      ...NOTHING,
      indicators: A,
      'indicators[0]': A,
      'indicators[1]': A,
    }),
    decided('the registered profile peer-operational', withRule(framed, { profile: 'peer-operational' }), A, {
      ...NOTHING,
      ...sectorAlone,
      indicators: A,
      'indicators[0]': A,
      'indicators[1]': A,
    }),
    decided('the registered profile norm-audit', withRule(framed, { profile: 'norm-audit' }), A, NOTHING),
    decided(
      'the registered profile originator-full',
      withRule(framed, { profile: 'originator-full' }),
      A,
      ALL,
    ),
  ];
}
