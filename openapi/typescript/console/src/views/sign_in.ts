// Signing in: password, then the code of the authenticator, which the first time is enrolled on the way.
import type { SecondFactor } from '../../../src/index.js';
import { isKind } from '../api.js';
import { announce } from '../announce.js';
import { byId, fill, h } from '../dom.js';
import { button, Form, input } from '../form.js';
import { qrCode } from '../qr.js';
import { auth } from '../session.js';

/** Shows the first step; `done` is called once somebody is signed in. */
export function showSignIn(done: () => Promise<void>, why = ''): void {
  step(
    'Sign in',
    h('p', { class: 'lead' }, "Reports and referrals between practitioners, with the patient's consent."),
    passwordForm(done, why),
  );
}

function step(title: string, ...content: Parameters<typeof fill>[1][]): void {
  document.title = `${title} · Rapport`;
  byId('heading').textContent = title;
  fill(byId('eyebrow'));
  fill(byId('view'), h('div', { class: 'card sign-in' }, content));
  byId('heading').focus({ preventScroll: true });
}

function passwordForm(done: () => Promise<void>, why: string): HTMLElement[] {
  const email = input('E-mail address', {
    id: 'email',
    pointer: '/email',
    required: true,
    attributes: {
      type: 'email',
      autocomplete: 'username',
      maxlength: 254,
      autocapitalize: 'off',
      spellcheck: 'false',
    },
  });
  const password = input('Password', {
    id: 'password',
    pointer: '/password',
    required: true,
    attributes: { type: 'password', autocomplete: 'current-password', maxlength: 1024 },
  });
  const form = new Form(
    {
      id: 'sign-in-form',
      submit: 'Sign in',
      submitId: 'sign-in',
      send: async () => {
        const second = await auth.begin({
          email: email.value(),
          password: (password.control as HTMLInputElement).value,
        });
        (password.control as HTMLInputElement).value = '';
        if (second.isFirstTime) await enrol(second, done);
        else step('Your code', codeForm(second, done));
      },
    },
    email.element,
    password.element,
  );
  form.add(email, password);
  return [...(why ? [h('p', { class: 'message', 'data-kind': 'info', id: 'why' }, why)] : []), form.element];
}

async function enrol(second: SecondFactor, done: () => Promise<void>): Promise<void> {
  const enrolment = await second.enrol();
  step('Set up your authenticator', [
    h(
      'p',
      {},
      'A password alone is not enough here. Add this account to an authenticator app on your phone, then type the code that the app shows.',
    ),
    h(
      'div',
      { class: 'enrol' },
      qrCode(enrolment.otpauth_uri, 'A code for the camera of your authenticator app'),
      h(
        'div',
        {},
        h('p', { class: 'hint' }, 'No camera? Type this secret into the app instead:'),
        h('p', {}, h('code', { id: 'secret', class: 'secret' }, enrolment.secret)),
        h(
          'details',
          {},
          h('summary', {}, 'The whole address'),
          h('p', { class: 'details-body' }, h('code', { id: 'otpauth' }, enrolment.otpauth_uri)),
        ),
      ),
    ),
    codeForm(second, done),
  ]);
}

function codeForm(second: SecondFactor, done: () => Promise<void>): HTMLElement {
  const code = input('Code of your authenticator', {
    id: 'code',
    pointer: '/code',
    required: true,
    hint: 'Six digits. Each works once.',
    class: 'code',
    attributes: {
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      pattern: '[0-9]{6}',
      maxlength: 6,
      title: 'Six digits.',
    },
  });
  const form = new Form(
    {
      id: 'code-form',
      submit: 'Go on',
      submitId: 'verify',
      send: async () => {
        try {
          await second.verify(code.value());
        } catch (error) {
          if (!isKind(error, 'verification-failed')) throw error;
          (code.control as HTMLInputElement).value = '';
          code.refuse('The code is wrong or was used before. Wait for the next one.');
          code.control.focus();
          return;
        }
        announce('Signed in.');
        await done();
      },
      beside: button('Start again', () => showSignIn(done), { id: 'start-again' }),
    },
    code.element,
  );
  form.add(code);
  return form.element;
}
