import { fromHex } from '@comity/digest';
import { fingerprint } from '@comity/identity';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { fingerprintForms } from '../peers/fingerprint-forms.ts';
import { applyCard, endingLogs, keyStateShown } from '../peers/own-card.ts';
import { affectedBy } from '../records/affected.ts';
import { certifiedKey } from '../records/certified-key.ts';
import type { Sovereign } from '../sovereign.ts';
import { certifiedKeyShown, fingerprintShown, keyStateStatus, stateCode } from './shapes.ts';

export const stateShow = operation({
  name: 'state.show',
  summary: 'this state: charter, classification scheme, keys',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({
    code: stateCode,
    name: z.string(),
    state: z.string(),
    fingerprint: z.string().describe('state id in groups'),
    shortFingerprint: fingerprintShown,
    charterVersion: z.int(),
    threshold: z.int(),
    rootKeys: z.int(),
    scheme: z.object({
      id: z.string(),
      levels: z.array(z.object({ id: z.string(), name: z.string(), rank: z.int() })),
    }),
    keys: z.array(certifiedKeyShown),
    keyState: keyStateStatus.nullable().describe('null where the state has signed none'),
    addresses: z.array(z.string()).describe('multiaddrs of the newest transport certificate'),
    card: z.string().describe('state card, base64'),
  }),
  run: async ({ self, directory, now }: Sovereign) => ({
    code: self.charter.code,
    name: self.name,
    state: self.charter.state,
    fingerprint: fingerprint(self.charter.state),
    shortFingerprint: fingerprintForms(self.charter),
    charterVersion: self.charter.version,
    threshold: self.charter.threshold,
    rootKeys: self.charter.rootKeys.length,
    scheme: {
      id: self.charter.scheme.id,
      levels: self.charter.scheme.levels.map((level) => ({
        id: level.id,
        name: level.name.get('en') ?? level.id,
        rank: level.rank,
      })),
    },
    keys: self.certificates.map((certificate) => certifiedKey(certificate, directory)),
    keyState: keyStateShown(self.keyState, now()),
    addresses: [
      ...(self.certificates
        .filter((each) => each.usage === 'transport')
        .toSorted((a, b) => b.issuedAtSeconds - a.issuedAtSeconds)[0]?.addresses ?? []),
    ],
    card: Buffer.from(self.card).toString('base64'),
  }),
});

const endingLogsShown = z
  .array(
    z.object({
      log: z.int().describe('which of the logs of this state it is, 1 for the first'),
      size: z.int().nullable().describe('leaves of it that stand; null: none'),
      isHeld: z.boolean().describe('whether this node has the tree that stands'),
    }),
  )
  .describe('logs of this state that end');

export const stateAffected = operation({
  name: 'state.affected',
  summary:
    'what the end of keys of this state would touch: its records that rest on them, and the peers that are told',
  needs: 'home',
  args: z.strictObject({
    state: z.string().describe('id of the state whose keys they are'),
    keys: z.array(z.strictObject({ kid: z.string(), fromSeconds: z.int() })).max(512),
    endedLogs: z
      .array(z.strictObject({ size: z.int().min(1), root: z.string().regex(/^[0-9a-f]{64}$/) }).nullable())
      .max(9)
      .default([])
      .describe(
        'the last tree of each log that is to end, from the one in use on; null: nothing of it stands',
      ),
  }),
  result: z.object({
    isOwn: z.boolean().describe('whether they are of the state of this home; of others nothing is counted'),
    peers: z.int().describe('peers that are told'),
    keys: z.array(
      z.object({
        kid: z.string(),
        records: z
          .int()
          .describe('records of this state that it, or a key that it has certified, has signed'),
        since: z.int().describe('those of them that are dated from its end on'),
      }),
    ),
    endedLogs: endingLogsShown,
  }),
  run: async (sovereign: Sovereign, { state, keys, endedLogs }) => {
    if (state !== sovereign.self.state) return { isOwn: false, peers: 0, keys: [], endedLogs: [] };
    const peers = sovereign.peers.all().filter(({ suspended }) => !suspended).length;
    const ended = endedLogs.map((end) => ({ end: end && { size: end.size, root: fromHex(end.root) } }));
    return {
      isOwn: true,
      peers,
      keys: await affectedBy(sovereign, keys),
      endedLogs: await endingLogs(sovereign, ended),
    };
  },
});

const usage = z.enum(['record', 'log', 'witness', 'transport']);

export const stateApply = operation({
  name: 'state.apply',
  summary: 'puts a card in force that the holders of the root keys have made',
  needs: 'home',
  args: z.strictObject({
    card: z.string().describe('state card, base64'),
    dryRun: z.boolean().default(false).describe('only say what it would do'),
  }),
  result: z.object({
    charterVersion: z.int(),
    keyStateVersion: z.int().nullable(),
    newKeys: z.array(usage).describe('usages of which the node signs with another key from then on'),
    revoked: z.array(z.string()).describe('ids of keys that it revokes'),
    superseded: z.array(z.string()).describe('ids of keys that it replaces'),
    newCertificates: z.int(),
    endedLogs: endingLogsShown,
    needsRestart: z
      .boolean()
      .describe('whether the node has to be started again to connect under its new transport key'),
    isApplied: z.boolean(),
  }),
  run: (sovereign: Sovereign, { card, dryRun }, emit) =>
    applyCard(sovereign, new Uint8Array(Buffer.from(card, 'base64')), dryRun, emit),
});
