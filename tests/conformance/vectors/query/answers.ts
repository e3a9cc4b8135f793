import { type Item, map, record, SIMPLE_59 } from '../cbor-text.ts';
import { cascadia, openOf } from '../disclosure/decision-scenes.ts';
import { type Disclosure, field, withheldFields } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  answersTaken,
  type Course,
  type Handed,
  incident,
  incidentAgo,
  indicatorsOf,
  ofOneSecond,
  positionOf,
  taken,
  titleOf,
} from './answer-scenes.ts';

/** Answers that are taken (query.md §2, §3, §5). */
export function answers(): readonly VectorFile[] {
  return [
    answersTaken('order-and-pages', [...order(), ...pages(), ...records()]),
    answersTaken('filters', [...types(), ...sectors(), ...indicators(), ...since()]),
    answersTaken('filters-of-text', texts()),
  ];
}

const filtered = (comment: string, answer: Handed, filter: Course['filter']): ValidCase =>
  taken(comment, [answer], { filter: filter ?? {} });

function order(): readonly ValidCase[] {
  const [greater, smaller] = ofOneSecond();
  return [
    taken('no answer', []),
    taken('one answer', [incidentAgo(0)]),
    taken('the newer before the older', [incidentAgo(0), incidentAgo(1), incidentAgo(1000)]),
    taken('of one second, the greater id first', [greater, smaller]),
    taken('two records about one thing', [
      incidentAgo(0, { payload: [[4, [incidentAgo(5).record.id]]] }),
      incidentAgo(5),
    ]),
  ];
}

function pages(): readonly ValidCase[] {
  const [greater, smaller] = ofOneSecond();
  const last = incidentAgo(9);
  return [
    taken('as many as were asked for', [incidentAgo(0), last], { limit: 2 }),
    taken('fewer than were asked for', [incidentAgo(0)], { limit: 2 }),
    taken(
      'there is more: the next question goes on after the last one',
      [incidentAgo(0), last],
      { limit: 2, more: true },
      positionOf(last, NOW_SECONDS - 9),
    ),
    taken(
      'there is more, and fewer came than were asked for: the answering state has a limit of its own',
      [last],
      { limit: 100, more: true },
      positionOf(last, NOW_SECONDS - 9),
    ),
    taken('after a position: an older one', [incidentAgo(2)], {
      filter: { before: positionOf(incidentAgo(1), NOW_SECONDS - 1) },
    }),
    taken('after a position: one of the same second with a smaller id', [smaller], {
      filter: { before: positionOf(greater, NOW_SECONDS) },
    }),
    taken('after a position that no record has', [greater, smaller], {
      filter: { before: { issuedAtSeconds: NOW_SECONDS, recordId: 'f'.repeat(64) } },
    }),
    taken(
      'one goes on from the other: the second page',
      [incidentAgo(3), last],
      { filter: { before: positionOf(incidentAgo(1), NOW_SECONDS - 1) }, limit: 2, more: true },
      positionOf(last, NOW_SECONDS - 9),
    ),
  ];
}

function records(): readonly ValidCase[] {
  const whole = incident([titleOf('Ransomware'), field('stage', 'final')]);
  const [title, stage] = whole.disclosures as readonly [Disclosure, Disclosure];
  const part = (...disclosures: readonly Disclosure[]): Handed => ({ ...whole, disclosures });
  const foreign = incident([titleOf('Ransomware')], {
    issuer: cascadia,
    envelope: openOf(cascadia),
    issuedAtSeconds: NOW_SECONDS - 4,
  });
  return [
    taken('a part of a record', [part(title)]),
    taken('a record of which nothing is shown', [part()]),
    taken('the disclosures in another order', [part(stage, title)]),
    taken('a decoy is shown', [{ ...whole, disclosures: [...whole.disclosures, ...whole.record.decoys] }]),
    taken('the same part is held already', [part(title)], { held: [part(title)] }),
    taken('another part is held already', [part(title)], { held: [part(stage)] }),
    taken('what is held of another record does not matter', [part(title)], { held: [incidentAgo(50)] }),
    taken('what is held need not meet the filter', [part(title)], {
      held: [part(stage)],
      filter: { text: 'ransom' },
    }),
    taken('a record of a third state', [incidentAgo(0), foreign], { states: [arcadia, cascadia] }),
    taken('issued 300 seconds ahead of the clock', [incidentAgo(-300)]),
    taken('issued when the key had just become valid', [incidentAgo(0, { issuedAtSeconds: BEGIN_SECONDS })]),
    taken('a retraction', [
      incident([field('reason', record({ en: 'Mistaken.' }))], {
        subject: 'retraction/alban',
        payload: [[5, whole.record.id]],
      }),
    ]),
  ];
}

function types(): readonly ValidCase[] {
  return [
    filtered('the type asked for', incidentAgo(0), { types: ['incident'] }),
    filtered('one of several types', incidentAgo(0), { types: ['norm', 'incident'] }),
    filtered('a type that is not known here', incidentAgo(0, { subject: 'rumour/alban' }), {
      types: ['rumour'],
    }),
  ];
}

function sectors(): readonly ValidCase[] {
  const of = (...list: readonly string[]): Handed =>
    incident([field('sectors', list), titleOf('Ransomware')]);
  return [
    filtered('a sector', of('health'), { sectors: ['health'] }),
    filtered('one of several sectors, of a record with several', of('space', 'health'), {
      sectors: ['food', 'health'],
    }),
    filtered('a sub-sector', of('energy/oil'), { sectors: ['energy/oil'] }),
    filtered('a sub-sector of the one asked for', of('energy/oil'), { sectors: ['energy'] }),
    filtered(
      'sectors in the clear',
      incident([titleOf('Ransomware')], { payload: [['sectors', ['health']]] }),
      { sectors: ['health'] },
    ),
  ];
}

function indicators(): readonly ValidCase[] {
  const of = (...values: readonly Item[]): Handed => incident([indicatorsOf(...values)]);
  const two = of('198.51.100.7', 'mail.example');
  const [list, , second] = two.disclosures as readonly [Disclosure, Disclosure, Disclosure];
  return [
    filtered('an indicator', of('192.0.2.7'), { indicator: '192.0.2.7' }),
    filtered('one of several', two, { indicator: 'mail.example' }),
    filtered(
      'the others are withheld',
      { ...two, disclosures: [list, second] },
      { indicator: 'mail.example' },
    ),
    filtered('the first half of a composite one', of('update.exe|9f86d081'), { indicator: 'update.exe' }),
    filtered('the second half of a composite one', of('update.exe|9f86d081'), { indicator: '9f86d081' }),
    filtered('a composite one as a whole', of('update.exe|9f86d081'), { indicator: 'update.exe|9f86d081' }),
    filtered('a piece in the middle', of('a|b|c'), { indicator: 'b' }),
    filtered('the half of no character', of('|9f86d081'), { indicator: '' }),
    filtered(
      'indicators in the clear',
      incident([titleOf('Ransomware')], {
        payload: [['indicators', [record({ id: 'i-1', type: 'any', value: 'a|b' })]]],
      }),
      { indicator: 'a' },
    ),
  ];
}

function since(): readonly ValidCase[] {
  return [
    filtered('issued at the second', incidentAgo(7), { sinceSeconds: NOW_SECONDS - 7 }),
    filtered('issued after the second', incidentAgo(6), { sinceSeconds: NOW_SECONDS - 7 }),
    filtered(
      'everything at once',
      incident([titleOf('Ransomware'), field('sectors', ['health']), indicatorsOf('a')]),
      {
        types: ['incident'],
        sectors: ['health'],
        indicator: 'a',
        text: 'ransom',
        sinceSeconds: BEGIN_SECONDS,
        before: { issuedAtSeconds: NOW_SECONDS + 1, recordId: '0'.repeat(64) },
      },
    ),
  ];
}

function texts(): readonly ValidCase[] {
  const of = (comment: string, held: string, asked: string): ValidCase =>
    filtered(comment, incident([titleOf(held)]), { text: asked });
  const name = field('name', 'Hospital of Saint Alban');
  const victim = field('victim', withheldFields([name], [['country', 'XAR']]));
  const nested = incident([victim]);
  const deep = record({ list: [record({ inner: 'Needle' })], count: 7 });
  return [
    of('the whole text', 'Ransomware', 'Ransomware'),
    of('a piece from the middle', 'Ransomware', 'omw'),
    of('capitals in the record', 'RANSOMWARE', 'ransom'),
    of('capitals in the question', 'ransomware', 'RANSOM'),
    of('no character is in every text', 'Ransomware', ''),
    of('white space counts like any other character', 'at a hospital', 'at a'),
    of('letters with marks', 'BESANÇON', 'ç'),
    of('Greek in capitals, with a final sigma', 'ΟΔΟΣ', 'οδος'),
    of('Greek in the question, with a final sigma in the middle of the record', 'οδος Αθηνάς', 'ΟΔΟΣ'),
    of('Cyrillic', 'Больница', 'БОЛЬ'),
    of('the letter that one capital becomes two characters of', 'İSTANBUL', 'i\u0307stanbul'),
    of('the capital of a sharp s', 'STRAẞE', 'straße'),
    of('the sign of a unit that is a letter', '\u212Aelvin', 'kelvin'),
    of('letters beyond the first plane', '𐐀𐐁', '𐐨'),
    of('full-width letters', 'ＲＡＮＳＯＭ', 'ｒａｎｓｏｍ'),
    of('a text that is not normalised is compared as it is', 'e\u0301', 'e\u0301'),
    filtered('in a list in a map', incident([field('note', deep)]), { text: 'needle' }),
    filtered('in an element', incident([indicatorsOf('mail.example')]), { text: 'EXAMPLE' }),
    filtered('in a part of a part', nested, { text: 'alban' }),
    filtered('in a part whose own parts are withheld', { ...nested, disclosures: [victim] }, { text: 'xar' }),
    filtered('beside a withheld field', { ...nested, disclosures: [victim, name] }, { text: 'hospital' }),
    filtered('a text as a whole part', incident([field('stage', 'early-warning')]), { text: 'WARN' }),
    filtered(
      'in a map in a list of a part with withheld fields',
      incident([
        field(
          'note',
          map(
            ['a', [record({ b: 'Needle' })]],
            [
              SIMPLE_59,
              withheldFields([])
                .inner.map(({ digest }) => digest)
                .sort(Buffer.compare),
            ],
          ),
        ),
      ]),
      { text: 'needle' },
    ),
    filtered(
      'of a type that is not known here',
      incident([titleOf('Ransomware')], { subject: 'rumour/alban' }),
      { text: 'ransom' },
    ),
  ];
}
