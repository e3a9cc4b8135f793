import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { formatProof, parseProof } from '@comity/log';
import { leafHash } from '@comity/merkle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Anchor, type Dossier, type DossierReport, encodeDossier, verifyDossier } from './index.ts';
import {
  AT_SECONDS,
  arcadia,
  borealis,
  issue,
  POLICY,
  RECEIVED_SECONDS,
  told,
  whole,
} from './sample.test-support.ts';

const dossier = await whole();
const file = encodeDossier(dossier);
const ANCHORS: readonly Anchor[] = [arcadia.state, borealis.state];
const verify = (bytes: Uint8Array, anchors = ANCHORS, atSeconds = AT_SECONDS): DossierReport =>
  verifyDossier(bytes, { anchors, atSeconds });

describe('a dossier with which nothing is wrong', () => {
  test('every step is done', () => {
    const report = verifyDossier(file, { anchors: ANCHORS, atSeconds: AT_SECONDS, policy: POLICY });
    expect(report.verdict).toBe('VALID');
    const steps = [...report.records, ...report.notifications].flatMap((each) =>
      each.steps.map(({ status }) => status),
    );
    expect(steps.filter((status) => status !== 'done')).toEqual([]);
    expect(steps).toHaveLength(21);
    expect(report.records[0]).toMatchObject({
      id: told.header.id,
      logged: { index: 2, size: 3 },
      trustedSeconds: RECEIVED_SECONDS,
      keyState: { version: 1, isStale: false },
      cosignatures: [{ state: borealis.state, atSeconds: RECEIVED_SECONDS }],
    });
    expect(report.records[0]?.view?.disclosures).toEqual(told.disclosures);
    expect(report.notifications[0]).toMatchObject({ receivedAtSeconds: RECEIVED_SECONDS });
  });

  test('whoever waits is told how far it is', () => {
    const heard: [number, number][] = [];
    const onProgress = (done: number, total: number): void => {
      heard.push([done, total]);
    };
    const report = verifyDossier(file, { anchors: ANCHORS, atSeconds: AT_SECONDS, onProgress });
    expect(report.records.map(({ steps }) => steps)).toEqual(verify(file).records.map(({ steps }) => steps));
    expect(heard).toEqual([[1, 1]]);
  });

  test('an anchor by charter is an anchor by id', () => {
    const { documents, ...byCharter } = verify(file, [arcadia.charter.bytes, borealis.charter.bytes]);
    const { documents: others, ...byId } = verify(file);
    expect(documents).toEqual(others);
    expect(byCharter.records.map(({ steps }) => steps)).toEqual(byId.records.map(({ steps }) => steps));
    expect(byCharter.verdict).toBe('VALID');
  });

  test('whom nobody trusts proves nothing, whatever the file brings', () => {
    const report = verify(file, []);
    expect(report.verdict).toBe('INDETERMINATE');
    expect(report.documents.map(({ status }) => status)).not.toContain('done');
    expect(report.records[0]?.steps[1]).toEqual({ step: 'issuer', status: 'not-done', why: 'no-anchor' });
  });

  test('no step is left out, at whatever time and for whomever', () => {
    const names = (report: DossierReport) =>
      [...report.records, ...report.notifications].map(({ steps }) => steps.map(({ step }) => step));
    const all = names(verify(file));
    fc.assert(
      fc.property(fc.subarray([...ANCHORS]), fc.integer({ min: 0, max: 253_402_300_799 }), (anchors, at) => {
        expect(names(verify(file, anchors, at))).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a file that was changed', () => {
  test('in one bit anywhere: nothing is VALID that says anything else', () => {
    const said = ({ records, notifications }: DossierReport) => ({
      records: records.filter(isValid).map(({ id, view }) => ({ id, disclosures: view?.disclosures })),
      // What the file shows of what was told is said of the disclosures, not by the notification.
      released: notifications.filter(isValid).map(({ released, receivedAtSeconds }) => ({
        ...released,
        told: released?.told.map(({ digest }) => digest),
        receivedAtSeconds,
      })),
    });
    const whatIsTrue = said(verify(file));
    let refused = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: file.length * 8 - 1 }), (bit) => {
        const changed = file.slice();
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        const report = reportOn(changed);
        if (report?.verdict !== 'VALID') refused += 1;
        if (report === undefined) return;
        const { records, released } = said(report);
        for (const each of records) expect(whatIsTrue.records).toContainEqual(each);
        for (const each of released) expect(whatIsTrue.released).toContainEqual(each);
      }),
      { numRuns: 400 },
    );
    // The rest is in certificates that nothing needs, and in lines of cosigners.
    expect(refused).toBeGreaterThan(300);
  });

  test('by leaving a document out is not INVALID: less is shown, nothing is wrong', () => {
    for (const out of dossier.certificates) {
      const certificates = dossier.certificates.filter((each) => each !== out);
      expect(verify(encodeDossier({ ...dossier, certificates })).verdict).not.toBe('INVALID');
    }
    for (const out of dossier.charters) {
      const charters = dossier.charters.filter((each) => each !== out);
      expect(verify(encodeDossier({ ...dossier, charters })).verdict).toBe('INDETERMINATE');
    }
  });

  test('says which rule was broken beside the code of the step', () => {
    const [record] = dossier.records;
    const bytes = told.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    const report = verify(
      encodeDossier({ ...dossier, records: [{ disclosures: record?.disclosures ?? [], record: bytes }] }),
    );
    const step = report.records[0]?.steps.find(({ status }) => status === 'failed');
    expect(step).toMatchObject({ step: 'signature', code: 'dossier.forged' });
    expect(step).toHaveProperty('cause', expect.stringMatching(/^ed25519\./));
  });
});

test('a retraction in the file is shown, and changes no verdict', async () => {
  const retraction = await issue('taken-back', { type: 'retraction', retracts: told.header.id });
  const records = [...dossier.records, { record: retraction.bytes, disclosures: [] }];
  const report = verify(encodeDossier({ ...dossier, records }));
  const shown = report.records.find(({ id }) => id === told.header.id);
  expect(shown).toMatchObject({ verdict: 'VALID', retractedBy: [retraction.header.id] });
  expect(report.verdict).toBe('VALID');
});

test('a charter among the anchors that does not verify refuses the whole', () => {
  const charter = arcadia.charter.bytes.slice();
  charter[charter.length - 1] = (charter.at(-1) as number) ^ 1;
  expect(() => verify(file, [charter])).toThrow(expect.objectContaining({ code: 'identity.forged' }));
});

test('a file of another federation than was given is refused, and the name is in the report in any case', () => {
  const input = { anchors: ANCHORS, atSeconds: AT_SECONDS };
  expect(verifyDossier(file, input).federation).toBe(dossier.federation);
  expect(verifyDossier(file, { ...input, federation: dossier.federation }).verdict).toBe('VALID');
  expect(() => verifyDossier(file, { ...input, federation: 'other' })).toThrow(
    expect.objectContaining({ code: 'dossier.wrong-federation' }),
  );
});

test('a line put into a proof, by whoever has the file, changes nothing where no known key of the log made it', () => {
  const [{ proof = '', ...record }] = dossier.records as readonly [Dossier['records'][number]];
  const [, cosigned = ''] = /(\u2014 \S+\/witness \S+\n)/.exec(proof) ?? [];
  const forged = cosigned.replace(/.{6}==\n$/, 'AAAAAA==\n');
  const at = proof.indexOf('\u2014 ');
  const changed = [cosigned, forged]
    .concat(proof.slice(at).split(/(?<=\n)/))
    .filter((line, index, all) => all.indexOf(line) === index)
    .sort();
  const records = [{ ...record, proof: proof.slice(0, at) + changed.join('') }];
  expect(changed).toHaveLength(3);
  const [found] = verify(encodeDossier({ ...dossier, records })).records;
  const [before] = verify(file).records;
  expect(found?.steps).toEqual(before?.steps);
  expect(found?.cosignatures).toEqual(before?.cosignatures);
  expect(found?.cosignatures).toHaveLength(1);
});

test('records under one checkpoint are judged each by the lines of its own proof, in whichever order', async () => {
  const [a, b] = [await issue('a'), await issue('b')];
  const [{ proof = '', ...record }] = dossier.records as readonly [Dossier['records'][number]];
  const proofOfA = formatProof({
    index: 0,
    hashes: [b, told].map(({ header }) => leafHash(fromHex(header.id))),
    checkpoint: parseProof(proof).checkpoint,
  });
  const forged = (text: string): string =>
    text
      .split('\n')
      .map((line) => (/^\u2014 \S+\/origin /.test(line) ? line.replace(/.{7}=$/, 'AAAAAAA=') : line))
      .join('\n');
  const judged = (ofTold: string, ofA: string) => {
    const records = [
      { ...record, proof: ofTold },
      { record: a.bytes, disclosures: [...a.disclosures.values()], proof: ofA },
    ];
    const report = verify(encodeDossier({ ...dossier, records }));
    return [told, a].map(({ header }) => {
      const found = report.records.find(({ id }) => id === header.id);
      return [found?.steps.find(({ step }) => step === 'checkpoint')?.status, found?.cosignatures.length];
    });
  };
  expect(judged(proof, proofOfA)).toEqual([
    ['done', 1],
    ['done', 1],
  ]);
  expect(judged(forged(proof), proofOfA)).toEqual([
    ['failed', 0],
    ['done', 1],
  ]);
  expect(judged(proof, forged(proofOfA))).toEqual([
    ['done', 1],
    ['failed', 0],
  ]);
  expect(judged(forged(proof), forged(proofOfA))).toEqual([
    ['failed', 0],
    ['failed', 0],
  ]);
});

function isValid({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'VALID';
}

function reportOn(bytes: Uint8Array): DossierReport | undefined {
  try {
    return verify(bytes);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return undefined;
  }
}
