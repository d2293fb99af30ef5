// What something is for: a word that the service knows, one that a consent names, or words of one's own.
import { h } from './dom.js';
import { type Field, type Form, input, select } from './form.js';
import { purpose } from './words.js';

const known = ['treatment', 'care_coordination', 'second_opinion'];
const OTHER = 'other';

export interface PurposeField {
  element: HTMLElement;
  value(): string;
  set(value: string): void;
  addTo(form: Form): void;
}

export function purposeField(options: {
  value: string;
  more?: readonly string[];
  hint?: string;
  changed?: () => void;
}): PurposeField {
  const words = [...new Set([...known, ...(options.more ?? []), ...(options.value ? [options.value] : [])])];
  const choice: Field = select(
    'Purpose',
    [...words.map((word): [string, string] => [word, purpose(word)]), [OTHER, 'Another purpose…']],
    {
      id: 'purpose',
      pointer: '/purpose',
      value: options.value,
      required: true,
      ...(options.hint ? { hint: options.hint } : {}),
    },
  );
  const own = input('The purpose, in your own words', {
    id: 'purpose-own',
    pointer: '/purpose',
    required: true,
    attributes: { maxlength: 200 },
  });
  const show = (): void => {
    own.element.hidden = choice.value() !== OTHER;
    (own.control as HTMLInputElement).required = choice.value() === OTHER;
    options.changed?.();
  };
  own.element.hidden = true;
  own.control.required = false;
  choice.control.addEventListener('input', show);
  own.control.addEventListener('input', () => options.changed?.());
  return {
    element: h('div', {}, choice.element, own.element),
    value: () => (choice.value() === OTHER ? own.value() : choice.value()),
    set(value) {
      if (!words.includes(value)) {
        choice.control.prepend(h('option', { value }, purpose(value)));
        words.push(value);
      }
      choice.control.value = value;
      show();
    },
    addTo: (form) => form.add(choice, own),
  };
}
