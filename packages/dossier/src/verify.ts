import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { chartersOf, KeyDirectory, namedCharter, verifyCharters, verifyKeyState } from '@comity/identity';
import type { StateId } from '@comity/label';
import { MAX_QUORUM_POLICY_BYTES, parseQuorumPolicy, witnessName } from '@comity/log';
import type { RecordHeader, RecordId } from '@comity/record';
import { Histories } from './checkpoints.ts';
import { decodeDossier } from './dossier.ts';
import { FiledConsents } from './judge-consent.ts';
import { NotificationJudgement } from './judge-notification.ts';
import { QuorumBench } from './judge-quorum.ts';
import { type Bench, type RecordFindings, RecordJudgement } from './judge-record.ts';
import { type Anchors, Known } from './known.ts';
import { NoteKeys } from './proof.ts';
import type { DossierReport, RecordReport, Verdict } from './report.ts';

/** A state that the verifier trusts: its id, or a charter of it as signed. */
export type Anchor = StateId | Uint8Array;

/** Of the policy that a verifier gives, as text in UTF-8. */
export const MAX_POLICY_BYTES: number = MAX_QUORUM_POLICY_BYTES;

/** What a verifier is given beside the file (dossier.md 3.1). */
export interface VerifierInput {
  readonly anchors: readonly Anchor[];
  /** When the verifier asks, UTC seconds. */
  readonly atSeconds: number;
  /** Name of the federation that the file has to be of; without it, that is the word of whoever made the file. */
  readonly federation?: string | undefined;
  /** Key states of the anchors that the verifier has, as signed. */
  readonly keyStates?: readonly Uint8Array[] | undefined;
  /** Whose cosignatures are enough, as text (witness.md §1). Without it no time is trusted. */
  readonly policy?: string | undefined;
  /** Told after each record how many of them are judged. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Verifies a dossier step by step (dossier.md §3 to §6). Nothing in it makes a state trusted: that is for the verifier, who
 * has compared the ids of the states over another channel.
 *
 * @throws Fault `cbor.*`, `dossier.unsupported-version` and `dossier.unsorted` where the file is no dossier;
 *   `dossier.wrong-federation` where it is of another one than was given; `cbor.*`, `cose.*` and `identity.*` where charters
 *   among the anchors, or key states that were given, do not verify or contradict each other; `log.*` where the policy is none.
 *   What is in the file otherwise is in the report
 */
export function verifyDossier(file: Uint8Array, given: VerifierInput): DossierReport {
  const { atSeconds } = given;
  const dossier = decodeDossier(file);
  const { federation } = dossier;
  if (given.federation !== undefined && given.federation !== federation)
    throw new Fault('dossier.wrong-federation', 'the dossier is of another federation');
  const policy = given.policy === undefined ? undefined : parseQuorumPolicy(given.policy);
  const known = new Known(dossier, trusted(given), atSeconds);
  const quorum = policy === undefined ? undefined : new QuorumBench(policy, known, atSeconds);
  const witnesses = new NoteKeys(known.certificates('witness'), 'cosignature', ({ issuer }) =>
    witnessName(federation, issuer),
  );
  const logKeys = new Map<string, NoteKeys>();
  const logKeysOf = (issuer: StateId, origin: string): NoteKeys => {
    const keys = logKeys.get(origin) ?? new NoteKeys(known.certificates('log', issuer), 'log', () => origin);
    logKeys.set(origin, keys);
    return keys;
  };
  const bench: Bench = { known, federation, atSeconds, witnesses, logKeysOf, quorum };
  const judged = dossier.records.map((each, place) => {
    const judgement = new RecordJudgement(each, bench);
    given.onProgress?.(place + 1, dossier.records.length);
    return { given: each, judgement };
  });
  const byId = new Map(judged.map((each) => [each.judgement.id, each]));
  const told = dossier.notifications.map((each) => new NotificationJudgement(each, byId, bench));
  const histories = new Histories(
    [...judged.map(({ judgement }) => judgement), ...told].map(({ opening }) => opening),
  );
  const findings = judged.map(({ judgement }) => judgement.findings(histories));
  const links = new Links(findings);
  const records = findings.map((each): RecordReport => remarked({ ...each, ...links.to(each) }));
  const consents = new FiledConsents(findings);
  const notifications = told.map((each) => each.report(histories, consents));
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
    charters: known.charters,
  };
}

/** dossier.md 3.1: with documents that do not verify or that contradict each other there is nothing to verify with. */
function trusted({ anchors, keyStates = [] }: VerifierInput): Anchors {
  const charters = verifyCharters(anchors.flatMap((each) => (typeof each === 'string' ? [] : [each])));
  const together = new KeyDirectory();
  for (const charter of charters) together.add(charter, []);
  const verified = keyStates.map((bytes) => {
    const { charterDigest } = namedCharter(bytes);
    const charter = charters.flatMap(chartersOf).find(({ digest }) => equalBytes(digest, charterDigest));
    if (charter === undefined)
      throw new Fault('identity.wrong-charter', 'no charter among the anchors is the one of a key state');
    const keyState = verifyKeyState(bytes, charter);
    const last = charters.find(({ state }) => state === charter.state);
    if (last !== undefined) together.add(last, [], { keyState });
    return keyState;
  });
  const states = anchors.flatMap((each) => (typeof each === 'string' ? [each] : []));
  return {
    states: new Set([...states, ...charters.map(({ state }) => state)]),
    charters,
    keyStates: verified,
  };
}

/** dossier.md 4.8: what is to be told, in one order. */
function remarked(report: RecordReport): RecordReport {
  const { retractedBy, supersededBy, view, remarks, keyState } = report;
  return {
    ...report,
    remarks: [
      ...(retractedBy.length > 0 ? (['retracted'] as const) : []),
      ...(supersededBy.length > 0 ? (['superseded'] as const) : []),
      ...((view?.withheldCount ?? 0) > 0 ? (['redacted'] as const) : []),
      ...remarks,
      ...(keyState?.isStale === true ? (['stale-key-state'] as const) : []),
    ],
  };
}

function lowest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('INVALID')) return 'INVALID';
  return verdicts.includes('INDETERMINATE') ? 'INDETERMINATE' : 'VALID';
}

/**
 * dossier.md 4.7: links take effect between records of one issuer and exercise (record.md 3.3, 3.6). Parts, proof and verdict
 * of the later one are not asked, or junk beside a retraction would undo it.
 */
class Links {
  readonly #retractedBy = new Map<string, RecordId[]>();
  readonly #supersededBy = new Map<string, RecordId[]>();

  constructor(all: readonly RecordFindings[]) {
    for (const { id, header, steps } of all) {
      const isAuthorised = steps.some(({ step, status }) => step === 'authority' && status === 'done');
      if (header === undefined || !isAuthorised) continue;
      if (header.retracts !== undefined) add(this.#retractedBy, placeOf(header, header.retracts), id);
      for (const earlier of new Set(header.supersedes)) add(this.#supersededBy, placeOf(header, earlier), id);
    }
  }

  to({ id, header }: RecordFindings): Pick<RecordReport, 'retractedBy' | 'supersededBy'> {
    const place = header === undefined ? undefined : placeOf(header, id);
    const from = (links: ReadonlyMap<string, readonly RecordId[]>): readonly RecordId[] =>
      place === undefined ? [] : (links.get(place) ?? []);
    return { retractedBy: from(this.#retractedBy), supersededBy: from(this.#supersededBy) };
  }
}

function add(links: Map<string, RecordId[]>, place: string, id: RecordId): void {
  const ids = links.get(place);
  if (ids === undefined) links.set(place, [id]);
  else ids.push(id);
}

/** What a link leads to: a record of the same issuer and exercise, or of no exercise either. */
function placeOf({ issuer, exercise }: RecordHeader, id: RecordId): string {
  return JSON.stringify([issuer, exercise ?? null, id]);
}
