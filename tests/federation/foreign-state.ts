import { randomBytes } from 'node:crypto';
import { keyThumbprint } from '@comity/cose';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  decodeStateCard,
  encodeStateCard,
  fingerprint,
  issueCharter,
  issueKeyCertificate,
  issueKeyState,
  issueRecognition,
  type KeyCertificate,
  type KeyState,
  type KeyUsage,
  type VerifiedCharter,
  verifyCharter,
} from '@comity/identity';
import {
  assertStateCode,
  type ClassificationScheme,
  type PlainScheme,
  type StateId,
  schemeFrom,
  textMapFrom,
} from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { issueRecord, parseDraft, type View } from '@comity/record';
import type { Recognised } from './founding.ts';

const USAGES: readonly KeyUsage[] = ['record', 'log', 'witness', 'transport'];
const HOUR_SECONDS = 3_600;
const VALID_SECONDS = 30 * 24 * HOUR_SECONDS;

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export const entropy = (byteLength: number): Uint8Array => new Uint8Array(randomBytes(byteLength));

/**
 * A state whose keys the test holds. It has no home and no node: the test signs for it whatever it wants, and speaks for it
 * on the network.
 */
export class ForeignState implements Recognised {
  readonly code: string;
  readonly scheme: ClassificationScheme;
  readonly charter: VerifiedCharter;
  readonly card: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  /** Seed of the transport key. */
  readonly transportSeed: Uint8Array;
  readonly #root: LocalSigner;
  readonly #seeds: Readonly<Record<KeyUsage, Uint8Array>>;

  private constructor(parts: {
    charter: VerifiedCharter;
    certificates: readonly Uint8Array[];
    root: LocalSigner;
    seeds: Readonly<Record<KeyUsage, Uint8Array>>;
  }) {
    const { charter, certificates, root, seeds } = parts;
    this.code = charter.code;
    this.scheme = charter.scheme;
    this.charter = charter;
    this.certificates = certificates;
    this.card = encodeStateCard({ charter: charter.bytes, certificates });
    this.transportSeed = seeds.transport;
    this.#root = root;
    this.#seeds = seeds;
  }

  /** `addresses`: where other nodes may dial its node; none for a state whose node only dials. */
  static async found(
    code: string,
    { addresses = [], scheme = neutral.scheme as unknown as PlainScheme }: Partial<Foundation> = {},
  ): Promise<ForeignState> {
    assertStateCode(code);
    const root = signerFromSeed(entropy(32));
    const atSeconds = nowSeconds();
    const charter = verifyCharter(
      await issueCharter(
        {
          version: 1,
          previous: null,
          code,
          names: textMapFrom({ en: `Foreign state ${code}` }),
          rootKeys: [root.publicKey],
          threshold: 1,
          nextKeyDigests: [keyThumbprint(signerFromSeed(entropy(32)).publicKey)],
          nextThreshold: 1,
          algorithms: [-19],
          scheme: schemeFrom(scheme),
          legalProfiles: [],
          contacts: [],
          issuedAtSeconds: atSeconds,
        },
        [root],
      ),
    );
    const seeds = Object.fromEntries(USAGES.map((usage) => [usage, entropy(32)])) as Record<
      KeyUsage,
      Uint8Array
    >;
    const certificates = await Promise.all(
      USAGES.map((usage) =>
        issueKeyCertificate(
          {
            issuer: charter.state,
            subject: 'a node of the test',
            usage,
            publicKey: signerFromSeed(seeds[usage]).publicKey,
            notBeforeSeconds: atSeconds - HOUR_SECONDS,
            notAfterSeconds: atSeconds + VALID_SECONDS,
            issuedAtSeconds: atSeconds,
            certificateId: entropy(16),
            scope: {},
            ...(usage === 'transport' && addresses.length > 0 && { addresses }),
          },
          charter,
          [root],
        ),
      ),
    );
    return new ForeignState({ charter, certificates, root, seeds });
  }

  /** A further certificate that its root key signs, with whatever the test wants in it. */
  certify(usage: KeyUsage, change: Partial<KeyCertificate> = {}): Promise<Uint8Array> {
    const atSeconds = nowSeconds();
    const certificate: KeyCertificate = {
      issuer: this.state,
      subject: 'a node of the test',
      usage,
      publicKey: signerFromSeed(entropy(32)).publicKey,
      notBeforeSeconds: atSeconds - HOUR_SECONDS,
      notAfterSeconds: atSeconds + VALID_SECONDS,
      issuedAtSeconds: atSeconds,
      certificateId: entropy(16),
      scope: {},
      ...change,
    };
    return issueKeyCertificate(certificate, this.charter, [this.#root]);
  }

  get state(): StateId {
    return this.charter.state;
  }

  get fingerprint(): string {
    return fingerprint(this.state);
  }

  signer(usage: KeyUsage): LocalSigner {
    return signerFromSeed(this.#seeds[usage]);
  }

  /** Its card with other certificates; what is wrong with them is for others to find. */
  cardWith(certificates: readonly Uint8Array[], keyState?: Uint8Array): Uint8Array {
    return encodeStateCard({
      charter: this.charter.bytes,
      certificates,
      ...(keyState !== undefined && { keyState }),
    });
  }

  /** The id of its key of a usage. */
  kid(usage: KeyUsage): Uint8Array {
    return keyThumbprint(this.signer(usage).publicKey);
  }

  /** A key state by which its four keys are live, with whatever the test wants in it; signed by another state where one is given. */
  keyState(change: Partial<KeyState> = {}, by: ForeignState = this): Promise<Uint8Array> {
    const atSeconds = nowSeconds();
    const keyState: KeyState = {
      issuer: by.state,
      charterDigest: by.charter.digest,
      version: 1,
      previous: null,
      live: USAGES.map((usage) => this.kid(usage)).sort(Buffer.compare),
      superseded: [],
      revoked: [],
      issuedAtSeconds: atSeconds,
      expiresAtSeconds: atSeconds + 7 * 86_400,
      ...change,
    };
    return issueKeyState(keyState, by.charter, [by.#root]);
  }

  /**
   * Its recognition of another state that uses the same scheme.
   *
   * @param equivalents what it says of levels that it does not take for the same in both states
   */
  recognise(
    card: Uint8Array,
    ceiling: string = this.scheme.levels[1]?.id ?? '',
    laterBySeconds: number = 0,
    equivalents: Readonly<Record<string, string>> = {},
    maps?: Equivalence,
  ): Promise<Uint8Array> {
    const { charter } = decodeStateCard(card);
    const levels = new Map(this.scheme.levels.map(({ id }) => [id, equivalents[id] ?? id]));
    const [outbound, inbound] = [maps?.outbound, maps?.inbound].map((given) =>
      given === undefined ? levels : new Map(Object.entries(given)),
    ) as [Map<string, string>, Map<string, string>];
    const { id } = this.scheme;
    const other = maps === undefined ? id : charter.scheme.id;
    const atSeconds = nowSeconds();
    return issueRecognition(
      {
        issuer: this.state,
        subject: charter.state,
        subjectCode: charter.code,
        charterDigest: charter.digest,
        ceiling,
        outbound: { from: id, to: other, levels: outbound },
        inbound: { from: other, to: id, levels: inbound },
        categories: [],
        community: true,
        issuedAtSeconds: atSeconds + laterBySeconds,
        notBeforeSeconds: atSeconds - HOUR_SECONDS,
        notAfterSeconds: atSeconds + VALID_SECONDS,
      },
      this.charter,
      charter,
      [this.#root],
    );
  }

  /** What it signs in a ceremony: the table that the other state has signed. A hello brings a newer one. */
  readonly confirm = (card: Uint8Array, equivalence?: Equivalence): Promise<Uint8Array> =>
    this.recognise(card, undefined, -HOUR_SECONDS, {}, equivalence);

  /** Issues a record from a draft as a person writes it, with changes that no honest program would make. */
  async issue(draft: object, change: IssueChange = {}): Promise<View> {
    const { scheme } = this;
    const { issuer = this.state, atSeconds = nowSeconds(), title, known = [] } = change;
    const parsed = parseDraft(draft, {
      scheme,
      atSeconds,
      stateOf: (code) => known.find((state) => state.code === code)?.state,
      normKindOf: () => undefined,
    });
    const fields = parsed.fields.map((field) =>
      field.name === 'title' && title !== undefined
        ? { ...field, content: { kind: 'value' as const, value: new Map([['en', title]]) } }
        : field,
    );
    const { view } = await issueRecord(
      { ...parsed, fields },
      {
        issuer,
        scheme,
        atSeconds,
        entropy,
        signer: this.signer('record'),
      },
    );
    return view;
  }
}

/** Level maps of a recognition, each from level to level. */
interface Equivalence {
  readonly outbound: Readonly<Record<string, string>>;
  readonly inbound: Readonly<Record<string, string>>;
}

interface IssueChange {
  /** In whose name, whoever signs. */
  readonly issuer?: StateId;
  readonly atSeconds?: number;
  /** States that a draft may name by their codes. */
  readonly known?: readonly ForeignState[];
  /** A title that reading a draft would not let through. */
  readonly title?: string;
}

interface Foundation {
  readonly addresses: readonly string[];
  readonly scheme: PlainScheme;
}
