// Elements are made by hand, and what they say goes in as text nodes: nothing that somebody wrote is ever read as HTML.

export type Child = Node | string | number | false | null | undefined | Child[];

type Listener = (event: Event) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Listener>;

function put(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
}

export function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) {
      parent.append(child instanceof Node ? child : String(child));
    }
  }
}

/** An element. A function among the attributes listens to the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  put(element, attributes, children);
  return element;
}

/** The same for a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  put(element, attributes, children);
  return element;
}

export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

let counter = 0;

/** An id that nothing else on the page has. */
export function unique(stem: string): string {
  counter += 1;
  return `${stem}-${counter}`;
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Rows of terms and what they stand for; those without a value are left out. */
export function terms(rows: [string, Child][]): HTMLElement {
  const shown = rows.filter(
    ([, value]) => value !== null && value !== undefined && value !== '' && value !== false,
  );
  return h(
    'dl',
    { class: 'terms' },
    shown.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

/** Text as it was typed, lines and all. */
export const typed = (text: string): HTMLElement => h('p', { class: 'as-typed' }, text);

/** Says what to do where there is nothing to show. */
export function empty(title: string, next: Child, action: Child = null): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, title),
    h('p', {}, next),
    action && h('p', { class: 'actions' }, action),
  );
}

/** For those who hear the page, and not for those who see it. */
export const hidden = (text: string): HTMLElement => h('span', { class: 'visually-hidden' }, text);
