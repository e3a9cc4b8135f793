import type { SampleCode } from './sample-data.ts';
import { type DraftChange, freshDraft, OTHERS, type PlainDraft, sampleLabels } from './sample-draft.ts';

/** Id of a record that is in no store, for a test that does not give another one. */
const SAMPLE_RECORD = '5a'.repeat(32);

const PURPOSE = 'incident-response';

/** A holder asks its closer peer whether it may hand that one's record on to the other peer, and nobody else learns of it. */
export function sampleReleaseRequestDraft(issuer: SampleCode = 'XBO', change: DraftChange = {}): PlainDraft {
  const [, thirdParty] = OTHERS[issuer];
  return freshDraft(
    {
      type: 'release-request',
      label: { ...sampleLabels(issuer).close, tlp: 'AMBER' },
      content: {
        record: SAMPLE_RECORD,
        parts: 'all',
        thirdParty,
        purpose: PURPOSE,
        reason: {
          en: 'Hospitals there use the same software and have not been warned.',
          fr: 'Des hôpitaux de cet État utilisent le même logiciel et n’ont pas été avertis.',
        },
        replyBy: '2026-11-30T12:00:00Z',
      },
    },
    change,
  );
}

/** An originator lets its closer peer hand a record on to the other one. Both may have the grant. */
export function sampleReleaseGrantDraft(issuer: SampleCode = 'XAR', change: DraftChange = {}): PlainDraft {
  const [holder, thirdParty] = OTHERS[issuer];
  return freshDraft(
    {
      type: 'release-grant',
      label: sampleLabels(issuer).open,
      content: {
        decision: 'grant',
        record: SAMPLE_RECORD,
        parts: 'all',
        holder,
        thirdParty,
        purposes: [PURPOSE],
        notBefore: '2026-11-24T00:00:00Z',
        notAfter: '2027-05-24T00:00:00Z',
        conditions: {
          en: 'Not to be published, and not to be used for attribution.',
          fr: 'À ne pas publier, et à ne pas utiliser pour une attribution.',
        },
      },
    },
    change,
  );
}
