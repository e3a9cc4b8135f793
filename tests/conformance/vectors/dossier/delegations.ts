// dossier.verify: records of a ministry's key, to which the state has delegated (dossier.md 4.8, 5.11).

import {
  AGENCY,
  delegate,
  delegated,
  MINISTRY,
  MINISTRY_ONE,
  OFFICE,
  OFFICE_ONE,
  OFFICE_TWO,
  scopeOf,
  subDelegate,
} from '../charter/delegates.ts';
import { DAY_SECONDS } from '../charter/forms.ts';
import { entry, idsOf, keyStateOf, USAGES } from '../key-state/forms.ts';
import { overall, restrictedLabel } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { ASKED_SECONDS, ONE, ofKeyState } from './key-state-pieces.ts';
import { faulty, reports, scene, undecided } from './pieces.ts';
import { both, PLACE, seen } from './proof-pieces.ts';
import {
  certificate,
  charter,
  type DocumentPart,
  failed,
  notDone,
  type RecordPart,
  type Scene,
  signed,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import {
  allKeys,
  by,
  byLog,
  COSIGNED_SECONDS,
  INDEX,
  incident,
  leaves,
  lines,
  proofOf,
  toldPart,
} from './story.ts';

const text = incident('hospital', { key: OFFICE });
const part: RecordPart = { ...toldPart, text, remarks: ['delegated'] };
const own = (bytes: Uint8Array): DocumentPart => certificate(arcadia, 'record', { bytes });
const documents: readonly DocumentPart[] = [charter(arcadia), own(OFFICE_ONE)];
const case_ = (comment: string, record: RecordPart, more: Partial<Scene> = {}): ValidCase =>
  verified(comment, scene({ documents, records: [record], verdict: record.verdict, ...more }));
/** With the certificate of the office in place of that by the ministry without limits. */
const under = (comment: string, bytes: Uint8Array, record: RecordPart): ValidCase =>
  case_(comment, record, { documents: [charter(arcadia), own(bytes)] });

const named = USAGES.map((usage) => arcadia.keys[usage]);
const live = keyStateOf(arcadia, undefined, [['live', idsOf([...named, MINISTRY])]]);
const unnamed = keyStateOf(arcadia);
const revoked = (from: number) =>
  keyStateOf(arcadia, undefined, [['revoked', [entry(MINISTRY, from, 'compromised')]]]);
const superseded = (from: number) =>
  keyStateOf(arcadia, undefined, [['superseded', [entry(MINISTRY, from)]]]);
const withState = (keyState: typeof live, keys = documents): Partial<Scene> => ({
  atSeconds: ASKED_SECONDS,
  documents: [...keys, signed('key-state', arcadia, keyState)],
});

const proved = leaves.map((leaf, place) => (place === INDEX ? text.id : leaf));
const proof = proofOf(lines(byLog(), by(borealis, COSIGNED_SECONDS)), { of: proved });
const logged: RecordPart = {
  ...part,
  proof,
  steps: {},
  out: { ...part.out, ...PLACE, cosignatures: [seen(borealis, COSIGNED_SECONDS)] },
};
const loggedKeys = [...allKeys.filter(({ usage }) => usage !== 'record'), own(OFFICE_ONE)];
const dated = (comment: string, from: number, more: Partial<RecordPart>): ValidCase => {
  const record = ofKeyState({
    ...logged,
    ...more,
    out: { ...logged.out, trustedSeconds: COSIGNED_SECONDS },
  });
  return case_(comment, record, {
    ...withState(revoked(from), loggedKeys),
    anchors: both,
    policy: ONE,
  });
};

/** A certificate that is refused: nothing is left by which the record could be judged. */
function refused(comment: string, bytes: Uint8Array, code: string, isOfKey = true): ValidCase {
  const open: RecordPart = { ...undecided('key', 'no-certificate'), text };
  const record: RecordPart = isOfKey
    ? { ...open, verdict: 'INVALID', steps: { ...open.steps, delegation: failed(code) } }
    : open;
  return case_(comment, record, {
    documents: [charter(arcadia), { document: 'certificate', bytes, deviation: failed(code) }],
    verdict: 'INVALID',
  });
}

/** A record that the delegate behind its key was not given. */
function beyond(of: typeof text): RecordPart {
  const record = faulty(of, 'authority', failed('not-authorised'));
  return {
    ...record,
    remarks: ['delegated'],
    steps: { ...record.steps, delegation: failed('delegation-scope') },
  };
}

const early = undecided('key', 'no-certificate-then');
const notThen: RecordPart = {
  ...early,
  text,
  steps: { ...early.steps, delegation: notDone('no-delegation-then') },
};

const restricted = incident('hospital', {
  key: OFFICE,
  envelope: restrictedLabel,
  body: [overall(restrictedLabel)],
});
const third = MINISTRY_ONE;

export function delegationsFile(): ValidFile {
  return reports('delegations', [
    case_('a record of a key that a ministry has certified', part),
    under('two certificates below the root keys', OFFICE_TWO, part),
    case_('the certificate of the ministry stands in the file too', part, {
      documents: [
        ...documents,
        { document: 'certificate', bytes: MINISTRY_ONE, state: arcadia, usage: 'delegate' },
      ],
    }),
    under(
      'within the scope',
      delegated(OFFICE, third, [MINISTRY], [scopeOf('restricted', ['incident'])]),
      part,
    ),
    under(
      'a type that the ministry has not let the key sign',
      delegated(OFFICE, third, [MINISTRY], [scopeOf(undefined, ['norm'])]),
      beyond(text),
    ),
    under(
      'a level above what the ministry has let the key sign',
      delegated(OFFICE, third, [MINISTRY], [scopeOf('unclassified')]),
      beyond(restricted),
    ),
    under(
      'dated before the ministry has certified the key',
      delegated(OFFICE, third, [MINISTRY], [[5, NOW_SECONDS + 1]]),
      notThen,
    ),
    refused(
      'a scope wider than that of the ministry',
      delegated(OFFICE, delegate(MINISTRY, 1, [scopeOf('unclassified')]), [MINISTRY]),
      'delegation-wider',
    ),
    refused(
      'a certificate that outlives that of the ministry',
      delegated(OFFICE, delegate(MINISTRY, 1, [[4, BEGIN_SECONDS + DAY_SECONDS]]), [MINISTRY]),
      'delegation-outlives',
    ),
    refused(
      'a ministry that may not delegate further',
      delegated(OFFICE, subDelegate(AGENCY, third, [MINISTRY]), [AGENCY]),
      'delegation-too-deep',
    ),
    refused(
      'another key than that of the ministry has signed',
      delegated(OFFICE, third, [AGENCY]),
      'certificate-refused',
      false,
    ),
    refused(
      'a key that is certified for a log',
      delegated(OFFICE, third, [MINISTRY], [['use', 'log']]),
      'delegation-refused',
    ),
    refused(
      'an office of another key went beyond its ministry',
      delegated(AGENCY, delegate(MINISTRY, 1, [scopeOf('unclassified')]), [MINISTRY]),
      'delegation-wider',
      false,
    ),
    case_('the state names the ministry', ofKeyState(part), withState(live)),
    case_(
      'the state does not name the ministry',
      ofKeyState({
        ...part,
        verdict: 'INDETERMINATE',
        steps: { ...WITHOUT_PROOF, standing: notDone('not-listed') },
      }),
      withState(unnamed),
    ),
    case_(
      'another has taken the place of the ministry after the time of issue',
      ofKeyState({ ...part, remarks: ['delegated', 'key-superseded'] }),
      withState(superseded(NOW_SECONDS + 1)),
    ),
    case_(
      'another has taken the place of the ministry at the time of issue',
      ofKeyState({
        ...part,
        verdict: 'INVALID',
        steps: { ...WITHOUT_PROOF, standing: failed('delegator-superseded') },
      }),
      withState(superseded(NOW_SECONDS)),
    ),
    case_(
      'the ministry is revoked, and nothing tells when the record was there',
      ofKeyState({
        ...part,
        verdict: 'INDETERMINATE',
        steps: { ...WITHOUT_PROOF, standing: notDone('revoked-time-unknown') },
      }),
      withState(revoked(NOW_SECONDS + 1)),
    ),
    dated('the ministry was revoked a second after the quorum', COSIGNED_SECONDS + 1, {
      remarks: ['delegated', 'revoked-later'],
    }),
    dated('the ministry was revoked when the quorum was reached', COSIGNED_SECONDS, {
      verdict: 'INVALID',
      steps: { standing: failed('delegator-revoked') },
    }),
  ]);
}
