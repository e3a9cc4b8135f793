import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeDossier, inspectDossier } from './index.ts';
import { arcadia, borealis, told, whole } from './sample.test-support.ts';

const dossier = await whole();
const file = encodeDossier(dossier);

test('what a dossier holds is listed without anybody being trusted', () => {
  const inspection = inspectDossier(file);
  expect(inspection.charters.map(({ state }) => state).toSorted()).toEqual(
    [arcadia.state, borealis.state].toSorted(),
  );
  expect(inspection.certificates).toHaveLength(dossier.certificates.length);
  expect(inspection.keyStates.every(({ issuer }) => issuer !== undefined)).toBe(true);
  expect(inspection.records).toMatchObject([
    {
      id: told.header.id,
      says: { issuer: told.header.issuer, subject: told.header.subject },
      disclosures: told.disclosures.size,
      log: { size: 3 },
    },
  ]);
  expect(inspection.notifications).toEqual([
    { sender: arcadia.state, recipient: borealis.state, record: told.header.id },
  ]);
});

test('what cannot be read in it hides nothing of the rest', () => {
  const junk = Uint8Array.of(0xff);
  const [record] = dossier.records;
  if (record === undefined) throw new Error('the sample has no record');
  const inspection = inspectDossier(
    encodeDossier({
      ...dossier,
      charters: [junk],
      keyStates: [junk],
      records: [{ ...record, proof: 'none' }],
    }),
  );
  expect(inspection.charters).toEqual([{}]);
  expect(inspection.keyStates).toEqual([{}]);
  expect(inspection.records[0]).toMatchObject({ says: { issuer: arcadia.state } });
  expect(inspection.records[0]).not.toHaveProperty('log');
});

test('whatever is done to a file, it is listed or refused with a code', () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const changed = file.slice();
      changed[at] = byte;
      try {
        inspectDossier(changed);
      } catch (error) {
        if (!isFault(error)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
