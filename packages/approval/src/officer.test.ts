import { type CborValue, decode, encode, Tagged } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, keyThumbprint, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { fromHex } from '@comity/digest';
import { DocumentFaults } from '@comity/fault';
import { KeyDirectory } from '@comity/identity';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Arcadia,
  DAY,
  enrol,
  foundArcadia,
  officerOf,
  START,
  signerOf,
} from './arcadia.test-support.ts';
import { issueOfficer, type Officer, OfficerDirectory, verifyOfficer, whyNotInForce } from './index.ts';

let arcadia: Arcadia;
let borealis: Arcadia;
beforeAll(async () => {
  arcadia = await foundArcadia();
  borealis = await foundArcadia('XBO');
});

/** The payload of a certificate as a map, changed and signed again. */
async function signedAgain(
  bytes: Uint8Array,
  change: (payload: Map<CborValue, CborValue>) => void,
  { signer = arcadia.recordSigner, typ = MEDIA_TYPES.officer as string } = {},
): Promise<Uint8Array> {
  const [, , payload] = (decode(bytes) as Tagged).value as [Uint8Array, unknown, Uint8Array];
  const map = decode(payload) as Map<CborValue, CborValue>;
  change(map);
  return encodeSign1(
    await signSign1(
      { protectedHeader: new Map([[HEADER_TYP, typ]]), payload: encode(map as CborValue) },
      signer,
    ),
  );
}

const nothing = (): void => {};

test('what was certified is read back', async () => {
  const sealKey = fromHex('09'.padEnd(64, '0'));
  const issued = await enrol(arcadia, 'a.duty-2', { roles: ['release-authority', 'officer'], sealKey });
  const read = verifyOfficer(issued.bytes, arcadia.directory);
  expect(read).toEqual(issued);
  expect(read).toMatchObject(
    officerOf(arcadia.state, 'a.duty-2', { roles: ['release-authority', 'officer'], sealKey }),
  );
  expect(read.kid).toEqual(keyThumbprint(signerOf('a.duty-2').publicKey));
});

describe('content that is refused before anything is signed', () => {
  const refused: readonly [string, Partial<Officer>][] = [
    ['officer.bad-validity', { notAfterSeconds: START }],
    ['officer.validity-too-long', { notAfterSeconds: START + 400 * DAY + 1 }],
    ['officer.duplicate-role', { roles: ['officer', 'officer'] }],
    ['officer.bad-seal-key', { sealKey: new Uint8Array(32) }],
    ['officer.bad-seal-key', { sealKey: new Uint8Array(32).fill(0xff) }],
    ['officer.key-reused', { publicKey: signerOf('XAR root').publicKey }],
    ['officer.key-reused', { publicKey: signerOf('XAR next').publicKey }],
    ['officer.key-reused', { publicKey: signerOf('XAR log').publicKey }],
    ['ed25519.public-key-small-order', { publicKey: fromHex('01'.padEnd(64, '0')) }],
  ];
  test.each(refused)('%s: %j', async (code, change) => {
    const signer = { publicKey: arcadia.recordSigner.publicKey, sign: () => expect.unreachable('signed') };
    const issued = issueOfficer(officerOf(arcadia.state, 'anna', change), arcadia.directory, signer);
    const thrown = await issued.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(DocumentFaults);
    expect((thrown as DocumentFaults).faults.map((fault) => fault.code)).toContain(code);
  });

  test.each<[Partial<Officer>]>([
    [{ id: 'Anna' }],
    [{ id: '' }],
    [{ id: 'a'.repeat(65) }],
    [{ name: '' }],
    [{ name: 'two\nlines' }],
    [{ roles: [] }],
  ])('cbor.shape: %j', async (change) => {
    await expect(enrol(arcadia, 'anna', change)).rejects.toMatchObject({ code: 'cbor.shape' });
  });
});

describe('a certificate is refused', () => {
  test('of a key that may sign some types only', async () => {
    const issued = issueOfficer(officerOf(arcadia.state, 'anna'), arcadia.directory, arcadia.normSigner);
    await expect(issued).rejects.toMatchObject({ code: 'officer.key-out-of-scope' });
  });

  test('of a key that is not for records', async () => {
    const issued = issueOfficer(officerOf(arcadia.state, 'anna'), arcadia.directory, arcadia.logSigner);
    await expect(issued).rejects.toMatchObject({ code: 'identity.wrong-usage' });
  });

  test('of the record key of another state, also where that one is known', async () => {
    const both = new KeyDirectory();
    for (const { charter, directory, recordSigner } of [arcadia, borealis]) {
      both.add(charter, [
        directory.resolve(keyThumbprint(recordSigner.publicKey), 'record', START, charter.state),
      ]);
    }
    const issued = issueOfficer(officerOf(arcadia.state, 'anna'), both, borealis.recordSigner);
    await expect(issued).rejects.toMatchObject({ code: 'identity.unknown-key' });
  });

  test('issued when the record key was not valid', async () => {
    const issued = enrol(arcadia, 'anna', { issuedAtSeconds: START - 1 });
    await expect(issued).rejects.toMatchObject({ code: 'identity.not-yet-valid' });
  });

  test('whose bytes were changed after it was signed', async () => {
    const { bytes } = await enrol(arcadia, 'anna');
    const changed = bytes.slice();
    const at = new TextDecoder('latin1').decode(changed).indexOf('Officer anna');
    changed[at] = 'o'.charCodeAt(0);
    expect(() => verifyOfficer(changed, arcadia.directory)).toThrow(
      expect.objectContaining({ code: 'ed25519.bad-signature' }),
    );
  });

  test('that is signed as another kind of document', async () => {
    const { bytes } = await enrol(arcadia, 'anna');
    const record = await signedAgain(bytes, nothing, { typ: MEDIA_TYPES.record });
    expect(() => verifyOfficer(record, arcadia.directory)).toThrow(
      expect.objectContaining({ code: 'officer.wrong-document' }),
    );
    expect(verifyOfficer(await signedAgain(bytes, nothing), arcadia.directory).id).toBe('anna');
  });

  test('with something unsigned, a member that is not declared, or too many bytes', async () => {
    const { bytes } = await enrol(arcadia, 'anna');
    const parts = (decode(bytes) as Tagged).value as CborValue[];
    const unsigned = encode(
      new Tagged(18, [parts[0], new Map([['a', 1]]), parts[2], parts[3]] as CborValue[]),
    );
    const more = await signedAgain(bytes, (payload) => payload.set('rank', 'colonel'));
    const long = await signedAgain(bytes, (payload) => payload.set('name', 'n'.repeat(4_096)));
    for (const [code, refused] of [
      ['cose.unprotected-header', unsigned],
      ['cbor.shape', more],
      ['cbor.too-many-bytes', long],
    ] as const) {
      expect(() => verifyOfficer(refused, arcadia.directory)).toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('the officers of a state', () => {
  test('are found by key, listed by id, and are officers from begin to end', async () => {
    const officers = new OfficerDirectory(arcadia.state);
    const bruno = await enrol(arcadia, 'bruno', { notAfterSeconds: START + DAY });
    const anna = await enrol(arcadia, 'anna');
    officers.add(bruno);
    officers.add(anna);
    expect(officers.list().map(({ officer }) => officer.id)).toEqual(['anna', 'bruno']);
    expect(officers.find(anna.kid)?.officer).toBe(anna);
    const known = { officer: bruno, endedAtSeconds: null };
    expect(
      [START - 1, START, START + DAY - 1, START + DAY, Number.NaN].map((at) => whyNotInForce(known, at)),
    ).toEqual(['officer.not-yet-valid', undefined, undefined, 'officer.expired', 'officer.not-yet-valid']);
    expect(officers.inForce('bruno', START)?.officer).toBe(bruno);
    expect(officers.inForce('bruno', START + DAY)).toBeUndefined();
  });

  test('end, and can be certified again for another key', async () => {
    const officers = new OfficerDirectory(arcadia.state);
    const before = await enrol(arcadia, 'anna');
    officers.add(before);
    officers.add(before, START + 5);
    const after = await enrol(arcadia, 'anna', { publicKey: signerOf('anna 2').publicKey });
    officers.add(after);
    expect(officers.list()).toHaveLength(2);
    expect(whyNotInForce({ officer: before, endedAtSeconds: START + 5 }, START + 4)).toBeUndefined();
    expect(whyNotInForce({ officer: before, endedAtSeconds: START + 5 }, START + 5)).toBe('officer.ended');
    expect(officers.inForce('anna', START + 5)?.officer).toBe(after);
  });

  test('are none of another state, and no two of one key', async () => {
    const officers = new OfficerDirectory(arcadia.state);
    officers.add(await enrol(arcadia, 'anna'));
    const foreign = await enrol(borealis, 'boris');
    expect(() => officers.add(foreign)).toThrow(expect.objectContaining({ code: 'officer.wrong-state' }));
    const twin = await enrol(arcadia, 'bruno', { publicKey: signerOf('anna').publicKey });
    expect(() => officers.add(twin)).toThrow(
      expect.objectContaining({ code: 'officer.key-certified-twice' }),
    );
    expect(officers.list()).toHaveLength(1);
  });
});
