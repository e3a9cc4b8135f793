import { z } from 'zod';
import { dutyProfilesResult } from './duty-profiles.ts';
import { operations } from './index.ts';
import { verification } from './verification.ts';

/** What `--json` prints: `version` and the result of the operation behind the command, or `version` and `error`. */
export function cliSchema(): object {
  const asSchema = (result: z.ZodType): object =>
    z.toJSONSchema(result, { io: 'input', unrepresentable: 'any' });
  const results = Object.fromEntries([
    ...[...operations].map(([name, { result }]) => [name, asSchema(result)] as const),
    // These need no node, so no operation stands behind them.
    ['duty.profiles', asSchema(dutyProfilesResult)] as const,
    ['verify', asSchema(verification)] as const,
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Comity command line, output version 1',
    description:
      'With --json a command prints one object: "version" beside the properties of the result listed under its operation, or beside "error".',
    version: 1,
    error: {
      type: 'object',
      required: ['code', 'message', 'fields'],
      properties: {
        code: { type: 'string', description: 'an entry of protocol/registries/codes' },
        message: { type: 'string' },
        fields: { type: 'object' },
        faults: {
          type: 'array',
          description: 'all faults of a document, where it was one',
          items: {
            type: 'object',
            required: ['code', 'path', 'message'],
            properties: {
              code: { type: 'string' },
              path: { type: 'array', items: { type: ['string', 'integer'] } },
              message: { type: 'string', description: 'without path and place' },
              place: { type: 'string', description: 'file:line:column, where the file is known' },
            },
          },
        },
      },
    },
    results,
  };
}
