import { MAX_DOSSIER_BYTES, MAX_POLICY_BYTES } from '@comity/dossier';
import { isFault } from '@comity/fault';
import { MAX_CARD_BYTES } from '@comity/identity';
import { parseTimeText } from '@comity/record';
import { safeText } from '../safe-text.ts';
import { readTrust, type Trusted, trustId } from '../trust.ts';
import { formatReport, type Verification } from '../verification.ts';
import { codeText, fill, type Term, WORDINGS, wordingFor } from '../wording.ts';
import { code, element, foreign } from './element.ts';
import { bannerView, reportView } from './report-view.ts';
import type { Answer, Question } from './work.ts';

/** A file that the reader has opened, or an anchor with the name of the file it came from. */
interface Opened {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The page: what the reader has given, and the report on it. Nothing of it outlives the page or leaves it. */
export class Page {
  #wording = wordingFor(navigator.language);
  #dossier: Opened | undefined;
  readonly #trust = new Map<string, Trusted>();
  #policy: { readonly name: string; readonly text: string } | undefined;
  #time = '';
  #federation = '';
  #notice: Node | undefined;
  #report: Verification | undefined;
  #refusal: { readonly code: string; readonly message: string } | undefined;
  #isWorking = false;
  readonly #verify: (question: Question) => Promise<Answer>;

  /** @param verify answers a question, elsewhere than where the page is drawn if the browser lets it */
  constructor(verify: (question: Question) => Promise<Answer>) {
    this.#verify = verify;
    document.addEventListener('dragover', (event) => event.preventDefault());
    // What is dropped beside its place must not replace the page.
    document.addEventListener('drop', (event) => event.preventDefault());
    this.#draw();
  }

  #say(term: Term): string {
    return this.#wording.terms[term];
  }

  #draw(focus?: string): void {
    const { language, direction, terms } = this.#wording;
    document.documentElement.lang = language;
    document.documentElement.dir = direction;
    document.title = terms.title;
    const report = this.#report;
    const banner = (): HTMLElement | undefined => report && bannerView(report, this.#wording);
    document.body.replaceChildren(
      element('div', { id: 'top' }, banner()),
      this.#header(),
      element(
        'main',
        {},
        this.#form(),
        element('div', { id: 'status', role: 'status', 'aria-live': 'polite' }, this.#notice),
        this.#result(),
      ),
      element('div', { id: 'bottom' }, banner()),
    );
    if (focus !== undefined) document.querySelector<HTMLElement>(focus)?.focus();
  }

  #header(): HTMLElement {
    const choice = element(
      'select',
      { id: 'language' },
      WORDINGS.map(({ language, name }) =>
        element(
          'option',
          {
            value: language,
            lang: language,
            selected: language === this.#wording.language ? true : undefined,
          },
          name,
        ),
      ),
    );
    choice.addEventListener('change', () => {
      this.#wording = wordingFor(choice.value);
      this.#notice = undefined;
      this.#draw('#language');
    });
    return element(
      'header',
      {},
      element(
        'div',
        { class: 'language' },
        element('label', { for: 'language' }, this.#say('language')),
        choice,
      ),
      element('h1', {}, this.#say('title')),
      element('p', { class: 'purpose' }, this.#say('purpose')),
      element('p', { class: 'offline' }, this.#say('offline')),
    );
  }

  #form(): HTMLElement {
    const form = element(
      'form',
      { novalidate: true },
      this.#dossierField(),
      this.#trustField(),
      this.#policyField(),
      this.#optionsField(),
      element(
        'p',
        {},
        element(
          'button',
          { type: 'submit', id: 'verify', class: 'primary', disabled: this.#isWorking ? true : undefined },
          this.#say(this.#isWorking ? 'verifying' : 'verify'),
        ),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run();
    });
    return form;
  }

  #dossierField(): HTMLElement {
    return this.#fileField(
      'dossier',
      'chooseDossier',
      false,
      async ([file]) => {
        if (file !== undefined) await this.#openDossier(file);
      },
      [
        element('p', { class: 'hint' }, this.#say('dropDossier')),
        this.#dossier === undefined
          ? undefined
          : element('p', { class: 'given' }, foreign(this.#dossier.name)),
      ],
    );
  }

  #trustField(): HTMLElement {
    const id = element('input', {
      type: 'text',
      id: 'trust-id',
      dir: 'ltr',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-label': this.#say('pasteTrust'),
      placeholder: this.#say('pasteTrust'),
    });
    const add = element('button', { type: 'button', id: 'trust-add' }, this.#say('addTrust'));
    const take = (): void => {
      const given = trustId(id.value);
      if (given === undefined) this.#tell('notAnAnchor', id.value);
      else this.#keep(given);
      this.#draw('#trust-id');
    };
    add.addEventListener('click', take);
    id.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      take();
    });
    return this.#fileField('trust', 'chooseTrust', true, (files) => this.#openTrust(files), [
      element('p', { class: 'hint' }, this.#say('trustHelp')),
      element('div', { class: 'row' }, id, add),
      this.#trust.size === 0
        ? element('p', { class: 'hint' }, this.#say('noTrust'))
        : element(
            'ul',
            { class: 'trust' },
            [...this.#trust.values()].map((each) => this.#trustedItem(each)),
          ),
    ]);
  }

  #trustedItem({ state }: Trusted): HTMLElement {
    const groups = (state.match(/.{4}/g) ?? []).join(' ');
    const remove = element(
      'button',
      { type: 'button', class: 'remove', 'aria-label': fill(this.#say('remove'), state.slice(0, 16)) },
      '✕',
    );
    remove.addEventListener('click', () => {
      this.#trust.delete(state);
      this.#draw('#trust-id');
    });
    return element('li', {}, code(groups), remove);
  }

  #policyField(): HTMLElement {
    return this.#fileField(
      'policy',
      'choosePolicy',
      false,
      async ([file]) => {
        if (file !== undefined) await this.#openPolicy(file);
      },
      [
        element('p', { class: 'hint' }, this.#say('policyHelp')),
        this.#policy === undefined
          ? element('p', { class: 'hint' }, this.#say('noPolicy'))
          : element('p', { class: 'given' }, foreign(this.#policy.name)),
      ],
    );
  }

  #optionsField(): HTMLElement {
    return element(
      'fieldset',
      { class: 'options' },
      this.#textField('time', 'timeHelp', this.#time, '2026-11-24T10:30:00Z', (text) => {
        this.#time = text;
      }),
      this.#textField('federation', 'federationHelp', this.#federation, '', (text) => {
        this.#federation = text;
      }),
    );
  }

  #textField(
    name: 'time' | 'federation',
    help: Term,
    value: string,
    placeholder: string,
    changed: (text: string) => void,
  ): HTMLElement {
    const input = element('input', {
      type: 'text',
      id: name,
      dir: 'ltr',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder,
      'aria-describedby': `${name}-help`,
    });
    input.value = value;
    input.addEventListener('input', () => changed(input.value.trim()));
    return element(
      'div',
      {},
      element('label', { for: name }, this.#say(name)),
      input,
      element('p', { class: 'hint', id: `${name}-help` }, this.#say(help)),
    );
  }

  /** A place to drop files on, with a button that opens the same files. */
  #fileField(
    name: 'dossier' | 'trust' | 'policy',
    label: Term,
    isMultiple: boolean,
    take: (files: readonly File[]) => Promise<void>,
    more: readonly (Node | undefined)[],
  ): HTMLElement {
    const input = element('input', {
      type: 'file',
      id: `${name}-file`,
      multiple: isMultiple ? true : undefined,
      class: 'visually-hidden',
      tabindex: '-1',
      'aria-hidden': 'true',
    });
    input.addEventListener('change', () => void take([...(input.files ?? [])]));
    const button = element('button', { type: 'button', id: `${name}-choose` }, this.#say(label));
    button.addEventListener('click', () => input.click());
    const field = element(
      'fieldset',
      { id: name, class: 'drop' },
      element('legend', {}, this.#say(name)),
      button,
      input,
      more,
    );
    field.addEventListener('dragover', () => field.classList.add('over'));
    field.addEventListener('dragleave', () => field.classList.remove('over'));
    field.addEventListener('drop', (event) => {
      event.preventDefault();
      field.classList.remove('over');
      void take([...(event.dataTransfer?.files ?? [])]);
    });
    return field;
  }

  async #openDossier(file: File): Promise<void> {
    const bytes = await readFile(file, MAX_DOSSIER_BYTES);
    this.#notice = undefined;
    this.#report = undefined;
    this.#refusal = undefined;
    if (bytes === undefined) {
      this.#dossier = undefined;
      this.#refusal = { code: 'document.too-large', message: file.name };
    } else this.#dossier = { name: file.name, bytes };
    this.#draw('#dossier-choose');
  }

  /** What is no policy is told by the verification, as on the command line. */
  async #openPolicy(file: File): Promise<void> {
    const bytes = await readFile(file, MAX_POLICY_BYTES);
    this.#notice = undefined;
    this.#report = undefined;
    this.#refusal = undefined;
    const text = bytes === undefined ? undefined : textIn(bytes);
    this.#policy = text === undefined ? undefined : { name: file.name, text };
    if (text === undefined) this.#refusal = { code: 'log.not-text', message: file.name };
    this.#draw('#policy-choose');
  }

  async #openTrust(files: readonly File[]): Promise<void> {
    this.#notice = undefined;
    for (const file of files) {
      const bytes = await readFile(file, MAX_CARD_BYTES);
      try {
        if (bytes === undefined) this.#tell('notAnAnchor', file.name);
        else this.#keep(readTrust(bytes));
      } catch (error) {
        if (!isFault(error)) throw error;
        this.#tell('notAnAnchor', file.name);
      }
    }
    this.#draw('#trust-choose');
  }

  /** A charter says more than an id: it stands also where the dossier brings none. */
  #keep(given: Trusted): void {
    if (given.given === 'id' && this.#trust.has(given.state)) return;
    this.#trust.set(given.state, given);
    this.#notice = undefined;
    this.#report = undefined;
  }

  #tell(term: Term, text = ''): void {
    this.#notice = element('p', { class: 'notice' }, fill(this.#say(term), safeText(text)));
  }

  async #run(): Promise<void> {
    if (this.#isWorking) return;
    const atSeconds = this.#time === '' ? Math.floor(Date.now() / 1000) : parseTimeText(this.#time);
    if (this.#dossier === undefined || atSeconds === undefined) {
      this.#tell(this.#dossier === undefined ? 'notAFile' : 'notATime');
      this.#draw(this.#dossier === undefined ? '#dossier-choose' : '#time');
      return;
    }
    this.#isWorking = true;
    this.#report = undefined;
    this.#refusal = undefined;
    this.#notice = element(
      'p',
      { class: 'working' },
      this.#say('verifying'),
      ' ',
      element('progress', { 'aria-label': this.#say('verifying') }),
    );
    this.#draw();
    const answer = await this.#verify({
      file: this.#dossier.bytes,
      asked: {
        trust: [...this.#trust.values()],
        atSeconds,
        ...(this.#policy !== undefined && { policy: this.#policy.text }),
        ...(this.#federation !== '' && { federation: this.#federation }),
      },
    });
    this.#isWorking = false;
    this.#notice = undefined;
    if ('report' in answer) this.#report = answer.report;
    else this.#refusal = answer;
    this.#draw('#result h2');
  }

  #result(): HTMLElement | undefined {
    const refusal = this.#refusal;
    if (refusal !== undefined) {
      return element(
        'section',
        { id: 'result', class: 'verdict failed' },
        element('h2', { tabindex: '-1' }, this.#say('refused')),
        element(
          'p',
          {},
          codeText(this.#wording, refusal.code) ?? foreign(refusal.message),
          ' ',
          code(refusal.code),
        ),
      );
    }
    const report = this.#report;
    if (report === undefined) return undefined;
    const save = element('button', { type: 'button', id: 'save' }, this.#say('saveReport'));
    save.addEventListener('click', () => saveText(formatReport(report), 'report.json'));
    const copy = element('button', { type: 'button', id: 'copy' }, this.#say('copyReport'));
    copy.addEventListener('click', () => {
      void navigator.clipboard.writeText(formatReport(report)).then(() => {
        copy.textContent = this.#say('copied');
      });
    });
    const print = element('button', { type: 'button', id: 'print' }, this.#say('print'));
    print.addEventListener('click', () => window.print());
    return element(
      'div',
      { id: 'result' },
      reportView(report, this.#wording),
      element('p', { class: 'row actions' }, save, copy, print),
    );
  }
}

/** Undefined where the file is larger than it may be: then nothing of it is read. */
async function readFile(file: File, maxBytes: number): Promise<Uint8Array | undefined> {
  return file.size > maxBytes ? undefined : new Uint8Array(await file.arrayBuffer());
}

function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = element('a', { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** Undefined where it is no text. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
