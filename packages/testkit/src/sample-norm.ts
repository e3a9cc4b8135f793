import type { SampleCode } from './sample-data.ts';
import { type DraftChange, freshDraft, type PlainDraft, sampleLabels } from './sample-draft.ts';

/** The subject id of the sample norm; commitments name it as `norm/` and this. */
export const SAMPLE_NORM_SUBJECT = 'csirt-protection';

/** A voluntary norm on the protection of incident response teams, open to everyone. */
export function sampleNormDraft(issuer: SampleCode = 'XAR', change: DraftChange = {}): PlainDraft {
  return freshDraft(
    {
      type: 'norm',
      subject: SAMPLE_NORM_SUBJECT,
      label: { ...sampleLabels(issuer).open, tlp: 'CLEAR' },
      content: {
        title: {
          en: 'Protection of computer emergency response teams',
          fr: 'Protection des équipes de réponse aux incidents informatiques',
        },
        kind: 'voluntary',
        provisions: [
          {
            id: 'a',
            text: {
              en: 'States do not harm the information systems of authorised emergency response teams.',
              fr: 'Les États ne portent pas atteinte aux systèmes des équipes d’intervention autorisées.',
            },
          },
          {
            id: 'b',
            text: {
              en: 'States do not use authorised emergency response teams for malicious activity.',
              fr: 'Les États n’utilisent pas ces équipes pour des activités malveillantes.',
            },
          },
        ],
        adoption: { en: 'Open for endorsement by any state.' },
        entryIntoForce: { threshold: 2, delayDays: 0 },
        reviewPeriodDays: 730,
        noticePeriodDays: 90,
        source: 'UN General Assembly document A/70/174, paragraph 13 (k)',
      },
    },
    change,
  );
}
