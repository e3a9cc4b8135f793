import { COMITY, run } from '../federation/command-line.ts';

/** A command as its own help describes it. */
export interface DescribedCommand {
  /** The words that name it, without `comity`. */
  readonly words: readonly string[];
  readonly help: string;
  /** Names of the commands under it; none for a verb. */
  readonly commands: readonly string[];
}

/** Every command there is, found as a person finds them: from the help of the one above. */
export async function describedCommands(): Promise<DescribedCommand[]> {
  const found: DescribedCommand[] = [];
  let level: string[][] = [[]];
  while (level.length > 0) {
    const described = (await helpOf(level)).map((help, index) => ({
      words: level[index] as string[],
      help,
      commands: commandsIn(help),
    }));
    found.push(...described);
    level = described.flatMap(({ words, commands }) => commands.map((name) => [...words, name]));
  }
  return found;
}

const MARK = '\u0001';

/**
 * What `comity … --help` prints, for each of the commands. One process runs the program anew for each: loading it is what
 * takes the time.
 */
async function helpOf(commands: readonly (readonly string[])[]): Promise<string[]> {
  const [node = '', ...options] = COMITY.slice(0, -1);
  const script = `
    const [main, list] = process.argv.slice(1);
    process.stdout.setMaxListeners(0);
    for (const [index, words] of JSON.parse(list).entries()) {
      process.argv = [process.execPath, main, ...words, '--help'];
      await import(main + '?' + index);
      if (process.exitCode !== 0) throw new Error(words.join(' ') + ' ended with ' + process.exitCode);
      process.stdout.write(${JSON.stringify(MARK)});
    }`;
  const program = [
    node,
    ...options,
    '--input-type=module',
    '-e',
    script,
    COMITY.at(-1) ?? '',
    JSON.stringify(commands),
  ];
  const { code, stdout, stderr } = await run(program);
  if (code !== 0 || stderr !== '') throw new Error(`help ended with ${code}: ${stderr}`);
  return stdout.split(MARK).slice(0, -1);
}

function commandsIn(help: string): string[] {
  const section = /\nCommands:\n((?: {2}.*\n)+)/.exec(help)?.[1] ?? '';
  const names = [...section.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name as string);
  return names.filter((name) => name !== 'help');
}
