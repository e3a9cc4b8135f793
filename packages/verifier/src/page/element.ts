import { safeText } from '../safe-text.ts';

type Child = Node | string | undefined;

/** An element with attributes and content. Texts become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | true | undefined>> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

/** A text that comes from a file: its characters show what they are, and its direction changes nothing around it. */
export function foreign(text: string, className?: string): HTMLElement {
  return element('bdi', { class: className }, safeText(text));
}

/** Digits of ids and digests, from left to right in every language. */
export function code(text: string): HTMLElement {
  return element('code', { dir: 'ltr' }, safeText(text));
}

/** A wording with elements put in where it says so. */
export function filled(wording: string, ...parts: readonly Node[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const piece of wording.split(/(\{\d\})/)) {
    const place = /^\{(\d)\}$/.exec(piece)?.[1];
    const part = place === undefined ? undefined : parts[Number(place)];
    fragment.append(part ?? piece);
  }
  return fragment;
}
