import type { ValidCase, VectorFile } from '../vector.ts';
import { codes, digestOf, type JsonObject, policy, rule, STATES, WORKED_EXAMPLE } from './policy-text.ts';

/** Policies that are in order, with their digests (disclosure.md §6). */
export function policies(): VectorFile {
  return {
    topic: 'disclosure',
    name: 'policies',
    op: 'policy.check',
    valid: [...digests(), ...forms(), ...limits()],
  };
}

function accepted(comment: string, value: JsonObject, states: readonly string[] = STATES): ValidCase {
  return { comment, in: { policy: value, states }, out: { digest: digestOf(value) } };
}

/** A policy whose only rule is `a` for Borealis with these members. */
function withRule(comment: string, members: JsonObject, more: JsonObject = {}): ValidCase {
  return accepted(comment, policy([rule(members)], more));
}

function digests(): readonly ValidCase[] {
  const [technical, titles] = WORKED_EXAMPLE.rules as readonly [JsonObject, JsonObject];
  const reversed = (value: JsonObject): JsonObject => Object.fromEntries(Object.entries(value).reverse());
  return [
    {
      comment: 'the worked example of the chapter',
      in: { policy: WORKED_EXAMPLE, states: STATES },
      out: { digest: '282ee5fd11b9a8c7653cb3f8d741c9fc2ea05578bc56d90430f16dfe2f98d679' },
    },
    {
      comment: 'the same with all keys in the other order: the digest does not depend on it',
      in: { policy: reversed(policy([reversed(technical), reversed(titles)])), states: STATES },
      out: { digest: '282ee5fd11b9a8c7653cb3f8d741c9fc2ea05578bc56d90430f16dfe2f98d679' },
    },
    accepted(
      'the same rules in the other order: it decides alike, and its digest is another',
      policy([titles, technical]),
    ),
    accepted(
      'a list of one in place of a single text is another value',
      policy([{ ...technical, when: { type: ['incident'], sector: ['health'] } }, titles]),
    ),
    accepted('a word more that says what holds anyway', policy([{ ...technical, effect: 'permit' }, titles])),
    accepted('no rule at all: nothing is permitted', policy([])),
    accepted(
      'empty groups and profiles are not the same value as none',
      policy([], { groups: {}, profiles: {} }),
    ),
  ];
}

function forms(): readonly ValidCase[] {
  return [
    withRule('a rule of name and recipient alone', {}),
    withRule('a forbidding rule for everything', { effect: 'forbid' }),
    withRule(
      'a recipient that is named twice in a way: as a code and in a group',
      { to: ['XBO', 'north'] },
      { groups: { north: ['XBO', 'XCA'] } },
    ),
    withRule('a group whose name would be a code in capitals', { to: 'xbo' }, { groups: { xbo: ['XCA'] } }),
    withRule('a group with the code of the state itself, used by no rule', {}, { groups: { us: ['XAR'] } }),
    withRule('one mode as a text', { mode: 'query' }),
    withRule('every mode', { mode: ['relay', 'query', 'letter', 'push'] }),
    withRule('letters alone', { mode: 'letter' }),
    withRule('several purposes', { purpose: ['norm-verification', 'rights-fulfilment'] }),
    withRule('every record type', { when: { type: ['incident', 'norm', 'commitment', 'retraction'] } }),
    withRule('a sector and a sub-sector', {
      when: { sector: ['energy', 'manufacturing/other-transport-equipment'] },
    }),
    withRule('a severity with its scale', {
      when: { severity: { scale: 'uk-ncsc', 'at-least': 'significant' } },
    }),
    withRule('a severity that one scale alone has, without the scale', {
      when: { severity: { 'at-least': 'significant' } },
    }),
    withRule('all conditions together', {
      when: { type: 'incident', sector: 'space', severity: { 'at-least': 'level-1' } },
    }),
    withRule('a field that is one part, and the overall part', { parts: ['title', 'overall'] }),
    withRule('a field that is divided by fields, and one inside it', {
      parts: ['narrative.external', 'narrative'],
    }),
    withRule('a field of elements, and fields of other types than incident', {
      parts: ['indicators', 'provisions', 'act', 'requestedAction'],
    }),
    withRule(
      'the same part in parts, keep and drop',
      { parts: 'victim', profile: 'p' },
      { profiles: { p: { keep: 'victim', drop: 'victim' } } },
    ),
    withRule('a profile of what is needed', { profile: 'p' }, { profiles: { p: { keep: ['sectors'] } } }),
    withRule(
      'a profile of what is not needed',
      { profile: 'p' },
      { profiles: { p: { drop: ['victim.name', 'victim.contact'] } } },
    ),
    ...['public-notice', 'norm-audit', 'peer-technical', 'peer-operational', 'originator-full'].map(
      (profile) => withRule(`the registered profile ${profile}`, { profile }),
    ),
    withRule('a profile that no rule uses', {}, { profiles: { unused: { drop: 'tags' } } }),
    withRule(
      'a rule, a group and a profile of one name',
      { to: 'a', profile: 'a' },
      { groups: { a: ['XCA'] }, profiles: { a: { keep: 'title' } } },
    ),
  ];
}

/** This side of each limit of §6; the other side is in policies-refused.ts. */
function limits(): readonly ValidCase[] {
  const thousand = codes(1000);
  const many = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const named = (value: JsonObject | readonly string[]): JsonObject =>
    Object.fromEntries(many.map((name) => [name, value]));
  return [
    withRule('a name of one letter', { name: 'z' }),
    withRule('a name of 64 characters', { name: `a${'-9'.repeat(31)}z` }),
    withRule(
      'a group and a profile of 64 characters',
      { to: 'g'.repeat(64), profile: 'p'.repeat(64) },
      { groups: { ['g'.repeat(64)]: ['XBO'] }, profiles: { ['p'.repeat(64)]: { keep: 'title' } } },
    ),
    accepted('1000 rules', policy(many.map((name) => rule({ name })))),
    accepted('1000 recipients of a rule', policy([rule({ to: thousand })]), thousand),
    accepted('a group of 1000 states', policy([], { groups: { all: thousand } }), thousand),
    accepted('1000 groups', policy([], { groups: named(['XBO']) })),
    accepted('1000 profiles', policy([], { profiles: named({ keep: 'title' }) })),
  ];
}
