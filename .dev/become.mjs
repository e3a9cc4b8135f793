// Two ways to hand over to another Node, so that signals and exit code are those of the program itself.

import { spawn } from 'node:child_process';
import process from 'node:process';

/** Replaces this process by `node ...args`, keeping its id. Before Node 22.15 that cannot be done: it follows a child. */
export function become(node, args) {
  process.execve?.(node, [node, ...args], process.env);
  follow(node, args);
}

/** Runs `node ...args` as a child, passes signals on once, and ends as the child ended. */
export function follow(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const sent = new Set();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child too, and npm sends it to this process once more: the child must see one.
      if ((signal === 'SIGINT' && atTerminal) || sent.has(signal)) return;
      sent.add(signal);
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${node} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
