import { noise } from '@chainsafe/libp2p-noise';
import type { ConnectionEncrypter } from '@libp2p/interface';

/** How far the handshake of an outbound connection has come. */
export interface HandshakeObserver {
  /** The other side answered under our pre-shared key: protocol negotiation, behind the key, has succeeded. */
  keyMatched(): void;
  /** It proved the PeerId that was dialled, and that it is of our federation and era. */
  authenticated(): void;
  /** It did not: another PeerId, a handshake that cannot be read, or something else. */
  failed(reason: 'identity' | 'prologue' | 'lost'): void;
}

/**
 * Tells the stages of a dial apart. To its caller a dial only fails: with one and the same error for another federation,
 * era or PeerId; and for another pre-shared key with that error too, or with a timeout, depending on what the first
 * bytes happen to decrypt to.
 */
export class HandshakeWatch {
  readonly #observers = new Map<string, Set<HandshakeObserver>>();

  /** Observes dials to a PeerId until the returned function is called. */
  observe(peerId: string, observer: HandshakeObserver): () => void {
    const observers = this.#observers.get(peerId) ?? new Set();
    this.#observers.set(peerId, observers.add(observer));
    return () => {
      observers.delete(observer);
      if (observers.size === 0 && this.#observers.get(peerId) === observers) this.#observers.delete(peerId);
    };
  }

  /** noise with this prologue, observed. */
  noise(
    prologueBytes: Uint8Array,
  ): (components: Parameters<ReturnType<typeof noise>>[0]) => ConnectionEncrypter {
    const make = noise({ prologueBytes });
    return (components) => {
      const encrypter = make(components);
      const secureOutbound = encrypter.secureOutbound.bind(encrypter);
      encrypter.secureOutbound = async (connection, options) => {
        const observers = this.#observers.get(options?.remotePeer?.toString() ?? '') ?? [];
        // Called after multistream-select has read the other side's answer, hence not before the key has matched.
        for (const observer of observers) observer.keyMatched();
        try {
          const secured = await secureOutbound(connection, options);
          for (const observer of observers) observer.authenticated();
          return secured;
        } catch (thrown) {
          for (const observer of observers) observer.failed(reasonOf(thrown));
          throw thrown;
        }
      };
      return encrypter;
    };
  }
}

function reasonOf(thrown: unknown): 'identity' | 'prologue' | 'lost' {
  const { name, code } = thrown as { readonly name?: unknown; readonly code?: unknown };
  if (name === 'UnexpectedPeerError') return 'identity';
  // The prologue is hashed into the first encrypted message, which then cannot be decrypted.
  return code === 'ERR_INVALID_CRYPTO_EXCHANGE' ? 'prologue' : 'lost';
}
