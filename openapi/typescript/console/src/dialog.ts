// Dialogs: the browser's own, which keeps the focus inside, closes on Escape and gives the focus back.
import { button } from './form.js';
import { type Child, h, unique } from './dom.js';

export interface Dialog {
  readonly element: HTMLDialogElement;
  close(): void;
}

/** Opens one; `content` gets the dialog, to close it. */
export function openDialog(
  title: string,
  content: (dialog: Dialog) => Child,
  options: {
    id: string;
    role?: 'alertdialog';
    onClose?: () => void;
  } = { id: 'dialog' },
): Dialog {
  const id = unique('dialog-title');
  const opener = document.activeElement;
  const element = h('dialog', { 'aria-labelledby': id, id: options.id, role: options.role });
  const dialog: Dialog = { element, close: () => element.close() };
  element.append(h('h2', { id, tabindex: -1 }, title));
  const made = h('div', { class: 'dialog-body' }, content(dialog));
  element.append(made);
  element.addEventListener('close', () => {
    element.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    options.onClose?.();
  });
  document.body.append(element);
  element.showModal();
  return dialog;
}

/** A question with two answers. */
export function confirm(
  title: string,
  text: Child,
  yes: string,
  options: { danger?: boolean; no?: string } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    openDialog(
      title,
      (dialog) => [
        h('p', {}, text),
        h(
          'p',
          { class: 'actions' },
          button(
            yes,
            () => {
              answer = true;
              dialog.close();
            },
            { class: options.danger ? 'danger' : 'primary', id: 'confirm-yes' },
          ),
          button(options.no ?? 'Not now', () => dialog.close(), { id: 'confirm-no' }),
        ),
      ],
      { id: 'confirm', onClose: () => resolve(answer) },
    );
  });
}
