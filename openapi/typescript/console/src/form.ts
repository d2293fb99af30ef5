// Fields with their label, hint and error, and forms that put what the service refused beside the field that it is about.
import { toProblem } from './api.js';
import { type Attributes, type Child, fill, h, unique } from './dom.js';
import { problemBox } from './problem.js';

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Field {
  readonly element: HTMLElement;
  readonly control: Control;
  /** Where the service names it. */
  pointer: string;
  refuse(message: string | null): void;
  value(): string;
}

interface Options {
  id?: string;
  hint?: Child;
  pointer?: string;
  required?: boolean;
  /** Says nothing of whether it is needed: in a draft nothing is, and a search is no answer. */
  unmarked?: boolean;
  value?: string | number | null | undefined;
  class?: string;
}

function field(label: string, control: Control, options: Options): Field {
  const id = options.id ?? unique('field');
  control.id = id;
  const hint = options.hint ? h('p', { class: 'hint', id: `${id}-hint` }, options.hint) : null;
  const error = h('p', { class: 'field-error', id: `${id}-error`, hidden: true });
  if (options.required) control.required = true;
  if (options.value !== null && options.value !== undefined) control.value = String(options.value);
  const made: Field = {
    element: h(
      'div',
      { class: `field ${options.class ?? ''}`.trim() },
      h(
        'label',
        { for: id },
        label,
        options.required !== true && !options.unmarked && h('span', { class: 'optional' }, ' (optional)'),
      ),
      hint,
      control,
      error,
    ),
    control,
    pointer: options.pointer ?? '',
    refuse: refusing(control, error, hint?.id),
    value: () => control.value.trim(),
  };
  control.addEventListener('input', () => made.refuse(null));
  return made;
}

export function input(label: string, options: Options & { attributes?: Attributes } = {}): Field {
  return field(label, h('input', { type: 'text', autocomplete: 'off', ...options.attributes }), options);
}

export function textarea(
  label: string,
  options: Options & { rows?: number; attributes?: Attributes } = {},
): Field {
  return field(label, h('textarea', { rows: options.rows ?? 3, ...options.attributes }), options);
}

export function select(label: string, choices: [string, string][], options: Options = {}): Field {
  const control = h(
    'select',
    {},
    choices.map(([value, text]) => h('option', { value }, text)),
  );
  return field(label, control, options);
}

export function checkbox(
  label: Child,
  options: { id?: string; value?: string; checked?: boolean; hint?: Child; pointer?: string } = {},
): Field & { control: HTMLInputElement } {
  const id = options.id ?? unique('check');
  const control = h('input', { type: 'checkbox', id, value: options.value, checked: options.checked });
  const hint = options.hint ? h('span', { class: 'second', id: `${id}-hint` }, options.hint) : null;
  const error = h('span', { class: 'field-error', id: `${id}-error`, hidden: true });
  const made = {
    element: h('div', { class: 'check' }, control, h('label', { for: id }, label, hint, error)),
    control,
    pointer: options.pointer ?? '',
    refuse: refusing(control, error, hint?.id),
    value: () => (control.checked ? 'true' : ''),
  };
  control.addEventListener('input', () => made.refuse(null));
  return made;
}

/** Shows an error, and ties it to the control that it is about. */
function refusing(control: Control, error: HTMLElement, hint: string | undefined): Field['refuse'] {
  const refuse = (message: string | null): void => {
    error.textContent = message ?? '';
    error.hidden = message === null;
    if (message === null) control.removeAttribute('aria-invalid');
    else control.setAttribute('aria-invalid', 'true');
    const by = [hint, message === null ? undefined : error.id].filter(Boolean).join(' ');
    if (by) control.setAttribute('aria-describedby', by);
    else control.removeAttribute('aria-describedby');
  };
  refuse(null);
  return refuse;
}

/** Several boxes under one question. */
export function choices(
  legend: string,
  items: [value: string, label: string, hint?: string][],
  options: {
    id: string;
    hint?: Child;
    checked?: readonly string[];
  },
): { element: HTMLElement; values(): string[]; set(values: readonly string[]): void } {
  const boxes = items.map(([value, label, hint]) =>
    checkbox(label, {
      id: `${options.id}-${value}`,
      value,
      checked: options.checked?.includes(value) ?? false,
      ...(hint ? { hint } : {}),
    }),
  );
  return {
    element: h(
      'fieldset',
      { id: options.id, tabindex: -1 },
      h('legend', {}, legend),
      options.hint ? h('p', { class: 'hint' }, options.hint) : null,
      h(
        'div',
        { class: 'checks' },
        boxes.map((box) => box.element),
      ),
    ),
    values: () => boxes.filter((box) => box.control.checked).map((box) => box.control.value),
    set(values) {
      for (const box of boxes) box.control.checked = values.includes(box.control.value);
    },
  };
}

/** A button that does one thing at a time. `aria-disabled` and not `disabled`, which would lose the focus. */
export function button(
  label: Child,
  act: () => void | Promise<void>,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made: HTMLButtonElement = h(
    'button',
    {
      type: 'button',
      ...attributes,
      click: (event: Event) => {
        event.preventDefault();
        if (made.getAttribute('aria-disabled') === 'true') return;
        const done = act();
        if (!(done instanceof Promise)) return;
        made.setAttribute('aria-disabled', 'true');
        void done.finally(() => made.removeAttribute('aria-disabled'));
      },
    },
    label,
  );
  return made;
}

/** A form: tells what is missing before anything is sent, and what was refused after. */
export class Form {
  readonly element: HTMLFormElement;
  readonly #messages = h('div', { class: 'form-messages' });
  readonly #fields = new Set<Field>();
  readonly #submit: HTMLButtonElement;

  constructor(
    options: {
      id?: string;
      submit: string;
      submitId: string;
      danger?: boolean;
      send(): Promise<void>;
      /** What else to show of a refusal; none for the usual. */
      explain?(error: unknown): Promise<HTMLElement | null>;
      beside?: Child;
    },
    ...content: Child[]
  ) {
    this.#submit = h(
      'button',
      { type: 'submit', class: options.danger ? 'danger' : 'primary', id: options.submitId },
      options.submit,
    );
    this.element = h(
      'form',
      {
        novalidate: true,
        id: options.id,
        submit: (event: Event) => {
          // `form-action 'none'` would refuse it anyway: what is typed leaves by script, in a body, and never in an address.
          event.preventDefault();
          void this.#send(options.send, options.explain);
        },
      },
      content,
      this.#messages,
      h('p', { class: 'actions' }, this.#submit, options.beside),
    );
  }

  add(...fields: Field[]): void {
    for (const one of fields) this.#fields.add(one);
  }

  forget(...fields: Field[]): void {
    for (const one of fields) this.#fields.delete(one);
  }

  /** Refuses it here, before it was sent. */
  refuse(text: string): void {
    fill(
      this.#messages,
      h('div', { class: 'problem', role: 'alert' }, h('p', { class: 'problem-title' }, text)),
    );
  }

  /** Whether what is typed can be sent; says at each field what is lacking. */
  isValid(): boolean {
    this.#messages.replaceChildren();
    for (const one of this.#fields) one.refuse(null);
    const lacking = [...this.#fields].filter(
      (one) => one.element.isConnected && !one.control.checkValidity(),
    );
    for (const one of lacking) {
      // Of a pattern the browser says only that it was not met; the title says what is wanted.
      one.refuse(
        (one.control.validity.patternMismatch && one.control.title) ||
          one.control.validationMessage ||
          'This is needed.',
      );
    }
    lacking[0]?.control.focus();
    return lacking.length === 0;
  }

  async #send(
    send: () => Promise<void>,
    explain?: (error: unknown) => Promise<HTMLElement | null>,
  ): Promise<void> {
    if (this.#submit.getAttribute('aria-disabled') === 'true') return;
    if (!this.isValid()) return;
    this.#submit.setAttribute('aria-disabled', 'true');
    this.element.setAttribute('aria-busy', 'true');
    try {
      await send();
    } catch (error) {
      await this.show(error, explain);
    } finally {
      this.#submit.removeAttribute('aria-disabled');
      this.element.removeAttribute('aria-busy');
    }
  }

  /** Shows a refusal: each field's own beside it, the rest above the button. */
  async show(error: unknown, explain?: (error: unknown) => Promise<HTMLElement | null>): Promise<void> {
    const problem = toProblem(error);
    const unplaced: string[] = [];
    let first: Field | null = null;
    for (const refused of problem.errors ?? []) {
      const place = this.#find(refused.pointer);
      if (place) {
        place.refuse(refused.message);
        first ??= place;
      } else
        unplaced.push(
          `${refused.pointer.replace(/^\/(body\/)?/, '').replaceAll('/', ' › ')}: ${refused.message}`,
        );
    }
    const explained = explain ? await explain(error) : null;
    fill(
      this.#messages,
      explained ??
        problemBox(
          error,
          unplaced.length > 0 &&
            h(
              'ul',
              {},
              unplaced.map((line) => h('li', {}, line)),
            ),
        ),
    );
    if (first) {
      first.control.focus();
      const details = first.element.closest('details');
      if (details) details.open = true;
    } else this.#messages.scrollIntoView({ block: 'nearest' });
  }

  /** The field of that pointer, else the one that is nearest around it, else the first one within. */
  #find(pointer: string): Field | null {
    const shown = [...this.#fields].filter((one) => one.element.isConnected && one.pointer !== '');
    const around = shown
      .filter((one) => pointer.startsWith(`${one.pointer}/`))
      .sort((one, other) => other.pointer.length - one.pointer.length);
    return (
      shown.find((one) => one.pointer === pointer) ??
      around[0] ??
      shown.find((one) => pointer !== '' && one.pointer.startsWith(`${pointer}/`)) ??
      null
    );
  }
}

/** What was typed, or nothing where nothing was. */
export const orNothing = (value: string): string | undefined => (value === '' ? undefined : value);
export const numberOrNothing = (value: string): number | undefined => {
  const number = Number(value.replace(',', '.'));
  return value === '' || Number.isNaN(number) ? undefined : number;
};

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without what was left out: the service takes a field that is missing, and not one that is empty. */
export function given<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Given<T>;
}
