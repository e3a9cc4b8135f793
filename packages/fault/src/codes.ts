import act from '@comity/protocol/registries/codes/act.json' with { type: 'json' };
import approval from '@comity/protocol/registries/codes/approval.json' with { type: 'json' };
import cbor from '@comity/protocol/registries/codes/cbor.json' with { type: 'json' };
import ceremony from '@comity/protocol/registries/codes/ceremony.json' with { type: 'json' };
import conformance from '@comity/protocol/registries/codes/conformance.json' with { type: 'json' };
import cose from '@comity/protocol/registries/codes/cose.json' with { type: 'json' };
import digest from '@comity/protocol/registries/codes/digest.json' with { type: 'json' };
import disclosure from '@comity/protocol/registries/codes/disclosure.json' with { type: 'json' };
import dossier from '@comity/protocol/registries/codes/dossier.json' with { type: 'json' };
import ed25519 from '@comity/protocol/registries/codes/ed25519.json' with { type: 'json' };
import exchange from '@comity/protocol/registries/codes/exchange.json' with { type: 'json' };
import fault from '@comity/protocol/registries/codes/fault.json' with { type: 'json' };
import fingerprint from '@comity/protocol/registries/codes/fingerprint.json' with { type: 'json' };
import identity from '@comity/protocol/registries/codes/identity.json' with { type: 'json' };
import interop from '@comity/protocol/registries/codes/interop.json' with { type: 'json' };
import label from '@comity/protocol/registries/codes/label.json' with { type: 'json' };
import letter from '@comity/protocol/registries/codes/letter.json' with { type: 'json' };
import log from '@comity/protocol/registries/codes/log.json' with { type: 'json' };
import merkle from '@comity/protocol/registries/codes/merkle.json' with { type: 'json' };
import node from '@comity/protocol/registries/codes/node.json' with { type: 'json' };
import officer from '@comity/protocol/registries/codes/officer.json' with { type: 'json' };
import order from '@comity/protocol/registries/codes/order.json' with { type: 'json' };
import policy from '@comity/protocol/registries/codes/policy.json' with { type: 'json' };
import query from '@comity/protocol/registries/codes/query.json' with { type: 'json' };
import record from '@comity/protocol/registries/codes/record.json' with { type: 'json' };
import store from '@comity/protocol/registries/codes/store.json' with { type: 'json' };

const topics = {
  ...act,
  ...approval,
  ...cbor,
  ...ceremony,
  ...conformance,
  ...cose,
  ...digest,
  ...disclosure,
  ...dossier,
  ...ed25519,
  ...exchange,
  ...fault,
  ...fingerprint,
  ...identity,
  ...interop,
  ...label,
  ...letter,
  ...log,
  ...merkle,
  ...node,
  ...officer,
  ...order,
  ...policy,
  ...query,
  ...record,
  ...store,
};

/** A code that protocol/registries/codes defines. */
export type FaultCode = keyof typeof topics;

/** Who sees a code: an entry of protocol/registries/code-audiences.json (errors.md §2). */
export type Audience = 'peer' | 'operator' | 'author' | 'verifier' | 'developer';

/** What the registry says about a code. */
export interface CodeEntry {
  /** Exit code of the command line. */
  readonly exit: number;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  readonly seenBy: readonly Audience[];
  /** What the reader can do about it. */
  readonly remedy: string;
}

/** Every code with its entry, as the registry gives it. */
export const codes = Object.freeze(topics) as Readonly<Record<FaultCode, CodeEntry>>;

/** Whether a text, for instance the code in a peer's refusal, is a code of this registry. */
export function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(codes, text);
}

/** Whether a node may tell another one this code (errors.md §3). What it tells must not depend on what it holds. */
export function mayBeTold(code: FaultCode): boolean {
  return codes[code].seenBy.includes('peer');
}

/** The registry's entry for a code: exit code of the command line, what is wrong, who sees it, what to do. */
export function explainCode(code: FaultCode): CodeEntry & { readonly code: FaultCode } {
  const { exit, summary, seenBy, remedy } = codes[code];
  return { code, exit, summary, seenBy, remedy };
}
