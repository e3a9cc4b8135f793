import type { NotDone, NotificationStep, RecordStep, Remark, Verdict } from '@comity/dossier';
import type { FaultCode } from '@comity/fault';
import { arabic } from './wordings/arabic.ts';
import { chinese } from './wordings/chinese.ts';
import { english } from './wordings/english.ts';
import { french } from './wordings/french.ts';
import { spanish } from './wordings/spanish.ts';

/** What only whoever makes a dossier is told. */
type MakersCode =
  | 'dossier.changed-meanwhile'
  | 'dossier.does-not-verify'
  | 'dossier.not-released'
  | 'dossier.retraction-withheld'
  | 'dossier.too-large';

/** Codes that a verifier meets (dossier.md §11, §12). */
export type DossierCode = Exclude<Extract<FaultCode, `dossier.${string}`>, MakersCode>;

/** A step for people: its name, and what it asks. */
export interface StepWording {
  readonly name: string;
  readonly asks: string;
}

/** Everything that a person reads about a verification, in one language. */
export interface Wording {
  /** BCP 47. */
  readonly language: string;
  /** What the language calls itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly verdicts: Readonly<Record<Verdict, { readonly name: string; readonly means: string }>>;
  readonly statuses: Readonly<Record<'done' | 'failed' | 'not-done', string>>;
  readonly recordSteps: Readonly<Record<RecordStep, StepWording>>;
  readonly notificationSteps: Readonly<Record<NotificationStep, StepWording>>;
  /** Why a step failed, or a file was refused. */
  readonly codes: Readonly<Record<DossierCode, string>>;
  /** Why a step was not done. */
  readonly reasons: Readonly<Record<NotDone, string>>;
  /** What a reader is told of a record beside its verdict. */
  readonly remarks: Readonly<Record<Exclude<Remark, 'retracted' | 'superseded' | 'redacted'>, string>>;
  readonly terms: Readonly<Record<Term, string>>;
}

/** What is said around the report. `{0}` stands for the first text that is put in. */
export type Term =
  | 'title'
  | 'purpose'
  | 'offline'
  | 'language'
  | 'dossier'
  | 'chooseDossier'
  | 'dropDossier'
  | 'trust'
  | 'trustHelp'
  | 'chooseTrust'
  | 'pasteTrust'
  | 'addTrust'
  | 'noTrust'
  | 'remove'
  | 'time'
  | 'timeHelp'
  | 'federation'
  | 'federationHelp'
  | 'verify'
  | 'verifying'
  | 'refused'
  | 'notAFile'
  | 'notAnAnchor'
  | 'notATime'
  | 'result'
  | 'records'
  | 'record'
  | 'notifications'
  | 'documents'
  | 'charter'
  | 'certificate'
  | 'key-state'
  | 'keyState'
  | 'trustedTime'
  | 'policy'
  | 'policyHelp'
  | 'choosePolicy'
  | 'noPolicy'
  | 'together'
  | 'checks'
  | 'failedCheck'
  | 'issuer'
  | 'issued'
  | 'expires'
  | 'subject'
  | 'logged'
  | 'cosigned'
  | 'cosignedBy'
  | 'shown'
  | 'withheld'
  | 'withheldHelp'
  | 'withheldElements'
  | 'retracted'
  | 'superseded'
  | 'exercise'
  | 'unverifiedLabel'
  | 'unverified'
  | 'told'
  | 'receipt'
  | 'limits'
  | 'limitsText'
  | 'fileDigest'
  | 'askedAt'
  | 'trusted'
  | 'anyFederation'
  | 'saveReport'
  | 'copyReport'
  | 'copied'
  | 'print';

/** All languages, in the order in which they are offered. */
export const WORDINGS: readonly Wording[] = [english, french, spanish, arabic, chinese];

/** The wording for a language, as a BCP 47 tag; English where there is none. */
export function wordingFor(tag: string): Wording {
  const [primary] = tag.toLowerCase().split('-');
  return WORDINGS.find(({ language }) => language === primary) ?? english;
}

/** Puts texts into a wording: `{0}` is where the first one goes, as languages differ in their order. */
export function fill(wording: string, ...texts: readonly (string | number)[]): string {
  return wording.replace(/\{(\d)\}/g, (_, place) => String(texts[Number(place)] ?? ''));
}

/** What a code of a step or of a refusal means; undefined where it is none of this chapter. */
export function codeText({ codes }: Wording, code: string): string | undefined {
  return Object.hasOwn(codes, code) ? codes[code as DossierCode] : undefined;
}
