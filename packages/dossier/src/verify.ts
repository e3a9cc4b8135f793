import { verifyCharter } from '@comity/identity';
import type { StateId } from '@comity/label';
import { witnessName } from '@comity/log';
import type { RecordHeader, RecordId } from '@comity/record';
import { decodeDossier } from './dossier.ts';
import { judgeNotification } from './judge-notification.ts';
import { type Bench, judgeRecord, type RecordFindings } from './judge-record.ts';
import { type Anchors, Known } from './known.ts';
import { NoteKeys } from './proof.ts';
import type { DossierReport, RecordReport, Verdict } from './report.ts';

/** A state that the verifier trusts: its id, or its charter as signed. */
export type Anchor = StateId | Uint8Array;

/**
 * Verifies a dossier step by step (dossier.md §3 to §6). Nothing in it makes a state trusted: that is for the verifier, who
 * has compared the ids of the states over another channel.
 *
 * @param atSeconds when the verifier asks, UTC seconds
 * @throws Fault `cbor.*`, `dossier.unsupported-version` and `dossier.unsorted` where the file is no dossier; `cbor.*`, `cose.*`
 *   and `identity.*` where a charter among the anchors does not verify. What is in the file otherwise is in the report
 */
export function verifyDossier(
  file: Uint8Array,
  { anchors, atSeconds }: { readonly anchors: readonly Anchor[]; readonly atSeconds: number },
): DossierReport {
  const dossier = decodeDossier(file);
  const { federation } = dossier;
  const known = new Known(dossier, trusted(anchors));
  const witnesses = new NoteKeys(known.certificates('witness'), 'cosignature', ({ issuer }) =>
    witnessName(federation, issuer),
  );
  const bench: Bench = { known, federation, atSeconds, witnesses };
  const findings = dossier.records.map((each) => judgeRecord(each, bench));
  const records = findings.map((each): RecordReport => ({ ...each, ...linksTo(each, findings) }));
  const ids = new Set(records.map(({ id }) => id));
  const notifications = dossier.notifications.map((each) => judgeNotification(each, ids, bench));
  const { together } = known;
  const hasFault = together.status !== 'done' || known.reports.some(({ status }) => status === 'failed');
  const verdicts = [...records, ...notifications].map(({ verdict }) => verdict);
  return {
    verdict: hasFault ? 'INVALID' : lowest(verdicts),
    federation,
    documents: known.reports,
    known: together.status === 'failed' ? together : { status: 'done' },
    records,
    notifications,
  };
}

function trusted(anchors: readonly Anchor[]): Anchors {
  const charters = anchors.flatMap((each) => (typeof each === 'string' ? [] : [verifyCharter(each)]));
  const states = anchors.flatMap((each) => (typeof each === 'string' ? [each] : []));
  return { states: new Set([...states, ...charters.map(({ state }) => state)]), charters };
}

function lowest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('INVALID')) return 'INVALID';
  return verdicts.includes('INDETERMINATE') ? 'INDETERMINATE' : 'VALID';
}

/** dossier.md 4.7: links take effect between records of one issuer (record.md 3.6), and here only from valid ones. */
function linksTo(
  { id, header }: RecordFindings,
  all: readonly RecordFindings[],
): Pick<RecordReport, 'retractedBy' | 'supersededBy'> {
  const from = (links: (header: RecordHeader) => boolean): readonly RecordId[] =>
    all
      .filter(
        (other) =>
          other.verdict === 'VALID' &&
          other.header !== undefined &&
          other.header.issuer === header?.issuer &&
          links(other.header),
      )
      .map((other) => other.id);
  return {
    retractedBy: from(({ retracts }) => retracts === id),
    supersededBy: from(({ supersedes }) => supersedes.includes(id)),
  };
}
