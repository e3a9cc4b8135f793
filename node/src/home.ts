import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Longest path that fits `sockaddr_un.sun_path` on every supported system (104 on BSD, 108 on Linux, with the closing NUL). */
const MAX_SOCKET_PATH_BYTES = 103;

/** Where everything of one node lives. A pure function of the home directory. */
export interface Home {
  readonly root: string;
  readonly config: string;
  readonly federation: string;
  readonly keys: string;
  readonly store: string;
  /** How far the audit log went, beside the store and not in it. */
  readonly auditSeen: string;
  readonly card: string;
  readonly pid: string;
  readonly socket: string;
}

export function homeAt(directory: string): Home {
  const root = resolve(directory);
  const inside = join(root, 'control.sock');
  return {
    root,
    config: join(root, 'comity.yaml'),
    federation: join(root, 'federation.json'),
    keys: join(root, 'keys'),
    store: join(root, 'store'),
    auditSeen: join(root, 'audit-seen.json'),
    card: join(root, 'state.card'),
    pid: join(root, 'node.pid'),
    // A deep home would overflow the socket address; the digest of its path names a short one instead.
    socket:
      Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES
        ? inside
        : join(tmpdir(), `comity-${createHash('sha256').update(root).digest('hex').slice(0, 24)}.sock`),
  };
}
