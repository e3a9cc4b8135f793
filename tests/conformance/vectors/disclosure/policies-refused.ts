import type { InvalidCase, Json, VectorFile } from '../vector.ts';
import { codes, type JsonObject, policy, refusing, rule, withProfile, withRule } from './policy-text.ts';
import { words } from './policy-words-refused.ts';

/** Policies with one fault each (disclosure.md §6, §9). */
export function policiesRefused(): readonly VectorFile[] {
  const file = (name: string, invalid: readonly InvalidCase[]): VectorFile => ({
    topic: 'disclosure',
    name,
    op: 'policy.check',
    invalid,
  });
  return [
    file('policy-form', [...types(), ...keys()]),
    file('policy-names', [...names(), ...rules()]),
    file('policy-words', words()),
    file('policy-lists', lists()),
  ];
}

function types(): readonly InvalidCase[] {
  const refuse = refusing('policy.wrong-type', '6.1');
  return [
    refuse('a list instead of the mapping', [policy([])]),
    refuse('a text instead of the mapping', 'comity: policy/1'),
    refuse('nothing instead of the mapping', null),
    refuse('rules are a mapping by name', policy({ a: { to: 'XBO' } })),
    refuse('rules are null', policy(null)),
    refuse('a rule is a text', policy(['permit XBO'])),
    refuse('a rule is a list', policy([['a', 'XBO']])),
    refuse('the name of a rule is a number', withRule({ name: 7 })),
    refuse('a recipient is a mapping', withRule({ to: { code: 'XBO' } })),
    refuse('one of the recipients is a number', withRule({ to: ['XBO', 7] })),
    refuse('the mode is true', withRule({ mode: true })),
    refuse('the purpose is null: what is absent is left out', withRule({ purpose: null })),
    refuse('conditions are a list', withRule({ when: [{ type: 'incident' }] })),
    refuse('the type in a condition is false', withRule({ when: { type: false } })),
    refuse('the severity is a text', withRule({ when: { severity: 'significant' } })),
    refuse(
      'the least severity is the number of the scale',
      withRule({ when: { severity: { scale: 'us-nciss', 'at-least': 3 } } }),
    ),
    refuse(
      'the scale is a list',
      withRule({ when: { severity: { scale: ['us-nciss'], 'at-least': 'high' } } }),
    ),
    refuse('parts are a mapping', withRule({ parts: { title: true } })),
    refuse('one of the parts is a fraction', withRule({ parts: ['title', 0.5] })),
    refuse('a rule names its profile in a list', withRule({ profile: ['originator-full'] })),
    refuse('groups are a list', policy([], { groups: [['XBO']] })),
    refuse('groups are null', policy([], { groups: null })),
    refuse('a group is a mapping', policy([], { groups: { north: { XBO: true } } })),
    refuse(
      'a group is a single text, which stands for a list in rules only',
      policy([], { groups: { north: 'XBO' } }),
    ),
    refuse('profiles are a text', policy([], { profiles: 'peer-technical' })),
    refuse('a profile is a list of parts', withProfile(['title'])),
    refuse('what a profile keeps is true', withProfile({ keep: true })),
  ];
}

function keys(): readonly InvalidCase[] {
  const unknown = refusing('policy.unknown-key', '6.2');
  const version = refusing('policy.unknown-version', '6.2');
  const later = refusing('policy.unsupported', '9');
  const { comity: _comity, ...unversioned } = policy([]);
  const { rules: _rules, ...ruleless } = policy([]);
  const { name: _name, ...nameless } = rule();
  const { to: _to, ...addressless } = rule();
  return [
    version('another version', { ...policy([]), comity: 'policy/2' }),
    version('the version in capitals', { ...policy([]), comity: 'POLICY/1' }),
    version('the version as a number', { ...policy([]), comity: 1 }),
    unknown('a misspelt key at the root', { ...policy([]), group: { north: ['XBO'] } }),
    unknown('a misspelt key of a rule: it would not restrict', withRule({ part: 'title' })),
    unknown(
      'a misspelt condition: it would not restrict',
      withRule({ when: { sectors: 'health', type: 'incident' } }),
    ),
    unknown(
      'a misspelt key of a severity',
      withRule({ when: { severity: { 'at-least': 'high', 'at-most': 'severe' } } }),
    ),
    unknown('a misspelt key of a profile', withProfile({ keep: 'title', remove: 'victim' })),
    unknown('a key with a space behind it', withRule({ 'parts ': 'title' })),
    unknown(
      'a key that languages have a meaning for',
      JSON.parse('{"comity": "policy/1", "rules": [], "__proto__": {"rules": []}}'),
    ),
    unknown('a key that objects have anyway', { ...policy([]), constructor: 'a' }),
    refusing('policy.missing-key', '6.2')('no version', unversioned),
    refusing('policy.missing-key', '6.2')('no rules', ruleless),
    refusing('policy.missing-key', '6.3')('a profile that neither keeps nor drops', withProfile({})),
    refusing('policy.missing-key', '6.4')(
      'a rule without a name: no decision could cite it',
      policy([nameless]),
    ),
    refusing('policy.missing-key', '6.4')('a rule without a recipient', policy([addressless])),
    refusing('policy.missing-key', '6.6')('conditions of which there are none', withRule({ when: {} })),
    refusing('policy.missing-key', '6.6')(
      'a severity without its least',
      withRule({ when: { severity: { scale: 'us-nciss' } } }),
    ),
    later('the mode of an offline package', withRule({ mode: ['push', 'export'] })),
    later('the mode of a public site', withRule({ mode: 'publish' })),
  ];
}

function names(): readonly InvalidCase[] {
  const refuse = refusing('policy.bad-name', '6.3');
  const bad: readonly (readonly [string, string])[] = [
    ['an empty name', ''],
    ['a name that looks like a code', 'ABC'],
    ['a name with one capital', 'noTitles'],
    ['a name that begins with a digit', '1st'],
    ['a name that begins with a hyphen', '-a'],
    ['a name with an underscore', 'no_titles'],
    ['a name with a space', 'no titles'],
    ['a name with a line feed behind it', 'titles\n'],
    ['a name beyond ASCII', 'ä'],
    ['a name of 65 characters', 'n'.repeat(65)],
  ];
  return [
    ...bad.map(([comment, name]) => refuse(`${comment}, of a rule`, withRule({ name }))),
    ...bad.map(([comment, name]) =>
      refuse(`${comment}, of a group`, policy([], { groups: { [name]: ['XBO'] } })),
    ),
    ...bad.map(([comment, name]) =>
      refuse(`${comment}, of a profile`, policy([], { profiles: { [name]: { keep: 'title' } } })),
    ),
  ];
}

function rules(): readonly InvalidCase[] {
  const reserved = refusing('policy.reserved-profile', '6.3');
  const effect = refusing('policy.bad-effect', '6.4');
  const profile = refusing('policy.unknown-profile', '6.4');
  return [
    refusing('policy.reserved-name', '6.4')(
      'a rule with the name under which grants go along',
      withRule({ name: 'consent-goes-along' }),
    ),
    reserved(
      'a registered profile declared anew',
      policy([], { profiles: { 'peer-technical': { keep: 'title' } } }),
    ),
    reserved(
      'one that keeps everything, declared anew',
      policy([], { profiles: { 'originator-full': { drop: 'victim' } } }),
    ),
    refusing('policy.duplicate-name', '6.4')(
      'two rules of one name',
      policy([rule(), rule({ effect: 'forbid' })]),
    ),
    refusing('policy.duplicate-name', '6.4')(
      'the first and the last of three rules share a name',
      policy([rule(), rule({ name: 'b' }), rule({ to: 'XCA' })]),
    ),
    effect('an effect that there is not', withRule({ effect: 'deny' })),
    effect('an effect in another letter case', withRule({ effect: 'Forbid' })),
    effect('no effect, as a word', withRule({ effect: '' })),
    effect('the effect is false', withRule({ effect: false })),
    refusing('policy.profile-on-forbid', '6.4')(
      'a forbidding rule with a registered profile',
      withRule({ effect: 'forbid', profile: 'peer-technical' }),
    ),
    profile('a profile that nobody has declared', withRule({ profile: 'technical' })),
    profile('a registered profile in another letter case', withRule({ profile: 'Peer-Technical' })),
    profile('a name that objects have anyway', withRule({ profile: 'constructor' })),
  ];
}

function lists(): readonly InvalidCase[] {
  const empty = refusing('policy.empty-list', '6.8');
  const twice = refusing('policy.duplicate-entry', '6.8');
  const many = refusing('policy.too-many', '6.8');
  const tooMany = codes(1001);
  const names = Array.from({ length: 1001 }, (_, index) => `n${index}`);
  const named = (value: Json): JsonObject => Object.fromEntries(names.map((name) => [name, value]));
  return [
    empty('no recipient', withRule({ to: [] })),
    empty('no mode is named', withRule({ mode: [] })),
    empty('no purpose', withRule({ purpose: [] })),
    empty('no part: it is not told whether none or all', withRule({ parts: [] })),
    empty('no type in a condition', withRule({ when: { type: [] } })),
    empty('no sector in a condition', withRule({ when: { sector: [] } })),
    empty('a group of nobody', policy([], { groups: { nobody: [] } })),
    empty('a profile that keeps nothing', withProfile({ keep: [] })),
    empty('a profile that drops nothing', withProfile({ drop: [] })),
    twice('a recipient twice', withRule({ to: ['XBO', 'XCA', 'XBO'] })),
    twice('a mode twice', withRule({ mode: ['push', 'push'] })),
    twice('a part twice', withRule({ parts: ['title', 'title'] })),
    twice('a state twice in a group', policy([], { groups: { north: ['XBO', 'XBO'] } })),
    twice('a part twice in a profile', withProfile({ keep: ['victim', 'title', 'victim'] })),
    many('1001 rules', policy(names.map((name) => rule({ name })))),
    many('1001 recipients of a rule', withRule({ to: tooMany }), tooMany),
    many('a group of 1001 states', policy([], { groups: { all: tooMany } }), tooMany),
    many('1001 groups', policy([], { groups: named(['XBO']) })),
    many('1001 profiles', policy([], { profiles: named({ keep: 'title' }) })),
  ];
}
