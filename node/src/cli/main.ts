import { explainCode, Fault } from '@comity/fault';
import { Command, CommanderError, Option } from 'commander';
import { addClarificationCommands } from './clarification.ts';
import { addConfigCommands } from './config.ts';
import { addConformanceCommand } from './conformance.ts';
import { addDemoCommand } from './demo.ts';
import { addDossierCommands } from './dossier.ts';
import { addDutyCommands } from './duty.ts';
import { exitCodeHelp } from './exit-codes.ts';
import { addExplainCommand } from './explain.ts';
import { addImportCommands } from './import.ts';
import { addInboxCommands } from './inbox.ts';
import { addKeysCommands } from './keys.ts';
import { addLogCommands } from './log.ts';
import { addMeasureCommands } from './measure.ts';
import { addNodeCommands } from './node.ts';
import { addNormCommands } from './norm.ts';
import { addOfficerCommands } from './officer.ts';
import { addPeerCommands } from './peer.ts';
import { addPolicyCommands } from './policy.ts';
import { addQueryCommands } from './query.ts';
import { addRecordCommands } from './record.ts';
import { addRegistryCommands } from './registry.ts';
import { addReleaseCommands } from './release.ts';
import { createSession, printFault, reportFault, type Session } from './session.ts';
import { addStateCommands } from './state.ts';
import { addVerifyCommand } from './verify.ts';
import { VERSION } from './version.ts';

/** Builds the command line. `session` is made when a verb runs, from the global options. */
export function buildProgram(): Command {
  const program = new Command('comity')
    .description(
      'Sovereign nodes of states that exchange signed, labelled records and keep to their own disclosure policy.',
    )
    .version(VERSION, '--version', 'print the version')
    .addOption(new Option('--home <dir>', 'the home of the node').env('COMITY_HOME').default('.comity/home'))
    .option('--json', 'print one versioned JSON object instead of text', false)
    .helpOption('-h, --help', 'show help')
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
First steps:
  comity demo                                    three states on this machine exchange real incidents
  comity --home a node init --code XAA --name "State A"
  comity --home a node run

${exitCodeHelp()}

'comity explain CODE' tells what an error code, or an exit code, means and what to do.`,
    );
  const session = (): Session => {
    const { home, json } = program.opts<{ home: string; json: boolean }>();
    return createSession({ home, json });
  };
  addNodeCommands(program, session);
  addDemoCommand(program, session);
  addStateCommands(program, session);
  addKeysCommands(program, session);
  addPeerCommands(program, session);
  addOfficerCommands(program, session);
  addRecordCommands(program, session);
  addReleaseCommands(program, session);
  addDutyCommands(program, session);
  addNormCommands(program, session);
  addMeasureCommands(program, session);
  addClarificationCommands(program, session);
  addRegistryCommands(program, session);
  addInboxCommands(program, session);
  addPolicyCommands(program, session);
  addQueryCommands(program, session);
  addDossierCommands(program, session);
  addImportCommands(program, session);
  addLogCommands(program, session);
  addVerifyCommand(program, session);
  addConfigCommands(program, session);
  addExplainCommand(program, session);
  addConformanceCommand(program);
  return program;
}

async function run(argv: readonly string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    // commander has printed its message already; help and version end here with code 0.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (argv.includes('--json')) printFault(new Fault('cli.usage', error.message.replace(/^error: /, '')));
      return explainCode('cli.usage').exit;
    }
    return reportFault(error, program.opts<{ json: boolean }>().json);
  }
}

// A closed pipe (`comity record list | head`) is the reader's right, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2));
