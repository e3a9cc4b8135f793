// record.lookup: what a view says of a place, and what is no path (record.md 7.1, 7.2).

import { hex, type Item, map, record } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { elementDecoys, incident, parts } from './incident.ts';
import { encoded, invalid, type Members, RECORD_GRAMMAR, valid, verifying } from './inputs.ts';
import {
  type Disclosure,
  element,
  field,
  type RecordText,
  Redacted,
  recordText,
  withheldElements,
  withheldFields,
} from './text.ts';

function lookedUp(text: RecordText, shown: readonly Disclosure[], path: string): Members {
  return verifying(text.view(shown), { path });
}

const known = (content: Item | undefined, part?: Disclosure): Members => ({
  status: 'known',
  ...(part !== undefined && { part: hex(part.digest) }),
  ...(content !== undefined && { content: encoded(content) }),
});

const absent: Members = { status: 'absent' };
const unknown: Members = { status: 'unknown' };

function inTheIncident(): readonly ValidCase[] {
  const every = incident.parts;
  const all = [...every, ...incident.decoys];
  const found = (comment: string, shown: readonly Disclosure[], path: string, out: Members): ValidCase =>
    valid(comment, lookedUp(incident, shown, path), out);
  const first = record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' });
  const inClear = record({ id: 'i-0', type: 'url', value: 'http://example' });
  const second = record({ id: 'i-2', type: 'domain', value: 'mail.example' });
  return [
    found('A part.', every, 'title', known(record({ en: 'Ransomware at a hospital' }), parts.title)),
    found(
      'A place inside the content of a part.',
      every,
      'title.en',
      known('Ransomware at a hospital', parts.title),
    ),
    found(
      'A part in a part: the innermost is named.',
      every,
      'victim.contact.phone',
      known('+1 555 0100', parts.phone),
    ),
    found('A field in the clear in a part.', every, 'victim.country', known('XAR', parts.victim)),
    found('The overall part: its content is null.', every, 'overall', known(null, parts.whole)),
    found(
      'A part in which a digest is undisclosed: known, without its content.',
      every,
      'victim',
      known(undefined, parts.victim),
    ),
    found(
      'A part with everything in it, decoys too: parts stand under their names.',
      all,
      'victim',
      known(
        record({
          country: 'XAR',
          name: 'Hospital of Saint Alban',
          contact: record({ phone: '+1 555 0100' }),
        }),
        parts.victim,
      ),
    ),
    found(
      'An array with everything in it: decoys are left out.',
      all,
      'indicators',
      known([first, inClear, second], parts.indicators),
    ),
    found('An element.', every, 'indicators[2]', known(second, parts.second)),
    found('An element in the clear.', every, 'indicators[1].type', known('url', parts.indicators)),
    found('An element that is withheld.', [parts.indicators], 'indicators[0]', unknown),
    found('A place below an element that is withheld.', [parts.indicators], 'indicators[0].id', unknown),
    found('A position at which a digest is undisclosed, a decoy or not.', every, 'indicators[3]', unknown),
    found(
      'A position at which a decoy is disclosed.',
      [parts.indicators, ...elementDecoys],
      'indicators[3]',
      absent,
    ),
    found('A position after the last element.', every, 'indicators[5]', absent),
    found('A position of four digits.', every, 'indicators[9999]', absent),
    found(
      'A field of which nothing stands in the record: every digest of the root is disclosed.',
      every,
      'missing',
      absent,
    ),
    found(
      'A field that may stand behind the one digest that is undisclosed.',
      every.filter((each) => each !== parts.title),
      'missing',
      unknown,
    ),
    found(
      'A part that is withheld.',
      every.filter((each) => each !== parts.title),
      'title',
      unknown,
    ),
    found('A place in a part that is withheld.', [parts.whole], 'victim.name', unknown),
    found('A field of a part, while a decoy of it is undisclosed.', every, 'victim.missing', unknown),
    found('The same, with all decoys disclosed.', all, 'victim.missing', absent),
    found('A claim of the envelope is no field.', every, 'issuer', absent),
    found('A position in a map.', every, 'victim[0]', absent),
    found('A name in an array.', every, 'indicators.first', absent),
    found('A step into a text.', every, 'title.en.length', absent),
  ];
}

function inTheClear(): readonly ValidCase[] {
  const deep = field('b', map(['c', [0, [1, map(['d', true])]]]));
  const list = withheldElements([element('x'), 'y', element('z')]);
  const text = recordText({
    issuer: arcadia,
    subject: 'norm/lookup',
    body: new Redacted(
      map(
        ['a', withheldFields([deep], [['n', -1]]).item],
        ['list', list.item],
        ['o', map([1, 'integer'], ['', 'empty'])],
      ),
      [deep, ...list.inner],
    ),
  });
  const found = (comment: string, shown: readonly Disclosure[], path: string, out: Members): ValidCase =>
    valid(comment, lookedUp(text, shown, path), out);
  const [, hidden] = list.inner;
  return [
    found('A field in the clear stands in no part.', [], 'a.n', known(-1)),
    found('A map in the clear with a digest in it: known, without its content.', [], 'a', known(undefined)),
    found(
      'A part below a field in the clear.',
      [deep],
      'a.b',
      known(map(['c', [0, [1, map(['d', true])]]]), deep),
    ),
    found('Names and positions into the content of a part.', [deep], 'a.b.c[1][1].d', known(true, deep)),
    found('A map with keys that no path can name.', [], 'o', known(map([1, 'integer'], ['', 'empty']))),
    found(
      'An element of an array in the clear.',
      hidden === undefined ? [] : [hidden],
      'list[2]',
      known('z', hidden),
    ),
    found('A body without digests at its root has no other field.', [], 'b', absent),
    found('A path of 16 steps.', [], ['a', ...Array.from({ length: 15 }, () => 'b')].join('.'), unknown),
  ];
}

function badPaths(): readonly InvalidCase[] {
  const refused = (comment: string, path: string): InvalidCase =>
    invalid('record.bad-path', '7.1', comment, lookedUp(incident, [parts.title], path));
  return [
    refused('The empty text.', ''),
    refused('A path that begins with a dot.', '.title'),
    refused('A path that ends in a dot.', 'title.'),
    refused('Two dots between two names.', 'title..en'),
    refused('A dot before a position.', 'indicators.[0]'),
    refused('A path that begins with a position.', '[0]'),
    refused('A name after a position without a dot.', 'indicators[0]id'),
    refused('A position with a leading zero.', 'indicators[01]'),
    refused('A position of five digits.', 'indicators[10000]'),
    refused('A negative position.', 'indicators[-1]'),
    refused('No position in the brackets.', 'indicators[]'),
    refused('A bracket that is not closed.', 'indicators[0'),
    refused('Every element, which is a path of labels in a draft only.', 'indicators[*]'),
    refused('A name with a space.', 'victim name'),
    refused('A name that begins with a digit.', '1st'),
    refused('A name with a letter outside ASCII.', 'état'),
    refused('A name of 65 characters.', 'a'.repeat(65)),
    refused('A path of 17 steps.', Array.from({ length: 17 }, () => 'a').join('.')),
    refused('A line feed after the path.', 'title\n'),
  ];
}

export function recordLookupVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record',
      name: 'lookups',
      op: 'record.lookup',
      grammar: RECORD_GRAMMAR,
      valid: [...inTheIncident(), ...inTheClear()],
    },
    { topic: 'record', name: 'lookups', op: 'record.lookup', invalid: badPaths() },
  ];
}
