import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { initNode } from '../init.ts';
import { nodeStatus, nodeStop, type peerStatus } from '../operations/node.ts';
import { announceNode, withdrawNode } from '../process/pid-file.ts';
import { listenForStop } from '../process/stop-request.ts';
import { fsckHome } from '../recovery/fsck.ts';
import { addClockCommands, clockNotice } from './clock.ts';
import { counted } from './counted.ts';
import { restoredNotice } from './log-restored.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addNodeCommands(program: Command, session: () => Session): void {
  const node = program
    .command('node')
    .description('the node of this home: make it, run it, look at it, check it');

  node
    .command('init')
    .description('founds a state and its node: root keys, charter, one key for each use, an empty store')
    .requiredOption('--code <code>', 'code of the state, three letters (XAA to XZZ are free for trials)')
    .requiredOption('--name <name>', 'name of the state, in English')
    .option('--federation <file>', 'federation.json of a member; without it a new federation is made')
    .option('--federation-name <name>', 'name of the new federation', 'comity')
    .option('--scheme <file>', 'classification scheme (YAML); default: a neutral scheme of five levels')
    .option('--listen <address>', 'host:port on which peers connect', '127.0.0.1:7400')
    .option('--announce <address>', 'host:port under which peers reach it (default: the listen address)')
    .addOption(new Option('--root-keys <n>', 'number of root keys').default('1'))
    .addOption(new Option('--threshold <k>', 'root keys that must sign').default('1'))
    .option(
      '--token-module <file>',
      'PKCS#11 module of the token on which the record, log and witness keys are made',
    )
    .option('--token-label <label>', 'label of that token')
    .addHelpText(
      'after',
      '\nExample:\n  comity --home a node init --code XAA --name "State A"\n  comity --home b node init --code XBB --name "State B" --listen 127.0.0.1:7401 --federation a/federation.json\n\nWith a token, COMITY_TOKEN_PIN_FILE names the file that holds its PIN. The root keys and the transport key are in files all the same.',
    )
    .action(
      async (options: {
        code: string;
        name: string;
        federation?: string;
        federationName: string;
        scheme?: string;
        listen: string;
        announce?: string;
        rootKeys: string;
        threshold: string;
        tokenModule?: string;
        tokenLabel?: string;
      }) => {
        const current = session();
        const { tokenModule: module, tokenLabel: label } = options;
        if ((module === undefined) !== (label === undefined))
          throw new Fault('cli.usage', '--token-module and --token-label belong together');
        const made = await initNode(current.home, {
          ...options,
          ...(module !== undefined && label !== undefined && { token: { module, label } }),
          rootKeys: Number(options.rootKeys),
          threshold: Number(options.threshold),
        });
        current.print(made, (done) =>
          [
            `${done.code} ${done.name} has a node at ${done.home}`,
            `fingerprint ${done.digits}`,
            `Give other states ${done.card} and read them the fingerprint; give members of the federation ${done.federation} over a safe channel.`,
            `Nothing leaves this node until peers are added and a policy is applied. Move ${done.rootKeys} off this machine once peers are added, and back it up.`,
          ].join('\n'),
        );
      },
    );

  node
    .command('run')
    .description('runs the node until it is stopped; log lines are JSON on standard output')
    .action(async () => {
      const { home } = session();
      const stop = listenForStop();
      // Before the rest is loaded: a command that is given in the same moment waits for it.
      announceNode(home);
      try {
        // The network stack is the largest part of the program, and only this command needs it.
        const { runNode } = await import('../run.ts');
        process.exitCode = await runNode(home, stop);
      } finally {
        withdrawNode(home);
        stop.release();
      }
      // Everything is closed. A timer of the network stack would keep the process for another second.
      process.exit();
    });

  node
    .command('stop')
    .description('stops the running node')
    .action(async () => {
      const current = session();
      current.print(await current.call(nodeStop, {}), () => 'stopping');
    });

  node
    .command('status')
    .description('connections, ledgers, records, policy')
    .action(async () => {
      const current = session();
      current.print(await current.call(nodeStatus, {}), (status) =>
        [
          `${status.code}  ${safeText(status.name)}  ${status.running ? `running, pid ${status.pid ?? '?'}` : 'not running'}  federation ${status.federation}`,
          `records  ${status.records.own} own, ${status.records.received} received${status.records.quarantined > 0 ? `, ${status.records.quarantined} QUARANTINED` : ''}; origin log ${status.originLogSize} leaves, padding included`,
          `policy   ${status.policy === null ? 'none: nothing is released' : `version ${status.policy.version} (${status.policy.digest.slice(0, 12)})`}`,
          ...clockNotice(status.clock),
          ...restoredNotice(status.restored),
          ...orderNotice(status.orders),
          ...dutyNotice(status.duties),
          ...status.logAlarms.map(logAlarmText),
          '',
          peerTable(status.peers),
        ].join('\n'),
      );
    });

  addClockCommands(node, session);

  node
    .command('fsck')
    .description('checks every row, record, log and index of the stopped node; changes nothing')
    .option('--rebuild', 'afterwards rebuild the derived rows from the records', false)
    .action(async (options: { rebuild: boolean }) => {
      const current = session();
      const report = await fsckHome(current.home, options.rebuild, (text) => {
        if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
      });
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      current.print(report, (done) =>
        [
          `${counted(done.rows, 'row')}, ${counted(done.records, 'record')}, ${done.logEntries} log entries, ${done.auditEntries} audit lines checked${done.rebuilt ? ', derived rows rebuilt' : ''}`,
          ...done.findings.map(
            (finding) => `${styleText('red', finding.code, { stream: process.stdout })}  ${finding.detail}`,
          ),
          done.findings.length === 0 ? 'no damage found' : `${done.findings.length} findings`,
        ].join('\n'),
      );
      if (report.findings.length > 0) process.exitCode = 40;
    });
}

const LOG_ALARMS: Readonly<Record<z.infer<typeof nodeStatus.result>['logAlarms'][number]['kind'], string>> = {
  'two-histories': "keeps two histories: export the evidence with 'comity log evidence export'",
  'rolled-back': 'asked to cosign less than it had before',
  'does-not-continue': 'asked to cosign what does not continue its log',
  frozen: 'has got no new checkpoint for a long time',
  'witness-lost':
    'was cosigned here further than this node knows: it was put back, and needs a new witness key',
  'own-log-lost': 'went on further than this node knows: it was put back, and signs no checkpoint any more',
  'ended-otherwise':
    'ended before what this node has cosigned of it, or with another tree: ask that state why, over another channel',
  'keys-not-logged': 'goes on without a charter or key state that this node was shown: ask that state why',
};

/** What people have to look at, or may be waiting for, of what was taken back. */
function orderNotice({
  waiting,
  open,
  overdue,
}: {
  waiting: number;
  open: number;
  overdue: number;
}): string[] {
  return [
    ...(waiting === 0 ? [] : [`ORDERS   ${waiting} wait for a person here: comity release orders --open`]),
    ...(overdue === 0
      ? []
      : [
          `OVERDUE  ${counted(overdue, 'order')} that peers have not answered: comity release orders --overdue`,
        ]),
    ...(open === overdue ? [] : [`orders   ${open - overdue} that peers have still to answer`]),
  ];
}

/** What laws ask to be reported by now. */
function dutyNotice({ soon, missed, nextAt }: z.infer<typeof nodeStatus.result>['duties']): string[] {
  return [
    ...(missed === 0
      ? []
      : [`MISSED   ${missed} reports that laws ask for were not made: comity duty list --open`]),
    ...(soon === 0
      ? []
      : [`DUE      ${soon} reports soon, the next ${nextAt ?? ''}: comity duty list --open`]),
    ...(soon > 0 || nextAt === null ? [] : [`duties   the next report is due ${nextAt}`]),
  ];
}

function logAlarmText({
  kind,
  state,
  size,
  at,
}: z.infer<typeof nodeStatus.result>['logAlarms'][number]): string {
  const alarm = styleText('red', 'ALARM', { stream: process.stdout });
  return `${alarm}    the log of ${safeText(state)} ${LOG_ALARMS[kind]} (size ${size}, ${at})`;
}

export function peerTable(peers: readonly z.infer<typeof peerStatus>[]): string {
  if (peers.length === 0) return 'no peers; add one with: comity peer add CARD';
  return table(
    ['peer', 'name', 'connection', 'released to it', 'receipted', 'received from it', 'last contact', ''],
    peers.map((peer) => [
      peer.code,
      peer.name,
      peer.connection,
      String(peer.out.size),
      String(peer.out.receiptSize),
      String(peer.in.size),
      peer.lastContactAt ?? 'never',
      [
        peer.lastFault ?? (peer.recognisesUs ? '' : 'does not recognise us yet'),
        ...peer.notices.map(({ notice, at }) => `${notice.replaceAll('-', ' ')} ${at.slice(0, 10)}`),
      ]
        .filter((text) => text !== '')
        .join('; '),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
}
