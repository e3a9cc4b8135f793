import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Fault } from '@comity/fault';
import { decodeStateCard } from '@comity/identity';
import { callControl } from '../control/client.ts';
import { initNode } from '../init.ts';
import { openSovereign } from '../open.ts';
import { nodeStatus } from '../operations/node.ts';
import { peerAdd, peerUpdate } from '../operations/peer.ts';
import { policyApply } from '../operations/policy.ts';
import { fingerprintForms } from '../peers/fingerprint-forms.ts';
import { freePorts, type Member } from './member.ts';
import { agreementBetween, SAMPLE_STATES } from './sample-states.ts';

const MARKER = 'demo.json';
const silent = (): void => {};

/**
 * Empties the directory of an earlier demonstration. Anything else is left alone: a home that somebody uses is never removed.
 *
 * @throws Fault node.already-running, node.home-exists
 */
export async function clearDirectory(directory: string, members: readonly Member[]): Promise<void> {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    if (!existsSync(join(directory, MARKER)))
      throw new Fault('node.home-exists', `${directory} holds something that is no demonstration`, {
        fields: { directory },
      });
    for (const { home, code } of members) {
      const running = await callControl(home.socket, nodeStatus.name, {}).then(
        () => true,
        () => false,
      );
      if (running)
        throw new Fault(
          'node.already-running',
          `the demonstration at ${directory} is running (${code}); stop it first`,
          { fields: { directory } },
        );
    }
    rmSync(directory, { recursive: true });
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARKER), `${JSON.stringify({ comity: 'demo/1' })}\n`);
}

/** Founds the three states: root keys, charter, certificates, store; the first makes the federation. Ends early on `signal`. */
export async function foundStates(
  members: readonly Member[],
  told: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ports = await freePorts(members.length);
  for (const [index, member] of members.entries()) {
    signal.throwIfAborted();
    const sample = SAMPLE_STATES[index];
    if (sample === undefined) continue;
    const first = members[0];
    await initNode(member.home, {
      code: sample.code,
      name: sample.name,
      names: sample.names,
      scheme: sample.scheme,
      listen: `127.0.0.1:${ports[index]}`,
      rootKeys: 3,
      threshold: 2,
      federationName: 'sample',
      ...(index > 0 && first !== undefined && { federation: first.home.federation }),
    });
    told(
      `${member.code}  ${member.name}: 3 root keys (2 sign), own record, log, witness and transport keys, own database`,
    );
  }
}

/**
 * Each state recognises the two others, with its ceiling, confirms the table of levels that both sign, and applies its policy. Ends
 * early on `signal`.
 */
export async function recogniseEachOther(
  members: readonly Member[],
  told: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const cards = new Map(members.map(({ code, home }) => [code, new Uint8Array(readFileSync(home.card))]));
  /** What each has signed of each, which the other confirms. */
  const signed = new Map<string, string>();
  for (const member of members) {
    const sovereign = await openSovereign(member.home);
    try {
      for (const [code, card] of cards) {
        signal.throwIfAborted();
        if (code === member.code) continue;
        const { equivalence, ceiling, categories, community } = agreementBetween(member.code, code);
        const { ours } = await peerAdd.run(
          sovereign,
          peerAdd.args.parse({
            card: Buffer.from(card).toString('base64'),
            // As its officers read it out: these three are on one machine.
            fingerprint: fingerprintForms(decodeStateCard(card).charter).digits,
            ceiling,
            equivalence,
            categories,
            community,
            theirs: signed.get(`${code} of ${member.code}`),
          }),
          silent,
          signal,
        );
        signed.set(`${member.code} of ${code}`, ours);
      }
      const text = samplePolicy(member.code);
      const { policy } = await policyApply.run(sovereign, { text }, silent, signal);
      told(
        `${member.code}  recognises ${[...cards.keys()].filter((code) => code !== member.code).join(' and ')}; policy of ${policy.rules} rules in force`,
      );
    } finally {
      await sovereign.close();
    }
  }
  await confirmFirst(members, cards, signed, signal);
}

/** Of two states the first gets back what the second has signed to confirm it. */
async function confirmFirst(
  members: readonly Member[],
  cards: ReadonlyMap<string, Uint8Array>,
  signed: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (const [place, { code, home }] of members.entries()) {
    const later = members.slice(place + 1);
    if (later.length === 0) continue;
    const sovereign = await openSovereign(home);
    try {
      for (const { code: other } of later) {
        const card = Buffer.from(cards.get(other) ?? []).toString('base64');
        const theirs = signed.get(`${other} of ${code}`);
        await peerUpdate.run(sovereign, peerUpdate.args.parse({ card, theirs }), silent, signal);
      }
    } finally {
      await sovereign.close();
    }
  }
}

function samplePolicy(code: string): string {
  // Beside the registries of the protocol package, wherever that is installed.
  return readFileSync(
    createRequire(import.meta.url).resolve(
      `@comity/protocol/registries/samples/policies/${code.toLowerCase()}.yaml`,
    ),
    'utf8',
  );
}
