// dossier.verify: whether an originator has allowed what another state has handed on (dossier.md 6.8).

import { type Item, map } from '../cbor-text.ts';
import { LedgerText } from '../ledger/text.ts';
import {
  type Disclosure,
  field,
  overall,
  type RecordText,
  recordText,
  restrictedLabel,
} from '../record/text.ts';
import { type GrantFields, granted, partOf, refused, revoked } from '../record-types/consent-records.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { inLedger } from './notifications.ts';
import { reports } from './pieces.ts';
import {
  AFTER,
  certificate,
  charter,
  type Deviation,
  failed,
  type Members,
  type NotificationPart,
  notDone,
  type RecordPart,
  type Scene,
  stoppedAt,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import {
  allKeys,
  cimmeria,
  entryOf,
  incident,
  notified,
  RECEIVED_SECONDS,
  saysOf,
  title,
  told,
  toldOf,
  toldPart,
  victim,
} from './story.ts';

export function consentsFile(): ValidFile {
  return reports('consents', [
    ...allowed(),
    ...needless(),
    ...short(),
    ...takenBack(),
    ...times(),
    ...doubtful(),
  ]);
}

const ENTERED_SECONDS = NOW_SECONDS - 300;
const NO_CONSENT = notDone('no-consent');

const documents = [
  ...allKeys,
  certificate(borealis, 'log'),
  charter(cimmeria),
  certificate(cimmeria, 'witness'),
  certificate(cimmeria, 'record'),
];

/** Borealis has handed a record on to Cimmeria. */
function relay(
  of: Pick<RecordText, 'id' | 'idText'> = told,
  shown: readonly Disclosure[] = [title],
  hidden: readonly Disclosure[] = [],
  receivedAtSeconds = RECEIVED_SECONDS,
): NotificationPart {
  const ledger = new LedgerText([entryOf(of, [...shown, ...hidden], 'relay')], borealis, cimmeria);
  return {
    ...inLedger(ledger, 0, { receipt: ledger.receipt(1, receivedAtSeconds) }),
    sender: borealis,
    recipient: cimmeria,
    out: { ...notified.out, recordId: of.idText, mode: 'relay', ...toldOf(shown, hidden), receivedAtSeconds },
  };
}

const HERE: GrantFields = { record: told.idText, thirdParty: cimmeria.idText };
const grant = (fields: GrantFields = {}, atSeconds = BEGIN_SECONDS): RecordText =>
  granted({ ...HERE, ...fields }, { atSeconds });
const revocation = (fields: GrantFields = {}, atSeconds = ENTERED_SECONDS): RecordText =>
  revoked({ ...HERE, ...fields }, { atSeconds });
const digest = ({ digest: of }: Disclosure): string => of.toString('hex');

/** A record about a consent, as it stands in the file: all that it says but these fields. */
function filed(text: RecordText, atSeconds = BEGIN_SECONDS, ...withheld: readonly string[]): RecordPart {
  const hidden = withheld.map((name) => partOf(text, name));
  const shown = text.parts.filter((part) => !hidden.includes(part));
  return {
    text,
    disclosures: shown,
    verdict: 'VALID',
    out: {
      ...saysOf({ subject: subjectOf(text), issuedAtSeconds: atSeconds }),
      ...{ disclosed: shown.length, undisclosed: text.decoys.length + hidden.length },
    },
  };
}

/** The subject in the clear of a release-grant. */
function subjectOf({ message }: RecordText): string {
  const at = message.indexOf('release-grant/g-');
  return message.subarray(at, at + 'release-grant/g-'.length + 16).toString();
}

interface Case {
  readonly records: readonly RecordPart[];
  readonly part?: NotificationPart;
  /** What the step comes to, where it is not done. */
  readonly comes?: Deviation | undefined;
  readonly changes?: Partial<Scene>;
}

function handed(comment: string, { records, part = relay(), comes, changes }: Case): ValidCase {
  const verdict = comes === undefined ? 'VALID' : 'code' in comes ? 'INVALID' : 'INDETERMINATE';
  const notification: NotificationPart = { ...part, verdict, steps: { consent: comes } };
  return verified(comment, {
    anchors: [arcadia, borealis, cimmeria],
    documents,
    records,
    notifications: [notification],
    verdict,
    ...changes,
  });
}

/** The incident with title and victim shown, and a record about it. */
const both: RecordPart = {
  ...toldPart,
  disclosures: [title, victim],
  out: { ...toldPart.out, disclosed: 2, undisclosed: 2 },
};

function allowed(): readonly ValidCase[] {
  const ofTitle = grant({ parts: [digest(title)] });
  const ofVictim = grant({ parts: [digest(victim)] });
  const ofBoth = relay(told, [title, victim]);
  return [
    handed('the originator has let all of it go', { records: [toldPart, filed(grant())] }),
    handed('it has let this part go', { records: [toldPart, filed(ofTitle)] }),
    handed('two parts under two consents', {
      records: [both, filed(ofTitle), filed(ofVictim)],
      part: ofBoth,
    }),
    handed('a part that the file does not show, under a consent to all', {
      records: [toldPart, filed(grant())],
      part: relay(told, [title], [victim]),
    }),
    handed('a refusal beside the consent takes nothing away', {
      records: [toldPart, filed(grant()), filed(refused(HERE))],
    }),
    handed('what the consent gives as its reason is withheld', {
      records: [toldPart, filed(grant({ reason: map(['en', 'Asked for']) }), BEGIN_SECONDS, 'reason')],
    }),
  ];
}

/** The incident under another label of the envelope. */
function labelled(...more: readonly (readonly [Item, Item])[]) {
  const label = map([1, 'xar-2026'], [2, 'unclassified'], ...more);
  const open = field('title', map(['en', 'Open to them']), { label });
  const text = incident(
    `labelled ${JSON.stringify(more.map(([key]) => key))} ${more.length}`.replaceAll(/[^a-z0-9]/g, '-'),
    {
      envelope: label,
      body: [overall(restrictedLabel, 'labelled'), open, victim],
    },
  );
  return { text, open };
}

function part({ text, open }: ReturnType<typeof labelled>, subject: string): RecordPart {
  return {
    text,
    disclosures: [open],
    verdict: 'VALID',
    out: { ...saysOf({ subject }), disclosed: 1, undisclosed: 3 },
  };
}

function subjectIn({ message }: RecordText): string {
  const at = message.indexOf('incident/labelled');
  return message.subarray(at, message.indexOf(0x06, at)).toString();
}

function needless(): readonly ValidCase[] {
  const releasable = labelled([3, 'GREEN'], [5, [cimmeria.id]]);
  const amber = labelled([3, 'AMBER'], [5, [cimmeria.id]]);
  const elsewhere = labelled([3, 'GREEN'], [5, [borealis.id]]);
  const narrowed = labelled(
    [3, 'GREEN'],
    [5, [cimmeria.id]],
    [13, map([1, RECEIVED_SECONDS], [2, map([1, 'xar-2026'], [2, 'unclassified'], [3, 'GREEN'])])],
  );
  const one = (comment: string, of: ReturnType<typeof labelled>, comes?: Deviation): ValidCase =>
    handed(comment, {
      records: [part(of, subjectIn(of.text))],
      part: relay(of.text, [of.open]),
      comes,
    });
  const home = new LedgerText([entryOf(told, [title], 'relay')], borealis, arcadia);
  return [
    one('its label lets every holder hand it to this state', releasable),
    one('TLP:AMBER needs a consent all the same', amber, NO_CONSENT),
    one('its label names another state', elsewhere, NO_CONSENT),
    one('the label no longer names the state when the receipt is given', narrowed, NO_CONSENT),
    handed('back to its issuer', {
      records: [toldPart],
      part: {
        ...inLedger(home, 0),
        sender: borealis,
        recipient: arcadia,
        out: { ...notified.out, mode: 'relay' },
      },
      changes: { documents: [...documents, certificate(arcadia, 'witness')] },
    }),
  ];
}

function short(): readonly ValidCase[] {
  const one = (comment: string, fields: GrantFields, comes: Deviation = NO_CONSENT): ValidCase =>
    handed(comment, { records: [toldPart, filed(grant(fields))], comes });
  const forged = granted(HERE, { by: cimmeria });
  return [
    handed('no consent is in the file', { records: [toldPart], comes: NO_CONSENT }),
    one('a consent to another holder', { holder: cimmeria.idText, thirdParty: borealis.idText }),
    one('for another state', { thirdParty: 'ee'.repeat(32) }),
    one('for another purpose', { purposes: ['training'] }),
    one('to another record', { record: incident('a').idText }),
    one('to another part', { parts: [digest(victim)] }, failed('consent-other-part')),
    handed('to one of two parts', {
      records: [both, filed(grant({ parts: [digest(title)] }))],
      part: relay(told, [title, victim]),
      comes: failed('consent-other-part'),
    }),
    handed('a refusal', { records: [toldPart, filed(refused(HERE))], comes: NO_CONSENT }),
    handed('whom the consent names is withheld', {
      records: [toldPart, filed(grant(), BEGIN_SECONDS, 'thirdParty')],
      comes: NO_CONSENT,
    }),
    handed('a consent by another state than the originator', {
      records: [
        toldPart,
        {
          text: forged,
          disclosures: [],
          verdict: 'INVALID',
          steps: { ...WITHOUT_PROOF, ...stoppedAt('authority', failed('not-authorised')) },
          out: saysOf({ issuer: cimmeria, subject: subjectOf(forged), issuedAtSeconds: BEGIN_SECONDS }),
        },
      ],
      comes: NO_CONSENT,
      changes: { verdict: 'INVALID' },
    }),
  ];
}

function takenBack(): readonly ValidCase[] {
  const after = (comment: string, of: RecordText, atSeconds: number, comes?: Deviation): ValidCase =>
    handed(comment, { records: [toldPart, filed(grant()), filed(of, atSeconds)], comes });
  const early = ENTERED_SECONDS - 100;
  const between = RECEIVED_SECONDS - 50;
  const later = RECEIVED_SECONDS + 50;
  const given = grant();
  const retracting = recordText({
    issuer: arcadia,
    subject: 'retraction/consent',
    issuedAtSeconds: early,
    payload: [[5, given.id]],
  });
  const gone: RecordPart = {
    text: retracting,
    verdict: 'VALID',
    out: {
      ...saysOf({ subject: 'retraction/consent', issuedAtSeconds: early }),
      ...{ disclosed: 0, undisclosed: 4 },
    },
  };
  const withdrawn: Members = { ...filed(given).out, retractedBy: [retracting.idText] };
  return [
    after('taken back before', revocation({}, early), early, failed('consent-revoked')),
    after('taken back between entry and receipt', revocation({}, between), between, notDone('consent-time')),
    after('taken back later', revocation({}, later), later),
    after('taken back for another state', revocation({ thirdParty: 'ee'.repeat(32) }, early), early),
    handed('whom the taking back names is withheld', {
      records: [toldPart, filed(grant()), filed(revocation({}, early), early, 'thirdParty')],
      comes: failed('consent-revoked'),
    }),
    handed('a part of it was taken back, which was not handed on', {
      records: [
        toldPart,
        filed(grant({ parts: [digest(title), digest(victim)].sort() })),
        filed(revocation({ parts: [digest(victim)] }, early), early),
      ],
    }),
    handed('the consent was retracted', {
      records: [toldPart, { ...filed(given), out: withdrawn }, gone],
      comes: failed('consent-revoked'),
    }),
    handed('taken back, and given again', {
      records: [
        toldPart,
        filed(grant()),
        filed(revocation({}, early - 100), early - 100),
        filed(grant({}, early), early),
      ],
    }),
  ];
}

function times(): readonly ValidCase[] {
  const one = (comment: string, fields: GrantFields, comes?: Deviation): ValidCase =>
    handed(comment, { records: [toldPart, filed(grant(fields))], comes });
  const ended = grant({ notAfter: ENTERED_SECONDS });
  const ofVictim = grant({ parts: [digest(victim)] });
  return [
    one('it ended when it was handed on', { notAfter: ENTERED_SECONDS }, failed('consent-expired')),
    one('it ended at the receipt', { notAfter: RECEIVED_SECONDS }, notDone('consent-time')),
    one('a second after the receipt', { notAfter: RECEIVED_SECONDS + 1 }),
    one('it begins when it was handed on', { notBefore: ENTERED_SECONDS }),
    one('a second later', { notBefore: ENTERED_SECONDS + 1 }, failed('consent-not-begun')),
    handed('a receipt that is dated before the entry, as clocks are', {
      records: [toldPart, filed(grant({ notBefore: ENTERED_SECONDS }))],
      part: relay(told, [title], [], ENTERED_SECONDS - 10),
    }),
    handed('one that has ended, and one for another part', {
      records: [toldPart, filed(ended), filed(ofVictim)],
      comes: failed('consent-expired'),
    }),
    handed('one that has ended, and one that has not', { records: [toldPart, filed(ended), filed(grant())] }),
  ];
}

function doubtful(): readonly ValidCase[] {
  const future = grant({}, NOW_SECONDS + 301);
  const unopened: RecordPart = {
    text: future,
    disclosures: future.parts,
    verdict: 'INDETERMINATE',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('authority', notDone('later-than-asked')) },
    out: saysOf({ subject: subjectOf(future), issuedAtSeconds: NOW_SECONDS + 301 }),
  };
  const unread: RecordPart = {
    ...toldPart,
    disclosures: [overall(restrictedLabel, 'other')],
    verdict: 'INVALID',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('parts', failed('parts-refused')) },
    out: saysOf(),
  };
  return [
    handed('a consent that is issued after the verifier asks', {
      records: [toldPart, unopened],
      comes: NO_CONSENT,
    }),
    handed('the parts of the record do not open', {
      records: [unread, filed(grant())],
      part: relay(told, [], [title]),
      comes: AFTER,
      changes: { verdict: 'INVALID' },
    }),
  ];
}
