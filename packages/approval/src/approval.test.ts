import { type CborValue, decode, encode, type Tagged } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { compareBytes, fromHex, sha256Hex } from '@comity/digest';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Arcadia,
  approvalOf,
  DAY,
  enrol,
  foundArcadia,
  hexOf,
  START,
  signerOf,
} from './arcadia.test-support.ts';
import {
  type Approval,
  OfficerDirectory,
  readApproval,
  signApproval,
  takeApproval,
  type VerifiedOfficer,
  verifyApproval,
} from './index.ts';

let arcadia: Arcadia;
let anna: VerifiedOfficer;
let officers: OfficerDirectory;
const NOW = START + 2 * DAY;

beforeAll(async () => {
  arcadia = await foundArcadia();
  anna = await enrol(arcadia, 'anna', { roles: ['officer', 'release-authority'] });
  officers = new OfficerDirectory(arcadia.state);
  officers.add(anna);
  officers.add(await enrol(arcadia, 'bruno'));
});

const sign = (change: Partial<Approval> = {}, signer = 'anna'): Promise<Uint8Array> =>
  signApproval(approvalOf(arcadia.state, 'anna', change), signerOf(signer));

function refusal(bytes: Uint8Array, atSeconds = NOW, of = officers): string | undefined {
  try {
    verifyApproval(bytes, of, atSeconds);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
  return undefined;
}

test('what was signed is read back, with the roles of the officer and an id', async () => {
  const reason = 'Agreed with the operator\nby telephone';
  const bytes = await sign({ reason, rule: 'limits[12]', decision: 'reject' });
  const read = verifyApproval(bytes, officers, NOW);
  expect(read).toEqual({
    ...approvalOf(arcadia.state, 'anna', { reason, rule: 'limits[12]', decision: 'reject' }),
    id: sha256Hex(bytes),
    roles: ['officer', 'release-authority'],
    untilSeconds: START + 11 * DAY,
    bytes,
  });
  expect(readApproval(bytes)).toEqual(
    approvalOf(arcadia.state, 'anna', { reason, rule: 'limits[12]', decision: 'reject' }),
  );
});

test('the digests stand in one order, however they were given', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{64}$/), { minLength: 1, maxLength: 20 }),
      async (parts) => {
        const bytes = await sign({ parts: new Set(parts) });
        expect(await sign({ parts: new Set(parts.toReversed()) })).toEqual(bytes);
        const payload = ((decode(bytes) as Tagged).value as CborValue[])[2] as Uint8Array;
        const listed = (decode(payload) as Map<number, CborValue>).get(5) as Uint8Array[];
        expect(listed).toEqual(parts.map(fromHex).sort(compareBytes));
        expect(verifyApproval(bytes, officers, NOW).parts).toEqual(new Set(parts));
      },
    ),
    { numRuns: 50, seed: 4 },
  );
});

describe('nothing counts', () => {
  test('of a key that is no officer’s, or that is another officer’s', async () => {
    expect(refusal(await sign({}, 'mallory'))).toBe('approval.unknown-officer');
    expect(refusal(await sign({}, 'bruno'))).toBe('approval.wrong-officer');
    expect(refusal(await sign({ state: hexOf('other') as Approval['state'] }))).toBe(
      'approval.wrong-officer',
    );
    expect(refusal(await sign({}), NOW, new OfficerDirectory(arcadia.state))).toBe(
      'approval.unknown-officer',
    );
  });

  test('before it is signed, give or take a clock, and from its end on', async () => {
    const bytes = await sign();
    expect(refusal(bytes, START + DAY - 301)).toBe('approval.issued-in-future');
    expect(refusal(bytes, START + DAY - 300)).toBeUndefined();
    expect(refusal(bytes, START + 11 * DAY - 1)).toBeUndefined();
    expect(refusal(bytes, START + 11 * DAY)).toBe('approval.expired');
    expect(refusal(bytes, Number.NaN)).toBe('approval.issued-in-future');
  });

  test('of somebody who was no officer when he signed, or is none when it is to count', async () => {
    const short = new OfficerDirectory(arcadia.state);
    short.add(
      await enrol(arcadia, 'anna', { notBeforeSeconds: START + DAY, notAfterSeconds: START + 3 * DAY }),
    );
    const early = await sign({ atSeconds: START + DAY - 1 });
    expect(refusal(early, NOW, short)).toBe('officer.not-yet-valid');
    const good = await sign();
    expect(refusal(good, START + 3 * DAY - 1, short)).toBeUndefined();
    expect(refusal(good, START + 3 * DAY, short)).toBe('officer.expired');

    const ended = new OfficerDirectory(arcadia.state);
    ended.add(anna, NOW);
    expect(refusal(good, NOW - 1, ended)).toBeUndefined();
    expect(refusal(good, NOW, ended)).toBe('officer.ended');
    // Dated back by whoever has the key now.
    expect(refusal(await sign({ atSeconds: START + 1 }), NOW + DAY, ended)).toBe('officer.ended');
  });

  test('of whoever is no officer now, when it is handed in, whatever it says', async () => {
    const ended = new OfficerDirectory(arcadia.state);
    ended.add(anna, NOW);
    for (const decision of ['approve', 'reject'] as const) {
      const bytes = await sign({ decision });
      expect(takeApproval(bytes, ended, NOW - 1)).toMatchObject({ decision });
      expect(() => takeApproval(bytes, ended, NOW)).toThrowError(
        expect.objectContaining({ code: 'officer.ended' }),
      );
    }
  });

  test('that is about a period that is none, or longer than a year', async () => {
    await expect(sign({ notAfterSeconds: START + DAY })).rejects.toMatchObject({
      code: 'approval.bad-validity',
    });
    const long = { notAfterSeconds: START + DAY + 365 * DAY + 1 };
    await expect(sign(long)).rejects.toMatchObject({ code: 'approval.validity-too-long' });
    const longest = await sign({ notAfterSeconds: START + DAY + 365 * DAY });
    expect(refusal(longest)).toBeUndefined();
    // The reader sees to it as well: not everybody signs with this program.
    expect(refusal(await signedAs(longest, (payload) => payload.set(12, START + DAY)))).toBe(
      'approval.bad-validity',
    );
    expect(refusal(await signedAs(longest, (payload) => payload.set(12, START + DAY + 365 * DAY + 1)))).toBe(
      'approval.validity-too-long',
    );
  });

  test('that is about a letter to nobody, or names a person for what goes to a state', async () => {
    const letter = { mode: 'letter', addressee: 'bertil' } as const;
    const bytes = await sign(letter);
    expect(verifyApproval(bytes, officers, NOW)).toMatchObject(letter);
    await expect(sign({ mode: 'letter' })).rejects.toMatchObject({ code: 'approval.addressee' });
    await expect(sign({ addressee: 'bertil' })).rejects.toMatchObject({ code: 'approval.addressee' });
    expect(refusal(await signedAs(bytes, (payload) => payload.delete(14)))).toBe('approval.addressee');
    expect(refusal(await signedAs(bytes, (payload) => payload.set(7, 'push')))).toBe('approval.addressee');
  });

  test('that is changed, or another kind of document', async () => {
    const bytes = await sign();
    const changed = bytes.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    expect(refusal(changed)).toBe('ed25519.bad-signature');
    expect(refusal(await signedAs(bytes, () => {}, MEDIA_TYPES.query))).toBe('approval.wrong-document');
    expect(refusal(anna.bytes)).toBe('approval.wrong-document');
    expect(refusal(new Uint8Array(32_769))).toBe('cbor.too-many-bytes');
  });

  test.each<[string, number, CborValue]>([
    ['approval.parts-order', 5, [fromHex(hexOf('b')), fromHex(hexOf('b'))]],
    ['cbor.shape', 5, []],
    ['cbor.shape', 3, 'abstain'],
    ['cbor.shape', 7, 'publish'],
    ['cbor.shape', 9, 'limits[01]'],
    ['cbor.shape', 9, 'Rule'],
    ['cbor.shape', 13, ''],
    ['cbor.shape', 14, 'Bertil'],
    ['cbor.shape', 15, 1],
  ])('%s: member %i as %j', async (code, key, value) => {
    expect(refusal(await signedAs(await sign(), (payload) => payload.set(key, value)))).toBe(code);
  });
});

describe('a rejection', () => {
  test('stands also when its officer is none any more', async () => {
    const directory = new OfficerDirectory(arcadia.state);
    directory.add(await enrol(arcadia, 'anna', { notAfterSeconds: START + 3 * DAY }), NOW);
    const rejection = await sign({ decision: 'reject' });
    // Ended, and the certificate over as well.
    for (const atSeconds of [NOW - 1, NOW, START + 3 * DAY, START + 11 * DAY - 1])
      expect(verifyApproval(rejection, directory, atSeconds)).toMatchObject({
        decision: 'reject',
        untilSeconds: START + 11 * DAY,
      });
    expect(refusal(rejection, START + 11 * DAY, directory)).toBe('approval.expired');
  });

  test('needs an officer when it is signed', async () => {
    const directory = new OfficerDirectory(arcadia.state);
    directory.add(await enrol(arcadia, 'anna', { notBeforeSeconds: START + DAY }), NOW);
    const rejectedAt = (atSeconds: number) => sign({ decision: 'reject', atSeconds });
    expect(refusal(await rejectedAt(START + DAY - 1), NOW, directory)).toBe('officer.not-yet-valid');
    expect(refusal(await rejectedAt(NOW - 1), NOW, directory)).toBeUndefined();
    expect(refusal(await rejectedAt(NOW), NOW, directory)).toBe('officer.ended');
  });
});

test('an approval counts until it ends or its officer does, whichever comes first', async () => {
  const bytes = await sign();
  const untilOf = (officer: VerifiedOfficer, endedAtSeconds: number | null): number => {
    const directory = new OfficerDirectory(arcadia.state);
    directory.add(officer, endedAtSeconds);
    const { untilSeconds } = verifyApproval(bytes, directory, START + DAY);
    expect(refusal(bytes, untilSeconds - 1, directory)).toBeUndefined();
    expect(refusal(bytes, untilSeconds, directory)).toBeDefined();
    return untilSeconds;
  };
  const short = await enrol(arcadia, 'anna', { notAfterSeconds: START + 5 * DAY });
  expect(untilOf(anna, null)).toBe(START + 11 * DAY);
  expect(untilOf(anna, NOW)).toBe(NOW);
  expect(untilOf(anna, START + 20 * DAY)).toBe(START + 11 * DAY);
  expect(untilOf(short, null)).toBe(START + 5 * DAY);
  expect(untilOf(short, START + 7 * DAY)).toBe(START + 5 * DAY);
});

/** The payload changed and signed again by the same officer. */
async function signedAs(
  bytes: Uint8Array,
  change: (payload: Map<number, CborValue>) => void,
  typ: string = MEDIA_TYPES.approval,
): Promise<Uint8Array> {
  const map = decode(((decode(bytes) as Tagged).value as CborValue[])[2] as Uint8Array) as Map<
    number,
    CborValue
  >;
  change(map);
  return encodeSign1(
    await signSign1(
      { protectedHeader: new Map([[HEADER_TYP, typ]]), payload: encode(map) },
      signerOf('anna'),
    ),
  );
}
