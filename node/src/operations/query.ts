import { MAX_ANSWER_LIMIT } from '@comity/query';
import { z } from 'zod';
import { askPeers } from '../ask.ts';
import { operation } from '../control/operation.ts';
import { filterFrom, filterSchema } from '../questions/filter-schema.ts';
import { listQueries } from '../records/consult.ts';
import type { Sovereign } from '../sovereign.ts';
import { recordSummary, stateCode } from './shapes.ts';

export const queryAsk = operation({
  name: 'query.ask',
  summary:
    'asks peers for records with a filter and a purpose; each peer decides part by part what it answers',
  needs: 'running',
  args: z.strictObject({
    peers: z.array(stateCode).min(1).max(64),
    purpose: z.string(),
    filter: filterSchema,
    limit: z
      .int()
      .min(1)
      .max(MAX_ANSWER_LIMIT)
      .optional()
      .describe('records to take from each peer at most; never more than the setting query.maxAnswers'),
    timeoutMs: z.int().min(100).max(600_000).default(30_000),
  }),
  result: z.object({
    question: z.string().describe('ids of the signed questions, one for each peer that was asked'),
    answers: z.array(
      z.object({
        peer: stateCode,
        question: z
          .string()
          .nullable()
          .describe('id of the question to this peer; null where none was signed'),
        outcome: z.enum(['answered', 'failed']),
        code: z.string().nullable(),
        records: z.array(recordSummary).describe('newest first'),
        more: z.boolean().describe('the peer would answer with more; what it withholds is never counted'),
        next: z.string().nullable().describe('`before` of the question that goes on after these answers'),
      }),
    ),
  }),
  run: (sovereign: Sovereign, { filter, ...args }, emit, signal) =>
    askPeers(sovereign, { ...args, filter: filterFrom(filter) }, emit, signal),
});

export const queryList = operation({
  name: 'query.list',
  summary: 'questions this node asked and answered',
  needs: 'home',
  args: z.strictObject({ limit: z.int().min(1).max(1_000).default(50) }),
  result: z.object({
    queries: z.array(
      z.object({
        at: z.string(),
        direction: z.enum(['asked', 'answered']),
        peer: z.string(),
        purpose: z.string(),
        filter: z.string(),
        records: z.int().nullable(),
        outcome: z.string(),
      }),
    ),
  }),
  run: (sovereign: Sovereign, args) => listQueries(sovereign, args),
});
