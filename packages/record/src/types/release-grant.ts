import type { DraftFaults } from '../draft-faults.ts';
import { parseTimeText } from '../time-text.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { recordReference, state } from './reference-forms.ts';
import { concernedParts, purposes, requireDifferentStates } from './release-forms.ts';
import { textMap } from './text-forms.ts';

/** Longest time from the issue of a grant to its end, in seconds: nobody has a consent for good (record-types.md 14.3). */
export const MAX_GRANT_SECONDS = 400 * 86_400;

type Content = Readonly<Record<string, unknown>>;

/** What the originator of a record says to its being handed on by a holder to a third party (DISCLOSURE §4, consent). */
export const releaseGrant: RecordType = {
  id: 'release-grant',
  retracts: false,
  titleField: 'reason',
  fields: {
    decision: { redaction: 'whole', form: oneOf('grant', 'refuse', 'revoke'), required: true },
    record: { redaction: 'whole', form: recordReference, required: true },
    parts: { redaction: 'whole', form: concernedParts, required: true },
    holder: { redaction: 'whole', form: state, required: true },
    thirdParty: { redaction: 'whole', form: state, required: true },
    purposes: { redaction: 'whole', form: purposes },
    notBefore: { redaction: 'whole', form: time },
    notAfter: { redaction: 'whole', form: time },
    conditions: { redaction: 'whole', form: textMap },
    reason: { redaction: 'whole', form: textMap },
    request: { redaction: 'whole', form: recordReference },
  },
  cases: {
    field: 'decision',
    words: {
      grant: { required: ['purposes', 'notBefore', 'notAfter'], foreign: [] },
      refuse: { required: ['reason'], foreign: ['notBefore', 'notAfter', 'conditions'] },
      revoke: { required: [], foreign: ['purposes', 'notBefore', 'notAfter', 'conditions'] },
    },
  },
  check(content, context, faults) {
    requireDifferentStates(content, ['holder', 'thirdParty'], context, faults);
    if (content.decision === 'grant') requireTerm(content, context.atSeconds, faults);
  },
};

/** A consent ends after it has begun, not in the past, and not later than a grant can last. */
function requireTerm({ notBefore, notAfter }: Content, atSeconds: number, faults: DraftFaults): void {
  const [begin, end] = [notBefore, notAfter].map((text) =>
    typeof text === 'string' ? parseTimeText(text) : undefined,
  );
  if (end === undefined) return;
  const at = ['content', 'notAfter'];
  if (end <= Math.max(begin ?? 0, atSeconds)) {
    faults.add('record.bad-term', at, 'expected a time after notBefore that is still to come');
  } else if (end - atSeconds > MAX_GRANT_SECONDS) {
    faults.add('record.bad-term', at, 'expected a time at most 400 days from now');
  }
}
