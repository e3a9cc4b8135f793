import { DocumentFaults } from '@comity/fault';
import { isTimeZone } from '@comity/registry';
import { z } from 'zod';
import type { TokenConfig } from '../token/token.ts';
import { readHumanDocument } from './yaml-document.ts';
import { describeIssue, faultsOf, parseWith } from './zod-faults.ts';

const multiaddr = z
  .string()
  .regex(
    /^\/(ip4|ip6|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/,
    'expected an address such as /ip4/192.0.2.7/tcp/7400',
  );

/** The node's configuration file. Unknown keys are refused: a misspelt safeguard must not be silently absent. */
export const nodeConfigSchema = z
  .strictObject({
    comity: z.literal('node/1').describe('kind and version of this file'),
    listen: z.array(multiaddr).min(1).max(8).describe('addresses on which peers may connect'),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error'])
          .default('info')
          .describe('least severe line that is written'),
      })
      .prefault({})
      .describe('the operational log on standard output; content of records is never logged'),
    query: z
      .strictObject({
        maxAnswers: z.int().min(1).max(100_000).default(1_000).describe('records in one answer to a peer'),
        maxAgeSeconds: z
          .int()
          .min(10)
          .max(86_400)
          .default(300)
          .describe('how old a question may be when it arrives'),
        workSecondsPerMinute: z
          .int()
          .min(1)
          .max(60)
          .default(20)
          .describe('working time for the questions of one peer in a minute; beyond it they are refused'),
        keptQuestions: z
          .int()
          .min(10)
          .max(100_000)
          .default(1_000)
          .describe(
            'questions of one peer that are kept, of at most 16 KiB each; beyond it the oldest are dropped, and none is taken while all are newer than maxAgeSeconds',
          ),
      })
      .prefault({})
      .describe('questions of peers'),
    verification: z
      .strictObject({
        threads: z
          .int()
          .min(0)
          .max(64)
          .default(0)
          .describe('threads that verify incoming batches; 0 = all cores but one'),
      })
      .prefault({})
      .describe('verification of what peers send'),
    clock: z
      .strictObject({
        maxJumpSeconds: z
          .int()
          .min(5)
          .max(86_400)
          .default(120)
          .describe('how far the clock may be set while the node runs; beyond it all releases are held'),
        maxOfflineDays: z
          .int()
          .min(1)
          .max(3_650)
          .default(90)
          .describe('how much later the clock may show at a start than when the node last ran'),
        maxUnheardMinutes: z
          .int()
          .min(1)
          .max(10_080)
          .default(15)
          .describe(
            'after how long a time off other states have to say what time it is, before what only time lets go is released',
          ),
      })
      .prefault({})
      .describe("the machine's clock, which labels, embargoes and consents go by"),
    orders: z
      .strictObject({
        overdueHours: z
          .int()
          .min(1)
          .max(8_760)
          .default(24)
          .describe('after how many hours without a final report a recall is shown as overdue at a peer'),
      })
      .prefault({})
      .describe('recalls and other orders of originators'),
    duties: z
      .strictObject({
        profiles: z
          .array(
            z
              .string()
              .regex(/^[A-Za-z0-9][A-Za-z0-9._:|/+-]{0,127}$/, 'expected the id of a deadline profile'),
          )
          .max(64)
          .default([])
          .describe(
            'deadline profiles of the laws of this state, where its charter names none (protocol/registries/deadline-profiles.json)',
          ),
        country: z
          .string()
          .regex(/^[A-Z]{3}$/, 'expected three capital letters')
          .optional()
          .describe('where these laws hold, ISO 3166-1 alpha-3; without it the code of the state'),
        timeZone: z
          .string()
          .refine(isTimeZone, 'expected the name of a time zone such as Europe/Paris')
          .default('UTC')
          .describe('by whose clocks limits in days and months are counted'),
        holidays: z
          .array(z.iso.date())
          .max(4_096)
          .default([])
          .describe('public holidays, beside the weekend; limits in working days pass over them'),
        weekend: z
          .array(z.int().min(1).max(7))
          .max(6)
          .default([6, 7])
          .describe('days of the week that are no working days, 1 for Monday to 7 for Sunday'),
        alertMinutes: z
          .array(z.int().min(1).max(525_600))
          .max(16)
          .default([1_440, 240, 60])
          .describe(
            'how long before a limit, or the time for a reply to a question, people are told of it; they are told as well once it has passed',
          ),
      })
      .prefault({})
      .describe('reports that laws ask for about incidents'),
    witness: z
      .strictObject({
        checkpointSeconds: z
          .int()
          .min(1)
          .max(86_400)
          .default(600)
          .describe(
            'how often the log of what this state has issued gets a checkpoint, whether or not something was issued',
          ),
        batchLeaves: z
          .int()
          .min(1)
          .max(4_096)
          .default(16)
          .describe(
            'the log grows by a multiple of this at each checkpoint; what is missing is filled up at random, so that its size does not tell how much was issued',
          ),
        quorum: z
          .int()
          .min(1)
          .max(256)
          .optional()
          .describe(
            'how many peers have to have cosigned a checkpoint; without it more than (n + f) / 2 of the n peers that are served, f being a third of them: 1 of 1, 2 of 2, 2 of 3, 3 of 4, 5 of 7',
          ),
        frozenSeconds: z
          .int()
          .min(2)
          .max(31_536_000)
          .default(7_200)
          .describe('after how long without a new checkpoint the log of a peer is shown as frozen'),
      })
      .prefault({})
      .describe('checkpoints of the log of what this state has issued, and who witnesses them'),
    token: z
      .strictObject({
        module: z
          .string()
          .regex(/^\//, 'expected a whole path, such as /usr/lib/softhsm/libsofthsm2.so')
          .describe('the PKCS#11 module of the token, by its whole path'),
        label: z.string().min(1).max(32).describe('the label of the token'),
      })
      .optional()
      .describe('the token that holds keys of this node, where one does; its PIN stands elsewhere'),
  })
  .describe('configuration of a Comity node');

export type NodeConfig = z.infer<typeof nodeConfigSchema>;

/** Where a setting got its value (ecosystem conventions: flag > environment > file > default). */
export type SettingOrigin = 'environment' | 'file' | 'default';

export interface LoadedConfig {
  readonly config: NodeConfig;
  /** Dotted setting name to its value and origin, for `config show --origin`. */
  readonly settings: ReadonlyMap<string, { value: unknown; origin: SettingOrigin; variable: string }>;
}

/** Environment variable of a setting: `log.level` is COMITY_LOG_LEVEL. */
export function variableOf(setting: string): string {
  return `COMITY_${setting
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

const SETTINGS = [
  'listen',
  'log.level',
  'query.maxAnswers',
  'query.maxAgeSeconds',
  'query.workSecondsPerMinute',
  'query.keptQuestions',
  'verification.threads',
  'clock.maxJumpSeconds',
  'clock.maxOfflineDays',
  'clock.maxUnheardMinutes',
  'orders.overdueHours',
  'duties.profiles',
  'duties.country',
  'duties.timeZone',
  'duties.holidays',
  'duties.weekend',
  'duties.alertMinutes',
  'witness.checkpointSeconds',
  'witness.batchLeaves',
  'witness.quorum',
  'witness.frozenSeconds',
  'token.module',
  'token.label',
] as const;

/** Settings that are lists: in a variable their entries are separated by commas. */
const LISTS: ReadonlySet<string> = new Set([
  'listen',
  'duties.profiles',
  'duties.holidays',
  'duties.weekend',
  'duties.alertMinutes',
]);

/** @throws DocumentFaults config.syntax, config.invalid with file:line:column; Fault config.unreadable, config.too-large */
export function loadNodeConfig(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): LoadedConfig {
  const document = readHumanDocument(path, 'config');
  const fromFile = parseWith(nodeConfigSchema, document, 'config.invalid');
  const overridden = structuredClone(document.value) as Record<string, unknown>;
  const settings = new Map<string, { value: unknown; origin: SettingOrigin; variable: string }>();
  const fromEnvironment = new Set<string>();
  for (const setting of SETTINGS) {
    const text = environment[variableOf(setting)];
    if (text === undefined) continue;
    write(overridden, setting, LISTS.has(setting) ? text.split(',').map(scalar) : scalar(text));
    fromEnvironment.add(setting);
  }
  const config = fromEnvironment.size === 0 ? fromFile : checkEnvironment(overridden);
  for (const setting of SETTINGS) {
    const origin = fromEnvironment.has(setting)
      ? 'environment'
      : read(document.value, setting) !== undefined
        ? 'file'
        : 'default';
    settings.set(setting, { value: read(config, setting), origin, variable: variableOf(setting) });
  }
  return { config, settings };
}

function scalar(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function checkEnvironment(value: unknown): NodeConfig {
  const parsed = nodeConfigSchema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  throw new DocumentFaults(
    faultsOf(parsed.error, 'config.invalid').map((fault) => ({
      ...fault,
      place: variableOf(fault.path.join('.')),
    })),
  );
}

function read(value: unknown, setting: string): unknown {
  return setting
    .split('.')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], value);
}

function write(value: Record<string, unknown>, setting: string, to: unknown): void {
  const steps = setting.split('.');
  const last = steps.pop() as string;
  let at = value;
  for (const step of steps) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[last] = to;
}

/** The file `node init` writes: everything at its default, explained. */
export function initialConfigText(listen: readonly string[], token?: TokenConfig): string {
  return `# yaml-language-server: $schema=./comity.schema.json
# Configuration of this Comity node. 'comity config validate' checks it, 'comity config show --origin' shows what is in force.
comity: node/1

# Addresses on which peers may connect.
listen:
${listen.map((address) => `  - ${address}`).join('\n')}

# log:
#   level: info            # debug, info, warn or error; content of records is never logged
# query:
#   maxAnswers: 1000       # records in one answer to a peer
#   maxAgeSeconds: 300     # how old a question may be when it arrives
#   workSecondsPerMinute: 20 # working time for the questions of one peer in a minute
#   keptQuestions: 1000    # questions of one peer that are kept, newest first
# verification:
#   threads: 0             # 0 = all cores but one
# clock:
#   maxJumpSeconds: 120    # a clock that is set further while the node runs holds all releases: 'comity node clock'
#   maxOfflineDays: 90     # so does one that shows more than this since the node last ran
#   maxUnheardMinutes: 15  # off for longer, what only time lets go waits until a peer has said what time it is
${tokenText(token)}
# duties:                  # reports that laws ask for about incidents: 'comity duty list'
#   profiles: [nis2, gdpr] # where the charter names none
#   timeZone: UTC          # by whose clocks days and months are counted, such as Europe/Paris
#   holidays: []           # such as 2026-12-25
#   alertMinutes: [1440, 240, 60] # before a limit, and before a peer's question is to be answered
`;
}

function tokenText(token: TokenConfig | undefined): string {
  if (token !== undefined)
    return [
      'token:                     # the PKCS#11 token that keys of this node are on',
      `  module: ${JSON.stringify(token.module)}`,
      `  label: ${JSON.stringify(token.label)}`,
    ].join('\n');
  return [
    "# token:                   # a PKCS#11 token for keys of this node: 'comity keys create'",
    '#   module: /usr/lib/softhsm/libsofthsm2.so',
    '#   label: comity',
  ].join('\n');
}
