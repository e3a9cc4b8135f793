import { z } from 'zod';
import { readAuditLog } from '../audit-log.ts';
import { operation } from '../control/operation.ts';
import { proveRecord } from '../log-proof.ts';
import type { Sovereign } from '../sovereign.ts';
import { idPrefix, recordId, timestamp } from './shapes.ts';

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

export const proveResult = z.object({
  record: recordId.describe('what the proof is of: in the log these are the bytes of its leaf'),
  title: z.string().nullable(),
  origin: z.string().describe('name of the log'),
  index: z.int().describe('of the leaf, from 0'),
  size: z.int().describe('leaves under the checkpoint of the proof, padding included'),
  proof: z.string().describe('C2SP tlog-proof: index, inclusion proof, checkpoint and cosignatures'),
});
export type LogProved = z.input<typeof proveResult>;

export const logProve = operation({
  name: 'log.prove',
  summary: 'the proof that a record of this state is in the log of what it has issued',
  needs: 'home',
  args: z.strictObject({ id: idPrefix }),
  result: proveResult,
  run: (sovereign: Sovereign, { id }) => proveRecord(sovereign, id),
});
