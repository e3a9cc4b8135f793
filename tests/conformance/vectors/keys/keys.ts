import type { VectorFile } from '../vector.ts';
import { acceptedSignatures } from './ed25519.ts';
import { refusedSignatures } from './ed25519-refused.ts';
import { coseKeys, enrolledKeys, refusedCoseKeys, refusedKeys } from './enrolment.ts';
import { acceptedSign, refusedSign } from './sign.ts';
import { acceptedSign1, refusedSign1 } from './sign1.ts';

/** Vectors of keys.md. */
export function keysVectors(): readonly VectorFile[] {
  const topic = 'keys';
  return [
    { topic, op: 'ed25519.verify', name: 'ed25519-verify', valid: acceptedSignatures() },
    { topic, op: 'ed25519.verify', name: 'ed25519-verify', invalid: refusedSignatures() },
    { topic, op: 'ed25519.enrol', name: 'ed25519-enrol', valid: enrolledKeys() },
    { topic, op: 'ed25519.enrol', name: 'ed25519-enrol', invalid: refusedKeys() },
    { topic, op: 'cose.key', name: 'cose-key', grammar: { key: 'cose-key' }, valid: coseKeys() },
    { topic, op: 'cose.key', name: 'cose-key', invalid: refusedCoseKeys() },
    {
      topic,
      op: 'cose.verify',
      name: 'cose-sign1',
      grammar: { message: 'document' },
      valid: acceptedSign1(),
    },
    { topic, op: 'cose.verify', name: 'cose-sign1', invalid: refusedSign1() },
    { topic, op: 'cose.verify', name: 'cose-sign', grammar: { message: 'document' }, valid: acceptedSign() },
    { topic, op: 'cose.verify', name: 'cose-sign', invalid: refusedSign() },
  ];
}
