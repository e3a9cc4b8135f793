import { DocumentFaults } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import {
  AT_SECONDS,
  context,
  digestOf,
  incidentDraft,
  issue,
  issuer,
  receive,
} from '../arcadia.test-support.ts';
import { type DraftContext, examineView, factOf, factsOf, parseDraft, titleOf } from '../index.ts';

const DAY = 86_400;
const BOREALIS = 'b0'.repeat(32);
const CALDERA = 'ca'.repeat(32);
const RECORD = '01'.repeat(32);
const PARTS = ['1a', '2b', '3c'].map((byte) => byte.repeat(32));

const label = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO', 'XCA'] };
const timeText = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

const request = {
  ...{ record: RECORD, parts: 'all', thirdParty: 'XCA', purpose: 'incident-response' },
  reason: { en: 'Its hospitals use the same software.' },
};
const about = { record: RECORD, parts: 'all', holder: 'XBO', thirdParty: 'XCA' };
const grant = {
  ...{ decision: 'grant', ...about, purposes: ['incident-response', 'public-security'] },
  notBefore: timeText(AT_SECONDS),
  notAfter: timeText(AT_SECONDS + 30 * DAY),
};

type CodeAndPath = readonly [code: string, path: string];

function faults(type: string, content: object, more: Partial<DraftContext> = {}): readonly CodeAndPath[] {
  try {
    parseDraft({ type, label, content }, { ...context, issuer, ...more });
  } catch (thrown) {
    if (!(thrown instanceof DocumentFaults)) throw thrown;
    return thrown.faults.map(({ code, path }) => [code, path.join('/')] as const);
  }
  return [];
}

const known = (value: unknown) => ({ status: 'known', value });

describe('what a person writes', () => {
  test('names states by code, and is signed with ids', async () => {
    const view = await issue({ type: 'release-grant', label, content: grant });
    const signed = (name: string) => factOf(view, name, (value) => value);
    expect(signed('holder')).toEqual(known(BOREALIS));
    expect(signed('thirdParty')).toEqual(known(CALDERA));
    expect(signed('notAfter')).toEqual(known(AT_SECONDS + 30 * DAY));
    expect(examineView(view).faults).toEqual([]);
    const asked = await issue({ type: 'release-request', label, content: request });
    expect(factOf(asked, 'thirdParty', (value) => value)).toEqual(known(CALDERA));
    expect(titleOf(asked)).toEqual(known(new Map([['en', 'Its hospitals use the same software.']])));
  });

  test('names states by id, known or not', async () => {
    const content = { ...request, thirdParty: '77'.repeat(32) };
    const view = await issue({ type: 'release-request', label, content });
    expect(factOf(view, 'thirdParty', (value) => value)).toEqual(known('77'.repeat(32)));
  });

  test('names parts in any order, and is signed in ascending order', async () => {
    const content = { ...request, parts: PARTS.toReversed() };
    const view = await issue({ type: 'release-request', label, content });
    expect(factOf(view, 'parts', (value) => value)).toEqual(known(PARTS));
  });

  test.each<[unknown, string]>([
    ['XZZ', 'a code that no known state has'],
    ['xbo', 'a code in small letters'],
    ['Borealis', 'a name'],
    [BOREALIS.toUpperCase(), 'an id in capital letters'],
    [[BOREALIS], 'a list'],
    [7, 'a number'],
  ])('is refused with the state %j: %s', (state) => {
    for (const name of ['holder', 'thirdParty'] as const) {
      expect(faults('release-grant', { ...grant, [name]: state })).toEqual([
        ['record.unknown-state', `content/${name}`],
      ]);
    }
  });

  test('is refused where a state stands twice, whether by code or by id', () => {
    const same = (content: object, more: object = {}) =>
      faults('release-grant', { ...grant, ...content }, more);
    const at = (name: string): readonly CodeAndPath[] => [['record.same-state', `content/${name}`]];
    expect(same({ holder: 'XAR' })).toEqual(at('holder'));
    expect(same({ thirdParty: issuer })).toEqual(at('thirdParty'));
    expect(same({ holder: 'XCA' })).toEqual(at('thirdParty'));
    expect(same({ holder: CALDERA, thirdParty: 'XCA' })).toEqual(at('thirdParty'));
    expect(faults('release-request', { ...request, thirdParty: 'XAR' })).toEqual(at('thirdParty'));
    // Before it is known who issues, what can be compared is.
    const unknownIssuer = { issuer: undefined } as unknown as Partial<DraftContext>;
    expect(same({ holder: 'XAR' }, unknownIssuer)).toEqual([]);
    expect(same({ holder: 'XCA' }, unknownIssuer)).toEqual(at('thirdParty'));
  });
});

describe('release-request', () => {
  const asked = (change: object) => faults('release-request', { ...request, ...change });

  test('takes a time for the reply that is still to come', () => {
    expect(asked({ replyBy: timeText(AT_SECONDS + 1) })).toEqual([]);
    expect(asked({ replyBy: timeText(AT_SECONDS) })).toEqual([['record.bad-term', 'content/replyBy']]);
    expect(asked({ replyBy: 'soon' })).toEqual([['record.bad-time', 'content/replyBy']]);
  });

  test.each(['record', 'parts', 'thirdParty', 'purpose', 'reason'])('needs %s', (name) => {
    expect(asked({ [name]: undefined })).toEqual([['record.missing-field', `content/${name}`]]);
  });

  test.each<[object, CodeAndPath]>([
    [{ record: 'incident/i-1' }, ['record.bad-value', 'content/record']],
    [{ parts: 'some' }, ['record.bad-value', 'content/parts']],
    [{ parts: [] }, ['record.bad-value', 'content/parts']],
    [{ parts: ['victim'] }, ['record.bad-value', 'content/parts/0']],
    [{ parts: [PARTS[1], PARTS[0], PARTS[1]] }, ['record.duplicate-entry', 'content/parts/2']],
    [{ parts: new Array(513).fill(PARTS[0]) }, ['record.bad-value', 'content/parts']],
    [{ purpose: 'curiosity' }, ['record.unknown-value', 'content/purpose']],
    [{ reason: 'Because.' }, ['record.bad-value', 'content/reason']],
    [{ holder: 'XBO' }, ['record.unknown-field', 'content/holder']],
  ])('refuses %j', (change, expected) => {
    expect(asked(change)).toEqual([expected]);
  });
});

describe('release-grant', () => {
  const given = (change: object) => faults('release-grant', { ...grant, ...change });
  const refusal = { decision: 'refuse', ...about, reason: { en: 'Not this time.' } };
  const revocation = { decision: 'revoke', ...about };

  test('grants, refuses and revokes', () => {
    expect(given({ conditions: { en: 'Not to be passed on.' }, request: RECORD })).toEqual([]);
    expect(faults('release-grant', refusal)).toEqual([]);
    expect(faults('release-grant', { ...refusal, purposes: ['public-security'] })).toEqual([]);
    expect(faults('release-grant', revocation)).toEqual([]);
    expect(faults('release-grant', { ...revocation, reason: { en: 'An error.' } })).toEqual([]);
  });

  test.each(['decision', 'record', 'parts', 'holder', 'thirdParty', 'purposes', 'notBefore', 'notAfter'])(
    'a grant needs %s, and null is none',
    (name) => {
      for (const nothing of [undefined, null]) {
        expect(given({ [name]: nothing })).toEqual([['record.missing-field', `content/${name}`]]);
      }
    },
  );

  test('a refusal needs its reason', () => {
    expect(faults('release-grant', { ...refusal, reason: undefined })).toEqual([
      ['record.missing-field', 'content/reason'],
    ]);
  });

  test('a refusal and a revocation have no term and no conditions, a revocation no purposes', () => {
    const { purposes, notBefore, notAfter } = grant;
    const more = { purposes, notBefore, notAfter, conditions: { en: 'Not to be passed on.' } };
    const foreign = (...names: readonly string[]) =>
      names.map((name) => ['record.foreign-field', `content/${name}`]);
    expect(faults('release-grant', { ...refusal, ...more })).toEqual(
      foreign('notBefore', 'notAfter', 'conditions'),
    );
    expect(faults('release-grant', { ...revocation, ...more })).toEqual(
      foreign('purposes', 'notBefore', 'notAfter', 'conditions'),
    );
  });

  test.each([
    ['ends a second from now', -DAY, 1, true],
    ['ends now', -DAY, 0, false],
    ['lasts a second', 10 * DAY, 10 * DAY + 1, true],
    ['ends when it begins', 10 * DAY, 10 * DAY, false],
    ['ends before it begins', 10 * DAY, 9 * DAY, false],
    ['ends in 400 days', 0, 400 * DAY, true],
    ['ends a second after that', 0, 400 * DAY + 1, false],
    ['lasts a day, in two years', 730 * DAY, 731 * DAY, false],
  ])('%s', (_, begin, end, isGood) => {
    const times = { notBefore: timeText(AT_SECONDS + begin), notAfter: timeText(AT_SECONDS + end) };
    expect(given(times)).toEqual(isGood ? [] : [['record.bad-term', 'content/notAfter']]);
  });

  test.each<[object, CodeAndPath]>([
    [{ decision: 'allow' }, ['record.unknown-value', 'content/decision']],
    [{ decision: 'constructor' }, ['record.unknown-value', 'content/decision']],
    [{ purposes: [] }, ['record.bad-value', 'content/purposes']],
    [{ purposes: 'public-security' }, ['record.bad-value', 'content/purposes']],
    [{ purposes: ['any'] }, ['record.unknown-value', 'content/purposes/0']],
    [{ purposes: ['public-security', 'public-security'] }, ['record.duplicate-entry', 'content/purposes/1']],
    [{ notAfter: '2027-01-01' }, ['record.bad-time', 'content/notAfter']],
    [{ notBefore: 0 }, ['record.bad-time', 'content/notBefore']],
    [{ request: 'release-request/r-1' }, ['record.bad-value', 'content/request']],
    [{ conditions: {} }, ['record.bad-value', 'content/conditions']],
  ])('refuses %j', (change, expected) => {
    expect(given(change)).toEqual([expected]);
  });
});

describe('the third party as a fact', () => {
  test('is known of a grant that shows it, and unknown of one that withholds it', async () => {
    const view = await issue({ type: 'release-grant', label, content: grant });
    expect(factsOf(view).thirdParty).toEqual(known(CALDERA));
    const kept = [...view.disclosures].filter(([digest]) => digest !== digestOf(view, 'thirdParty'));
    const shown = receive(
      view.bytes,
      kept.map(([, bytes]) => bytes),
    );
    expect(factsOf(shown).thirdParty).toEqual({ status: 'unknown' });
  });

  test('is absent of a request, whatever it asks, and of other types', async () => {
    const asked = await issue({ type: 'release-request', label, content: request });
    expect(factsOf(asked).thirdParty).toEqual({ status: 'absent' });
    expect(factsOf(await issue(incidentDraft)).thirdParty).toEqual({ status: 'absent' });
  });
});
