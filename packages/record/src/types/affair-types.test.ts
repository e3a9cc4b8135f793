import { DocumentFaults } from '@comity/fault';
import { expect, test } from 'vitest';
import { AT_SECONDS, context, issuer } from '../arcadia.test-support.ts';
import { parseDraft } from '../index.ts';

// Conditions that span several fields, or the draft as a whole (record-types.md §19 to §28).

const text = { en: 'x' };
const label = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO'] };
const RECORD = '01'.repeat(32);
const timeText = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
const inDays = (days: number) => timeText(AT_SECONDS + days * 86_400);

/** Code and path of each fault of a draft. */
function faults(draft: object): readonly string[] {
  try {
    parseDraft({ label, ...draft }, { ...context, issuer });
  } catch (thrown) {
    if (!(thrown instanceof DocumentFaults)) throw thrown;
    return thrown.faults.map(({ code, path }) => `${code} ${path.join('/')}`);
  }
  return [];
}

const claim = { of: 'XAR', catalogue: 'nis2-21-2', item: 'g', assessor: 'self', finding: 'claimed' };
const risk = {
  ...{ title: text, kind: 'sector-risk', status: 'approved', sectors: ['health'] },
  ...{ likelihood: 'likely', impact: 'severe' },
};
const proportionality = {
  ...{ title: text, kind: 'proportionality', status: 'draft', trigger: text, legalAuthority: text },
  ...{ alternatives: text, commensurate: text },
};
const contact = {
  ...{ name: text, role: 'technical', ways: [{ kind: 'email', value: 'duty@example.org' }] },
  ...{ languages: ['en', 'ar'], confirmedAt: inDays(0), confirmEveryDays: 180 },
};

test.each([
  ['guideline', { title: text, status: 'draft', body: text }, []],
  ['guideline', { title: text, status: 'approved', document: { digest: RECORD } }, []],
  ['guideline', { title: text, status: 'approved' }, ['record.missing-field content/body']],
  ['implementation', claim, []],
  ['implementation', { ...claim, of: 'XBO' }, ['record.bad-value content/of']],
  ['implementation', { ...claim, finding: 'accepted' }, ['record.unknown-value content/finding']],
  ['implementation', { ...claim, of: 'XBO', assessor: 'peer', finding: 'contested' }, []],
  [
    'implementation',
    { ...claim, assessor: 'peer' },
    ['record.same-state content/of', 'record.unknown-value content/finding'],
  ],
  ['implementation', { ...claim, assessor: 'civil-society', finding: 'accepted' }, []],
  ['implementation', { ...claim, catalogue: 'norm' }, ['record.missing-field content/norm']],
  ['implementation', { ...claim, norm: 'norm/hospitals' }, ['record.foreign-field content/norm']],
  ['assessment', risk, []],
  ['assessment', { ...risk, trigger: text }, ['record.foreign-field content/trigger']],
  ['assessment', { ...risk, impact: null }, ['record.missing-field content/impact']],
  ['assessment', proportionality, []],
  ['assessment', { ...proportionality, commensurate: null }, ['record.missing-field content/commensurate']],
  ['clarification', { kind: 'question', to: 'XBO', text, replyBy: inDays(2) }, []],
  ['clarification', { kind: 'question', to: 'XAR', text }, ['record.same-state content/to']],
  [
    'clarification',
    { kind: 'question', to: 'XBO', text, replyBy: inDays(0) },
    ['record.bad-term content/replyBy'],
  ],
  ['clarification', { kind: 'acknowledgement', to: 'XBO', inReplyTo: RECORD }, []],
  ['clarification', { kind: 'answer', to: 'XBO', inReplyTo: RECORD }, ['record.missing-field content/text']],
  [
    'clarification',
    { kind: 'decline', to: 'XBO', inReplyTo: RECORD },
    ['record.missing-field content/reason'],
  ],
  [
    'clarification',
    { kind: 'answer', to: 'XBO', inReplyTo: RECORD, text, reason: 'defence' },
    ['record.foreign-field content/reason'],
  ],
  ['contact', contact, []],
  ['contact', { ...contact, confirmedAt: inDays(1) }, ['record.bad-term content/confirmedAt']],
  ['contact', { ...contact, confirmEveryDays: 0 }, ['record.bad-value content/confirmEveryDays']],
  ['contact', { ...contact, languages: ['in English'] }, ['record.bad-value content/languages/0']],
  ['notice', { title: text, text, removed: [RECORD], derivedFrom: [RECORD] }, []],
])('a draft of a %s with %o', (type, content, expected) => {
  expect(faults({ type, content })).toEqual(expected);
});

test.each([
  [{ status: 'open', findings: [{ id: 'f-1', text }] }, []],
  [{ status: 'open', outcome: 'keep' }, ['record.foreign-field content/outcome']],
  [{ status: 'adopted', summary: text }, ['record.missing-field content/outcome']],
  [{ status: 'adopted', summary: text, outcome: 'end' }, []],
])('a review with %o', (content, expected) => {
  expect(faults({ type: 'review', subject: RECORD, content })).toEqual(expected);
});

const measure = {
  ...{ title: text, legalBasis: text, necessity: text, proclaimedBy: 'Ministry of Energy', scope: text },
  ...{ startsAt: inDays(0), reviewBy: inDays(30), oversightBody: 'Committee on Energy' },
  ...{ judicialRoute: text, remedyRoute: text },
};
const renewal = { renewalCount: 1, renewalReasons: text };

test.each([
  ['as it should be', {}, {}, []],
  ['for as long as it may be', {}, { expiresAt: inDays(366) }, []],
  ['without an end', {}, { expiresAt: undefined }, ['record.missing-field expiresAt']],
  ['for longer', {}, { expiresAt: inDays(367) }, ['record.bad-term expiresAt']],
  ['reviewed after its end', { reviewBy: inDays(91) }, {}, ['record.bad-term content/reviewBy']],
  ['reviewed before its start', { startsAt: inDays(31) }, {}, ['record.bad-term content/reviewBy']],
  ['without a way to a court', { judicialRoute: null }, {}, ['record.missing-field content/judicialRoute']],
  ['that renews none', renewal, {}, ['record.foreign-field content/renewalReasons']],
  ['that renews one', renewal, { supersedes: [RECORD] }, []],
  [
    'that renews one without reasons',
    { renewalCount: 1 },
    { supersedes: [RECORD] },
    ['record.missing-field content/renewalReasons'],
  ],
])('a measure %s', (_, content, more, expected) => {
  const draft = { type: 'measure', expiresAt: inDays(90), content: { ...measure, ...content }, ...more };
  expect(faults(draft)).toEqual(expected);
});

const exercise = {
  ...{ title: text, status: 'planned', scenario: text, startsAt: inDays(1), endsAt: inDays(2) },
  ...{ players: ['XBO', 'XCA'], injects: [{ id: 'i-1', offsetSeconds: 60, to: ['XBO'], text }] },
};

test('an exercise is a record of its exercise, and lasts', () => {
  expect(faults({ type: 'exercise', exercise: 'storm-1', content: exercise })).toEqual([]);
  expect(faults({ type: 'exercise', content: exercise })).toEqual(['record.missing-field exercise']);
  const backwards = { ...exercise, endsAt: inDays(1) };
  expect(faults({ type: 'exercise', exercise: 'storm-1', content: backwards })).toEqual([
    'record.bad-term content/endsAt',
  ]);
});

const TOO_OPEN = 'record.label-too-open';
const dispute = { title: text, parties: ['XAR', 'XBO'], stage: 'filed' };
const confidential = { label: { classification: 'restricted', tlp: 'AMBER+STRICT', releasableTo: ['XBO'] } };

test.each([
  ['in confidence', {}, confidential, []],
  ['of one state', { parties: ['XBO'] }, confidential, ['record.bad-value content/parties']],
  ['with an award too early', { award: text }, confidential, ['record.foreign-field content/award']],
  ['with its award', { stage: 'award', award: text, recommendation: text }, confidential, []],
  ['for a community', {}, {}, [`${TOO_OPEN} label`]],
  [
    'for nobody in particular',
    {},
    { label: { classification: 'restricted', tlp: 'RED' } },
    [`${TOO_OPEN} label`],
  ],
  [
    'of which parts are told',
    {},
    { ...confidential, envelope: { tlp: 'CLEAR' }, labels: { title: { tlp: 'CLEAR' } } },
    [`${TOO_OPEN} envelope`, `${TOO_OPEN} labels`],
  ],
])('a dispute %s', (_, content, more, expected) => {
  const draft = { type: 'dispute', content: { ...dispute, ...content }, ...more };
  expect(faults(draft)).toEqual(expected);
});
