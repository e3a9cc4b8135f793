import type { InvalidCase, Json, VectorFile } from '../vector.ts';
import { LIMIT, RATIO } from './policy-conditions.ts';
import { codes, type JsonObject, policy, refusing, withRule } from './policy-text.ts';

/** Embargoes, approvals, groups for a time, limits and reciprocity with one fault each (disclosure.md 6.1 to 6.15). */
export function policyConditionsRefused(): readonly VectorFile[] {
  const file = (name: string, invalid: readonly InvalidCase[]): VectorFile => ({
    topic: 'disclosure',
    name,
    op: 'policy.check',
    invalid,
  });
  return [
    file('policy-groups', groups()),
    file('policy-embargoes', embargoes()),
    file('policy-approvals', approvals()),
    file('policy-limits', [...entries('limits'), ...limits()]),
    file('policy-reciprocity', [...entries('reciprocity'), ...ratios()]),
  ];
}

const withGroup = (...group: readonly Json[]): JsonObject => policy([], { groups: { north: group } });
const member = (members: JsonObject): JsonObject => withGroup('XCA', { state: 'XBO', ...members });
const type = refusing('policy.wrong-type', '6.1');
const key = refusing('policy.unknown-key', '6.2');

function groups(): readonly InvalidCase[] {
  const time = refusing('policy.bad-time', '6.11');
  const missing = refusing('policy.missing-key', '6.11');
  const twice = refusing('policy.duplicate-entry', '6.8');
  const bad: readonly (readonly [string, string])[] = [
    ['a month without a day', '2026-11'],
    ['a date without hyphens', '20261124'],
    ['a time without its date', '10:00:00Z'],
    ['a time without seconds', '2026-11-24T10:00Z'],
    ['a time without its zone', '2026-11-24T10:00:00'],
    ['a time of another zone', '2026-11-24T10:00:00+00:00'],
    ['a time with a fraction', '2026-11-24T10:00:00.0Z'],
    ['a space in the place of the T', '2026-11-24 10:00:00Z'],
    ['small letters', '2026-11-24t10:00:00z'],
    ['the 30th of February', '2026-02-30'],
    ['the 29th of February of another year', '2026-02-29'],
    ['the 29th of February of the year 2100', '2100-02-29'],
    ['the 31st of November', '2026-11-31T10:00:00Z'],
    ['a 13th month', '2026-13-01'],
    ['a month 0', '2026-00-01'],
    ['a day 0', '2026-11-00'],
    ['hour 24', '2026-11-24T24:00:00Z'],
    ['minute 60', '2026-11-24T10:60:00Z'],
    ['a leap second', '2026-12-31T23:59:60Z'],
    ['a second before the first', '1969-12-31T23:59:59Z'],
    ['a year of five digits', '10000-01-01'],
    ['a year 0', '0000-01-01'],
    ['a space in front', ' 2026-11-24'],
    ['a line feed behind', '2026-11-24\n'],
    ['digits of another script', '٢٠٢٦-١١-٢٤'],
    ['no time, as a word', ''],
  ];
  return [
    ...bad.map(([comment, from]) => time(`${comment}, as the begin`, member({ from }))),
    ...bad.slice(0, 3).map(([comment, until]) => time(`${comment}, as the end`, member({ until }))),
    time('the end in the second of the begin', member({ from: '2026-11-24T00:00:00Z', until: '2026-11-24' })),
    time('the end before the begin', member({ from: '2026-11-24', until: '2026-11-23' })),
    missing('a state without a time, which is its code', withGroup({ state: 'XBO' })),
    missing('a time without a state', withGroup({ from: '2026-11-24' })),
    missing('nothing', withGroup({})),
    key(
      'a misspelt key: the state would stay for ever',
      withGroup({ state: 'XBO', from: '2026-11-24', to: '2026-12-24' }),
    ),
    type('a begin as a number', member({ from: 1_795_514_400 })),
    type('an end that is null', member({ from: '2026-11-24', until: null })),
    type('a state as a number', withGroup({ state: 7, from: '2026-11-24' })),
    type('states in a list for one time', withGroup({ state: ['XBO', 'XCA'], from: '2026-11-24' })),
    type('an entry that is a number', withGroup('XBO', 7)),
    type('an entry that is a list', withGroup(['XBO'])),
    type('an entry that is null', withGroup(null)),
    twice('a state as a code and for a time', withGroup('XBO', { state: 'XBO', from: '2026-11-24' })),
    twice(
      'a state for two times that do not meet',
      withGroup({ state: 'XBO', until: '2026-01-01' }, { state: 'XBO', from: '2026-11-24' }),
    ),
    refusing('policy.unknown-recipient', '6.3')(
      'a group for a time in a group',
      policy([], { groups: { south: ['XCA'], north: [{ state: 'south', from: '2026-11-24' }] } }),
    ),
    refusing('policy.unknown-state', '6.5')(
      'a code that nobody here has, for a time',
      withGroup({ state: 'XZZ', from: '2026-11-24' }),
    ),
    refusing('policy.too-many', '6.8')(
      'a group of 1001 states, each for a time',
      withGroup(...codes(1001).map((state) => ({ state, from: '2026-11-24' }))),
      codes(1001),
    ),
  ];
}

/** Durations that are none, and one that is too long for its place. */
function durations(tooLong: string): readonly (readonly [string, string])[] {
  return [
    ['a year', 'P1Y'],
    ['a month', 'P1M'],
    ['weeks and days', 'P1W1D'],
    ['days after hours', 'PT1H1D'],
    ['minutes before hours', 'PT1M1H'],
    ['hours without T', 'P6H'],
    ['nothing behind P', 'P'],
    ['nothing behind PT', 'PT'],
    ['nothing behind T', 'P1DT'],
    ['no time at all', 'PT0S'],
    ['no weeks', 'P0W'],
    ['a fraction', 'PT1.5H'],
    ['a sign', '-P1D'],
    ['a plus sign', 'P+1D'],
    ['small letters', 'p1d'],
    ['a number of ten digits', 'P0000000001D'],
    ['a space behind', 'P1D '],
    ['a line feed behind', 'P1D\n'],
    ['digits of another script', 'P١D'],
    ['a number alone', '7'],
    ['no duration, as a word', ''],
    ['a day in words', '1 day'],
    ['a second too long', tooLong],
  ];
}

function embargoes(): readonly InvalidCase[] {
  const duration = refusing('policy.bad-duration', '6.12');
  const anchor = refusing('policy.unknown-anchor', '6.12');
  const forbidding = refusing('policy.condition-on-forbid', '6.4');
  return [
    ...durations('P3649DT24H1S').map(([comment, after]) => duration(comment, withRule({ after }))),
    duration('522 weeks, which are 3654 days', withRule({ after: 'P522W' })),
    duration(
      'numbers so large that nobody adds them up',
      withRule({ after: 'P999999999DT999999999H999999999M999999999S' }),
    ),
    anchor('an anchor that there is not', withRule({ after: 'PT6H', from: 'resolved' })),
    anchor('the field in place of the anchor', withRule({ after: 'PT6H', from: 'occurredAt' })),
    anchor('an anchor in capitals', withRule({ after: 'PT6H', from: 'ISSUED' })),
    anchor('a state as the anchor', withRule({ after: 'PT6H', from: 'XCA' })),
    anchor('no anchor, as a word', withRule({ after: 'PT6H', from: '' })),
    anchor('a name that objects have anyway', withRule({ after: 'PT6H', from: 'constructor' })),
    refusing('policy.from-without-after', '6.12')(
      'an anchor without an embargo',
      withRule({ from: 'occurred' }),
    ),
    refusing('policy.from-without-after', '6.12')(
      'the anchor that holds anyway, without an embargo',
      withRule({ from: 'issued' }),
    ),
    type('an embargo as a number of seconds', withRule({ after: 3600 })),
    type('an embargo as a list', withRule({ after: ['PT6H'] })),
    type('an embargo that is null', withRule({ after: null })),
    type('an anchor as a list', withRule({ after: 'PT6H', from: ['issued'] })),
    forbidding('a forbidding rule in embargo', withRule({ effect: 'forbid', after: 'PT6H' })),
    forbidding(
      'a forbidding rule in embargo from an anchor',
      withRule({ effect: 'forbid', after: 'PT6H', from: 'aware' }),
    ),
    forbidding(
      'a forbidding rule that waits for officers',
      withRule({ effect: 'forbid', approve: { by: 'officer' } }),
    ),
  ];
}

function approvals(): readonly InvalidCase[] {
  const needing = (approve: Json): JsonObject => withRule({ approve });
  const by = (members: JsonObject): JsonObject => needing({ by: 'officer', ...members });
  const role = refusing('policy.unknown-role', '6.13');
  const persons = refusing('policy.bad-persons', '6.13');
  const within = refusing('policy.bad-duration', '6.13');
  return [
    role('a role that there is not', needing({ by: 'minister' })),
    role('a role in capitals', needing({ by: 'Officer' })),
    role('no role, as a word', needing({ by: '' })),
    role('a name that objects have anyway', needing({ by: 'constructor' })),
    ...([0, 10, -1, 1.5, 9.000001, 1e300] as const).map((count) =>
      persons(`${count} persons`, by({ persons: count })),
    ),
    ...durations('P365DT1S').map(([comment, text]) => within(comment, by({ within: text }))),
    refusing('policy.missing-key', '6.13')('no role', needing({ persons: 2 })),
    refusing('policy.missing-key', '6.13')('nothing', needing({})),
    key('a misspelt key: one person would do', by({ person: 2 })),
    type('the role alone', needing('officer')),
    type('two roles', needing({ by: ['officer', 'release-authority'] })),
    type('the role is true', needing({ by: true })),
    type('persons as a text', by({ persons: '2' })),
    type('persons as true', by({ persons: true })),
    type('persons by name', by({ persons: ['ada', 'ben'] })),
    type('the time as a number', by({ within: 30 })),
    type('a list of needs', needing([{ by: 'officer' }])),
  ];
}

/** What both lists have. */
function entries(list: 'limits' | 'reciprocity'): readonly InvalidCase[] {
  const clause = list === 'limits' ? '6.14' : '6.15';
  const entry = list === 'limits' ? LIMIT : RATIO;
  const count = refusing('policy.bad-count', clause);
  const then = refusing('policy.bad-then', clause);
  const missing = refusing('policy.missing-key', clause);
  const of = (members: JsonObject): JsonObject => policy([], { [list]: [{ ...entry, ...members }] });
  const without = (name: string): JsonObject =>
    policy([], { [list]: [Object.fromEntries(Object.entries(entry).filter(([each]) => each !== name))] });
  return [
    ...Object.keys(entry).map((name) => missing(`no ${name}`, without(name))),
    ...([0, 1_000_001, -1, 1.5, 1e300] as const).map((releases) =>
      count(`${releases} releases`, of({ releases })),
    ),
    then('another word', of({ then: 'withhold' })),
    then('another letter case', of({ then: 'Hold' })),
    then('true', of({ then: true })),
    then('null', of({ then: null })),
    key('a misspelt key', of({ mode: 'push' })),
    type('the list is a mapping', policy([], { [list]: entry })),
    type('the list is true', policy([], { [list]: true })),
    type('an entry is a text', policy([], { [list]: ['XBO'] })),
    type('an entry is a list', policy([], { [list]: [[entry]] })),
    type('releases as a text', of({ releases: '50' })),
    type('the recipient is a number', of({ to: 7 })),
    type('the need is a text', of({ approve: 'officer' })),
    refusing('policy.empty-list', '6.8')('no recipient', of({ to: [] })),
    refusing('policy.duplicate-entry', '6.8')('a recipient twice', of({ to: ['XBO', 'XBO'] })),
    refusing('policy.too-many', '6.8')(
      '1001 entries',
      policy([], { [list]: Array<JsonObject>(1001).fill(entry) }),
    ),
    refusing('policy.unknown-recipient', '6.5')('a group that is not declared', of({ to: 'south' })),
    refusing('policy.unknown-state', '6.5')('a code that nobody here has', of({ to: ['XBO', 'XZZ'] })),
    refusing('policy.unknown-role', '6.13')('a role that there is not', of({ approve: { by: 'minister' } })),
    refusing('policy.bad-persons', '6.13')('no persons', of({ approve: { by: 'officer', persons: 0 } })),
  ];
}

function limits(): readonly InvalidCase[] {
  const duration = refusing('policy.bad-duration', '6.14');
  const of = (per: Json): JsonObject => policy([], { limits: [{ ...LIMIT, per }] });
  return [
    ...durations('P3650DT1S').map(([comment, per]) => duration(comment, of(per))),
    type('the time as a number', of(7)),
    key('a ratio in a limit', policy([], { limits: [{ ...LIMIT, 'when-ratio-below': 0.2 }] })),
  ];
}

function ratios(): readonly InvalidCase[] {
  const ratio = refusing('policy.bad-ratio', '6.15');
  const of = (value: Json): JsonObject =>
    policy([], { reciprocity: [{ ...RATIO, 'when-ratio-below': value }] });
  return [
    ...(
      [0, -0.2, 1.01, 2, 0.001, 0.005, 0.125, 0.999, 0.2000001, 0.30000000000000004, 1e-300, 1e300] as const
    ).map((value) => ratio(`a ratio of ${value}`, of(value))),
    type('a ratio as a text', of('0.2')),
    type('a ratio as true', of(true)),
    type('a ratio as a list', of([1, 5])),
    key('a time in reciprocity', policy([], { reciprocity: [{ ...RATIO, per: 'P7D' }] })),
  ];
}
