import { decode, diagnose, encode } from '@comity/cbor';
import { expect, test } from 'vitest';

import { type Label, labelShape, type StateId } from './index.ts';

const XBO = 'b0'.repeat(32) as StateId;
const XCA = 'ca'.repeat(32) as StateId;

const whole: Label = {
  scheme: 'xar-2021',
  classification: 'restricted',
  tlp: 'AMBER+STRICT',
  pap: 'GREEN',
  releasableTo: [XBO],
  displayOnlyTo: [XCA],
  categories: [{ set: 'network', values: ['csirt', 'energy'] }],
  purposes: ['incident-response'],
  privacyMark: 'Draft for comment',
  handling: ['no-print'],
  createdAtSeconds: 1_700_000_000,
  reviewAtSeconds: 1_800_000_000,
  succession: {
    atSeconds: 1_900_000_000,
    label: { scheme: 'xar-2021', classification: 'unclassified', tlp: 'CLEAR' },
  },
};

function chain(successions: number): Label {
  let label: Label = { scheme: 'xar-2021', classification: 'unclassified' };
  for (let atSeconds = successions; atSeconds > 0; atSeconds -= 1) {
    label = { scheme: 'xar-2021', classification: 'secret', succession: { atSeconds, label } };
  }
  return label;
}

test('a label has one spelling on the wire', () => {
  const small: Label = {
    scheme: 'xar-2021',
    classification: 'restricted',
    tlp: 'AMBER',
    releasableTo: [XBO],
  };
  expect(diagnose(labelShape.encode(small))).toBe(
    `{1: "xar-2021", 2: "restricted", 3: "AMBER", 5: [h'${XBO}']}`,
  );
});

test('a label survives the wire', () => {
  const bytes = encode(labelShape.encode(whole));
  const read = labelShape.decode(decode(bytes));
  expect(read).toEqual(whole);
  expect(encode(labelShape.encode(read))).toEqual(bytes);
  expect(Object.isFrozen(read)).toBe(true);
});

test('a chain of four successions is read, of five refused', () => {
  const read = labelShape.decode(decode(encode(labelShape.encode(chain(4)))));
  expect(read).toEqual(chain(4));
  // The encoder refuses to be lossy as much as the decoder refuses to go on.
  const five = new Map(labelShape.encode(chain(0)) as Map<number, unknown>);
  five.set(
    13,
    new Map<number, unknown>([
      [1, 9],
      [2, labelShape.encode(chain(4))],
    ]),
  );
  expect(() => labelShape.decode(five as never)).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
});

test.each<[string, number, unknown]>([
  ['unknown key', 14, 1],
  ['level that is no identifier', 2, 'Secret'],
  ['unknown TLP', 3, 'WHITE'],
  ['unknown PAP', 4, 'AMBER+STRICT'],
  ['empty releasability', 5, []],
  ['state as text', 5, [XBO]],
  ['empty display list', 6, []],
  ['empty categories', 7, []],
  [
    'category set without values',
    7,
    [
      new Map<number, unknown>([
        [1, 'network'],
        [2, []],
      ]),
    ],
  ],
  ['empty purposes', 8, []],
  ['empty privacy mark', 9, ''],
  ['privacy mark that turns the text around', 9, 'a\u202eb'],
  ['handling that is no identifier', 10, ['No Print']],
  ['negative time', 11, -1],
  ['time after the year 9999', 12, 253_402_300_800],
  ['succession without label', 13, new Map([[1, 1]])],
  ['null instead of absence', 3, null],
])('%s is refused', (_, key, value) => {
  const wire = new Map(labelShape.encode(whole) as Map<number, unknown>);
  expect(() => labelShape.decode(wire as never)).not.toThrow();
  wire.set(key, value);
  expect(() => labelShape.decode(wire as never)).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
});
