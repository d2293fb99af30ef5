// What happened, for those who hear the page and for those who see it.
import { byId, type Child, fill, h } from './dom.js';

export type Kind = 'good' | 'info' | 'error';

/** Says it to a screen reader, and shows nothing. */
export function announce(text: string): void {
  // Emptied first, so that the same words twice are said twice.
  const region = byId('live');
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/** Says it and shows it above the view, until the next view. */
export const notice = (kind: Kind, text: string): void => tell(kind, text);

/** The same, with a link in it. */
export function tell(kind: Kind, ...content: Child[]): void {
  fill(byId('notice'), h('p', { class: 'message', 'data-kind': kind }, content));
}

export function clearNotice(): void {
  byId('notice').replaceChildren();
}
