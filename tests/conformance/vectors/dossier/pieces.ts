// What several files of these vectors are made of: the scene of the incident alone, and records at fault.

import { cbor, hex, map, sha256 } from '../cbor-text.ts';
import { openLabel, type RecordText, restrictedLabel } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import {
  AFTER,
  type Deviation,
  failed,
  notDone,
  type RecordPart,
  type Scene,
  stoppedAt,
  WITHOUT_PROOF,
} from './scene.ts';
import { arcadianKeys, saysOf, toldPart } from './story.ts';

/** A file of vectors. */
export function reports(name: string, valid: readonly ValidCase[]): ValidFile {
  return { topic: 'dossier', name, op: 'dossier.verify', grammar: { dossier: 'dossier' }, valid };
}

/** A scene of the incident alone, as somebody verifies it who trusts Arcadia. */
export function scene(changes: Partial<Scene> = {}): Scene {
  return { anchors: [arcadia], documents: arcadianKeys, records: [toldPart], verdict: 'VALID', ...changes };
}

/** The incident, judged no further than a step. */
export function undecided(step: 'issuer' | 'key', why: string): RecordPart {
  return {
    ...toldPart,
    verdict: 'INDETERMINATE',
    steps: { ...WITHOUT_PROOF, ...stoppedAt(step, notDone(why)) },
    out: saysOf(),
  };
}

/** A record that fails at a step. */
export function faulty(
  text: RecordPart['text'],
  step: 'key' | 'signature' | 'authority' | 'parts',
  deviation: Deviation,
  subject = 'incident/hospital',
): RecordPart {
  return {
    text,
    verdict: 'INVALID',
    steps: { ...WITHOUT_PROOF, ...stoppedAt(step, deviation) },
    out: saysOf({ subject }),
  };
}

export function bytesAsRecord(message: Buffer): RecordPart['text'] {
  return { message, id: sha256(message), idText: hex(sha256(message)) };
}

/** The same signature over a payload with another label. */
export function alteredPayload(text: RecordText): RecordPart['text'] {
  const label = cbor(openLabel);
  const at = text.payload.indexOf(label);
  const payload = Buffer.concat([
    text.payload.subarray(0, at),
    cbor(restrictedLabel),
    text.payload.subarray(at + label.length),
  ]);
  const message = Buffer.concat([
    Buffer.from('d284', 'hex'),
    cbor(text.protected),
    cbor(map()),
    cbor(payload),
    cbor(text.signature),
  ]);
  return { message, id: sha256(message), idText: hex(sha256(message)) };
}

/** A record whose form is not right: nothing more is asked of it. */
export const NOT_FORMED = {
  form: failed('record-malformed'),
  ...stoppedAt('issuer', AFTER),
  inclusion: AFTER,
  checkpoint: AFTER,
  cosignatures: AFTER,
};
