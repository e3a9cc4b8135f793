import type { SampleCode } from './sample-data.ts';
import { type DraftChange, freshDraft, type PlainDraft, sampleLabels } from './sample-draft.ts';

/**
 * An incident with a part for every decision: parts for both other states, parts for one of them, and the internal
 * narrative, root cause and tags for nobody. All names, addresses and numbers are reserved for documentation.
 */
export function sampleIncidentDraft(issuer: SampleCode = 'XAR', change: DraftChange = {}): PlainDraft {
  const { open, limited, close, own } = sampleLabels(issuer);
  return freshDraft(
    {
      type: 'incident',
      subject: '57c4445b-c548-4654-af0b-4be3950d210f',
      label: own,
      envelope: open,
      labels: {
        title: open,
        summary: open,
        stage: open,
        awareAt: open,
        classification: open,
        sectors: open,
        severity: open,
        'narrative.external': open,
        occurredAt: limited,
        detectedAt: limited,
        suspectedMalicious: limited,
        crossBorder: limited,
        'indicators[*]': limited,
        'indicators[id=i-3]': close,
        'techniques[*]': limited,
        measuresTaken: limited,
        'victim.country': limited,
        'victim.sector': limited,
        'victim.name': close,
        legalProfiles: open,
        'sources[*]': limited,
      },
      content: CONTENT[issuer],
    },
    change,
  );
}

const COMMON = {
  stage: 'notification',
  occurredAt: '2026-11-21T22:40:00Z',
  detectedAt: '2026-11-23T06:05:00Z',
  awareAt: '2026-11-23T08:15:00Z',
  classification: { rsitClass: 'malicious-code', rsitType: 'infected-system' },
  suspectedMalicious: true,
  crossBorder: true,
  indicators: [
    {
      id: 'i-1',
      type: 'sha256',
      value: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      toIds: true,
    },
    {
      id: 'i-2',
      type: 'domain',
      value: 'updates.invalid.example',
      toIds: true,
      comment: 'Command and control',
    },
    {
      id: 'i-3',
      type: 'ip-dst',
      value: '192.0.2.44',
      toIds: false,
      comment: 'Jump host inside the network of the victim',
    },
  ],
  techniques: [
    { scheme: 'mitre-attack', id: 'T1566.001', name: 'Spearphishing attachment' },
    { scheme: 'mitre-attack', id: 'T1486', name: 'Data encrypted for impact' },
  ],
  measuresTaken: { en: 'Affected segments were isolated; control systems run by hand.' },
  rootCause: { en: 'A maintenance account without a second factor.' },
  tags: ['ransomware'],
} as const;

const CONTENT: Readonly<Record<SampleCode, PlainDraft['content']>> = {
  XAR: {
    ...COMMON,
    title: {
      en: 'Ransomware at an electricity distributor',
      fr: 'Rançongiciel chez un distributeur d’électricité',
    },
    summary: {
      en: 'Office systems encrypted; supply not interrupted.',
      fr: 'Bureautique chiffrée ; pas de coupure.',
    },
    narrative: {
      external: { en: 'A phishing message opened the way into the office network.' },
      internal: { en: 'The operator asked for help three hours after detection.' },
    },
    sectors: ['energy/electricity'],
    severity: { scale: 'us-nciss', value: 'high' },
    victim: {
      name: 'Arcadian Grid Company',
      country: 'XAR',
      contact: 'duty@grid.arcadia.example',
      sector: 'energy/electricity',
    },
    legalProfiles: ['nis2'],
    sources: [{ name: 'National CSIRT of Arcadia', url: 'https://csirt.arcadia.example/' }],
  },
  XBO: {
    ...COMMON,
    title: { en: 'Ransomware at a port operator', fr: 'Rançongiciel chez un opérateur portuaire' },
    summary: { en: 'Terminal planning stopped for nine hours.' },
    narrative: {
      external: { en: 'A supplier’s remote access was misused.' },
      internal: { en: 'Two other terminals use the same supplier.' },
    },
    sectors: ['transport/water'],
    severity: { scale: 'us-nciss', value: 'medium' },
    victim: {
      name: 'Northern Terminals',
      country: 'XBO',
      contact: 'it@terminals.borealis.example',
      sector: 'transport/water',
    },
    legalProfiles: ['nis2'],
    sources: [{ name: 'Cyber Defence Centre of Borealis', url: 'https://cdc.borealis.example/' }],
  },
  XCA: {
    ...COMMON,
    title: { en: 'Ransomware at a hospital', es: 'Ransomware en un hospital' },
    summary: { en: 'Admissions moved to paper for two days.', es: 'Admisiones en papel durante dos días.' },
    narrative: {
      external: { en: 'Backups were intact and were used.' },
      internal: { en: 'The hospital considered paying.' },
    },
    sectors: ['health'],
    severity: { scale: 'us-nciss', value: 'high' },
    victim: {
      name: 'Hospital of the Two Rivers',
      country: 'XCA',
      contact: 'sistemas@hospital.caldera.example',
      sector: 'health',
    },
    legalProfiles: ['nis2'],
    sources: [{ name: 'Ministry of Communications of Caldera', url: 'https://csirt.caldera.example/' }],
  },
};
