import { execFileSync, spawn } from 'node:child_process';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../.dev/program.mjs', import.meta.url));

/** The program that `npx comity` runs in a checkout, put together anew if a source has changed; and its compile cache. */
const [MAIN = '', COMPILE_CACHE = ''] = execFileSync(execPath, [PROGRAM], { encoding: 'utf8' }).split('\n');

/** What starts a `comity` command in a process of its own, before its arguments. */
export const COMITY: readonly string[] = [
  execPath,
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  MAIN,
];

/** Every command and node of the suites ends with its own suite, whatever happens to it. */
const LONGEST_MS = 110_000;

/** The environment of a command: the developer's own settings for Comity and Node.js are not part of a test. */
export function environment(changes: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(COMITY_|NODE_|VITEST|FORCE_COLOR)/.test(name));
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: COMPILE_CACHE, ...changes };
}

/** How a command ended and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a `comity` command to its end. */
export function comity(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return run([...COMITY, ...args], options);
}

/** Runs any program to its end. */
export function run(
  [program = '', ...args]: readonly string[],
  { cwd, input = '', environment: changes = {} }: CommandOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: environment(changes),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
    // A command that does not read its input closes the pipe; that is its right.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Runs a `comity` command that is expected to succeed, and gives what it printed under `--json`. */
export async function comityJson<T = Record<string, unknown>>(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<T> {
  const { code, stdout, stderr } = await comity(['--json', ...args], options);
  if (code !== 0) throw new Error(`comity ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}
