// Proofs of the incident, and what is said of it where it has one.

import { cbor } from '../cbor-text.ts';
import { type keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  BEGIN_SECONDS,
  borealis,
  certificatePayload,
  drawn,
  type State,
  typ,
  type Usage,
} from '../states.ts';
import type { ValidCase } from '../vector.ts';
import { scene } from './pieces.ts';
import {
  type Members,
  notDone,
  type RecordDeviations,
  type RecordPart,
  type Scene,
  verified,
} from './scene.ts';
import { allKeys, by, byLog, COSIGNED_SECONDS, INDEX, leaves, lines, proofOf, toldPart } from './story.ts';

export const both = [arcadia, borealis];

export const OWN = byLog();

export const BY_BOREALIS = by(borealis, COSIGNED_SECONDS);

export const PLACE = { index: INDEX, size: leaves.length };

export const PLAIN = proofOf(lines(OWN));

export const COSIGNED = proofOf(lines(OWN, BY_BOREALIS));

/** Borealis, or another state, says that it has seen the checkpoint then. */
export const seen = (state: State, timeSeconds: number): Members => ({ state: state.idText, timeSeconds });

/** The incident with a proof, all of whose steps are done but for those named. */
export function logged(proof: string, steps: RecordDeviations, out: Members): RecordPart {
  return { ...toldPart, proof, steps, out: { ...toldPart.out, ...out } };
}

export function proofCase(comment: string, record: RecordPart, changes: Partial<Scene> = {}): ValidCase {
  return verified(comment, scene({ anchors: both, documents: allKeys, records: [record], ...changes }));
}

export const cosigned = (proof: string, ...cosignatures: readonly Members[]): RecordPart =>
  logged(proof, {}, { ...PLACE, cosignatures });

export const uncosigned = (proof: string, place: Members = PLACE): RecordPart =>
  logged(proof, { cosignatures: notDone('no-cosignature') }, place);

/** A further certificate of a state, for another key or another time. */
export function further(
  state: State,
  usage: Usage,
  key: ReturnType<typeof keyPair>,
  beginSeconds = BEGIN_SECONDS,
): Buffer {
  const payload = certificatePayload(state.idText, usage, key, [
    [5, beginSeconds],
    [7, drawn(`further ${usage} ${state.code} ${beginSeconds} ${key.keyId.toString('hex')}`)],
  ]);
  return signMany(state.rootKeys, cbor(payload), typ('key-certificate'));
}

/** A cosignature line with its time a second later. */
export function later(line: string): string {
  const [, name = '', encoded = ''] = /^— (.*) (.*)\n$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  bytes[11] = (bytes[11] as number) + 1;
  return `— ${name} ${bytes.toString('base64')}\n`;
}
