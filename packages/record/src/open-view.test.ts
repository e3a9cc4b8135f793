import { encode, REDACTED, Tagged } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import type { Label } from '@comity/label';
import { describe, expect, test } from 'vitest';
import { authorise, grant, receive, signer } from './arcadia.test-support.ts';
import {
  claims,
  craft,
  decoy,
  digestsOf,
  elementOf,
  encodedLabel,
  fieldOf,
  mapOf,
  openLabel,
  protectedHeader,
  recordOf,
  redacted,
  salt,
  secretLabel,
} from './crafted.test-support.ts';
import {
  authoriseRecord,
  checkWellFormed,
  decodeRecord,
  disclosureDigest,
  disclosureDigestHex,
  isDecoy,
  type KeyGrant,
  MAX_DISCLOSED_BYTES,
  mergeViews,
  openView,
  verifyRecord,
} from './index.ts';

const refuses = (action: () => unknown, code: FaultCode): void =>
  expect(action).toThrow(expect.objectContaining({ code }));

/** Opens a record whose body holds exactly these disclosures. */
const opened = (...disclosures: readonly Uint8Array[]) => receive(recordOf(...disclosures), disclosures);
const elements = (...disclosures: readonly Uint8Array[]) =>
  digestsOf(...disclosures).map((digest) => new Tagged(60, digest));

describe('the digest of a disclosure', () => {
  test('is taken over the byte string with its head (formats §7.6)', () => {
    // SHA-256 of 52 81 50 00…00, computed with another implementation.
    expect(toHex(disclosureDigest(encode([new Uint8Array(16)])))).toBe(
      '77c7091bcb4caa9af7f5151cb99a3e49525364de8e19c37d5395322d2ce0914e',
    );
  });

  test.each([0, 18, 23, 24, 255, 256, 4_093, 4_094, 65_535, 65_536, 100])(
    'has the shortest head: %i bytes',
    (length) => {
      const disclosure = Uint8Array.from({ length }, (_, index) => index);
      const digest = sha256(encode(disclosure));
      expect(disclosureDigest(disclosure)).toEqual(digest);
      expect(disclosureDigestHex(disclosure)).toBe(toHex(digest));
    },
  );

  test('tells decoys from parts by their length alone', () => {
    expect(isDecoy(decoy())).toBe(true);
    expect(isDecoy(elementOf(0))).toBe(false);
    expect(isDecoy(fieldOf('a', 0))).toBe(false);
  });
});

describe('what one disclosure may be', () => {
  test.each<[string, () => Uint8Array, FaultCode]>([
    ['no list', () => encode(mapOf([1, 2])), 'record.disclosure-malformed'],
    ['an empty list', () => encode([]), 'record.disclosure-arity'],
    ['four elements', () => encode([salt(), [null, 1], 'a', 'b']), 'record.disclosure-arity'],
    ['a salt of 15 bytes', () => encode([salt().subarray(1), [null, 1], 'a']), 'record.salt-length'],
    ['a salt of 17 bytes', () => encode([new Uint8Array(17), [null, 1], 'a']), 'record.salt-length'],
    ['a decoy with a short salt', () => encode([salt().subarray(1)]), 'record.salt-length'],
    ['a text as salt', () => encode(['0123456789abcdef', [null, 1], 'a']), 'record.salt-length'],
    ['content without a wrapper', () => encode([salt(), 1, 'a']), 'record.part-malformed'],
    ['a wrapper of one', () => encode([salt(), [1], 'a']), 'record.part-malformed'],
    ['a wrapper of three', () => encode([salt(), [null, 1, 2], 'a']), 'record.part-malformed'],
    ['an empty wrapper', () => encode([salt(), [], 'a']), 'record.part-malformed'],
    [
      'a digest as content',
      () => encode([salt(), [null, new Tagged(60, new Uint8Array(32))], 'a']),
      'record.part-malformed',
    ],
    ['an integer as key', () => encode([salt(), [null, 1], 2]), 'record.key-not-text'],
    ['null as key', () => encode([salt(), [null, 1], null]), 'record.key-not-text'],
    ['a key with a dot', () => encode([salt(), [null, 1], 'victim.name']), 'record.bad-field-name'],
    ['a key with a bracket', () => encode([salt(), [null, 1], 'indicators[0]']), 'record.bad-field-name'],
    ['an empty key', () => encode([salt(), [null, 1], '']), 'record.bad-field-name'],
    ['__proto__ as key', () => encode([salt(), [null, 1], '__proto__']), 'record.bad-field-name'],
    ['a key of 65 characters', () => encode([salt(), [null, 1], 'a'.repeat(65)]), 'record.bad-field-name'],
    ['a text as label', () => encode([salt(), ['secret', 1], 'a']), 'record.label-malformed'],
    ['an empty map as label', () => encode([salt(), [mapOf(), 1], 'a']), 'record.label-malformed'],
    [
      'a label of another scheme',
      () => fieldOf('a', 1, { ...openLabel, scheme: 'xbo-2014' }),
      'record.label-invalid',
    ],
    [
      'an unknown level',
      () => fieldOf('a', 1, { ...openLabel, classification: 'cosmic' }),
      'record.label-invalid',
    ],
    ['bytes after it', () => Uint8Array.from([...fieldOf('a', 1), 0]), 'cbor.trailing-bytes'],
    ['a redacted list that is empty', () => fieldOf('a', mapOf([REDACTED, []])), 'record.bad-digest-list'],
    ['three redacted elements', () => fieldOf('a', elements().slice(1)), 'record.unpadded-digests'],
  ])('refuses %s', (_what, disclosure, code) => {
    refuses(() => opened(disclosure()), code);
  });

  test('simple(59) cannot be written as key', () => {
    // [salt, [null, 1], simple(59)]
    const disclosure = Uint8Array.from([0x83, 0x50, ...salt(), 0x82, 0xf6, 0x01, 0xf8, 59]);
    refuses(() => opened(disclosure), 'cbor.misplaced-redaction');
  });

  test('a long label is read as well as a short one', () => {
    const long: Label = {
      ...openLabel,
      handling: Array.from({ length: 32 }, (_, n) => `rule-${n}-${'x'.repeat(40)}`),
    };
    expect(opened(fieldOf('a', 1, long)).parts[0]?.label).toEqual(long);
    expect(opened(fieldOf('a', 1)).parts[0]?.label).toEqual(openLabel);
  });
});

describe('where a disclosure may stand', () => {
  test('a disclosure of nothing in sight is an orphan', () => {
    refuses(() => receive(recordOf(), [fieldOf('a', 1)]), 'record.orphan-disclosure');
    refuses(() => receive(recordOf(fieldOf('a', 1)), [decoy()]), 'record.orphan-disclosure');
    refuses(() => receive(craft(), [fieldOf('a', 1)]), 'record.orphan-disclosure');
  });

  test('a child without its ancestors is an orphan', () => {
    const child = fieldOf('name', 'x');
    const parent = fieldOf('victim', mapOf(redacted(child)));
    expect(opened(parent).parts).toHaveLength(1);
    expect(receive(recordOf(parent), [child, parent]).parts).toHaveLength(2);
    refuses(() => receive(recordOf(parent), [child]), 'record.orphan-disclosure');
  });

  test('two disclosures of one digest are refused', () => {
    const field = fieldOf('a', 1);
    refuses(() => receive(recordOf(field), [field, Uint8Array.from(field)]), 'record.duplicate-disclosure');
    const hidden = decoy();
    refuses(() => receive(recordOf(hidden), [hidden, hidden]), 'record.duplicate-disclosure');
  });

  test('an element does not stand for a field, nor a field for an element', () => {
    refuses(() => opened(elementOf(1)), 'record.element-as-field');
    const field = fieldOf('a', 1);
    const list = fieldOf('list', elements(field));
    refuses(() => receive(recordOf(list), [list, field]), 'record.field-as-element');
  });

  test('a key that is in the clear cannot be disclosed', () => {
    const field = fieldOf('title', 'other');
    const payload = mapOf(...claims, ['title', 'clear'], redacted(field));
    refuses(() => receive(craft(payload), [field]), 'record.key-present');
    const inner = fieldOf('name', 'other');
    const outer = fieldOf('victim', mapOf(['name', 'clear'], redacted(inner)));
    refuses(() => receive(recordOf(outer), [outer, inner]), 'record.key-present');
  });

  test('a key cannot be disclosed twice', () => {
    refuses(() => opened(fieldOf('title', 1), fieldOf('title', 2)), 'record.key-present');
  });

  test('the same key may stand at two places', () => {
    const inner = fieldOf('title', 1);
    const view = receive(recordOf(fieldOf('x', 0)), []);
    expect(view.parts).toEqual([]);
    const outer = fieldOf('more', mapOf(redacted(inner)));
    const title = fieldOf('title', 2);
    expect(receive(recordOf(outer, title), [inner, outer, title]).parts).toHaveLength(3);
  });

  test.each([
    'issuer',
    'subject',
    'type',
    'label',
    'envelope',
    'exercise',
    'supersedes',
    'retracts',
    'expiresAt',
    'id',
  ])('the name %s belongs to the envelope', (name) => {
    refuses(() => opened(fieldOf(name, 1)), 'record.key-reserved');
    const inner = fieldOf(name, 1);
    const outer = fieldOf('outer', mapOf(redacted(inner)));
    expect(receive(recordOf(outer), [outer, inner]).parts).toHaveLength(2);
  });

  test('a digest in a disclosure and in the payload is refused', () => {
    const inner = fieldOf('name', 1);
    const outer = fieldOf('outer', mapOf(redacted(inner)));
    refuses(() => receive(recordOf(outer, inner), [outer]), 'record.digest-placed-twice');
  });

  test('a digest in two disclosures is refused', () => {
    const inner = fieldOf('name', 1);
    const one = fieldOf('one', mapOf(redacted(inner)));
    const two = fieldOf('two', mapOf(redacted(inner)));
    refuses(() => receive(recordOf(one, two), [one, two]), 'record.digest-placed-twice');
    expect(receive(recordOf(one, two), [one]).parts).toHaveLength(1);
  });

  test('digests count over all that is in sight', () => {
    const lists = ['a', 'b', 'c'].map((name) =>
      fieldOf(name, Array.from({ length: 50 }, () => elements()).flat()),
    );
    const bytes = recordOf(...lists);
    expect(receive(bytes, lists.slice(0, 2)).withheldCount).toBe(402);
    refuses(() => receive(bytes, lists), 'record.too-many-digests');
  });

  test('parts stand at most 16 steps deep', () => {
    let innermost: Uint8Array = fieldOf('f', 1);
    const chain = [innermost];
    for (let depth = 0; depth < 16; depth += 1) {
      innermost = fieldOf('f', mapOf(redacted(innermost)));
      chain.push(innermost);
    }
    refuses(() => receive(recordOf(innermost), chain), 'record.too-deep');
    const shorter = chain.slice(0, -1);
    expect(receive(recordOf(shorter.at(-1) as Uint8Array), shorter).parts).toHaveLength(16);
  });

  test('more than 512 disclosures, or 256 KiB of them, are refused', () => {
    refuses(() => receive(recordOf(), Array.from({ length: 513 }, decoy)), 'record.too-many-disclosures');
    const large = ['a', 'b', 'c', 'd', 'e'].map((name) => fieldOf(name, 'x'.repeat(MAX_DISCLOSED_BYTES / 5)));
    refuses(() => receive(recordOf(...large), large), 'record.too-large');
    expect(receive(recordOf(...large), large.slice(1)).parts).toHaveLength(4);
    // Measured before any is parsed: these are no CBOR.
    refuses(
      () =>
        receive(
          recordOf(),
          Array.from({ length: 5 }, () => new Uint8Array(60_000).fill(0xff)),
        ),
      'record.too-large',
    );
    const bytes = recordOf(...large);
    const views = [receive(bytes, large.slice(0, 2)), receive(bytes, large.slice(2))];
    refuses(() => views.reduce(mergeViews), 'record.too-large');
    refuses(() => opened(fieldOf('a', 'x'.repeat(65_536))), 'cbor.too-many-bytes');
  });
});

describe('labels', () => {
  const limited: KeyGrant = { ...grant, scope: { maxClassification: 'restricted' } };
  const restrictedKey = (bytes: Uint8Array) =>
    authoriseRecord(verifyRecord(checkWellFormed(decodeRecord(bytes)), signer.publicKey), limited);

  test('a part inherits from the part it stands in, at the root from the envelope', () => {
    const name = fieldOf('name', 'x');
    const victim = fieldOf('victim', mapOf(redacted(name)), secretLabel);
    const title = fieldOf('title', 'x');
    const view = receive(recordOf(victim, title), [name, title, victim]);
    const labels = Object.fromEntries(view.parts.map((part) => [part.pathText, part.label]));
    expect(labels).toEqual({ title: openLabel, victim: secretLabel, 'victim.name': secretLabel });
  });

  test('a part above the scope of the key is refused when it is disclosed', () => {
    const secret = fieldOf('a', 1, secretLabel);
    expect(openView(restrictedKey(recordOf(secret)), []).withheldCount).toBe(4);
    refuses(() => openView(restrictedKey(recordOf(secret)), [secret]), 'record.classification-out-of-scope');
    expect(receive(recordOf(secret), [secret]).parts).toHaveLength(1);
  });

  test('the overall part carries its label and nothing else', () => {
    const overall = fieldOf('overall', null, secretLabel);
    expect(opened(overall).overall).toEqual(secretLabel);
    expect(receive(recordOf(overall), []).overall).toBeUndefined();
    refuses(() => opened(fieldOf('overall', null)), 'record.overall-malformed');
    refuses(
      () => opened(fieldOf('overall', encodedLabel(secretLabel), secretLabel)),
      'record.overall-malformed',
    );
    const inner = fieldOf('overall', 5);
    const outer = fieldOf('outer', mapOf(redacted(inner)));
    expect(receive(recordOf(outer), [outer, inner]).overall).toBeUndefined();
  });

  test('an overall label below the envelope or a part is refused where both are disclosed', () => {
    const low: Label = { ...openLabel, tlp: 'CLEAR' };
    refuses(() => opened(fieldOf('overall', null, low)), 'record.label-below-envelope');
    const secret = fieldOf('a', 1, secretLabel);
    const overall = fieldOf('overall', null, openLabel);
    const bytes = recordOf(secret, overall);
    refuses(() => receive(bytes, [secret, overall]), 'record.label-below-part');
    expect(receive(bytes, [secret]).parts).toHaveLength(1);
    expect(receive(bytes, [overall]).parts).toHaveLength(1);
  });

  test('an overall label that is lowered earlier than a part is below it', () => {
    const at = (atSeconds: number): Label => ({
      ...secretLabel,
      succession: { atSeconds, label: openLabel },
    });
    const part = fieldOf('a', 1, at(2_000_000_000));
    refuses(() => opened(part, fieldOf('overall', null, at(1_900_000_000))), 'record.label-below-part');
    expect(opened(part, fieldOf('overall', null, at(2_000_000_000))).parts).toHaveLength(2);
  });

  test('equal labels of different records are one frozen object', () => {
    const label: Label = {
      ...secretLabel,
      releasableTo: ['b0'.repeat(32)] as never,
      purposes: ['incident-response'],
    };
    const [one, two] = [opened(fieldOf('a', 1, label)), opened(fieldOf('b', 2, label))];
    expect(one.parts[0]?.label).toBe(two.parts[0]?.label);
    expect(one.header.label).toBe(two.header.label);
    expect(Object.isFrozen(one.parts[0]?.label)).toBe(true);
    expect(Object.isFrozen(one.parts[0]?.label.releasableTo)).toBe(true);
  });

  test('a flood of other labels changes no label', () => {
    const many = Array.from({ length: 500 }, (_, n): Label => ({ ...openLabel, privacyMark: `mark ${n}` }));
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < many.length; at += 100) {
        const labels = many.slice(at, at + 100);
        const fields = labels.map((label, index) => fieldOf(`f${index}`, index, label));
        const byName = new Map(opened(...fields).parts.map((part) => [part.pathText, part.label]));
        for (const [index, label] of labels.entries()) expect(byName.get(`f${index}`)).toEqual(label);
      }
    }
  });
});

test('disclosures inside the bytes are opened without being named', () => {
  const fields = [fieldOf('a', 1), fieldOf('b', 2)];
  const payload = mapOf(...claims, redacted(...fields));
  const view = openView(authorise(craft(payload, protectedHeader, [[17, fields]])));
  expect(view.parts.map((part) => part.pathText).sort()).toEqual(['a', 'b']);
  expect(view.bytes).toEqual(craft(payload));
});
