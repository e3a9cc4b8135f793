import { sha256, toHex } from '@comity/digest';
import {
  type DossierReport,
  type PlainRecord,
  type PlainReport,
  plainReport,
  type RecordReport,
  verifyDossier,
} from '@comity/dossier';
import type { StateCode, StateId } from '@comity/label';
import { contentToJson, type Json, redactedElements, type View } from '@comity/record';
import { markingOf, markingOfWhole } from './marking.ts';
import type { Trusted } from './trust.ts';

/** What the verifier gives beside the file. */
export interface Asked {
  readonly trust: readonly Trusted[];
  /** When the verifier asks, UTC seconds. */
  readonly atSeconds: number;
  /** Name of the federation that the file has to be of. */
  readonly federation?: string | undefined;
  /** Whose cosignatures are enough, as text (witness.md §1). */
  readonly policy?: string | undefined;
  /** Told after each record how many of them are judged. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A part that the file shows, as its issuer has signed it. */
export interface ShownPart {
  readonly path: string;
  readonly label: string;
  readonly value: Json;
  /** Elements of a list that are withheld or padding: which of the two cannot be told. */
  readonly redactedElements?: number;
}

/** A record as dossier.md 10.4 has it, with what a reader wants to see of it. */
export type VerifiedRecordReport = PlainRecord & {
  /** Code of the issuer, where its charter counts. */
  readonly issuerCode?: StateCode;
  readonly type?: string;
  /** Marking of what is shown; absent where that is not verified. */
  readonly label?: string;
  /** Where the step `parts` is done. */
  readonly parts?: readonly ShownPart[];
};

/** The report on a dossier: what `comity verify --json` prints and the page saves. */
export interface Verification extends Omit<PlainReport, 'records'> {
  readonly version: 1;
  readonly file: { readonly sha256: string; readonly bytes: number };
  readonly asked: {
    readonly at: string;
    readonly federation: string | null;
    /** SHA-256 of the policy that was given. */
    readonly policySha256: string | null;
    readonly trust: readonly {
      readonly state: StateId;
      readonly given: Trusted['given'];
      /** Of the charter that was verified for this state. */
      readonly code: StateCode | null;
    }[];
  };
  /** Dominant markings of what the file shows, one for each issuer; what cannot be combined has its own. */
  readonly labels: readonly string[];
  /** Whether there is a record whose label nothing verifies: then handle the file at the highest level there is. */
  readonly hasUnverifiedLabel: boolean;
  /** Names of the exercises that records are of. */
  readonly exercises: readonly string[];
  readonly records: readonly VerifiedRecordReport[];
}

/**
 * Verifies a dossier and tells what of it is shown. The same file, asked in the same way, gives the same report everywhere.
 *
 * @throws Fault as `verifyDossier`
 */
export function verifyFile(
  file: Uint8Array,
  { trust, atSeconds, federation, policy, onProgress }: Asked,
): Verification {
  const report = verifyDossier(file, {
    anchors: trust.flatMap(({ anchor, later = [] }) => [anchor, ...later]),
    keyStates: trust.flatMap(({ keyState }) => keyState ?? []),
    policy,
    atSeconds,
    onProgress,
    ...(federation !== undefined && { federation }),
  });
  const plain = plainReport(report);
  const { charters } = report;
  const codeOf = (state: StateId): StateCode | undefined => charters.get(state)?.code;
  const states = new Map(trust.map((each) => [each.state, each]));
  return {
    version: 1,
    file: { sha256: toHex(sha256(file)), bytes: file.length },
    asked: {
      at: timeText(atSeconds),
      federation: federation ?? null,
      policySha256: policy === undefined ? null : toHex(sha256(new TextEncoder().encode(policy))),
      trust: [...states.values()]
        .sort((a, b) => (a.state < b.state ? -1 : 1))
        .map(({ state, given }) => ({ state, given, code: codeOf(state) ?? null })),
    },
    ...plain,
    labels: labelsOf(report, atSeconds),
    hasUnverifiedLabel: report.records.some(({ view }) => view === undefined),
    exercises: [...new Set(report.records.flatMap(({ header }) => header?.exercise ?? []))].sort(),
    records: plain.records.map((each, place) => ({
      ...each,
      ...shownOf(report, report.records[place] as RecordReport, atSeconds),
    })),
  };
}

/** UTC, to the second. @param seconds since 1970 */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function shownOf(
  { charters }: DossierReport,
  { header, view }: RecordReport,
  atSeconds: number,
): Partial<VerifiedRecordReport> {
  if (header === undefined) return {};
  const code = charters.get(header.issuer)?.code;
  return {
    ...(code !== undefined && { issuerCode: code }),
    type: header.type,
    ...(view !== undefined && {
      label: markingOfWhole([view], charters, atSeconds),
      parts: view.parts.map(
        (part): ShownPart => ({
          path: part.pathText,
          label: markingOf(part.label, header.issuer, charters, atSeconds),
          value: contentToJson(part.value),
          ...(redactedElements(part.value) > 0 && { redactedElements: redactedElements(part.value) }),
        }),
      ),
    }),
  };
}

/** One marking for what each issuer shows in all. */
function labelsOf({ records, charters }: DossierReport, atSeconds: number): string[] {
  const byIssuer = new Map<StateId, View[]>();
  for (const { view } of records) {
    if (view === undefined) continue;
    byIssuer.set(view.header.issuer, [...(byIssuer.get(view.header.issuer) ?? []), view]);
  }
  const markings = [...byIssuer.values()].map((views) => markingOfWhole(views, charters, atSeconds));
  return [...new Set(markings)].sort();
}

/** A report as it is printed and saved: the same bytes wherever it was made. */
export function formatReport(verification: Verification): string {
  return `${JSON.stringify(verification, null, 2)}\n`;
}
