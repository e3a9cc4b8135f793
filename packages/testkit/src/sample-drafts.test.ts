import type { StateCode } from '@comity/label';
import {
  authoriseRecord,
  checkWellFormed,
  decodeRecord,
  issueRecord,
  openView,
  parseDraft,
  type View,
  verifyRecord,
} from '@comity/record';
import { beforeAll, expect, test } from 'vitest';

import {
  type PlainDraft,
  SAMPLE_NORM_SUBJECT,
  type SampleCode,
  type SampleStates,
  sampleCommitmentDraft,
  sampleIncidentDraft,
  sampleNormDraft,
  sampleReleaseGrantDraft,
  sampleReleaseRequestDraft,
  sampleStates,
  seededEntropy,
} from './index.ts';

const CODES: readonly SampleCode[] = ['XAR', 'XBO', 'XCA'];

let states: SampleStates;

beforeAll(async () => {
  states = await sampleStates();
});

/** Issues a draft as its state would, and reads it as a peer that knows the directory would. */
async function exchange(code: SampleCode, draft: PlainDraft): Promise<View> {
  const issuer = states.all.find((state) => state.code === (code as string))!;
  const { atSeconds, directory } = states;
  const context = {
    ...{ issuer: issuer.state, scheme: issuer.scheme, atSeconds },
    stateOf: (other: StateCode) => states.stateOf(other),
  };
  const { view } = await issueRecord(parseDraft(draft, context), {
    issuer: issuer.state,
    scheme: issuer.scheme,
    atSeconds,
    entropy: seededEntropy(code),
    signer: issuer.signers.record,
  });
  const wellFormed = checkWellFormed(decodeRecord(view.bytes));
  const grant = directory.resolve(issuer.certificates.record.kid, 'record', atSeconds);
  const authorised = authoriseRecord(verifyRecord(wellFormed, grant.publicKey), grant);
  return openView(authorised, [...view.disclosures.values()]);
}

test.each(CODES)('the drafts of %s are issued and read', async (code) => {
  const drafts = [
    ...[sampleIncidentDraft(code), sampleNormDraft(code), sampleCommitmentDraft(code)],
    ...[sampleReleaseRequestDraft(code), sampleReleaseGrantDraft(code)],
  ];
  for (const draft of drafts) {
    const view = await exchange(code, draft);
    expect(view.header.type).toBe(draft.type);
    expect(view.parts.length).toBeGreaterThan(3);
  }
});

test('the incident has parts for two states, for one, and for none', async () => {
  for (const code of CODES) {
    const view = await exchange(code, sampleIncidentDraft(code));
    const recipients = (path: string) =>
      view.parts.find(({ pathText }) => pathText === path)!.label.releasableTo?.length ?? 0;
    expect(recipients('title')).toBe(2);
    expect(recipients('victim.name')).toBe(1);
    expect(recipients('narrative.internal')).toBe(0);
    expect(recipients('rootCause')).toBe(0);
    expect(new Set(view.parts.map(({ label }) => label.classification)).size).toBe(3);
    expect(view.header.label.releasableTo).toHaveLength(2);
  }
});

test('a commitment is to the sample norm', () => {
  expect(sampleCommitmentDraft().content.norm).toBe(`norm/${SAMPLE_NORM_SUBJECT}`);
});

test('the grant of Arcadia answers the request of Borealis, which goes to nobody else', async () => {
  const asked = sampleReleaseRequestDraft('XBO').content;
  const given = sampleReleaseGrantDraft('XAR').content;
  expect(asked).toMatchObject({ record: given.record, parts: given.parts, thirdParty: 'XCA' });
  expect(given).toMatchObject({
    decision: 'grant',
    holder: 'XBO',
    thirdParty: 'XCA',
    purposes: [asked.purpose],
  });
  const { header } = await exchange('XBO', sampleReleaseRequestDraft('XBO'));
  expect(header.label.releasableTo).toEqual([states.stateOf('XAR' as StateCode)]);
});

test('a change replaces, and content is merged field by field', () => {
  const draft = sampleIncidentDraft('XAR', { subject: 'x', exercise: 'winter', content: { stage: 'final' } });
  expect(draft).toMatchObject({
    subject: 'x',
    exercise: 'winter',
    content: { stage: 'final', suspectedMalicious: true },
  });
});

test('no two drafts share anything', () => {
  const one = sampleIncidentDraft();
  Object.assign(one.content.victim as object, { name: 'changed' });
  expect(one.content.victim).toMatchObject({ name: 'changed' });
  expect(sampleIncidentDraft().content.victim).not.toMatchObject({ name: 'changed' });
  const title = { en: 'x' };
  const changed = sampleIncidentDraft('XAR', { content: { title } });
  expect(changed.content.title).toEqual(title);
  expect(changed.content.title).not.toBe(title);
});

test('no draft names a real country', () => {
  for (const code of CODES) {
    const { victim } = sampleIncidentDraft(code).content as { victim: { country: string } };
    expect(victim.country).toMatch(/^X[A-Z]{2}$/);
  }
});
