import type { FaultCode } from '@comity/fault';
import type { CertifiedUsage } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { ReleaseMode } from '@comity/log';
import type { RecordId } from '@comity/record';
import type {
  DocumentReport,
  DossierReport,
  NotificationReport,
  RecordReport,
  Remark,
  Verdict,
} from './report.ts';
import type { NotDone, NotificationStep, RecordStep } from './steps.ts';

/** A step as every verifier tells it (dossier.md 10.2). */
export interface PlainStep<Name extends string> {
  readonly step: Name;
  readonly status: 'done' | 'failed' | 'not-done';
  readonly code?: FaultCode;
  readonly why?: NotDone;
}

/** dossier.md 10.4. */
export interface PlainRecord {
  readonly id: RecordId;
  readonly verdict: Verdict;
  readonly retractedBy: readonly RecordId[];
  readonly supersededBy: readonly RecordId[];
  readonly steps: readonly PlainStep<RecordStep>[];
  readonly cosignatures: readonly { readonly state: StateId; readonly timeSeconds: number }[];
  readonly issuer?: StateId;
  readonly subject?: string;
  readonly issuedAtSeconds?: number;
  readonly exercise?: string;
  readonly expiresAtSeconds?: number;
  readonly disclosed?: number;
  readonly undisclosed?: number;
  readonly index?: number;
  readonly size?: number;
  readonly trustedSeconds?: number;
  readonly keyState?: { readonly version: number; readonly ageSeconds: number; readonly stale: boolean };
  readonly remarks: readonly Remark[];
}

/** dossier.md 10.5. */
export interface PlainNotification {
  readonly sender: StateId;
  readonly recipient: StateId;
  readonly verdict: Verdict;
  readonly steps: readonly PlainStep<NotificationStep>[];
  readonly recordId?: RecordId;
  readonly digests?: readonly string[];
  readonly told?: readonly { readonly digest: string; readonly shown: boolean }[];
  readonly timeSeconds?: number;
  readonly mode?: ReleaseMode;
  readonly purpose?: string;
  readonly receivedAtSeconds?: number;
}

/** dossier.md 10.3. */
export interface PlainReport {
  readonly verdict: Verdict;
  readonly federation: string;
  readonly documents: readonly {
    readonly document: DocumentReport['document'];
    readonly status: 'done' | 'failed' | 'not-done';
    readonly code?: FaultCode;
    readonly why?: NotDone;
    readonly state?: StateId;
    readonly usage?: CertifiedUsage;
  }[];
  readonly known: { readonly status: 'done' | 'failed'; readonly code?: FaultCode };
  readonly records: readonly PlainRecord[];
  readonly notifications: readonly PlainNotification[];
}

/** What two verifiers have to agree on, as plain data that survives JSON (dossier.md §10). */
export function plainReport(report: DossierReport): PlainReport {
  return {
    verdict: report.verdict,
    federation: report.federation,
    documents: report.documents.map(withoutCause),
    known: withoutCause(report.known),
    records: report.records.map(plainRecord),
    notifications: report.notifications.map(plainNotification),
  };
}

function plainRecord(report: RecordReport): PlainRecord {
  const { id, verdict, steps, header, view, logged, cosignatures, retractedBy, supersededBy } = report;
  const { trustedSeconds, keyState, remarks } = report;
  return {
    ...{ id, verdict, retractedBy, supersededBy },
    steps: steps.map(withoutCause),
    cosignatures: cosignatures.map(({ state, atSeconds }) => ({ state, timeSeconds: atSeconds })),
    ...(header !== undefined && {
      issuer: header.issuer,
      subject: header.subject,
      issuedAtSeconds: header.issuedAtSeconds,
      ...(header.exercise !== undefined && { exercise: header.exercise }),
      ...(header.expiresAtSeconds !== undefined && { expiresAtSeconds: header.expiresAtSeconds }),
    }),
    ...(view !== undefined && { disclosed: view.disclosed.size, undisclosed: view.withheldCount }),
    ...(logged !== undefined && { index: logged.index, size: logged.size }),
    ...(trustedSeconds !== undefined && { trustedSeconds }),
    ...(keyState !== undefined && {
      keyState: { version: keyState.version, ageSeconds: keyState.ageSeconds, stale: keyState.isStale },
    }),
    remarks,
  };
}

function plainNotification(report: NotificationReport): PlainNotification {
  const { sender, recipient, verdict, steps, released, receivedAtSeconds } = report;
  return {
    ...{ sender, recipient, verdict },
    steps: steps.map(withoutCause),
    ...(released !== undefined && {
      recordId: released.recordId,
      digests: released.digests,
      told: released.told,
      timeSeconds: released.atSeconds,
      mode: released.mode,
      purpose: released.purpose,
    }),
    ...(receivedAtSeconds !== undefined && { receivedAtSeconds }),
  };
}

/** Which rule of another chapter was found broken first is open; the code of the step is not. */
function withoutCause<T extends object>(told: T): Omit<T, 'cause'> {
  return Object.fromEntries(Object.entries(told).filter(([name]) => name !== 'cause')) as Omit<T, 'cause'>;
}
