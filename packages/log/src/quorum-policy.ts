import { Fault } from '@comity/fault';
import { utf8 } from './encoding.ts';
import { assertDistinctVerifiers, type NoteVerifier, parseVkey } from './verifier.ts';

/** Longest policy, in bytes of UTF-8. */
export const MAX_QUORUM_POLICY_BYTES = 131_072;
/** Most logs, witnesses and groups, each: as many as a note has room for signature lines. */
export const MAX_QUORUM_NAMES = 256;

/** What has to have happened before a checkpoint counts: one witness has cosigned it, or enough members of a group. */
export type QuorumRule =
  | { readonly kind: 'witness'; readonly name: string; readonly verifier: NoteVerifier }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** How many of the members, from 1. */
      readonly threshold: number;
      readonly members: readonly QuorumRule[];
    };

/** Which logs are known, and whose cosignatures are enough (C2SP tlog-policy). */
export interface QuorumPolicy {
  readonly logs: readonly NoteVerifier[];
  readonly witnesses: readonly NoteVerifier[];
  /** Undefined for `quorum none`: no cosignature is needed. */
  readonly quorum: QuorumRule | undefined;
}

// C2SP tlog-policy: of control characters only tab and line feed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const COUNT = /^[1-9][0-9]{0,2}$/;
/** The quorum that needs nobody; no name of a witness or group. */
const NOBODY = 'none';

/**
 * Reads the text of a policy (witness.md §1). Addresses after keys are not read.
 *
 * @throws Fault `log.policy-too-large`, `log.policy-form`, `log.policy-name`, `log.policy-quorum`, those of `parseVkey`,
 *   `log.origin-key-mismatch`, `log.ambiguous-verifiers`
 */
export function parseQuorumPolicy(text: string): QuorumPolicy {
  assertPolicyText(text);
  const reader = new PolicyReader();
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    if (items.length > 0 && !items[0]?.startsWith('#')) reader.read(items, index + 1);
  }
  return reader.finish();
}

function assertPolicyText(text: string): void {
  const isLong = text.length > MAX_QUORUM_POLICY_BYTES || utf8(text).length > MAX_QUORUM_POLICY_BYTES;
  if (isLong)
    throw new Fault('log.policy-too-large', `expected at most ${MAX_QUORUM_POLICY_BYTES} bytes of policy`);
  if (!text.isWellFormed()) throw new Fault('log.not-text', 'expected text that can be written as UTF-8');
  if (CONTROL.test(text) || !text.endsWith('\n'))
    throw new Fault(
      'log.policy-form',
      'expected lines that end with a line feed, without control characters',
    );
}

class PolicyReader {
  readonly #logs: NoteVerifier[] = [];
  readonly #witnesses: NoteVerifier[] = [];
  readonly #rules = new Map<string, QuorumRule>();
  /** Names that are members of a group already: none counts in two ways. */
  readonly #members = new Set<string>();
  #quorum: { readonly rule: QuorumRule | undefined } | undefined;

  read([keyword, ...items]: readonly string[], line: number): void {
    const read = { log: this.#log, witness: this.#witness, group: this.#group, quorum: this.#takeQuorum };
    if (keyword === undefined || !Object.hasOwn(read, keyword)) throw lineFault(line, 'a known keyword');
    read[keyword as keyof typeof read].call(this, items, line);
  }

  finish(): QuorumPolicy {
    if (this.#quorum === undefined) throw new Fault('log.policy-quorum', 'expected a quorum line');
    // A log key and a witness key that are one would have the log count as its own witness.
    assertDistinctVerifiers([...this.#logs, ...this.#witnesses]);
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum.rule };
  }

  #log([vkey, ...address]: readonly string[], line: number): void {
    if (vkey === undefined || address.length > 1) throw lineFault(line, 'log KEY [ADDRESS]');
    this.#logs.push(verifierOf(vkey, 'log'));
    assertCount(this.#logs.length);
  }

  #witness([name, vkey, ...address]: readonly string[], line: number): void {
    if (name === undefined || vkey === undefined || address.length > 1)
      throw lineFault(line, 'witness NAME KEY [ADDRESS]');
    const verifier = verifierOf(vkey, 'cosignature');
    this.#witnesses.push(verifier);
    assertCount(this.#witnesses.length);
    this.#define({ kind: 'witness', name, verifier }, line);
  }

  #group([name, count, ...names]: readonly string[], line: number): void {
    if (name === undefined || count === undefined || names.length === 0)
      throw lineFault(line, 'group NAME any|all|COUNT MEMBER…');
    const members = names.map((member) => this.#member(member, line));
    const threshold = count === 'any' ? 1 : count === 'all' ? members.length : Number(count);
    if (Number.isNaN(threshold) || (!COUNT.test(String(count)) && count !== 'any' && count !== 'all'))
      throw lineFault(line, 'any, all or a decimal number');
    if (threshold > members.length) throw lineFault(line, 'a number of at most the members');
    this.#define({ kind: 'group', name, threshold, members }, line);
  }

  #takeQuorum([name, ...more]: readonly string[], line: number): void {
    if (name === undefined || more.length > 0) throw lineFault(line, 'quorum NAME');
    if (this.#quorum !== undefined) throw new Fault('log.policy-quorum', 'expected one quorum line');
    this.#quorum = { rule: name === NOBODY ? undefined : this.#known(name, line) };
  }

  #member(name: string, line: number): QuorumRule {
    const rule = this.#known(name, line);
    if (this.#members.has(name)) throw nameFault(line, name, 'is a member already');
    this.#members.add(name);
    return rule;
  }

  #known(name: string, line: number): QuorumRule {
    const rule = this.#rules.get(name);
    if (rule === undefined) throw nameFault(line, name, 'was not defined before');
    return rule;
  }

  #define(rule: QuorumRule, line: number): void {
    if (rule.name === NOBODY || this.#rules.has(rule.name)) throw nameFault(line, rule.name, 'is taken');
    this.#rules.set(rule.name, rule);
    assertCount(this.#rules.size - this.#witnesses.length);
  }
}

function verifierOf(vkey: string, type: NoteVerifier['type']): NoteVerifier {
  const verifier = parseVkey(vkey);
  if (verifier.type !== type) throw new Fault('log.origin-key-mismatch', `expected a ${type} key`);
  return verifier;
}

function assertCount(count: number): void {
  if (count > MAX_QUORUM_NAMES)
    throw new Fault('log.policy-too-large', `expected at most ${MAX_QUORUM_NAMES} of a kind`);
}

function lineFault(line: number, expected: string): Fault {
  return new Fault('log.policy-form', `line ${line}: expected ${expected}`, { fields: { line } });
}

function nameFault(line: number, name: string, what: string): Fault {
  return new Fault('log.policy-name', `line ${line}: ${name} ${what}`, { fields: { line, name } });
}
