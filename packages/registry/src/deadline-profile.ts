import registry from '@comity/protocol/registries/deadline-profiles.json' with { type: 'json' };

/** An event from which a law counts (duties.md §1). */
export type Anchor =
  | 'occurrence'
  | 'detection'
  | 'noticing'
  | 'awareness'
  | 'reasonable-belief'
  | 'classification'
  | 'significance-determination'
  | 'materiality-determination'
  | 'prior-stage-submission'
  | 'payment-made'
  | 'fix-available'
  | 'end-of-impact'
  | 'resolution';

export type DeadlineUnit = 'minutes' | 'hours' | 'days' | 'workingDays' | 'months';

export type Modifier = 'onRequest' | 'whereNecessary' | 'oralThenWritten' | 'delayByAuthority';

/** How long after something. */
export interface Period {
  readonly amount: number;
  readonly unit: DeadlineUnit;
}

/** One report that a law asks for (duties.md §2). */
export interface DeadlineStage {
  readonly id: string;
  /** Stages of incident records that meet it. */
  readonly reports: readonly string[];
  /** A field that the report has to state. */
  readonly says?: string;
  readonly anchor: Anchor;
  /** With `unit`; neither: it sets no clock. */
  readonly amount?: number;
  readonly unit?: DeadlineUnit;
  /** With the anchor `prior-stage-submission`: whose report it counts from, and whether from the last one. */
  readonly after?: string;
  readonly last?: boolean;
  readonly cap?: Period & { readonly anchor: Anchor };
  readonly calendar?: 'noonNextWorkingDay';
  /** Sectors for which `calendar` does not hold. */
  readonly notFor?: readonly string[];
  readonly modifiers?: readonly Modifier[];
  readonly late?: 'beforeLimit' | 'withReport';
  /** What a report is called that is due in its place while the incident goes on. */
  readonly whileOngoing?: string;
}

/** What one law asks for about an incident (deadline-profiles.json). */
export interface DeadlineProfile {
  readonly id: string;
  readonly title: string;
  readonly instrument: string;
  readonly jurisdiction: string;
  /** ISO 3166-1 alpha-3. */
  readonly countries?: readonly string[];
  readonly sectors?: readonly string[];
  readonly variantOf?: string;
  readonly displaces?: readonly string[];
  readonly whom: string;
  readonly state: 'in-force' | 'pending';
  /** Local dates, `YYYY-MM-DD`; `until` is the last day. */
  readonly from?: string;
  readonly until?: string;
  readonly checked: 'read' | 'secondary' | 'to-be-checked';
  readonly sources: readonly string[];
  readonly notes?: readonly string[];
  readonly stages: readonly DeadlineStage[];
}

type Registered = Omit<DeadlineProfile, 'stages'> & {
  readonly stages?: readonly DeadlineStage[];
  readonly stagesOf?: string;
};

const REGISTERED = registry.profiles as unknown as readonly Registered[];

const PROFILES: ReadonlyMap<string, DeadlineProfile> = new Map(
  REGISTERED.map(({ stagesOf, ...profile }) => [
    profile.id,
    { ...profile, stages: profile.stages ?? REGISTERED.find(({ id }) => id === stagesOf)?.stages ?? [] },
  ]),
);

/** All deadline profiles, in ascending order of their ids. */
export const deadlineProfiles: readonly DeadlineProfile[] = Object.freeze([...PROFILES.values()]);

/** A deadline profile; undefined for an id that is not registered. */
export function deadlineProfileOf(id: string): DeadlineProfile | undefined {
  return PROFILES.get(id);
}

/** The field of an incident that says when an event was; undefined for the submission of a report. */
export function fieldOfAnchor(anchor: Anchor): string | undefined {
  return ANCHORS.get(anchor)?.field;
}

/** Whether every incident that is reported has had this event, so that a record without it leaves it open. */
export function hasAlwaysBeen(anchor: Anchor): boolean {
  return ANCHORS.get(anchor)?.always === true;
}

const ANCHORS: ReadonlyMap<string, { readonly field?: string; readonly always: boolean }> = new Map(
  registry.anchors.map(({ id, ...anchor }) => [id, anchor]),
);

/** The fields of an incident that say when something was, from which some law counts. */
export const anchorFields: readonly string[] = registry.anchors.flatMap((anchor) =>
  'field' in anchor && typeof anchor.field === 'string' ? [anchor.field] : [],
);
