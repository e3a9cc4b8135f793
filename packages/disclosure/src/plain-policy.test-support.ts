// A policy as a person writes it, for tests, and its times in seconds.

import { policyDigest } from './policy-digest.ts';

export interface PlainProfile {
  keep?: string[];
  drop?: string[];
}

export interface PlainNeed {
  by: string;
  persons?: number;
  within?: string;
}

export interface PlainRule {
  name: string;
  to: string[];
  mode?: string[];
  purpose?: string[];
  when?: { type?: string[]; sector?: string[]; severity?: { scale: string; 'at-least': string } };
  parts?: string[];
  profile?: string;
  effect?: string;
  after?: string;
  from?: string;
  approve?: PlainNeed;
}

export interface PlainEntry {
  to: string[];
  releases?: number;
  per?: string;
  'when-ratio-below'?: number;
  then: string;
  approve?: PlainNeed;
}

export type PlainMember = string | { state: string; from?: string; until?: string };

export interface PlainPolicy {
  comity: string;
  groups?: Record<string, PlainMember[]>;
  profiles?: Record<string, PlainProfile>;
  rules: PlainRule[];
  limits?: PlainEntry[];
  reciprocity?: PlainEntry[];
}

const digests = new WeakMap<object, string>();

/** The digest of a rule or an entry as written. */
export function digestOf(written: object): string {
  const digest = digests.get(written) ?? policyDigest(written);
  digests.set(written, digest);
  return digest;
}

const UNITS: Readonly<Record<string, number>> = { W: 604_800, D: 86_400, H: 3_600, M: 60, S: 1 };

/** Seconds of a duration. */
export function secondsOf(duration: string): number {
  return [...duration.matchAll(/(\d+)([WDHMS])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number),
    0,
  );
}

/** UTC seconds of a time or a date. */
export function timeOf(text: string): number {
  return Date.parse(text) / 1_000;
}
