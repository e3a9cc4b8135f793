import { parseTimeText } from '../time-text.ts';
import { listOf } from './collection-forms.ts';
import { count, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { state } from './reference-forms.ts';
import { line, textMap } from './text-forms.ts';

const MAX_RENEWALS = 1_000;
const MAX_MEASURE_SECONDS = 366 * 86_400;

/**
 * An emergency measure: it ends by itself, is reviewed before that, and can be taken to a court (domain.md §4.3). It is renewed
 * by another record, with fresh reasons.
 */
export const measure: RecordType = {
  id: 'measure',
  retracts: false,
  expires: true,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    legalBasis: { redaction: 'whole', form: textMap, required: true },
    necessity: { redaction: 'whole', form: textMap, required: true },
    proclaimedBy: { redaction: 'whole', form: line(512), required: true },
    scope: { redaction: 'whole', form: textMap, required: true },
    startsAt: { redaction: 'whole', form: time, required: true },
    reviewBy: { redaction: 'whole', form: time, required: true },
    oversightBody: { redaction: 'whole', form: line(512), required: true },
    judicialRoute: { redaction: 'whole', form: textMap, required: true },
    remedyRoute: { redaction: 'whole', form: textMap, required: true },
    commensurate: { redaction: 'whole', form: textMap },
    offerToNegotiate: { redaction: 'whole', form: textMap },
    notifiedTo: { redaction: 'whole', form: listOf(state, 256) },
    notifiedAt: { redaction: 'whole', form: time },
    renewalCount: { redaction: 'whole', form: count(MAX_RENEWALS) },
    renewalReasons: { redaction: 'whole', form: textMap },
  },
  check(content, { expiresAtSeconds, isSuccessor }, faults) {
    const [startsAtSeconds, reviewBySeconds] = [secondsOf(content.startsAt), secondsOf(content.reviewBy)];
    if (isBefore(reviewBySeconds, startsAtSeconds) || isBefore(expiresAtSeconds, reviewBySeconds)) {
      const message = 'expected a time from the start on, and before the measure ends';
      faults.add('record.bad-term', ['content', 'reviewBy'], message);
    }
    if (isBefore(startsAtSeconds && startsAtSeconds + MAX_MEASURE_SECONDS, expiresAtSeconds)) {
      const message =
        'expected an end within 366 days from the start: a measure is renewed by another record';
      faults.add('record.bad-term', ['expiresAt'], message);
    }
    const { renewalCount = null, renewalReasons = null } = content;
    if (isSuccessor === true && (renewalReasons === null || renewalCount === null)) {
      const name = renewalReasons === null ? 'renewalReasons' : 'renewalCount';
      faults.add('record.missing-field', ['content', name], 'a renewal has fresh reasons, and its number');
    }
    if (isSuccessor === false && (renewalReasons !== null || renewalCount !== null)) {
      const name = renewalReasons === null ? 'renewalCount' : 'renewalReasons';
      faults.add(
        'record.foreign-field',
        ['content', name],
        'only a measure that supersedes another renews it',
      );
    }
  },
};

function secondsOf(time: unknown): number | undefined {
  return typeof time === 'string' ? parseTimeText(time) : undefined;
}

function isBefore(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one < other;
}
