import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { toHex } from '@comity/digest';
import { check, type Signer } from '@comity/ed25519';
import { Fault, isFault } from '@comity/fault';
import { faultOf, isLost } from './token-faults.ts';
import type { TokenAnswer, TokenRequest } from './token-process.ts';

/** Which token the keys of a node are on. */
export interface TokenConfig {
  /** File of the PKCS#11 module, by its whole path. */
  readonly module: string;
  readonly label: string;
}

/** A key on a token, as a node knows it: what it verifies with, and how the token finds it. */
export interface TokenKey {
  readonly publicKey: Uint8Array;
  /** Its CKA_ID. */
  readonly keyId: Uint8Array;
}

type Asked = TokenRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

const KEY_ID_BYTES = 16;
/** How long a token may take for one thing. One that takes longer is given up. */
const DEADLINE_MS = 30_000;

/**
 * A PKCS#11 token (smart card, HSM), through a process of its own that is started when a key is first needed. Where it ends, or
 * the token was pulled and put back, the next signature opens it again; a PIN that was refused is not tried a second time, as a
 * token locks itself.
 */
export class Token {
  readonly #config: TokenConfig | undefined;
  readonly #pin: () => Uint8Array;
  #child: TokenChild | undefined;
  /** Why its PIN is not given to it again. */
  #refused: Fault | undefined;

  /** @param pin asked for whenever the token is opened */
  constructor(config: TokenConfig | undefined, pin: () => Uint8Array) {
    this.#config = config;
    this.#pin = pin;
  }

  /**
   * Makes an Ed25519 key on the token that cannot be read out.
   *
   * @param keyLabel what tools of the token show it as
   * @throws Fault keys.token-*
   */
  async create(keyLabel: string): Promise<TokenKey> {
    const keyId = new Uint8Array(randomBytes(KEY_ID_BYTES));
    const publicKey = await this.#ask({ ask: 'create', keyLabel, keyId });
    const key = { publicKey, keyId };
    // A key that does not sign as it should is found before anybody certifies it.
    await this.signer(key).sign(new TextEncoder().encode('comity'));
    return key;
  }

  /**
   * A key that is on the token already, made there by the tools of its vendor. It has to sign as it should.
   *
   * @param keyId its CKA_ID
   * @throws Fault keys.token-*
   */
  async adopt(keyId: Uint8Array): Promise<TokenKey> {
    const key = { publicKey: await this.#ask({ ask: 'adopt', keyId }), keyId };
    await this.signer(key).sign(new TextEncoder().encode('comity'));
    return key;
  }

  /** @throws Fault keys.token-* */
  async open(): Promise<void> {
    await this.#ask();
  }

  /** @throws Fault keys.token-* where the token does not have it */
  async find({ keyId }: TokenKey): Promise<void> {
    await this.#ask({ ask: 'find', keyId });
  }

  /**
   * The signer of a key. Each signature is verified before it is given out: a token that signs with another key, or in another
   * way, is a fault here and not at a peer.
   */
  signer({ publicKey, keyId }: TokenKey): Signer {
    const sign = async (message: Uint8Array): Promise<Uint8Array> => {
      const signature = await this.#askTwice({ ask: 'sign', keyId, message });
      const reason = check(publicKey, message, signature);
      if (reason === undefined) return signature;
      throw new Fault('keys.token-failed', 'the token has made a signature that does not verify', {
        fields: { keyId: toHex(keyId), reason },
      });
    };
    return Object.freeze({ publicKey, sign });
  }

  /** Ends its process. */
  close(): void {
    this.#child?.end();
    this.#child = undefined;
  }

  /** Signing twice gives the same signature: where the token was lost meanwhile, it is opened anew once. */
  async #askTwice(request: Asked): Promise<Uint8Array> {
    try {
      return await this.#ask(request);
    } catch (error) {
      if (!isFault(error) || !isLost(error)) throw error;
      return this.#ask(request);
    }
  }

  /** @param request nothing but to open it, where it is not given */
  async #ask(request?: Asked): Promise<Uint8Array> {
    const child = this.#opened();
    try {
      await child.isOpen;
      return request === undefined ? new Uint8Array() : await child.ask(request);
    } catch (error) {
      if (isFault(error)) {
        if (isFault(error, 'keys.token-wrong-pin') || isFault(error, 'keys.token-pin-locked'))
          this.#refused = error;
        if (this.#child === child && (isLost(error) || !child.hasOpened)) this.close();
      }
      throw error;
    }
  }

  #opened(): TokenChild {
    if (this.#config === undefined)
      throw new Fault('keys.token-not-configured', 'the key is on a token, and the configuration names none');
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#child === undefined || this.#child.hasEnded)
      this.#child = new TokenChild(this.#config, this.#pin());
    return this.#child;
  }
}

/** What a node has that has no token: every key on one is keys.token-not-configured. */
export const NO_TOKEN = new Token(undefined, () => new Uint8Array());

class TokenChild {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve(bytes: Uint8Array): void; reject(fault: Fault): void; timer: NodeJS.Timeout }
  >();
  readonly #config: TokenConfig;
  #next = 0;
  hasEnded = false;
  hasOpened = false;
  readonly isOpen: Promise<void>;

  constructor(config: TokenConfig, pin: Uint8Array) {
    this.#config = config;
    // The same file as TypeScript in a checkout and as JavaScript where compiled.
    const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const path = fileURLToPath(new URL(`./token-process.${suffix}`, import.meta.url));
    this.#process = fork(path, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process.on('message', (answer: TokenAnswer) => this.#settle(answer));
    this.#process.on('error', () => this.#fail());
    this.#process.on('exit', () => this.#fail());
    this.#hold();
    const { module, label } = config;
    this.isOpen = this.ask({ ask: 'open', module, label, pin }).then(() => {
      this.hasOpened = true;
    });
    pin.fill(0);
    // Whoever asks for something hears of it.
    this.isOpen.catch(() => {});
  }

  ask(request: Asked): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.hasEnded) {
        reject(this.#ended());
        return;
      }
      const id = this.#next++;
      const timer = setTimeout(() => {
        this.end();
        this.#fail();
      }, DEADLINE_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#hold();
      this.#process.send({ ...request, id } as TokenRequest, (error) => {
        if (error !== null) this.#fail();
      });
    });
  }

  end(): void {
    this.hasEnded = true;
    // A module that hangs hears nothing else.
    this.#process.kill('SIGKILL');
  }

  /** A process that nobody waits for keeps no command from ending. */
  #hold(): void {
    if (this.#waiting.size > 0) {
      this.#process.ref();
      this.#process.channel?.ref();
    } else {
      this.#process.unref();
      this.#process.channel?.unref();
    }
  }

  #settle(answer: TokenAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    this.#hold();
    if ('bytes' in answer) waiting.resolve(answer.bytes);
    else waiting.reject(faultOf(answer.failure, this.#config));
  }

  #fail(): void {
    this.hasEnded = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#ended());
    }
    this.#waiting.clear();
  }

  #ended(): Fault {
    return new Fault(
      'keys.token-failed',
      'the process that holds the token has ended, or did not answer in time',
      {
        fields: { module: this.#config.module, isLost: true },
      },
    );
  }
}
