// A dossier and the report on it, put together from the same pieces: each thing of the file comes with what is to be said of it.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { FEDERATION } from '../log/text.ts';
import { ascending, type Disclosure, type RecordText } from '../record/text.ts';
import { NOW_SECONDS, type State, type Usage } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';

export type Members = { readonly [name: string]: Json };
export type Verdict = 'VALID' | 'INVALID' | 'INDETERMINATE';

/** What a step came to, where it is not done without more. */
export type Deviation = { readonly code: string } | { readonly why: string };
export const failed = (name: string): Deviation => ({ code: `dossier.${name}` });
export const notDone = (why: string): Deviation => ({ why });
export const AFTER: Deviation = notDone('earlier-step');

const RECORD_STEPS = [
  'form',
  'issuer',
  'key',
  'signature',
  'authority',
  'parts',
  'inclusion',
  'checkpoint',
  'cosignatures',
  'quorum',
  'standing',
  'currency',
  'delegation',
] as const;
const NOTIFICATION_STEPS = [
  'entry',
  'record',
  'inclusion',
  'sender',
  'checkpoint',
  'recipient',
  'receipt',
  'consent',
] as const;
export type RecordDeviations = { readonly [step in (typeof RECORD_STEPS)[number]]?: Deviation | undefined };
export type NotificationDeviations = {
  readonly [step in (typeof NOTIFICATION_STEPS)[number]]?: Deviation | undefined;
};

/** No proof is in the file. */
export const WITHOUT_PROOF: RecordDeviations = {
  inclusion: notDone('no-proof'),
  checkpoint: AFTER,
  cosignatures: AFTER,
};

/** A step and those behind it that need it. */
export const stoppedAt = (
  step: 'issuer' | 'key' | 'signature' | 'authority' | 'parts',
  deviation: Deviation,
): RecordDeviations => {
  const chain = ['issuer', 'key', 'signature', 'authority', 'parts'] as const;
  const behind = chain.slice(chain.indexOf(step) + 1);
  return Object.fromEntries([[step, deviation], ...behind.map((each) => [each, AFTER])]);
};

function stepsOut(
  names: readonly string[],
  deviations: { readonly [step: string]: Deviation | undefined },
): Json {
  return names.map((step) => ({ step, ...outcome(deviations[step]) }));
}

function outcome(deviation: Deviation | undefined): Members {
  if (deviation === undefined) return { status: 'done' };
  return 'code' in deviation
    ? { status: 'failed', code: deviation.code }
    : { status: 'not-done', why: deviation.why };
}

/** A charter or certificate of the file. */
export interface DocumentPart {
  readonly document: 'charter' | 'certificate' | 'key-state';
  readonly bytes: Uint8Array;
  readonly state?: State;
  readonly usage?: Usage | 'delegate';
  readonly deviation?: Deviation;
}

export const charter = (state: State, deviation?: Deviation): DocumentPart => ({
  document: 'charter',
  bytes: state.charter,
  state,
  ...(deviation !== undefined && { deviation }),
});

export const certificate = (
  state: State,
  usage: Usage,
  { bytes = state.certificates[usage], deviation }: { bytes?: Uint8Array; deviation?: Deviation } = {},
): DocumentPart => ({
  document: 'certificate',
  bytes,
  state,
  usage,
  ...(deviation !== undefined && { deviation }),
});

/** A later charter, or a key state, of a state. */
export const signed = (
  document: 'charter' | 'key-state',
  state: State,
  { message }: { readonly message: Uint8Array },
  deviation?: Deviation,
): DocumentPart => ({ document, bytes: message, state, ...(deviation !== undefined && { deviation }) });

export interface RecordPart {
  readonly text: Pick<RecordText, 'idText' | 'message' | 'id'>;
  readonly disclosures?: readonly Disclosure[];
  readonly proof?: string;
  readonly verdict: Verdict;
  readonly steps?: RecordDeviations;
  /** What is told of its key beside the verdict. */
  readonly remarks?: readonly string[];
  /** Whatever else is said of the record. */
  readonly out?: Members;
}

export interface NotificationPart {
  readonly sender: State;
  readonly recipient: State;
  readonly entry: Uint8Array;
  readonly proof: string;
  readonly receipt: string;
  readonly verdict: Verdict;
  readonly steps?: NotificationDeviations;
  readonly out?: Members;
}

export interface Scene {
  readonly anchors: readonly (State | Uint8Array)[];
  readonly atSeconds?: number;
  readonly federation?: string;
  /** The name of the federation that the verifier was given. */
  readonly givenFederation?: string;
  /** The quorum policy that the verifier gives. */
  readonly policy?: string;
  /** Key states that the verifier has. */
  readonly keyStates?: readonly { readonly message: Uint8Array }[];
  readonly documents: readonly DocumentPart[];
  readonly records: readonly RecordPart[];
  readonly notifications?: readonly NotificationPart[];
  readonly verdict: Verdict;
  /** The code where the documents that count contradict each other. */
  readonly known?: Deviation;
}

/** A list in bytewise order of a key. */
function sorted<T>(list: readonly T[], keyOf: (each: T) => Uint8Array): readonly T[] {
  return [...list].sort((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
}

export const recordItem = ({ text, disclosures = [], proof }: RecordPart): Item =>
  map([1, text.message], [2, ascending(disclosures).map(({ bytes }) => bytes)], [3, proof]);

export const notificationItem = ({ sender, recipient, entry, proof, receipt }: NotificationPart): Item =>
  map([1, sender.id], [2, recipient.id], [3, entry], [4, proof], [5, receipt]);

/** The things of a scene in the order of a dossier. */
function ordered({ documents, records, notifications = [] }: Scene) {
  const of = (document: DocumentPart['document']): readonly DocumentPart[] =>
    sorted(
      documents.filter((each) => each.document === document),
      ({ bytes }) => bytes,
    );
  return {
    charters: of('charter'),
    certificates: of('certificate'),
    keyStates: of('key-state'),
    records: sorted(records, ({ text }) => text.id),
    notifications: sorted(notifications, ({ sender, recipient, entry }) =>
      Buffer.concat([sender.id, recipient.id, entry]),
    ),
  };
}

/** The members of the map that a dossier is. */
export function entriesOf(scene: Scene): readonly (readonly [Item, Item])[] {
  const { charters, certificates, records, notifications, keyStates } = ordered(scene);
  return [
    [1, 'comity-dossier'],
    [2, 2],
    [3, scene.federation ?? FEDERATION],
    [4, charters.map(({ bytes }) => bytes)],
    [5, certificates.map(({ bytes }) => bytes)],
    [6, records.map(recordItem)],
    [7, notifications.map(notificationItem)],
    [8, keyStates.map(({ bytes }) => bytes)],
  ];
}

/** The input of `dossier.verify` for a scene. */
export function inputOf(scene: Scene, file: Uint8Array = cbor(map(...entriesOf(scene)))): Members {
  return {
    dossier: hex(file),
    anchors: scene.anchors.map((each) => ('id' in each ? each.idText : hex(each))),
    atSeconds: scene.atSeconds ?? NOW_SECONDS,
    ...(scene.givenFederation !== undefined && { federation: scene.givenFederation }),
    ...(scene.policy !== undefined && { policy: scene.policy }),
    ...(scene.keyStates !== undefined && { keyStates: scene.keyStates.map(({ message }) => hex(message)) }),
  };
}

export function verified(comment: string, scene: Scene): ValidCase {
  const { charters, certificates, records, notifications, keyStates } = ordered(scene);
  return {
    comment,
    in: inputOf(scene),
    out: {
      verdict: scene.verdict,
      federation: scene.federation ?? FEDERATION,
      documents: [...charters, ...certificates, ...keyStates].map(
        ({ document, state, usage, deviation }) => ({
          document,
          ...outcome(deviation),
          ...(isVerified(deviation) && state !== undefined && { state: state.idText }),
          ...(isVerified(deviation) && usage !== undefined && { usage }),
        }),
      ),
      known: outcome(scene.known),
      records: records.map((each) => recordOut(each, scene)),
      notifications: notifications.map(notificationOut),
    },
  };
}

/** Reasons for which a document that is verified does not count. */
const VERIFIED: readonly string[] = ['no-anchor', 'later-than-asked'];

/** Whether a document is verified: only then is it said whose it is. */
function isVerified(deviation: Deviation | undefined): boolean {
  return deviation === undefined || ('why' in deviation && VERIFIED.includes(deviation.why));
}

function recordOut(
  { text, verdict, steps = WITHOUT_PROOF, remarks = [], out = {} }: RecordPart,
  { policy }: Scene,
): Json {
  const members: Members = { cosignatures: [], retractedBy: [], supersededBy: [], ...out };
  const isNamed = (name: string): boolean => (members[name] as readonly Json[]).length > 0;
  return {
    id: text.idText,
    verdict,
    steps: stepsOut(RECORD_STEPS, { ...lastSteps(steps, policy), ...steps }),
    ...members,
    remarks: [
      ...(isNamed('retractedBy') ? ['retracted'] : []),
      ...(isNamed('supersededBy') ? ['superseded'] : []),
      ...((members.undisclosed as number | undefined) ? ['redacted'] : []),
      ...remarks,
    ],
  };
}

/** The steps on time and key states, where the file has no key state. */
function lastSteps(steps: RecordDeviations, policy: string | undefined): RecordDeviations {
  const behind = (earlier: Deviation | undefined, why: string): Deviation =>
    earlier === undefined ? notDone(why) : AFTER;
  return {
    quorum: policy === undefined ? notDone('no-policy') : steps.checkpoint === undefined ? undefined : AFTER,
    standing: behind(steps.key, 'no-key-state'),
    currency: behind(steps.issuer, 'no-key-state'),
    delegation: steps.issuer === undefined ? withoutCertificate(steps.key) : AFTER,
  };
}

/** What the last step comes to where the key of a record has no certificate. */
function withoutCertificate(key: Deviation | undefined): Deviation | undefined {
  const isWithout = key !== undefined && ('code' in key || key.why === 'no-certificate');
  return isWithout ? notDone('no-certificate') : undefined;
}

/** The step on consents, where the sender has issued the record itself. */
function lastStep({ entry, record, receipt }: NotificationDeviations): NotificationDeviations {
  return [entry, record, receipt].every((each) => each === undefined) ? {} : { consent: AFTER };
}

function notificationOut({ sender, recipient, verdict, steps = {}, out = {} }: NotificationPart): Json {
  return {
    sender: sender.idText,
    recipient: recipient.idText,
    verdict,
    steps: stepsOut(NOTIFICATION_STEPS, { ...lastStep(steps), ...steps }),
    ...out,
  };
}
