import { hex, record } from '../cbor-text.ts';
import { certificateOut, charterOut, recognitionOut } from '../charter/forms.ts';
import { witnessNameOf } from '../log/text.ts';
import { inheriting, viewOf } from '../record/inputs.ts';
import { certificatePayload, NOW_SECONDS, type Usage } from '../states.ts';
import type { Json, ValidCase, ValidFile, VectorFile } from '../vector.ts';
import { chainRefused } from './refused.ts';
import { grammarOf, inputs, STEPS, type Step } from './steps.ts';
import {
  COSIGNED_SECONDS,
  cimmeria,
  digestsOf,
  doria,
  indicatorsContent,
  LOG_INDEX,
  ledger,
  logged,
  logOrigin,
  logRoot,
  openLabel,
  parts,
  RECEIVED_SECONDS,
  recognitionPayloadOf,
  released,
  told,
} from './story.ts';

/** One story over the operations of all chapters: each file a step, which uses the bytes of those before it. */
export function chainVectors(): readonly VectorFile[] {
  return [...chainValid(), ...chainRefused()];
}

/** What is true of the record without disclosures and with those that are released. */
const view = { subject: 'incident/told', issuer: cimmeria, label: openLabel };
const shown = viewOf(told, {
  ...view,
  undisclosed: 5,
  parts: [
    inheriting(parts.title, 'title', record({ en: 'Ransomware at a hospital' }), openLabel),
    inheriting(parts.indicators, 'indicators', indicatorsContent.item, openLabel),
    inheriting(
      parts.first,
      'indicators[0]',
      record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' }),
      openLabel,
    ),
  ],
});
const checkpoint = { origin: logOrigin, size: logged.length, root: hex(logRoot) };
const received = { size: 2, root: hex(ledger.root(2)) };

const OUT: Readonly<Record<Step, Json>> = {
  '01-charter': charterOut(cimmeria.charterPayload, cimmeria.rootKeys),
  '02-certificate': certificateFor('record'),
  '03-recognition': recognitionOut(recognitionPayloadOf(), true),
  '04-record': viewOf(told, { ...view, undisclosed: 4 }),
  '05-view': shown,
  '06-inclusion': {},
  '07-checkpoint': { ...checkpoint, cosignatures: [] },
  '08-cosignature': { timeSeconds: COSIGNED_SECONDS },
  '09-log-proof': {
    index: LOG_INDEX,
    ...checkpoint,
    cosignatures: [{ name: witnessNameOf(doria), timeSeconds: COSIGNED_SECONDS }],
  },
  '10-ledger-entry': {
    kind: 'release',
    recordId: told.idText,
    disclosures: digestsOf(released),
    timeSeconds: NOW_SECONDS + 120,
    mode: 'push',
    purpose: 'incident-response',
  },
  '11-ledger': { ...received, receipts: [] },
  '12-item': { recordId: told.idText, bare: false, digests: digestsOf(released) },
  '13-stream': { messages: 2 },
  '14-receipt': { ...received, receipts: [{ size: 2, timeSeconds: RECEIVED_SECONDS }] },
};

/** The same step of the other state. */
const FURTHER: Partial<Record<Step, ValidCase>> = {
  '01-charter': {
    comment: 'the charter of Doria',
    in: { charter: hex(doria.charter) },
    out: charterOut(doria.charterPayload, doria.rootKeys),
  },
  '02-certificate': {
    comment: 'the key with which Cimmeria signs logs',
    in: { certificate: hex(cimmeria.certificates.log), charter: hex(cimmeria.charter) },
    out: certificateFor('log'),
  },
};

function certificateFor(usage: Usage): Json {
  const key = cimmeria.keys[usage];
  return certificateOut(certificatePayload(cimmeria.idText, usage, key), key);
}

function chainValid(): readonly ValidFile[] {
  return Object.entries(STEPS).map(([name, { op, comment }]): ValidFile => {
    const step = name as Step;
    const further = FURTHER[step];
    const grammar = grammarOf(step);
    return {
      topic: 'chain',
      name,
      op,
      ...(grammar !== undefined && { grammar }),
      valid: [{ comment, in: inputs[step], out: OUT[step] }, ...(further === undefined ? [] : [further])],
    };
  });
}
