import { isFault } from '@comity/fault';
import { byPath } from '../by-path.ts';
import { recordList, recordShow } from '../operations/record.ts';
import { releasePreview } from '../operations/release.ts';
import type { RecordSummary } from '../operations/shapes.ts';
import type { Member } from './member.ts';

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

/** A part that a state holds although nothing released it, or does not hold although something did. */
export interface Difference {
  readonly state: string;
  readonly record: string;
  readonly path: string;
  readonly decided: 'release' | 'withhold';
  readonly held: boolean;
}

export interface Comparison {
  readonly states: readonly StateView[];
  readonly differences: readonly Difference[];
}

type Decided = Map<string, { readonly outcome: 'release' | 'withhold'; readonly rule: string }>;

/**
 * Asks each node what it holds, and the nodes that could have handed it over what they decide, through the same operations
 * that people use. What a state holds must be exactly what the issuer, or a holder who may hand on, releases to it.
 */
export async function compareHoldings(members: readonly Member[]): Promise<Comparison> {
  const differences: Difference[] = [];
  const records = await issuedRecords(members);
  const states = new Map(members.map(({ code }) => [code, [] as SeenRecord[]]));
  for (const { issuer, summary, paths } of records) {
    const held = new Map(
      await Promise.all(
        members.map(async (member) => [member.code, await heldPaths(member, summary.id)] as const),
      ),
    );
    for (const member of members) {
      const decided =
        member === issuer ? undefined : await decisionsFor(member, issuer, members, held, summary.id);
      const parts = paths.map((path): SeenPart => {
        const seen = held.get(member.code)?.has(path) ?? false;
        if (decided === undefined) return { path, seen, rule: 'own record' };
        const { outcome, rule } = decided.get(path) ?? { outcome: 'withhold', rule: 'undecided' };
        if (seen !== (outcome === 'release'))
          differences.push({ state: member.code, record: summary.id, path, decided: outcome, held: seen });
        return { path, seen, rule };
      });
      // A part that the issuer does not even know of would be a forgery.
      for (const path of held.get(member.code) ?? []) {
        if (!paths.includes(path))
          differences.push({ state: member.code, record: summary.id, path, decided: 'withhold', held: true });
      }
      states
        .get(member.code)
        ?.push({ id: summary.id, type: summary.type, title: summary.title ?? summary.subject, parts });
    }
  }
  return { states: [...states].map(([code, seen]) => ({ code, records: seen })), differences };
}

async function issuedRecords(
  members: readonly Member[],
): Promise<{ issuer: Member; summary: RecordSummary; paths: string[] }[]> {
  const all = [];
  for (const issuer of members) {
    const { records } = await issuer.call(recordList, { issuer: issuer.code, limit: 1_000 });
    for (const summary of records.reverse()) {
      const { parts } = await issuer.call(recordShow, { id: summary.id });
      all.push({ issuer, summary, paths: parts.map(({ path }) => path).sort(byPath) });
    }
  }
  return all;
}

async function heldPaths(member: Member, id: string): Promise<Set<string>> {
  try {
    const { parts } = await member.call(recordShow, { id });
    return new Set(parts.map(({ path }) => path));
  } catch (error) {
    if (isFault(error, 'record.not-found')) return new Set();
    throw error;
  }
}

/** What the issuer decides for a state, and what a third state that holds the record would hand on to it. */
async function decisionsFor(
  member: Member,
  issuer: Member,
  members: readonly Member[],
  held: ReadonlyMap<string, ReadonlySet<string>>,
  id: string,
): Promise<Decided> {
  const decided: Decided = new Map();
  // The issuer first: where nobody releases a part, its reason is the one to show.
  for (const holder of [issuer, ...members.filter((each) => each !== issuer)]) {
    if (holder === member || (held.get(holder.code)?.size ?? 0) === 0) continue;
    const { peers } = await holder.call(releasePreview, { id, peers: [member.code] });
    const [toMember] = peers;
    for (const { path, outcome, reason, rule } of toMember?.parts ?? []) {
      const known = decided.get(path);
      if (known?.outcome === 'release' || (known !== undefined && outcome === 'withhold')) continue;
      const text = rule ?? (toMember?.envelope.outcome === 'withhold' ? toMember.envelope.reason : reason);
      decided.set(path, { outcome, rule: holder === issuer ? text : `via ${holder.code}: ${text}` });
    }
  }
  return decided;
}
