import { isFault } from '@comity/fault';
import { recordList, recordShow } from '../operations/record.ts';
import { releasePreview } from '../operations/release.ts';
import type { PartOutcome, RecordSummary } from '../operations/shapes.ts';
import { byPath } from '../release/by-path.ts';
import type { Member } from './member.ts';
import type { Expectation } from './scenario.ts';

/** What one state holds of one record, part by part, beside what decided it. */
export interface SeenPart {
  readonly path: string;
  readonly seen: boolean;
  /** Rule that releases, or the check or reason that withholds. */
  readonly rule: string;
}

export interface SeenRecord {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly parts: readonly SeenPart[];
}

export interface StateView {
  readonly code: string;
  readonly records: readonly SeenRecord[];
}

/** Something that is not as it should be. */
export interface Difference {
  readonly state: string;
  readonly record: string;
  readonly path: string;
  /**
   * `decision`: held although nothing released it, or not held although something did. `expectation`: other parts than the
   * scenario says. `content`: not what the issuer has under this path.
   */
  readonly kind: 'decision' | 'expectation' | 'content';
  readonly detail: string;
}

export interface Comparison {
  readonly states: readonly StateView[];
  readonly differences: readonly Difference[];
}

type Decided = Map<string, { readonly outcome: PartOutcome['outcome']; readonly rule: string }>;

/** What a state holds of a record: path to content as JSON text. */
type Held = ReadonlyMap<string, string>;

/**
 * Asks each node what it holds, and the nodes that could have handed it over what they decide, through the same operations
 * that people use. What a state holds must be exactly what the issuer, or a holder who may hand on, releases to it; it must
 * be the issuer's content; and it must be what the scenario says, which no node has computed.
 */
export async function compareHoldings(
  members: readonly Member[],
  expected: ReadonlyMap<string, Expectation>,
): Promise<Comparison> {
  const differences: Difference[] = [];
  const states = new Map(members.map(({ code }) => [code, [] as SeenRecord[]]));
  const records = await issuedRecords(members, [...expected.keys()]);
  for (const id of expected.keys()) {
    if (!records.some(({ summary }) => summary.id === id)) {
      differences.push({
        state: '',
        record: id,
        path: '',
        kind: 'expectation',
        detail: 'the record was not issued',
      });
    }
  }
  for (const { issuer, summary, own } of records) {
    const { id, type, subject, title } = summary;
    const paths = [...own.keys()].sort(byPath);
    const held = new Map<string, Held>(
      await Promise.all(members.map(async (member) => [member.code, await holdingsOf(member, id)] as const)),
    );
    for (const member of members) {
      const holdings = held.get(member.code) ?? new Map<string, string>();
      const decided = member === issuer ? undefined : await decisionsFor(member, issuer, members, held, id);
      const parts = paths.map((path): SeenPart => {
        const seen = holdings.has(path);
        if (decided === undefined) return { path, seen, rule: 'own record' };
        const { outcome, rule } = decided.get(path) ?? { outcome: 'withhold', rule: 'undecided' };
        if (seen !== (outcome === 'release')) {
          differences.push({
            state: member.code,
            record: id,
            path,
            kind: 'decision',
            detail: `decided ${outcome}, ${seen ? 'held' : 'not held'}`,
          });
        }
        return { path, seen, rule };
      });
      for (const [path, content] of holdings) {
        if (content !== own.get(path))
          differences.push({
            state: member.code,
            record: id,
            path,
            kind: 'content',
            detail: "not the issuer's content",
          });
      }
      if (member !== issuer)
        differences.push(...unexpected(member.code, id, holdings, expected.get(id)?.[member.code]));
      states.get(member.code)?.push({ id, type, title: title ?? subject, parts });
    }
  }
  return { states: [...states].map(([code, seen]) => ({ code, records: seen })), differences };
}

function unexpected(
  state: string,
  record: string,
  holdings: Held,
  expected: Readonly<Record<string, number>> = {},
): Difference[] {
  const counts = new Map<string, number>();
  for (const path of holdings.keys()) {
    const kind = path.replace(/\[\d+\]/g, '[*]');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = new Set([...counts.keys(), ...Object.keys(expected)]);
  return [...kinds]
    .filter((path) => (counts.get(path) ?? 0) !== (expected[path] ?? 0))
    .map((path) => ({
      state,
      record,
      path,
      kind: 'expectation',
      detail: `expected ${expected[path] ?? 0}, held ${counts.get(path) ?? 0}`,
    }));
}

/** In the order of issue: a list is ordered by second, and several records are issued in one. */
async function issuedRecords(
  members: readonly Member[],
  order: readonly string[],
): Promise<{ issuer: Member; summary: RecordSummary; own: Held }[]> {
  const all = [];
  for (const issuer of members) {
    const { records } = await issuer.call(recordList, { issuer: issuer.code, limit: 1_000 });
    for (const summary of records) all.push({ issuer, summary, own: await holdingsOf(issuer, summary.id) });
  }
  return all.sort((one, other) => order.indexOf(one.summary.id) - order.indexOf(other.summary.id));
}

async function holdingsOf(member: Member, id: string): Promise<Held> {
  try {
    const { parts } = await member.call(recordShow, { id });
    return new Map(parts.map(({ path, value }) => [path, JSON.stringify(value)]));
  } catch (error) {
    if (isFault(error, 'record.not-found')) return new Map();
    throw error;
  }
}

/** What the issuer decides for a state, and what a third state that holds the record would hand on to it. */
async function decisionsFor(
  member: Member,
  issuer: Member,
  members: readonly Member[],
  held: ReadonlyMap<string, Held>,
  id: string,
): Promise<Decided> {
  const decided: Decided = new Map();
  // The issuer first: where nobody releases a part, its reason is the one to show.
  for (const holder of [issuer, ...members.filter((each) => each !== issuer)]) {
    if (holder === member || (held.get(holder.code)?.size ?? 0) === 0) continue;
    const { peers } = await holder.call(releasePreview, { id, peers: [member.code] });
    for (const { path, outcome, reason, rule } of peers[0]?.parts ?? []) {
      const known = decided.get(path);
      if (known?.outcome === 'release' || (known !== undefined && outcome === 'withhold')) continue;
      const text = rule ?? reason;
      decided.set(path, { outcome, rule: holder === issuer ? text : `via ${holder.code}: ${text}` });
    }
  }
  return decided;
}
