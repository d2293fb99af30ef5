// Picking whom something is for: a practitioner or a whole clinic of the directory, or somebody without an account.
import { searchDirectory, type Practitioner, type Recipient, type RecipientChoice } from './api.js';
import { announce } from './announce.js';
import { type Child, fill, h, unique } from './dom.js';
import { button, type Field, type Form, input } from './form.js';
import { plain } from './words.js';
import { inWords } from './problem.js';

export interface Chosen {
  choice: RecipientChoice;
  name: string;
  detail: string;
}

/** A recipient that the service named, to be chosen again. */
export function chosenOf(recipient: Recipient): Chosen {
  const choice: RecipientChoice = recipient.practitioner_id
    ? { practitioner_id: recipient.practitioner_id }
    : recipient.clinic_id
      ? { clinic_id: recipient.clinic_id }
      : { name: recipient.name, ...(recipient.email ? { email: recipient.email } : {}) };
  return {
    choice,
    name: recipient.name,
    detail:
      recipient.kind === 'clinic'
        ? 'the whole clinic'
        : recipient.kind === 'guest'
          ? 'without an account'
          : '',
  };
}

const keyOf = (choice: RecipientChoice): string =>
  choice.practitioner_id ?? choice.clinic_id ?? choice.email ?? '';

export class RecipientPicker {
  readonly element: HTMLElement;
  /** Stands for the whole picker where a refusal names it. */
  readonly field: Field;
  readonly #chosen: Chosen[] = [];
  readonly #list = h('ul', { class: 'chosen' });
  readonly #results = h('ul', { class: 'results', id: 'recipient-results' });
  readonly #several: boolean;
  readonly #changed: () => void;
  #turn = 0;

  constructor(options: {
    legend: string;
    pointer: string;
    several?: boolean;
    guests?: boolean;
    suggested?: readonly Chosen[];
    suggestedAs?: string;
    chosen?: readonly Chosen[];
    changed?: () => void;
    without?: string;
    hint?: string;
  }) {
    this.#several = options.several ?? false;
    this.#changed = options.changed ?? ((): void => {});
    this.field = input('Search the directory', {
      id: 'recipient-search',
      hint: options.hint ?? 'By letters of the name of a practitioner or a clinic.',
      pointer: options.pointer,
      unmarked: true,
      attributes: { type: 'search', maxlength: 100, 'aria-controls': 'recipient-results' },
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.field.control.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.#search(this.field.value()), 250);
    });
    this.field.control.addEventListener('keydown', (event) => {
      // Enter searches, and does not send the form around it.
      if ((event as KeyboardEvent).key !== 'Enter') return;
      event.preventDefault();
      void this.#search(this.field.value());
    });
    this.element = h(
      'fieldset',
      { class: 'picker' },
      h('legend', {}, options.legend),
      this.#list,
      options.suggested !== undefined &&
        options.suggested.length > 0 &&
        h(
          'div',
          { class: 'suggested' },
          h('p', { class: 'hint' }, options.suggestedAs ?? 'Named in a consent that is in force:'),
          h(
            'p',
            { class: 'chips' },
            options.suggested.map((one) =>
              button(
                [one.name, one.detail && h('span', { class: 'second' }, one.detail)],
                () => this.choose(one),
                { class: 'chip', 'data-test': 'recipient-suggested' },
              ),
            ),
          ),
        ),
      this.field.element,
      this.#results,
      options.guests && this.#guest(),
    );
    for (const one of options.chosen ?? []) this.#chosen.push(one);
    this.#draw();
  }

  chosen(): readonly Chosen[] {
    return this.#chosen;
  }

  addTo(form: Form): void {
    form.add(this.field);
  }

  /** Whether somebody is chosen; says so at the field if not. */
  isChosen(): boolean {
    if (this.#chosen.length > 0) return true;
    this.field.refuse('Choose somebody from the directory, or name somebody without an account.');
    this.field.control.focus();
    return false;
  }

  choose(one: Chosen): void {
    if (this.#chosen.some((other) => keyOf(other.choice) === keyOf(one.choice))) return;
    if (!this.#several) this.#chosen.length = 0;
    this.#chosen.push(one);
    this.field.refuse(null);
    this.#draw();
    announce(`${one.name} is chosen.`);
    this.#changed();
  }

  #draw(): void {
    this.#list.hidden = this.#chosen.length === 0;
    fill(
      this.#list,
      this.#chosen.map((one) =>
        h(
          'li',
          { 'data-test': 'recipient-chosen' },
          h('span', {}, h('strong', {}, one.name), one.detail && h('span', { class: 'second' }, one.detail)),
          button(
            'Remove',
            () => {
              this.#chosen.splice(this.#chosen.indexOf(one), 1);
              this.#draw();
              this.field.control.focus();
              this.#changed();
            },
            { class: 'small', 'aria-label': `Remove ${one.name}` },
          ),
        ),
      ),
    );
  }

  async #search(text: string): Promise<void> {
    this.#turn += 1;
    const mine = this.#turn;
    if (text === '') return void this.#results.replaceChildren();
    try {
      const found = await searchDirectory(text);
      if (mine === this.#turn) this.#show(found);
    } catch (error) {
      if (mine === this.#turn) fill(this.#results, h('li', { class: 'quiet' }, inWords(error)));
    }
  }

  #show(found: Practitioner[]): void {
    const clinics = new Map(found.map((one) => [one.clinic.id, one.clinic.name]));
    const row = (one: Chosen, kind: string): Child =>
      h(
        'li',
        {},
        button(
          [h('span', {}, one.name), h('span', { class: 'second' }, one.detail)],
          () => {
            this.choose(one);
            (this.field.control as HTMLInputElement).value = '';
            this.#results.replaceChildren();
            this.field.control.focus();
          },
          {
            class: 'result',
            'data-test': 'recipient-option',
            'data-kind': kind,
            'data-id': keyOf(one.choice),
          },
        ),
      );
    fill(
      this.#results,
      found.map((one) =>
        row(
          {
            choice: { practitioner_id: one.id },
            name: one.name,
            detail: [plain(one.profession), one.clinic.name, one.is_accepting ? '' : 'takes no new patients']
              .filter(Boolean)
              .join(' · '),
          },
          'practitioner',
        ),
      ),
      [...clinics].map(([id, name]) =>
        row({ choice: { clinic_id: id }, name, detail: 'the whole clinic' }, 'clinic'),
      ),
      found.length === 0 && h('li', { class: 'quiet' }, 'Nobody of that name is in the directory.'),
    );
    announce(found.length === 0 ? 'Nobody found.' : `${found.length} found.`);
  }

  #guest(): HTMLElement {
    const id = unique('guest');
    const name = input('Name', { id: 'guest-name', attributes: { maxlength: 200 } });
    const email = input('E-mail address', {
      id: 'guest-email',
      attributes: { type: 'email', maxlength: 254 },
    });
    return h(
      'details',
      { class: 'guest', id },
      h('summary', {}, 'Somebody without an account'),
      h(
        'div',
        { class: 'details-body' },
        h('p', { class: 'hint' }, 'Gets a link by mail, and a code to open it.'),
        name.element,
        email.element,
        button(
          'Name this person',
          () => {
            if (name.value() === '') return name.refuse('Who it is.');
            if (email.value() === '' || !email.control.checkValidity())
              return email.refuse('An e-mail address, which gets the link.');
            this.choose({
              choice: { name: name.value(), email: email.value() },
              name: name.value(),
              detail: email.value(),
            });
          },
          { id: 'guest-add' },
        ),
      ),
    );
  }
}
