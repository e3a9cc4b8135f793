// record.verify: what a body and a part may hold.

import { type Item, map } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { inheriting, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import { element, field, Redacted, recordText, withheldElements, withheldFields } from './text.ts';

function otherBodies(): readonly ValidCase[] {
  const nothing = recordText({ issuer: arcadia, subject: 'norm/empty', body: withheldFields([]) });
  const decoysOnly = nothing.decoys;
  const bare = recordText({
    issuer: arcadia,
    subject: 'norm/bare',
    body: new Redacted(map(), []),
  });
  const inside = field('inside', 7);
  const nested = withheldElements([element(1), element(2), element(3), element(4)], 'nested');
  const level = withheldFields([inside], [['beside', Buffer.from('00', 'hex')]]);
  const fields: { readonly [name: string]: Item } = {
    text: 'in the clear',
    list: [0, nested.item],
    map: map([1, 'any key'], ['not a field name', [map([-1, null])]], ['', false]),
    deeper: map([10, 'integer'], ['level', level.item]),
  };
  const hidden = field('hidden', true);
  const open = recordText({
    issuer: arcadia,
    subject: 'norm/open',
    body: withheldFields([hidden], Object.entries(fields)),
  });
  return [
    valid(
      'A body of four decoys: nothing that a reader could tell from four parts.',
      verifying(nothing.message),
      viewOf(nothing, { subject: 'norm/empty', undisclosed: 4 }),
    ),
    valid(
      'The same, with all four decoys disclosed.',
      verifying(nothing.view(decoysOnly)),
      viewOf(nothing, { subject: 'norm/empty', undisclosed: 0, decoys: decoysOnly }),
    ),
    valid(
      'A body without fields and without digests.',
      verifying(bare.message),
      viewOf(bare, { subject: 'norm/bare', undisclosed: 0 }),
    ),
    valid(
      'Fields in the clear with digests below them, in an array in an array and in a map in a map; free keys elsewhere.',
      verifying(open.view([hidden, inside, ...nested.inner.slice(0, 2)])),
      viewOf(open, {
        subject: 'norm/open',
        undisclosed: 8,
        fields,
        parts: [
          inheriting(hidden, 'hidden', true),
          inheriting(inside, 'deeper.level.inside', 7),
          ...nested.inner.slice(0, 2).map((part, index) => inheriting(part, `list[1][${index}]`, index + 1)),
        ],
      }),
    ),
  ];
}

/** What a part may hold: each kind of value that the profile has. */
function contents(): readonly ValidCase[] {
  const values: readonly (readonly [string, Item])[] = [
    ['a', 0],
    ['b', -1],
    ['c', 9_007_199_254_740_991],
    ['d', -9_007_199_254_740_991],
    ['e', ''],
    ['f', Buffer.alloc(0)],
    ['g', []],
    ['h', map()],
    ['i', true],
    ['j', null],
    ['k', map([0, 1], [-1, 2], ['', 3])],
    ['A-z_0', 'every character of a field name'],
  ];
  const parts = values.map(([key, value]) => field(key, value));
  const text = recordText({ issuer: arcadia, subject: 'norm/values', body: parts });
  return [
    valid(
      'Parts with every kind of value that the profile has; null is content like any other.',
      verifying(text.view()),
      viewOf(text, {
        subject: 'norm/values',
        undisclosed: 0,
        parts: values.map(([key, value], index) =>
          inheriting(parts[index] as (typeof parts)[number], key, value),
        ),
      }),
    ),
  ];
}

export function recordBodyVectors(): readonly ValidFile[] {
  return [
    {
      topic: 'record',
      name: 'bodies',
      op: 'record.verify',
      grammar: RECORD_GRAMMAR,
      valid: [...otherBodies(), ...contents()],
    },
  ];
}
