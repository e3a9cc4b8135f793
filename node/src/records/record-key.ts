import { keyThumbprint } from '@comity/cose';
import { Fault, isFault } from '@comity/fault';
import type { Sovereign } from '../sovereign.ts';

/**
 * That the record key of this node signs what others take. What is signed with one that has ended is refused by everybody who
 * reads it, and can never be made good: it is not signed.
 *
 * @throws Fault node.record-key-ended
 */
export function assertRecordKey({ directory, signers, self, now }: Sovereign): void {
  try {
    directory.resolve(keyThumbprint(signers.record.publicKey), 'record', now(), self.state);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault(
      'node.record-key-ended',
      `the record key of this node signs nothing now (${error.code})`,
      {
        fields: { reason: error.code },
        cause: error,
      },
    );
  }
}
