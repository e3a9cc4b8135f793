/**
 * What the three states tell each other. Arcadia labels its reports so that each shows another side of a decision: the
 * comment beside each says which. The reports themselves are real and public (node/samples/misp-osint/NOTICE.md); their labels
 * here are not.
 */
export interface ScenarioReport {
  readonly file: string;
  readonly shows: string;
  readonly expected: Expectation;
  readonly labelling: {
    readonly label: object;
    readonly envelope?: object;
    readonly labels?: Readonly<Record<string, object>>;
  };
}

const BOTH = ['XBO', 'XCA'];

/**
 * What another state is to hold of a record in the end: number of parts by path, elements of a list under `[*]`. Written
 * down here by hand from labels and policies, so that the demonstration is measured against something that no node computed.
 */
export type Expectation = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** All that the sample policy of Arcadia sends of a report. */
function wholeReport(indicators: number, tags: number): Readonly<Record<string, number>> {
  return {
    classification: 1,
    indicators: 1,
    'indicators[*]': indicators,
    sources: 1,
    'sources[*]': 1,
    stage: 1,
    tags: 1,
    'tags[*]': tags,
    title: 1,
  };
}

/** A report of which only title, class and indicators may go. */
function narrowReport(indicators: number): Readonly<Record<string, number>> {
  return { classification: 1, indicators: 1, 'indicators[*]': indicators, title: 1 };
}

const NOTHING: Readonly<Record<string, number>> = {};

export const REPORTS: readonly ScenarioReport[] = [
  {
    file: '2017-qakbot-emotet.json',
    shows: 'TLP:CLEAR and unclassified: both receive all that policy sends',
    expected: { XBO: wholeReport(96, 7), XCA: wholeReport(96, 7) },
    labelling: { label: { classification: 'unclassified', tlp: 'CLEAR', releasableTo: BOTH } },
  },
  {
    file: '2016-xorist-ransomware.json',
    shows: 'RESTRICTED: Caldera has no such level and protects it as CONFIDENTIAL, as both signed',
    expected: { XBO: wholeReport(9, 6), XCA: wholeReport(9, 6) },
    labelling: { label: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH } },
  },
  {
    file: '2016-four-element-sword.json',
    shows: 'one record, two audiences, element by element; the sources are above the ceiling of Caldera',
    expected: { XBO: wholeReport(370, 4), XCA: narrowReport(366) },
    labelling: {
      label: { classification: 'secret', tlp: 'AMBER+STRICT', releasableTo: ['XBO'] },
      envelope: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH },
      labels: {
        title: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH },
        classification: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH },
        sources: { classification: 'secret', tlp: 'AMBER+STRICT', releasableTo: BOTH },
        indicators: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH },
        'indicators[type=email-src]': {
          classification: 'confidential',
          tlp: 'AMBER+STRICT',
          releasableTo: ['XBO'],
        },
        'indicators[type=email-subject]': {
          classification: 'confidential',
          tlp: 'AMBER+STRICT',
          releasableTo: ['XBO'],
        },
      },
    },
  },
  {
    file: '2017-fallchill.json',
    shows: 'a category: the sources carry SIGNALS, which Borealis holds and Caldera does not',
    expected: { XBO: wholeReport(128, 7), XCA: narrowReport(128) },
    labelling: {
      label: {
        classification: 'confidential',
        tlp: 'AMBER+STRICT',
        releasableTo: BOTH,
        categories: [{ set: 'sensitivity', values: ['signals'] }],
      },
      envelope: { classification: 'unclassified', tlp: 'GREEN', releasableTo: BOTH, categories: null },
      labels: {
        title: { classification: 'unclassified', tlp: 'GREEN', releasableTo: BOTH, categories: null },
        classification: {
          classification: 'unclassified',
          tlp: 'GREEN',
          releasableTo: BOTH,
          categories: null,
        },
        indicators: { classification: 'restricted', tlp: 'AMBER', releasableTo: BOTH, categories: null },
      },
    },
  },
  {
    file: '2017-sunorcal.json',
    shows:
      'for Borealis alone: Caldera does not learn that the record exists. CONFIDENTIAL here is SECRET there',
    expected: { XBO: wholeReport(75, 6), XCA: NOTHING },
    labelling: { label: { classification: 'confidential', tlp: 'AMBER', releasableTo: ['XBO'] } },
  },
];

/** The report whose commands are offered for trying: each of the others holds it, and not the same of it. */
export const REPORT_TO_TRY = '2016-four-element-sword.json';

export const NORM_SUBJECT = 'sample-compact-2026';

/** A voluntary norm between the sample states, written for this demonstration. */
export const NORM = {
  type: 'norm',
  subject: NORM_SUBJECT,
  label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: BOTH },
  content: {
    title: {
      en: 'Sample compact on early warning between neighbours',
      fr: "Pacte type d'alerte précoce entre voisins",
    },
    kind: 'voluntary',
    provisions: [
      {
        id: '1',
        text: {
          en: 'A state warns the others of an incident that can reach them, as early as its law allows.',
        },
      },
      { id: '2', text: { en: 'A state that is asked for clarification answers or says why it does not.' } },
      { id: '3', text: { en: 'What was received is used for the purpose it was given for.' } },
    ],
    adoption: { en: 'Consensus of the three states.' },
    reviewPeriodDays: 365,
  },
};

const WHOLE_NORM = {
  adoption: 1,
  kind: 1,
  overall: 1,
  provisions: 1,
  'provisions[*]': 3,
  reviewPeriodDays: 1,
  title: 1,
};
export const NORM_EXPECTED: Expectation = { XBO: WHOLE_NORM, XCA: WHOLE_NORM };

/** Borealis endorses it. */
export const ENDORSEMENT = {
  type: 'commitment',
  label: { classification: 'open', tlp: 'CLEAR', releasableTo: ['XAR', 'XCA'] },
  content: {
    norm: `norm/${NORM_SUBJECT}`,
    provisions: ['1', '2', '3'],
    act: 'endorse',
    statement: { en: 'Borealis endorses the compact as a whole.' },
  },
};

const WHOLE_ENDORSEMENT = { act: 1, norm: 1, overall: 1, provisions: 1, statement: 1 };
export const ENDORSEMENT_EXPECTED: Expectation = { XAR: WHOLE_ENDORSEMENT, XCA: WHOLE_ENDORSEMENT };

/** Caldera takes part, and declares how its law differs: a difference, not a breach. */
export const VARIANCE = {
  type: 'commitment',
  label: { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XAR', 'XBO'] },
  content: {
    norm: `norm/${NORM_SUBJECT}`,
    provisions: ['1'],
    act: 'declared-variance',
    statement: {
      en: 'Caldera warns once its regulator has classified the incident, not from first awareness.',
    },
    legalBasis: { en: 'Sample act of Caldera on information security, section 12' },
  },
};

const WHOLE_VARIANCE = { ...WHOLE_ENDORSEMENT, legalBasis: 1 };
export const VARIANCE_EXPECTED: Expectation = { XAR: WHOLE_VARIANCE, XBO: WHOLE_VARIANCE };

/** What a state asks another in the course of the demonstration. */
export const QUESTION = {
  peers: ['XAR'],
  purpose: 'incident-response',
  filter: { types: ['incident'], indicator: '64.183.173.170' },
};

/** Records that answer the question: one report has this address among its indicators. */
export const QUESTION_EXPECTED = 1;
