// Items of the profile, each with its diagnostic notation (RFC 8949 §8).

import type { ValidCase } from '../vector.ts';

/** Of the examples of RFC 8949 appendix A those that the profile accepts. */
const RFC_8949: readonly (readonly [hex: string, diagnostic: string])[] = [
  ['00', '0'],
  ['01', '1'],
  ['0a', '10'],
  ['17', '23'],
  ['1818', '24'],
  ['1819', '25'],
  ['1864', '100'],
  ['1903e8', '1000'],
  ['1a000f4240', '1000000'],
  ['1b000000e8d4a51000', '1000000000000'],
  ['20', '-1'],
  ['29', '-10'],
  ['3863', '-100'],
  ['3903e7', '-1000'],
  ['f4', 'false'],
  ['f5', 'true'],
  ['f6', 'null'],
  ['40', "h''"],
  ['4401020304', "h'01020304'"],
  ['60', '""'],
  ['6161', '"a"'],
  ['6449455446', '"IETF"'],
  ['62225c', '"\\"\\\\"'],
  ['62c3bc', '"ü"'],
  ['63e6b0b4', '"水"'],
  ['64f0908591', '"𐅑"'],
  ['80', '[]'],
  ['83010203', '[1, 2, 3]'],
  ['8301820203820405', '[1, [2, 3], [4, 5]]'],
  [
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
    '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]',
  ],
  ['a0', '{}'],
  ['a201020304', '{1: 2, 3: 4}'],
  ['a26161016162820203', '{"a": 1, "b": [2, 3]}'],
  ['826161a161626163', '["a", {"b": "c"}]'],
  ['a56161614161626142616361436164614461656145', '{"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}'],
];

/** Borders between the lengths of heads, the order of keys, tags and simple(59) at their places. */
const OWN: readonly (readonly [hex: string, diagnostic: string, comment: string])[] = [
  ['18ff', '255', 'largest integer in two bytes'],
  ['190100', '256', 'smallest integer in three bytes'],
  ['19ffff', '65535', 'largest integer in three bytes'],
  ['1a00010000', '65536', 'smallest integer in five bytes'],
  ['1affffffff', '4294967295', 'largest integer in five bytes'],
  ['1b0000000100000000', '4294967296', 'smallest integer in nine bytes'],
  ['1b001fffffffffffff', '9007199254740991', 'cbor.md 2.1: largest integer'],
  ['3b001ffffffffffffe', '-9007199254740991', 'cbor.md 2.1: smallest integer'],
  ['37', '-24', 'smallest integer in one byte'],
  ['3818', '-25', 'largest negative integer in two bytes'],
  ['38ff', '-256', 'smallest integer in two bytes'],
  ['390100', '-257', 'largest negative integer in three bytes'],
  ['3affffffff', '-4294967296', 'smallest integer in five bytes'],
  [
    `5818${'ab'.repeat(24)}`,
    "h'abababababababababababababababababababababababab'",
    'byte string whose length needs a second byte',
  ],
  [`590100${'00'.repeat(256)}`, `h'${'00'.repeat(256)}'`, 'byte string whose length needs a third byte'],
  [`7818${'61'.repeat(24)}`, '"aaaaaaaaaaaaaaaaaaaaaaaa"', 'text whose length needs a second byte'],
  ['63efbbbf', '"\\ufeff"', 'cbor.md 4.1: a leading U+FEFF is a character like others'],
  ['64f48fbfbf', '"\\udbff\\udfff"', 'U+10FFFF, the last code point'],
  ['63ed9fbf', '"\\ud7ff"', 'U+D7FF, the last code point in front of the surrogates'],
  ['6100', '"\\u0000"', 'U+0000 is valid UTF-8'],
  [
    'a60a00186400200060006161f4f83b80',
    '{10: 0, 100: 0, -1: 0, "": 0, "a": false, simple(59): []}',
    'cbor.md 3.3: the order of keys',
  ],
  ['a2617a0062616100', '{"z": 0, "aa": 0}', 'shorter texts sort first, because the head does'],
  [
    `a278ff${'6b'.repeat(255)}00f83b00`,
    `{"${'k'.repeat(255)}": 0, simple(59): 0}`,
    'cbor.md 3.2: longest text key',
  ],
  [
    `a1f83b815820${'00'.repeat(32)}`,
    "{simple(59): [h'0000000000000000000000000000000000000000000000000000000000000000']}",
    'cbor.md 2.6: digests of redacted entries',
  ],
  [
    `81d83c5820${'11'.repeat(32)}`,
    "[60(h'1111111111111111111111111111111111111111111111111111111111111111')]",
    'cbor.md 2.5: redacted element',
  ],
  [
    `d28443a10132a041005840${'22'.repeat(64)}`,
    `18([h'a10132', {}, h'00', h'${'22'.repeat(64)}'])`,
    'COSE_Sign1 around the outermost item',
  ],
  ['d86280', '98([])', 'COSE_Sign around the outermost item; what is in it is not a matter of this profile'],
  ['d200', '18(0)', 'tag 18 around anything: what COSE requires of it is not a matter of this profile'],
  [`${'81'.repeat(16)}00`, '[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]', 'cbor.md 1.3: depth 16'],
  [`${'81'.repeat(15)}a10000`, '[[[[[[[[[[[[[[[{0: 0}]]]]]]]]]]]]]]]', 'depth 16 with a map innermost'],
  ['a11b001fffffffffffff00', '{9007199254740991: 0}', 'largest integer as key'],
  ['a13b001ffffffffffffe00', '{-9007199254740991: 0}', 'smallest integer as key'],
  [
    'a9000017001818001901000020003700381800613000623132f4',
    '{0: 0, 23: 0, 24: 0, 256: 0, -1: 0, -24: 0, -25: 0, "0": 0, "12": false}',
    'keys of all lengths of heads in their order; 0 and "0" are two keys',
  ],
  [
    'a264efbfbd780064f090808000',
    '{"\ufffdx": 0, "\u{10000}": 0}',
    'keys in the order of their bytes, which is not that of their UTF-16 units',
  ],
  ['a262c3a9006365cc8100', '{"\u00e9": 0, "e\u0301": 0}', 'texts are not normalised: two keys'],
  ['63e280ae', '"\\u202e"', 'an override of direction: its place is a matter of documents (4.3)'],
  ['a1695f5f70726f746f5f5f00', '{"__proto__": 0}', 'a key that means something to some languages'],
  [
    `a10082d83c5820${'11'.repeat(32)}01`,
    `{0: [60(h'${'11'.repeat(32)}'), 1]}`,
    'redacted element of an inner array',
  ],
  [
    `d281d83c5820${'11'.repeat(32)}`,
    `18([60(h'${'11'.repeat(32)}')])`,
    'redacted element inside a tagged item',
  ],
  ['a100a1f83b80', '{0: {simple(59): []}}', 'redacted entries of an inner map'],
  ['d862a0', '98({})', 'tag 98 around a map'],
  [
    `a50a20186441ff2062c3a9626f6b82f5d83c5820${'11'.repeat(32)}f83b815820${'22'.repeat(32)}`,
    `{10: -1, 100: h'ff', -1: "\u00e9", "ok": [true, 60(h'${'11'.repeat(32)}')], simple(59): [h'${'22'.repeat(32)}']}`,
    'the worked example of cbor.md',
  ],
];

/** The comment of each ends with the notation, after a colon. */
export function validItems(): readonly ValidCase[] {
  return [
    ...RFC_8949.map(([hex, diagnostic]) => accepted(hex, `RFC 8949 appendix A: ${diagnostic}`)),
    ...OWN.map(([hex, diagnostic, comment]) => accepted(hex, `${comment}: ${diagnostic}`)),
  ];
}

function accepted(hex: string, comment: string): ValidCase {
  return { comment, in: { hex }, out: { reencoded: hex } };
}
