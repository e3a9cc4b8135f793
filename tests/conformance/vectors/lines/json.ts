// What is JSON and one object (conformance.md 1.2), and how deep it may be nested.

import { bad, good, IN, type LineVector, line, refused } from './line.ts';

/** What is JSON, and what is one object. */
export function linesOfJson(): LineVector[] {
  return [
    good('The line of the worked example, with another item.', line('1')),
    bad('Empty line.', ''),
    bad('White space alone.', '  \t'),
    bad('Word.', 'hello'),
    bad('Line that ends inside its object.', line('1').slice(0, -1)),
    bad('Something after the object.', `${line('1')} 1`),
    bad('Two objects in one line.', line('1') + line('2')),
    bad('Comma after the last member.', `${line('1').slice(0, -1)},}`),
    bad('Comma after the last entry of a list.', line('1', 'merkle.root', '{"leaves":["00",]}')),
    bad('Single quotes.', line('1').replaceAll('"', "'")),
    bad('Name without quotes.', line('1').replace('"id"', 'id')),
    bad('Comment.', `${line('1')}/* 1 */`),
    bad('NaN is no JSON.', line('1', 'cbor.decode', '{"hex":NaN}')),
    bad('Infinity is no JSON.', line('1', 'cbor.decode', '{"hex":Infinity}')),
    bad('-Infinity is no JSON.', line('1', 'cbor.decode', '{"hex":-Infinity}')),
    bad('Number with a leading zero.', line('01')),
    bad('Number with a plus sign.', line('+1')),
    bad('Number that ends with its point.', line('1.')),
    bad('Number in hexadecimal.', line('0x1')),
    bad('Tab in a text.', line('"a\tb"')),
    bad('Escape that JSON does not have.', line('"\\x61"')),
    bad('Byte order mark before the object.', `\ufeff${line('1')}`),
    bad('No-break space before the object: no white space of JSON.', `\u00a0${line('1')}`),
    bad('Form feed after the object: no white space of JSON.', `${line('1')}\f`),
    good('Carriage return at the end: white space of JSON.', `${line('1')}\r`),
    good('White space before the object.', ` \t ${line('1')}`),
    good(
      'White space between all tokens.',
      '{ "id" : 1 , "op" : "cbor.decode" , "in" : { "hex" : "00" } }\t',
    ),
    good('Members in another order.', `{"in":${IN},"op":"cbor.decode","id":1}`),
    good(
      'Names and values with escapes.',
      '{"\\u0069d":1,"op":"cbor\\u002edecode","in":{"he\\u0078":"\\u00300"}}',
    ),
    bad('List.', `[1,"cbor.decode",${IN}]`),
    bad('List of one line.', `[${line('1')}]`),
    bad('Text.', 'cbor.decode'),
    bad('Number.', '1'),
    bad('Null.', 'null'),
    bad('True.', 'true'),
    bad('Empty object.', '{}'),
  ];
}

/** Objects and lists are nested at most 64 deep; the line is the first, `in` the second. */
export function nestedLines(): LineVector[] {
  const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
  const within = (value: string) => line('1', 'cbor.decode', `{"hex":"00","limits":${value}}`);
  const brackets = '[{'.repeat(40);
  return [
    refused(
      'Lists down to depth 64, in a member that is no list.',
      within(lists(62)),
      'conformance.bad-input',
    ),
    bad('Lists down to depth 65.', within(lists(63))),
    refused('Objects down to depth 64, no limits.', within(objects(62)), 'conformance.bad-input'),
    bad('Objects down to depth 65.', within(objects(63))),
    bad('Lists down to depth 10000.', within(lists(9998))),
    bad('Lists down to depth 10000 that do not end.', within('['.repeat(9998))),
    bad(
      'Depth 65 in a member that stands twice: the one that does not count is read too.',
      `{"id":1,"in":${lists(64)},"op":"cbor.decode","in":${IN}}`,
    ),
    refused(
      '200 lists beside each other, at depth 4.',
      within(`[${'[],'.repeat(199)}[]]`),
      'conformance.bad-input',
    ),
    refused('80 brackets in a text do not nest.', within(`"${brackets}"`), 'conformance.bad-input'),
    refused(
      '80 brackets in a text after an escaped quote.',
      within(`"\\"${brackets}"`),
      'conformance.bad-input',
    ),
    bad('Depth 65 after a text that ends with an escaped backslash.', within(`["\\\\",${lists(62)},"\\\\"]`)),
    refused(
      'Depth 64 after a text that ends with an escaped backslash.',
      within(`["\\\\",${lists(61)},"\\\\"]`),
      'conformance.bad-input',
    ),
    refused(
      'Id of a bad input comes back, also after 80 brackets in the name of a member.',
      line('"a"', 'cbor.decode', `{"${brackets}":0}`),
      'conformance.bad-input',
      'a',
    ),
  ];
}
