// The story with one link exchanged: for that of another record, of another state, or of another time.

import { hex } from '../cbor-text.ts';
import { inclusionProof, NOTE_TYPE, noteLine, treeRoot, vkeyOf } from '../log/text.ts';
import type { InvalidCase, InvalidFile, Json } from '../vector.ts';
import { LEDGER_BROKEN } from './ledger-refused.ts';
import { inputs, STEPS, type Step } from './steps.ts';
import {
  byLogKey,
  cimmeria,
  doria,
  earlierText,
  LOG_INDEX,
  leafHashOf,
  ledger,
  logCheckpoint,
  logged,
  logOrigin,
  logText,
  other,
  otherTitle,
  proofText,
  receipt,
  recognitionPayloadOf,
  released,
  signedRecognition,
  told,
} from './story.ts';

/** Members of an `in` that are exchanged. */
export type Members = { readonly [name: string]: Json };
/** A step with one link exchanged. */
export type Broken = readonly [code: string, clause: string, comment: string, changes: Members];

const doriasKeys = { charter: hex(doria.charter), certificates: [hex(doria.certificates.record)] };
const proofOf = (index: number): readonly string[] => inclusionProof(index, logged).map(hex);
const BROKEN: Partial<Record<Step, readonly Broken[]>> = {
  '02-certificate': [
    [
      'identity.wrong-issuer',
      'charter 3.2',
      'the certificate of Doria under the charter of Cimmeria',
      { certificate: hex(doria.certificates.record) },
    ],
    [
      'identity.wrong-issuer',
      'charter 3.2',
      'the certificate of Cimmeria under the charter of Doria',
      { charter: hex(doria.charter) },
    ],
  ],
  '03-recognition': [
    [
      'identity.wrong-issuer',
      'charter 4.2',
      'the recognition under the charter of the state that it is about',
      { issuer: hex(doria.charter), subject: hex(cimmeria.charter) },
    ],
    [
      'identity.wrong-subject',
      'charter 4.4',
      'the recognition names the digest of another charter than that of Doria',
      { recognition: hex(signedRecognition(recognitionPayloadOf([['charter', cimmeria.id]]))) },
    ],
  ],
  '04-record': [
    ['identity.unknown-key', 'charter 6.6', 'the record before a reader who knows Doria alone', doriasKeys],
    [
      'record.wrong-usage',
      'record 6.4',
      'the record signed with a key that is certified for logs',
      { record: hex(byLogKey.message), certificates: [hex(cimmeria.certificates.log)] },
    ],
  ],
  '05-view': [
    [
      'record.orphan-disclosure',
      'record 5.6',
      'with the title of another record',
      { record: hex(told.view([otherTitle])) },
    ],
    [
      'record.orphan-disclosure',
      'record 5.6',
      'the disclosures of the record in another record',
      { record: hex(other.view(released)) },
    ],
  ],
  '06-inclusion': [
    ['merkle.leaf-not-in-root', 'log 2.1', 'the id of another record', { leafHash: leafHashOf(other.id) }],
    ['merkle.leaf-not-in-root', 'log 2.1', 'the proof of the leaf before', { proof: proofOf(LOG_INDEX - 1) }],
    ['merkle.leaf-not-in-root', 'log 2.1', 'the root of the ledger', { root: hex(ledger.root(2)) }],
    [
      'merkle.proof-length',
      'log 2.2',
      'the size before the last leaf was appended',
      { size: logged.length - 1, root: hex(treeRoot(logged.slice(0, -1))) },
    ],
  ],
  '07-checkpoint': [
    ['log.no-known-signature', 'log 4.5', 'the checkpoint of the ledger', { note: ledger.checkpoint(2) }],
    [
      'log.no-known-signature',
      'log 4.5',
      'signed by Doria in the name of the log',
      { note: `${logText}\n${noteLine(logText, logOrigin, doria.keys.log)}` },
    ],
    [
      'log.bad-signature',
      'log 4.5',
      'the checkpoint of an earlier size with the signature of this one',
      { note: logCheckpoint.replace(logText, earlierText) },
    ],
    [
      'log.wrong-origin',
      'log 6.6',
      'the text of the ledger, signed in the name of the log',
      { note: `${ledger.text(2)}\n${noteLine(ledger.text(2), logOrigin, cimmeria.keys.log)}` },
    ],
  ],
  '08-cosignature': [
    ['log.bad-signature', 'log 4.5', 'over the checkpoint of an earlier size', { checkpoint: earlierText }],
    [
      'log.bad-signature',
      'log 4.5',
      'the receipt for the ledger in place of the cosignature of the log',
      { line: receipt },
    ],
    [
      'log.no-known-signature',
      'log 7.4',
      'the line of the log itself',
      { line: noteLine(logText, logOrigin, cimmeria.keys.log) },
    ],
  ],
  '09-log-proof': [
    ['merkle.leaf-not-in-root', 'log 2.1', 'for another record', { leaf: other.idText }],
    [
      'merkle.leaf-not-in-root',
      'log 2.1',
      'the proof of the leaf before',
      { proof: proofText(LOG_INDEX - 1) },
    ],
    [
      'log.origin-key-mismatch',
      'log 6.6',
      'the key of the log under the name of the ledger',
      { log: vkeyOf(ledger.origin, NOTE_TYPE, cimmeria.keys.log) },
    ],
  ],
  ...LEDGER_BROKEN,
};

export function chainRefused(): readonly InvalidFile[] {
  return Object.entries(BROKEN).map(([name, cases]): InvalidFile => {
    const step = name as Step;
    return {
      topic: 'chain',
      name,
      op: STEPS[step].op,
      invalid: cases.map(
        ([code, clause, comment, changes]): InvalidCase => ({
          comment,
          in: { ...inputs[step], ...changes },
          code,
          clause,
        }),
      ),
    };
  });
}
