import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { execPath } from 'node:process';

/** Connections that wait for a process that does not take them: the one of its backlog, and the one the system adds. */
const WAITING = 2;

const LISTEN = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)));
`;

/** A port whose process hangs and whose queue is full: the system drops whatever else knocks, as a dead machine does. */
export async function deafListener(): Promise<{ address: string; stop(): void }> {
  const listener: ChildProcess = spawn(execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (listener.stdout === null) throw new Error('no output');
  const [said] = await once(listener.stdout, 'data');
  const port = Number(String(said));
  listener.kill('SIGSTOP');
  const waiting = Array.from({ length: WAITING }, () => connect(port, '127.0.0.1'));
  await Promise.all(waiting.map((socket) => once(socket, 'connect')));
  return {
    address: `/ip4/127.0.0.1/tcp/${port}`,
    stop() {
      for (const socket of waiting) socket.on('error', () => undefined).destroy();
      listener.kill('SIGKILL');
    },
  };
}
