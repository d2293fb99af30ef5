// The clinic's patients: found by search alone, and added. What is searched for goes in a body and never in an address.
import { addPatient, type Listed, type Patient, searchPatients } from '../api.js';
import { announce } from '../announce.js';
import { type Child, empty, fill, h } from '../dom.js';
import { openDialog } from '../dialog.js';
import { button, Form, given, input, orNothing } from '../form.js';
import { hand, peek } from '../handover.js';
import { goWith, route, type Shown } from '../router.js';
import { day, isoDay } from '../time.js';

route('patients', { title: 'Patients', tab: 'patients', open });

async function open(): Promise<Shown> {
  const before = peek('search') ?? { family_name: '', birth_date: '', mrn: '' };
  const family = input('Family name', {
    id: 'family-name',
    pointer: '/family_name',
    hint: 'The first letters are enough.',
    value: before.family_name,
    attributes: { type: 'search', maxlength: 200 },
  });
  const birth = input('Date of birth', {
    id: 'birth-date',
    pointer: '/birth_date',
    value: before.birth_date,
    attributes: { type: 'date' },
  });
  const number = input('Record number', {
    id: 'mrn',
    pointer: '/mrn',
    value: before.mrn,
    attributes: { type: 'search', maxlength: 64 },
  });
  const results = h('div', { id: 'results' });
  const search = async (): Promise<void> => {
    const wanted = { family_name: family.value(), birth_date: birth.value(), mrn: number.value() };
    if (Object.values(wanted).every((value) => value === '')) {
      family.refuse('Something to look for: a name, a date of birth or a record number.');
      family.control.focus();
      return;
    }
    hand('search', wanted);
    fill(results, h('p', { class: 'loading' }, 'Looking…'));
    const found = await searchPatients(
      given({
        family_name: orNothing(wanted.family_name),
        birth_date: orNothing(wanted.birth_date),
        mrn: orNothing(wanted.mrn),
      }),
    );
    show(results, found);
  };
  const form = new Form(
    {
      id: 'search-form',
      submit: 'Search',
      submitId: 'search',
      send: async () => {
        try {
          await search();
        } catch (error) {
          results.replaceChildren();
          throw error;
        }
      },
    },
    h('div', { class: 'columns search' }, family.element, birth.element, number.element),
  );
  form.element.setAttribute('role', 'search');
  form.add(family, birth, number);
  if (Object.values(before).some((value) => value !== ''))
    await search().catch(() => results.replaceChildren());
  else
    fill(
      results,
      empty(
        'Search for a patient to begin.',
        'Patients are found by search and not listed, so that nobody sees more of them than they look for.',
        button('Add a patient', addDialog, { id: 'add-patient-first' }),
      ),
    );
  return {
    content: [
      h('div', { class: 'card' }, form.element),
      results,
      h('p', { class: 'actions' }, button('Add a patient', addDialog, { id: 'add-patient' })),
    ],
  };
}

function show(results: HTMLElement, page: Listed<Patient>): void {
  const count = page.items.length;
  announce(count === 0 ? 'Nobody found.' : `${count} found.`);
  if (count === 0) {
    fill(
      results,
      empty(
        'No patient of your clinic matches.',
        'Check the spelling, or search with less. A patient of another clinic never shows here.',
      ),
    );
    return;
  }
  const list = h('ul', { class: 'items', id: 'patients' });
  const draw = (items: Patient[]): void => list.append(...items.map(item));
  draw(page.items);
  let more = page.more;
  const next: Child =
    more &&
    button('Show more', async () => {
      const following: Listed<Patient> = await more!();
      draw(following.items);
      more = following.more;
      if (!more && next instanceof Element) next.remove();
    });
  fill(results, list, next && h('p', { class: 'actions' }, next));
}

const item = (patient: Patient): HTMLElement =>
  h(
    'li',
    { class: 'item', 'data-test': 'patient', 'data-id': patient.id },
    h(
      'a',
      { class: 'item-link', href: `#/patients/${patient.id}` },
      h('span', { class: 'item-title' }, `${patient.family_name}, ${patient.given_name}`),
      h(
        'span',
        { class: 'second' },
        'born ',
        day(patient.birth_date),
        patient.mrn && ` · record ${patient.mrn}`,
      ),
    ),
  );

function addDialog(): void {
  openDialog(
    'Add a patient',
    (dialog) => {
      const givenName = input('Given names', {
        id: 'new-given-name',
        pointer: '/given_name',
        required: true,
        attributes: { maxlength: 200 },
      });
      const family = input('Family name', {
        id: 'new-family-name',
        pointer: '/family_name',
        required: true,
        attributes: { maxlength: 200 },
      });
      const birth = input('Date of birth', {
        id: 'new-birth-date',
        pointer: '/birth_date',
        required: true,
        hint: 'Asked of the patient when a consent is opened.',
        attributes: { type: 'date', max: isoDay(new Date()) },
      });
      const email = input('E-mail address', {
        id: 'new-email',
        pointer: '/email',
        hint: 'Where links and codes to sign a consent go. Without one, consents are signed on paper.',
        attributes: { type: 'email', maxlength: 254 },
      });
      const phone = input('Telephone', {
        id: 'new-phone',
        pointer: '/phone',
        attributes: { type: 'tel', maxlength: 40 },
      });
      const number = input('Record number', {
        id: 'new-mrn',
        pointer: '/mrn',
        attributes: { maxlength: 64 },
      });
      const fields = [givenName, family, birth, email, phone, number];
      const form = new Form(
        {
          submit: 'Add the patient',
          submitId: 'new-patient',
          send: async () => {
            const patient = await addPatient(
              given({
                given_name: givenName.value(),
                family_name: family.value(),
                birth_date: birth.value(),
                email: orNothing(email.value()),
                phone: orNothing(phone.value()),
                mrn: orNothing(number.value()),
              }),
            );
            dialog.close();
            goWith(`#/patients/${patient.id}`, 'good', 'The patient is added.');
          },
          beside: button('Not now', () => dialog.close()),
        },
        fields.map((field) => field.element),
      );
      form.add(...fields);
      return form.element;
    },
    { id: 'add-patient-dialog' },
  );
}
