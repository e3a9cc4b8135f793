import type { RecordId } from '@comity/record';
import type { Anchor, Modifier } from './deadline-profile.ts';
import type { ProfileStanding } from './duty-law.ts';

/** How far a duty is (duties.md §5). */
export type DutyStatus =
  | 'pending'
  | 'met'
  | 'late-explained'
  | 'missed'
  | 'not-started'
  | 'anchor-unknown'
  | 'no-clock';

/** The event that a limit counts from, as the incident tells it. */
export interface DutyAnchor {
  readonly event: Anchor;
  readonly atSeconds?: number;
  /** The record that says so, or that is the report counted from. */
  readonly record?: RecordId;
  /** An earlier record has said another time. */
  readonly restated: boolean;
}

/** One report that one law asks for about an incident. */
export interface Duty {
  readonly profile: string;
  readonly stage: string;
  readonly status: DutyStatus;
  /** Of `no-clock`. */
  readonly reason?: ProfileStanding | Modifier;
  readonly anchor: DutyAnchor;
  readonly dueAtSeconds?: number;
  /** When the cap ends, where the limit itself has not begun (5.2). */
  readonly capAtSeconds?: number;
  /** The report that meets it, also where it came late. */
  readonly report?: { readonly id: RecordId; readonly atSeconds: number };
  /** The record that explains the delay as this law wants it (5.5). */
  readonly explanation?: RecordId;
  readonly modifiers: readonly Modifier[];
}
