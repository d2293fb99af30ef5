// What happened, for those who hear the page and for those who see it.
import { byId, fill, h } from './dom.js';

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
export function notice(kind: Kind, text: string): void {
  fill(byId('notice'), h('p', { class: 'message', 'data-kind': kind }, text));
}

export function clearNotice(): void {
  byId('notice').replaceChildren();
}
