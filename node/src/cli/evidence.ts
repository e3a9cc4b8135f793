import { Fault } from '@comity/fault';
import { fingerprint, MAX_CONTRADICTION_BYTES, verifyContradiction } from '@comity/identity';
import type { Command } from 'commander';
import { readBinaryFile } from '../config/binary-file.ts';
import { peerEvidence } from '../operations/peer.ts';
import type { Session } from './session.ts';
import { writeNew } from './state.ts';

/** Evidence that a state has signed what cannot both be true: one file, which anybody can check. */
export function addPeerEvidence(peer: Command, session: () => Session): void {
  peer
    .command('evidence')
    .description('writes the evidence that a peer has signed what cannot both be true')
    .argument('<code>')
    .requiredOption('-o, --output <file>', 'where it goes')
    .action(async (code: string, options: { output: string }) => {
      const current = session();
      const { evidence } = await current.call(peerEvidence, { peer: code });
      const [first] = evidence;
      if (first === undefined)
        throw new Fault('peer.no-evidence', `there is no evidence against ${code}`, { fields: { code } });
      writeNew(options.output, Buffer.from(first.file, 'base64'));
      current.print(
        { peer: code, foundAt: first.foundAt, file: options.output, of: evidence.length },
        (done) =>
          `${done.file}: found ${done.foundAt}, ${done.of} in all. Anybody can check it: comity state evidence ${done.file}`,
      );
    });
}

export function addEvidenceCheck(state: Command, session: () => Session): void {
  state
    .command('evidence')
    .description('checks a file of evidence against a state, with no node and no network')
    .argument('<file>')
    .action((file: string) => {
      const found = verifyContradiction(readBinaryFile(file, MAX_CONTRADICTION_BYTES, 'document'));
      session().print(found, ({ state: id, between, version }) =>
        [
          `The state ${fingerprint(id)}`,
          `has signed two ${between.replace('-', ' ')} that cannot both be true, at version ${version}.`,
          'Whether the state did so, or whoever has its root keys, is for people to find out.',
        ].join('\n'),
      );
    });
}
