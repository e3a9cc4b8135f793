// The steps of the story and what each operation is given.

import { hex, map } from '../cbor-text.ts';
import { data, end } from '../exchange/text.ts';
import { FEDERATION } from '../log/text.ts';
import { NOW_SECONDS, type State } from '../states.ts';
import type { Json } from '../vector.ts';
import {
  cimmeria,
  cosignature,
  doria,
  entry,
  item,
  LOG_INDEX,
  leafHashOf,
  ledger,
  logCheckpoint,
  logged,
  logOrigin,
  logProof,
  logRoot,
  logText,
  logVkey,
  proofText,
  receipt,
  recognitionPayloadOf,
  released,
  signedRecognition,
  told,
  witnessVkey,
} from './story.ts';

type Members = { readonly [name: string]: Json };

export const STEPS = {
  '01-charter': { op: 'charter.verify', comment: 'the charter of Cimmeria' },
  '02-certificate': {
    op: 'certificate.verify',
    comment: 'the key with which Cimmeria signs records, certified under its charter',
  },
  '03-recognition': { op: 'recognition.verify', comment: 'Cimmeria recognises Doria by its charter' },
  '04-record': {
    op: 'record.verify',
    comment: 'an incident, signed with the certified key, of which nothing is disclosed',
  },
  '05-view': { op: 'record.verify', comment: 'the same record with the title and one of two indicators' },
  '06-inclusion': {
    op: 'merkle.inclusion',
    comment: 'the id of the record is the third leaf of what Cimmeria has issued',
  },
  '07-checkpoint': { op: 'checkpoint.verify', comment: 'the root of that log, signed by Cimmeria' },
  '08-cosignature': { op: 'cosignature.verify', comment: 'the same checkpoint, cosigned by Doria' },
  '09-log-proof': { op: 'proof.verify', comment: 'inclusion, checkpoint and cosignature in one text' },
  '10-ledger-entry': {
    op: 'ledger.entry',
    comment: 'the record and the disclosures of the view, released to Doria',
  },
  '11-ledger': { op: 'ledger.verify', comment: 'the ledger with this entry, as Doria is sent it' },
  '12-item': { op: 'ledger.item', comment: 'the entry with the record and the disclosures of the view' },
  '13-stream': { op: 'exchange.stream', comment: 'the same item and checkpoint on their way' },
  '14-receipt': { op: 'ledger.verify', comment: 'the ledger with the receipt that Doria gives for it' },
} as const;

export type Step = keyof typeof STEPS;

const GRAMMARS: Partial<Record<Step, { readonly [member: string]: string }>> = {
  '01-charter': { charter: 'charter' },
  '02-certificate': { certificate: 'key-certificate', charter: 'charter' },
  '03-recognition': { recognition: 'recognition', issuer: 'charter', subject: 'charter' },
  '04-record': { record: 'record', charter: 'charter' },
  '05-view': { record: 'record', charter: 'charter' },
  '10-ledger-entry': { entry: 'ledger-entry' },
  '12-item': { entry: 'ledger-entry', record: 'record' },
};

export const grammarOf = (step: Step): { readonly [member: string]: string } | undefined => GRAMMARS[step];

const byCimmeria = { charter: hex(cimmeria.charter), certificates: [hex(cimmeria.certificates.record)] };
const party = ({ charter, certificates: { log, witness } }: State): Members => ({
  charter: hex(charter),
  certificates: [hex(log), hex(witness)],
});

const run: Members = {
  federation: FEDERATION,
  sender: party(cimmeria),
  recipient: party(doria),
  atSeconds: NOW_SECONDS + 125,
  held: { size: 1, subtrees: ledger.subtrees(1).map(hex) },
  head: { size: 2, checkpoint: ledger.checkpoint(2), proof: ledger.proof(1, 2).map(hex) },
  batches: [{ first: 1, checkpoint: ledger.checkpoint(2), entries: [hex(entry)] }],
};

const log = { origin: logOrigin, log: logVkey };

/** The frames with which the item travels: HEAD, one batch, END. */
const frames = Buffer.concat([
  data(map([1, 2], [2, ledger.checkpoint(2)], [3, ledger.proof(1, 2)])),
  data(map([1, 1], [2, ledger.checkpoint(2)], [3, [item]])),
  end(1),
]);

export const inputs: Readonly<Record<Step, Members>> = {
  '01-charter': { charter: hex(cimmeria.charter) },
  '02-certificate': { certificate: hex(cimmeria.certificates.record), charter: hex(cimmeria.charter) },
  '03-recognition': {
    recognition: hex(signedRecognition(recognitionPayloadOf())),
    issuer: hex(cimmeria.charter),
    subject: hex(doria.charter),
  },
  '04-record': { record: hex(told.message), ...byCimmeria, nowSeconds: NOW_SECONDS },
  '05-view': { record: hex(told.view(released)), ...byCimmeria, nowSeconds: NOW_SECONDS },
  '06-inclusion': {
    leafHash: leafHashOf(told.id),
    index: LOG_INDEX,
    size: logged.length,
    proof: logProof.map(hex),
    root: hex(logRoot),
  },
  '07-checkpoint': { note: logCheckpoint, ...log, cosigners: [] },
  '08-cosignature': { line: cosignature, checkpoint: logText, verifier: witnessVkey },
  '09-log-proof': { proof: proofText(LOG_INDEX), leaf: told.idText, ...log, cosigners: [witnessVkey] },
  '10-ledger-entry': { entry: hex(entry) },
  '11-ledger': run,
  '12-item': {
    entry: hex(entry),
    record: hex(told.message),
    disclosures: released.map(({ bytes }) => hex(bytes)),
    charters: [hex(cimmeria.charter)],
    certificates: [hex(cimmeria.certificates.record)],
    atSeconds: NOW_SECONDS + 125,
  },
  '13-stream': { protocol: 'ledger', side: 'answering', heldSize: 1, bytes: hex(frames) },
  '14-receipt': { ...run, receipts: [{ size: 2, line: receipt }] },
};
