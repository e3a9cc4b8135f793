// record.content: the fields of what states agree, ask and tell each other and the public (record-types.md §19 to §28).

import { type Item, record } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  english,
  type Fields,
  HOLDER,
  inForm,
  RECORD,
  THIRD_PARTY,
  unexpected,
  withDigests,
} from './content-inputs.ts';

const DIGEST = '5e'.repeat(32);
const AT_SECONDS = 1_795_514_400;

const point = (id: string): Item => record({ id, text: english('It has to be said who decides.') });
const states = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0'));

/** Every field that a type has, beside the required ones as they are. */
const WHOLE: { readonly [type: string]: Fields } = {
  guideline: {
    ...{ status: 'approved', summary: english('What to do first'), body: english('Isolate it.') },
    document: record({ digest: DIGEST, name: 'ransomware.pdf', mediaType: 'application/pdf' }),
    ...{ sectors: ['health', 'energy/oil'], approvedBy: 'Council of national teams' },
  },
  implementation: {
    ...{ catalogue: 'norm', norm: 'norm/hospitals', item: 'p-1', assessor: 'peer', finding: 'contested' },
    statement: english('The law is not in force yet.'),
    evidence: [record({ digest: DIGEST, name: 'Law gazette', url: 'https://example.org/gazette' })],
    assessedAt: AT_SECONDS,
  },
  review: {
    ...{ status: 'adopted', cycle: '2027', dueAt: AT_SECONDS, summary: english('It has proved itself.') },
    ...{ findings: [point('f-1')], proposals: [point('c-1'), point('c-2')], outcome: 'amend' },
  },
  measure: {
    ...{ commensurate: english('No more than was done'), offerToNegotiate: english('At any time') },
    ...{ notifiedTo: [HOLDER, THIRD_PARTY], notifiedAt: AT_SECONDS },
    ...{ renewalCount: 1, renewalReasons: english('It goes on.') },
  },
  assessment: {
    ...{ kind: 'proportionality', status: 'approved', trigger: english('An attack on the grid') },
    ...{ legalAuthority: english('Customary law'), alternatives: english('A protest, without effect') },
    ...{ commensurate: english('It is reversible.'), offerToNegotiate: english('In Geneva') },
    ...{ sectors: ['energy'], likelihood: 'likely', impact: 'severe' },
    dependencies: [record({ sector: 'health', text: english('Hospitals need power.') })],
    reviewBy: AT_SECONDS,
  },
  clarification: {
    ...{ kind: 'decline', inReplyTo: RECORD, about: RECORD, text: english('Not now.') },
    ...{ replyBy: AT_SECONDS, reason: 'criminal-investigation' },
  },
  contact: {
    ways: [
      record({ kind: 'telephone', value: '+00 000 000', hours: 'at any hour' }),
      record({ kind: 'email', value: 'duty@example.org' }),
    ],
    languages: ['en', 'ar', 'zh-Hans'],
  },
  exercise: {
    injects: [
      record({ id: 'i-1', offsetSeconds: 0, text: english('The gates do not open.') }),
      record({ id: 'i-2', offsetSeconds: 600, text: english('The press calls.'), to: [HOLDER] }),
    ],
    lessons: english('Telephone numbers were out of date.'),
  },
  dispute: {
    ...{ stage: 'closed', neutral: 'Ombudsperson of the region', issues: [point('q-1')] },
    ...{ respondBy: AT_SECONDS, recommendation: english('Both tell earlier.'), award: english('None') },
  },
  notice: {
    ...{ advice: english('Install the update.'), remedies: english('A telephone line'), sectors: ['health'] },
    severity: record({ scale: 'us-nciss', value: 'high' }),
    ...{ derivedFrom: [RECORD], removed: [DIGEST] },
  },
};

/** Fields whose form is one of some words. */
const WORDS: readonly (readonly [type: string, field: string, ...words: string[]])[] = [
  ['guideline', 'status', 'approved'],
  ['implementation', 'catalogue', 'nist-csf-2.0', 'nis2-21-2', 'enisa-ncaf-2.0', 'itu-gci-2024'],
  ['implementation', 'assessor', 'civil-society'],
  ['implementation', 'finding', 'accepted'],
  ['review', 'outcome', 'keep', 'end'],
  ['assessment', 'impact', 'low', 'moderate', 'high'],
  ['clarification', 'kind', 'acknowledgement', 'answer'],
  [
    ...(['clarification', 'reason', 'national-security', 'defence', 'confidentiality'] as const),
    ...['legal-exemption', 'disproportionate-effort', 'complexity'],
  ],
  ['contact', 'role', 'diplomatic', 'policy'],
  ['exercise', 'status', 'running', 'ended', 'lessons'],
  ['dispute', 'stage', 'admissible', 'fact-finding', 'mediation', 'recommendation', 'award'],
];

/** What has another form than its type gives it: type, field, content; the path where that is not the field. */
const OTHERS: readonly (readonly [
  comment: string,
  type: string,
  field: string,
  content: Item,
  path?: string,
])[] = [
  ['A status that there is not.', 'guideline', 'status', 'superseded'],
  ['A body that is a text.', 'guideline', 'body', 'Isolate it.'],
  ['A document without its digest.', 'guideline', 'document', record({ name: 'ransomware.pdf' })],
  ['A document whose digest is bytes.', 'guideline', 'document', record({ digest: Buffer.alloc(32) })],
  ['A state by its code.', 'implementation', 'of', 'XBO'],
  ['A catalogue that there is not.', 'implementation', 'catalogue', 'iso-27001'],
  ['A commitment for a norm.', 'implementation', 'norm', 'commitment/hospitals'],
  ['An item with a space.', 'implementation', 'item', 'ID.AM 1'],
  ['An assessor that there is not.', 'implementation', 'assessor', 'auditor'],
  ['A finding of breach.', 'implementation', 'finding', 'violated'],
  ['Evidence without a digest.', 'implementation', 'evidence', [record({ name: 'x' })], 'evidence[0]'],
  ['A status that there is not.', 'review', 'status', 'due'],
  ['A finding without an id.', 'review', 'findings', [record({ text: english('x') })], 'findings[0]'],
  ['A proposal that is a text.', 'review', 'proposals', ['Delete it.'], 'proposals[0]'],
  ['An outcome that there is not.', 'review', 'outcome', 'suspend'],
  ['A legal basis that is a text.', 'measure', 'legalBasis', 'The law'],
  ['Two lines of who proclaimed it.', 'measure', 'proclaimedBy', 'Ministry\nof Energy'],
  ['A start as text.', 'measure', 'startsAt', '2026-11-24T10:00:00Z'],
  ['A review before 1970.', 'measure', 'reviewBy', -1],
  ['Nobody who was told.', 'measure', 'notifiedTo', []],
  ['257 states that were told.', 'measure', 'notifiedTo', states(257)],
  ['More renewals than there can be.', 'measure', 'renewalCount', 1_001],
  ['A kind that there is not.', 'assessment', 'kind', 'risk'],
  ['A likelihood in percent.', 'assessment', 'likelihood', 80],
  ['An impact that there is not.', 'assessment', 'impact', 'catastrophic'],
  [
    ...(['A dependency on what is no sector.', 'assessment', 'dependencies'] as const),
    ...([[record({ sector: 'weather', text: english('x') })], 'dependencies[0]'] as const),
  ],
  ['A kind that there is not.', 'clarification', 'kind', 'admission'],
  ['An addressee by its code.', 'clarification', 'to', 'XBO'],
  ['A question by its subject.', 'clarification', 'inReplyTo', 'clarification/q-1'],
  ['A reason that there is not.', 'clarification', 'reason', 'no-comment'],
  ['A role that there is not.', 'contact', 'role', 'press'],
  ['A way that there is not.', 'contact', 'ways', [record({ kind: 'fax', value: '1' })], 'ways[0]'],
  ['A way that leads nowhere.', 'contact', 'ways', [record({ kind: 'email' })], 'ways[0]'],
  ['A language by its name.', 'contact', 'languages', ['English language']],
  ['Days beyond a century.', 'contact', 'confirmEveryDays', 36_526],
  ['A status that there is not.', 'exercise', 'status', 'cancelled'],
  ['No player.', 'exercise', 'players', []],
  ['65 players.', 'exercise', 'players', states(65)],
  [
    ...(['An inject more than a year later.', 'exercise', 'injects'] as const),
    ...([[record({ id: 'i', offsetSeconds: 31_622_401, text: english('x') })], 'injects[0]'] as const),
  ],
  [
    ...(['An inject for nobody.', 'exercise', 'injects'] as const),
    ...([[record({ id: 'i', offsetSeconds: 0, text: english('x'), to: [] })], 'injects[0]'] as const),
  ],
  ['Parties by their codes.', 'dispute', 'parties', ['XAR', 'XBO']],
  ['A stage that there is not.', 'dispute', 'stage', 'appeal'],
  ['An issue that is a text.', 'dispute', 'issues', ['Who is told?'], 'issues[0]'],
  ['A text in no language.', 'notice', 'text', 'Do not open attachments.'],
  ['A severity in words.', 'notice', 'severity', 'high'],
  ['Records by their subjects.', 'notice', 'derivedFrom', ['incident/hospitals']],
  ['A part that was left out by its path.', 'notice', 'removed', ['victim.name'], 'removed[0]'],
];

export function contentAffairVectors(): readonly VectorFile[] {
  // The contacts of a charter have the name `contact` in the grammars.
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'record.content' },
    grammar: { fields: name === 'contact' ? 'contact-point' : name },
    valid,
  });
  return [
    ...Object.entries(WHOLE).map(([type, fields]) =>
      file(type, [
        inForm('Every field that the type has.', type, fields),
        inForm('The required fields.', type, {}),
        ...WORDS.filter(([of]) => of === type).flatMap(([, field, ...words]) =>
          words.map((word) => inForm(`${field}: ${word}.`, type, { [field]: word })),
        ),
      ]),
    ),
    {
      ...{ topic: 'record-types', name: 'affairs-other-forms', op: 'record.content' },
      valid: [
        ...OTHERS.map(([comment, type, field, content, path]) =>
          unexpected(comment, type, { [field]: content }, path ?? field),
        ),
        unexpected('A form with digests in it.', 'guideline', { document: withDigests() }, 'document'),
      ],
    },
  ];
}
