import { toHex } from '@comity/digest';
import { effectiveLabel, type Label, type StateId } from '@comity/label';
import type { ReleaseEntry } from '@comity/log';
import type { RecordId, View } from '@comity/record';
import { type Consent, consentsOf, type GrantTerms, readGrant } from '@comity/registry';
import type { RecordFindings } from './judge-record.ts';
import { done, failed, notDone, type Outcome } from './steps.ts';

/** A record on its way from a state that has not issued it to another. */
export interface HandedOn {
  readonly entry: ReleaseEntry;
  readonly holder: StateId;
  readonly thirdParty: StateId;
  /** When the third party had it at the latest: the time of its receipt. */
  readonly receivedAtSeconds: number;
}

/** What a consent in the file comes to for an envelope or a part, the first that applies (dossier.md 6.8). */
const SHORTCOMINGS = [
  'dossier.consent-revoked',
  'dossier.consent-expired',
  'dossier.consent-not-begun',
  'dossier.consent-other-part',
  'no-consent',
  'consent-time',
] as const;
type Shortcoming = (typeof SHORTCOMINGS)[number];

/** An envelope has no digest. */
const ENVELOPE = '';

/** The consents in a file to hand records on (dossier.md 6.8, record-types.md §15). */
export class FiledConsents {
  readonly #views: ReadonlyMap<RecordId, View>;
  readonly #terms: readonly GrantTerms[];
  readonly #consents: readonly Consent[];

  constructor(records: readonly RecordFindings[]) {
    this.#views = new Map(records.flatMap(({ id, view }) => (view === undefined ? [] : [[id, view]])));
    const about = (id: RecordId) => this.#views.get(id)?.header;
    const views = (type: string): readonly View[] =>
      [...this.#views.values()].filter(({ header }) => header.type === type);
    const grants = views('release-grant');
    // What takes a consent away has its effect whatever becomes of it; what gives one is to be beyond doubt.
    const valid = new Set(records.flatMap(({ id, verdict }) => (verdict === 'VALID' ? [id] : [])));
    this.#terms = grants
      .filter(({ header }) => valid.has(header.id))
      .map((view) => readGrant(view, about))
      .flatMap((read) => (read.says === 'grant' ? [read.terms] : []));
    this.#consents = consentsOf({
      grants,
      retractions: views('retraction'),
      recordOf: about,
    }).consents.filter(({ grant }) => valid.has(grant));
  }

  /** Whether its originator has let a record go from a holder to a third party, as far as the file shows. */
  judge(handed: HandedOn): Outcome<null> {
    const { entry, thirdParty, receivedAtSeconds } = handed;
    const view = this.#views.get(toHex(entry.recordId) as RecordId);
    if (view === undefined) return notDone('earlier-step');
    if (view.header.issuer === thirdParty) return done(null);
    const times = [entry.atSeconds, Math.max(entry.atSeconds, receivedAtSeconds)];
    const isFree = (label: Label | undefined): boolean =>
      label !== undefined && times.every((time) => mayHave(effectiveLabel(label, time), thirdParty));
    const items: string[] = isFree(view.header.label) ? [] : [ENVELOPE];
    for (const digest of entry.disclosures.map(toHex))
      if (!isFree(view.partOf(digest)?.label)) items.push(digest);
    const found = new Set(items.map((digest) => this.#shortcoming(digest, handed)));
    const worst = SHORTCOMINGS.find((each) => found.has(each));
    if (worst === undefined) return done(null);
    return worst === 'no-consent' || worst === 'consent-time' ? notDone(worst) : failed(worst);
  }

  /** What is missing for one part of it, or for its envelope. */
  #shortcoming(digest: string, handed: HandedOn): Shortcoming | undefined {
    const { entry, receivedAtSeconds } = handed;
    const consents = this.#consents.filter((each) => isAbout(each, handed) && covers(each.parts, digest));
    const isCovered = (time: number): boolean =>
      consents.some(({ fromSeconds, untilSeconds }) => fromSeconds <= time && time < untilSeconds);
    if (isCovered(entry.atSeconds))
      return isCovered(Math.max(entry.atSeconds, receivedAtSeconds)) ? undefined : 'consent-time';
    const found = new Set(
      this.#terms
        .filter((each) => isAbout(each, handed))
        .map(({ parts, fromSeconds, untilSeconds }): Shortcoming => {
          if (!covers(parts, digest)) return 'dossier.consent-other-part';
          if (entry.atSeconds < fromSeconds) return 'dossier.consent-not-begun';
          return entry.atSeconds < untilSeconds ? 'dossier.consent-revoked' : 'dossier.consent-expired';
        }),
    );
    return SHORTCOMINGS.find((each) => found.has(each)) ?? 'no-consent';
  }
}

function isAbout(
  {
    recordId,
    holder,
    thirdParty,
    purposes,
  }: Pick<Consent, 'recordId' | 'holder' | 'thirdParty' | 'purposes'>,
  handed: HandedOn,
): boolean {
  return (
    recordId === toHex(handed.entry.recordId) &&
    holder === handed.holder &&
    thirdParty === handed.thirdParty &&
    purposes.includes(handed.entry.purpose)
  );
}

/** Of an envelope the parts do not matter (disclosure.md 3.8). */
function covers(parts: Consent['parts'], digest: string): boolean {
  return digest === ENVELOPE || parts === 'all' || parts.has(digest);
}

/** Whether any holder may hand it to a state without asking (disclosure.md 3.2, 3.4). */
function mayHave({ releasableTo, tlp }: Label, state: StateId): boolean {
  const isOpen = tlp === undefined || tlp === 'CLEAR' || tlp === 'GREEN';
  return isOpen && releasableTo?.includes(state) === true;
}
