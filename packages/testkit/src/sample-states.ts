import {
  issueRecognition,
  KeyDirectory,
  type VerifiedRecognition,
  verifyRecognition,
} from '@comity/identity';
import type { LevelMap, StateCode, StateId } from '@comity/label';

import { SAMPLE_DATA, type SampleCode, sampleGrant } from './sample-data.ts';
import { foundSampleState, SAMPLE_VALIDITY_SECONDS, type SampleState } from './sample-state.ts';

/** 2026-11-24T00:00:00Z, the time at which the sample states stand unless a test says otherwise. */
export const SAMPLE_START_SECONDS = 1_795_478_400;

const DAY_SECONDS = 86_400;
const CODES: readonly SampleCode[] = ['XAR', 'XBO', 'XCA'];

/** Three states that recognise each other. */
export interface SampleStates {
  readonly arcadia: SampleState;
  readonly borealis: SampleState;
  readonly caldera: SampleState;
  /** In the order of their codes. */
  readonly all: readonly SampleState[];
  /** A directory of all of them, new for each call. */
  readonly directory: KeyDirectory;
  readonly atSeconds: number;
  readonly stateOf: (code: StateCode) => StateId | undefined;
  readonly codeOf: (state: StateId) => StateCode | undefined;
}

/** What a test may change about the sample states. */
export interface SampleOptions {
  /** UTC seconds at which they stand: certificates began a day before and last a year. */
  readonly atSeconds?: number;
  /** Another seed gives other keys and so other states. */
  readonly seed?: string;
}

type Founded = Omit<SampleState, 'recognitions'>;

/**
 * Arcadia, Borealis and Caldera with keys, charters, certificates, cards and mutual recognitions, the same in every run.
 * Their private keys follow from the seed: nothing they sign means anything outside a test.
 */
export async function sampleStates(options: SampleOptions = {}): Promise<SampleStates> {
  const { atSeconds = SAMPLE_START_SECONDS, seed = 'comity sample' } = options;
  const founded = await Promise.all(
    CODES.map((code) => foundSampleState(SAMPLE_DATA[code], seed, atSeconds)),
  );
  const all = await Promise.all(
    founded.map(async (issuer): Promise<SampleState> => {
      const others = founded.filter((subject) => subject !== issuer);
      const recognitions = await Promise.all(others.map((subject) => recognise(issuer, subject, atSeconds)));
      return {
        ...issuer,
        recognitions: new Map(recognitions.map((recognition) => [recognition.subject, recognition])),
      };
    }),
  );
  const directory = new KeyDirectory();
  for (const { charter, certificates } of all) directory.add(charter, Object.values(certificates));
  const [arcadia, borealis, caldera] = all as [SampleState, SampleState, SampleState];
  return {
    arcadia,
    borealis,
    caldera,
    all,
    directory,
    atSeconds,
    stateOf: (code) => directory.stateOf(code),
    codeOf: (state) => directory.charterOf(state)?.code,
  };
}

async function recognise(issuer: Founded, subject: Founded, atSeconds: number): Promise<VerifiedRecognition> {
  const [own, other] = [issuer.code, subject.code] as string[] as [SampleCode, SampleCode];
  const { ceiling, categories, community, levels } = sampleGrant(own, other);
  const beganSeconds = atSeconds - DAY_SECONDS;
  const bytes = await issueRecognition(
    {
      issuer: issuer.state,
      subject: subject.state,
      subjectCode: subject.code,
      charterDigest: subject.charter.digest,
      ceiling,
      outbound: levelMapOf(issuer, subject, levels),
      inbound: levelMapOf(subject, issuer, sampleGrant(other, own).levels),
      categories,
      community,
      issuedAtSeconds: beganSeconds,
      notBeforeSeconds: beganSeconds,
      notAfterSeconds: beganSeconds + SAMPLE_VALIDITY_SECONDS,
    },
    issuer.charter,
    subject.charter,
    issuer.rootSigners,
  );
  return verifyRecognition(bytes, issuer.charter, subject.charter);
}

function levelMapOf(from: Founded, to: Founded, levels: Readonly<Record<string, string>>): LevelMap {
  return { from: from.scheme.id, to: to.scheme.id, levels: new Map(Object.entries(levels)) };
}
