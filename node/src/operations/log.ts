import { Fault } from '@comity/fault';
import { TABLES } from '@comity/store';
import { z } from 'zod';
import { readAuditLog } from '../audit/audit-log.ts';
import { operation } from '../control/operation.ts';
import { codeOf } from '../logs/log-alarms.ts';
import { proveKeys, proveRecord } from '../logs/log-proof.ts';
import { type CosignedCheckpoint, newestCheckpoint, newestQuorate, ownQuorum } from '../logs/own-quorum.ts';
import type { Sovereign } from '../sovereign.ts';
import { formatTime, idPrefix, recordId, stateCode, timestamp } from './shapes.ts';

/** Lines in one answer, at most: they are held in memory on both sides of the socket. */
export const MAX_AUDIT_LINES = 20_000;

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const chainEnd = z.object({ sequence: z.int().describe('0 where there is no entry'), hash: digest });

export const auditLine = z.object({
  sequence: z.int().describe('from 1, without gaps'),
  hash: digest.describe('SHA-256 of `entry`'),
  previous: digest.describe('hash of the line before; zeros in the first one'),
  time: timestamp,
  event: z.string(),
  fields: z.record(z.string(), z.json()).describe('ids, codes, counts and names of rules; never content'),
  entry: z
    .string()
    .describe('base64 of what is hashed: CBOR of [sequence, previous, time in seconds, event, fields]'),
});

export const auditResult = z.object({
  from: z.int(),
  lines: z.array(auditLine),
  end: chainEnd.describe('the last entry of the chain when it was read'),
  witnessed: chainEnd.describe(
    'the last entry that is written down outside the database, which the chain holds',
  ),
  broken: z
    .object({ code: z.string(), sequence: z.int(), message: z.string() })
    .nullable()
    .describe('where the chain does not go on; the lines are those before'),
});

export const logAudit = operation({
  name: 'log.audit',
  summary: 'lines of the audit log, verified as a chain and against its end outside the database',
  needs: 'home',
  args: z.strictObject({
    from: z.int().min(1).default(1),
    limit: z.int().min(1).max(MAX_AUDIT_LINES).default(MAX_AUDIT_LINES),
  }),
  result: auditResult,
  run: ({ store }: Sovereign, args) => readAuditLog(store, args),
});

const proofFormat = z
  .enum(['tlog-proof', 'cose'])
  .describe('C2SP tlog-proof, or the receipt of RFC 9942, which has no cosignatures');
export type ProofFormat = z.output<typeof proofFormat>;

export const proveResult = z.object({
  record: recordId.describe('what the proof is of: in the log these are the bytes of its leaf'),
  title: z.string().nullable(),
  origin: z.string().describe('name of the log'),
  index: z.int().describe('of the leaf, from 0'),
  size: z.int().describe('leaves under the checkpoint of the proof, padding included'),
  format: proofFormat,
  proof: z
    .string()
    .describe(
      'C2SP tlog-proof: index, inclusion proof, checkpoint and cosignatures; or a COSE receipt, base64',
    ),
});
export type LogProved = z.input<typeof proveResult>;

export const logProve = operation({
  name: 'log.prove',
  summary: 'the proof that a record of this state is in the log of what it has issued',
  needs: 'home',
  args: z.strictObject({ id: idPrefix, format: proofFormat.default('tlog-proof') }),
  result: proveResult,
  run: (sovereign: Sovereign, { id, format }) => proveRecord(sovereign, id, format),
});

export const proveKeysResult = z.object({
  document: z.enum(['charter', 'key-state']),
  version: z.int(),
  digest: digest.describe('of the payload of the document: in the log these are the bytes of its leaf'),
  origin: z.string().describe('name of the log'),
  index: z.int().describe('of the leaf, from 0'),
  size: z.int().describe('leaves under the checkpoint of the proof, padding included'),
  proof: z.string().describe('C2SP tlog-proof: index, inclusion proof, checkpoint and cosignatures'),
});
export type KeysProved = z.input<typeof proveKeysResult>;

export const logProveKeys = operation({
  name: 'log.prove-keys',
  summary: 'the proof that the charter or key state in force is in the log of what this state has issued',
  needs: 'home',
  args: z.strictObject({ document: z.enum(['charter', 'key-state']) }),
  result: proveKeysResult,
  run: (sovereign: Sovereign, { document }) => proveKeys(sovereign, document),
});

const cosignedCheckpoint = z.object({
  size: z.int().describe('leaves, padding included'),
  root: digest,
  note: z
    .string()
    .describe('the checkpoint with the signature of the log and all cosignatures (C2SP signed-note)'),
  cosigners: z.array(z.object({ peer: z.string(), at: timestamp })),
  reached: z.boolean().describe('whether enough peers have cosigned it'),
  trustedAt: timestamp
    .nullable()
    .describe(
      'since when it was there by the words of enough peers; null where they are not enough, or there are none',
    ),
});

export const logCheckpoint = operation({
  name: 'log.checkpoint',
  summary:
    'the newest checkpoint of the log of what this state has issued, who has cosigned it, and whether they are enough',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({
    newest: cosignedCheckpoint.nullable().describe('null before the first'),
    quorate: cosignedCheckpoint.nullable().describe('the newest that enough peers have cosigned'),
    quorum: z.object({
      needed: z.int().describe('peers that have to have cosigned; 0 where there are none'),
      of: z.int().describe('peers that can'),
      policy: z.string().describe('the same as a C2SP tlog-policy, for whoever verifies proofs of this log'),
    }),
  }),
  run: async (sovereign: Sovereign) => {
    const newest = await newestCheckpoint(sovereign);
    const quorate = await newestQuorate(sovereign);
    return {
      newest: newest === undefined ? null : told(sovereign, newest),
      quorate: quorate === undefined ? null : told(sovereign, quorate),
      quorum: ownQuorum(sovereign),
    };
  },
});

function told(
  sovereign: Sovereign,
  { size, root, note, cosigners, isReached, trustedSeconds }: CosignedCheckpoint,
): z.input<typeof cosignedCheckpoint> {
  return {
    size,
    root,
    note,
    cosigners: cosigners.map(({ state, atSeconds }) => ({
      peer: codeOf(sovereign, state),
      at: formatTime(atSeconds),
    })),
    reached: isReached,
    trustedAt: trustedSeconds === undefined ? null : formatTime(trustedSeconds),
  };
}

const evidenceEntry = z.object({
  state: stateCode.describe('whose log keeps two histories'),
  size: z.int().describe('size at which they differ'),
  from: z.string().nullable().describe('the peer that brought it; null where this node found it'),
  at: timestamp,
  told: z.array(z.string()).describe('peers that have said that they keep it'),
});

export const logEvidenceList = operation({
  name: 'log.evidence-list',
  summary: 'evidence that logs keep two histories',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({ evidence: z.array(evidenceEntry) }),
  run: async (sovereign: Sovereign) => {
    const rows = await sovereign.store.list(TABLES.equivocations, []);
    return {
      evidence: rows.map(({ key: [origin, size], row }) => ({
        state: codeOf(sovereign, origin),
        size,
        from: row.peer === null ? null : codeOf(sovereign, row.peer),
        at: formatTime(row.atSeconds),
        told: row.told.map((state) => codeOf(sovereign, state as typeof origin)),
      })),
    };
  },
});

export const logEvidenceGet = operation({
  name: 'log.evidence-get',
  summary: 'one piece of evidence as a file that verifies by itself',
  needs: 'home',
  args: z.strictObject({ state: stateCode, size: z.int().min(0).optional().describe('default: the first') }),
  result: z.object({ file: z.string() }),
  run: async (sovereign: Sovereign, { state, size }) => {
    const rows = await sovereign.store.list(TABLES.equivocations, []);
    const found = rows.find(
      ({ key }) => codeOf(sovereign, key[0]) === state && (size === undefined || key[1] === size),
    );
    if (found === undefined)
      throw new Fault('node.no-evidence', `no evidence against the log of ${state} is held`, {
        fields: { state },
      });
    return { file: found.row.file };
  },
});
