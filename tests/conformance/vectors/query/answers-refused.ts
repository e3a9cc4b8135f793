import { type Item, record } from '../cbor-text.ts';
import { type Disclosure, field, withheldFields } from '../record/text.ts';
import { NOW_SECONDS } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import {
  answersRefused,
  type Course,
  type Handed,
  incident,
  incidentAgo,
  indicatorsOf,
  ofOneSecond,
  positionOf,
  refused,
  titleOf,
} from './answer-scenes.ts';
import { notVerified } from './answers-not-verified.ts';

/** Answers that are not taken (query.md §2, §3, §5). */
export function refusedAnswers(): readonly VectorFile[] {
  return [
    answersRefused('answers', [...counted(), ...ordered(), ...exercises()]),
    answersRefused('answers-unasked', [...types(), ...sectors(), ...indicators(), ...times(), ...texts()]),
    answersRefused('answers-not-verified', notVerified()),
  ];
}

function counted(): readonly InvalidCase[] {
  const many = (comment: string, answers: readonly Handed[], limit: number): InvalidCase =>
    refused('query.too-many-answers', '5.1', comment, answers, { limit });
  const empty = (comment: string, course: Course): InvalidCase =>
    refused('query.more-without-answers', '5.5', comment, [], { ...course, more: true });
  return [
    many('two answers where one was asked for', [incidentAgo(0), incidentAgo(1)], 1),
    many('three answers where two were asked for', [incidentAgo(0), incidentAgo(1), incidentAgo(2)], 2),
    empty('there is more, and nothing came', {}),
    empty('there is more after a position, and nothing came', {
      filter: { before: positionOf(incidentAgo(1), NOW_SECONDS - 1) },
      limit: 5,
    }),
  ];
}

function ordered(): readonly InvalidCase[] {
  const of = (clause: string, comment: string, answers: readonly Handed[]): InvalidCase =>
    refused('query.answer-out-of-order', clause, comment, answers);
  const [greater, smaller] = ofOneSecond();
  const whole = incident([titleOf('Ransomware'), field('stage', 'final')]);
  const [title, stage] = whole.disclosures as readonly [Disclosure, Disclosure];
  return [
    of('5.3', 'the older before the newer', [incidentAgo(1), incidentAgo(0)]),
    of('5.3', 'the third is newer than the second', [incidentAgo(0), incidentAgo(9), incidentAgo(8)]),
    of('5.3', 'of one second, the smaller id first', [smaller, greater]),
    of('3.2', 'a record twice', [greater, greater]),
    of('3.2', 'a record twice, each time with another part', [
      { ...whole, disclosures: [title] },
      { ...whole, disclosures: [stage] },
    ]),
  ];
}

function unasked(clause: string, comment: string, answer: Handed, filter: Course['filter']): InvalidCase {
  return refused('query.answer-unasked', clause, comment, [answer], { filter: filter ?? {} });
}

function exercises(): readonly InvalidCase[] {
  const of = (comment: string, filter: Course['filter']): InvalidCase =>
    unasked('2.9', comment, incidentAgo(0, { payload: [[3, 'winter']] }), filter);
  return [
    of('a record of an exercise', {}),
    of('a record of an exercise that meets the filter', { types: ['incident'], text: 'ransom' }),
  ];
}

function types(): readonly InvalidCase[] {
  const of = (comment: string, ...list: readonly string[]): InvalidCase =>
    unasked('5.3', comment, incidentAgo(0), { types: list });
  return [
    of('a record of another type', 'norm', 'commitment'),
    of('the type in another letter case', 'Incident'),
    of('the beginning of the type', 'inc'),
    of('no record is of what is no type', ''),
    refused(
      'query.answer-unasked',
      '5.3',
      'the second answer is of another type',
      [incidentAgo(0), incidentAgo(1, { subject: 'norm/alban' })],
      { filter: { types: ['incident'] } },
    ),
  ];
}

function sectors(): readonly InvalidCase[] {
  const of = (comment: string, stated: Item, ...asked: readonly string[]): InvalidCase =>
    unasked('5.3', comment, incident([field('sectors', stated)]), { sectors: asked });
  const hidden = incident([titleOf('Ransomware'), field('sectors', ['health'])]);
  return [
    of('another sector', ['space'], 'health', 'food'),
    of('another sub-sector', ['energy/gas'], 'energy/oil'),
    of('the sector above the one asked for: it says less', ['energy'], 'energy/oil'),
    of('the beginning of a sector', ['drinking-water'], 'drinking'),
    of('the sector in another letter case', ['health'], 'Health'),
    of('a sector with a slash behind it', ['energy/oil'], 'energy/'),
    of('sectors in another form', 'health', 'health'),
    of('one of the sectors is not registered: none can be relied on', ['health', 'piracy'], 'health'),
    unasked(
      '5.3',
      'the sectors are withheld: what is not shown does not count',
      { ...hidden, disclosures: hidden.disclosures.slice(0, 1) },
      { sectors: ['health'] },
    ),
    unasked(
      '5.3',
      'sectors of a type that is not known here',
      incident([field('sectors', ['health'])], { subject: 'rumour/alban' }),
      { sectors: ['health'] },
    ),
    unasked(
      '5.3',
      'sectors of a type that has none',
      incident([field('sectors', ['health'])], { subject: 'norm/alban' }),
      { sectors: ['health'] },
    ),
  ];
}

function indicators(): readonly InvalidCase[] {
  const of = (comment: string, value: Item, asked: string): InvalidCase =>
    unasked('5.3', comment, incident([indicatorsOf(value)]), { indicator: asked });
  const two = incident([indicatorsOf('198.51.100.7', 'mail.example')]);
  const [list, first] = two.disclosures as readonly [Disclosure, Disclosure];
  return [
    of('another indicator', '192.0.2.7', '192.0.2.8'),
    of('a piece of an indicator', '192.0.2.70', '192.0.2.7'),
    of('an indicator in another letter case', 'mail.example', 'MAIL.example'),
    of('white space around a half', 'a | b', 'a'),
    of('two pieces of three', 'a|b|c', 'a|b'),
    of('an indicator that is a number', 7, '7'),
    unasked(
      '5.3',
      'the element is withheld',
      { ...two, disclosures: [list, first] },
      { indicator: 'mail.example' },
    ),
    unasked('5.3', 'the list is withheld', { ...two, disclosures: [] }, { indicator: 'mail.example' }),
    unasked('5.3', 'the text stands elsewhere', incident([titleOf('mail.example')]), {
      indicator: 'mail.example',
    }),
    unasked('5.3', 'the list is no list', incident([field('indicators', record({ value: 'a' }))]), {
      indicator: 'a',
    }),
    unasked('5.3', 'the element is no map', incident([field('indicators', ['a'])]), { indicator: 'a' }),
  ];
}

function times(): readonly InvalidCase[] {
  const [greater, smaller] = ofOneSecond();
  const before = (comment: string, answer: Handed, position: Handed, seconds: number): InvalidCase =>
    unasked('5.3', comment, answer, { before: positionOf(position, seconds) });
  return [
    unasked('5.3', 'issued the second before', incidentAgo(8), { sinceSeconds: NOW_SECONDS - 7 }),
    before('the record of the position itself', incidentAgo(1), incidentAgo(1), NOW_SECONDS - 1),
    before('a record newer than the position', incidentAgo(0), incidentAgo(1), NOW_SECONDS - 1),
    before('of the second of the position, with a greater id', greater, smaller, NOW_SECONDS),
  ];
}

function texts(): readonly InvalidCase[] {
  const of = (comment: string, held: string, asked: string): InvalidCase =>
    unasked('5.3', comment, incident([titleOf(held)]), { text: asked });
  const name = field('name', 'Hospital of Saint Alban');
  const victim = field('victim', withheldFields([name], [['country', 'XAR']]));
  const nested = incident([victim]);
  return [
    of('another text', 'Ransomware', 'phishing'),
    of('a text without its mark', 'Besançon', 'besancon'),
    of('a text that is normalised otherwise', 'e\u0301', '\u00e9'),
    of('two letters for a sharp s: no full case folding', 'Straße', 'strasse'),
    of('the dotless i of a language: the conversion knows none', 'ISTANBUL', 'ıstanbul'),
    of('a sigma that is final in the question and not in the record', 'ΟΔΟΣΗΜΑ', 'ΟΔΟΣ'),
    of('white space is not put together', 'at  a hospital', 'at a'),
    unasked('5.3', 'a key of a map', incident([titleOf('Ransomware')]), { text: 'en' }),
    unasked('5.3', 'a number', incident([field('awareAt', 1_795_000_000)]), { text: '1795' }),
    unasked('5.3', 'over two texts', incident([field('tags', ['ran', 'som'])]), { text: 'ransom' }),
    unasked('5.3', 'the type and the subject are no parts', incident([titleOf('Ransomware')]), {
      text: 'alban',
    }),
    unasked(
      '5.3',
      'a field in the clear is no part',
      incident([titleOf('Ransomware')], { payload: [['stage', 'final']] }),
      { text: 'final' },
    ),
    unasked('5.3', 'the part is withheld', { ...nested, disclosures: [victim] }, { text: 'alban' }),
    unasked('5.3', 'a part in which another part that is shown stands does not count', nested, {
      text: 'xar',
    }),
  ];
}

/** query.md 5.2: what came has to open together with what is held (ledger.md 4.6). */
