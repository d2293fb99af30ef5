// A consent: what was asked, in the words that the patient reads, and where it stands.
import { type Consent, readConsent, revokeConsent } from '../api.js';
import { openDialog } from '../dialog.js';
import { type Child, h, terms } from '../dom.js';
import { button, Form, orNothing, textarea } from '../form.js';
import { reload, route, type Shown } from '../router.js';
import { badge } from '../states.js';
import { day, lastDayOf, time } from '../time.js';
import { category, consentMethod, listed, purpose } from '../words.js';

route('consents/:id', { title: 'A consent', tab: 'patients', open });

const meaning: Record<string, string> = {
  pending: 'The patient was asked. Nothing is shared under it until it is signed.',
  active: 'Reports may be shared under it, and are checked against it at every reading.',
  revoked: 'The patient has taken it back. Nobody reads anything under it any more.',
  expired: 'It has ended by its date. Ask for a new one to go on.',
  superseded: 'A newer consent has taken its place.',
  declined: 'The patient has said no. No reason has to be given.',
  lapsed: 'The patient has not answered in time. You can ask again.',
};

async function open(id: string): Promise<Shown> {
  const consent = await readConsent(id);
  return {
    eyebrow: h('a', { href: `#/patients/${consent.patient_id}` }, 'To the patient'),
    content: h(
      'div',
      { class: 'reading', id: 'consent', 'data-state': consent.state },
      h(
        'div',
        { class: 'reading-main' },
        h(
          'div',
          { class: 'card' },
          h(
            'p',
            { class: 'badge-line' },
            h('span', { id: 'consent-state' }, badge('consent', consent.state)),
            ' ',
            meaning[consent.state] ?? '',
          ),
          terms([
            [
              'Who may receive',
              h(
                'ul',
                { class: 'plain' },
                consent.recipients.map((one) =>
                  h('li', {}, one.name, one.email && h('span', { class: 'second' }, one.email)),
                ),
              ),
            ],
            ['What', listed(consent.categories.map(category))],
            ['For', purpose(consent.purpose)],
            ['Until the end of', lastDayOf(consent.expires_at)],
            ['Report back', consent.two_way ? 'Who receives may report back to this clinic' : null],
            ['Asked', time(consent.asked_at)],
            ['Answer by', consent.state === 'pending' ? time(consent.lapses_at) : null],
            ['Signed', signature(consent)],
            [
              'Revoked',
              consent.revoked_at && [
                time(consent.revoked_at),
                consent.revocation_method && `, ${consentMethod(consent.revocation_method)}`,
              ],
            ],
          ]),
          consent.superseded_by &&
            h(
              'p',
              {},
              h('a', { href: `#/consents/${consent.superseded_by}` }, 'The consent that took its place'),
            ),
          (consent.state === 'active' || consent.state === 'pending') &&
            h(
              'p',
              { class: 'actions' },
              button("Revoke on the patient's word", () => revoke(consent), { id: 'revoke' }),
            ),
        ),
        h(
          'details',
          { class: 'statement-box' },
          h('summary', {}, 'The statement, exactly as the patient sees it'),
          h('p', { class: 'statement' }, consent.statement),
          h('p', { class: 'fingerprint' }, 'SHA-256 ', h('code', { class: 'hash' }, consent.statement_hash)),
        ),
      ),
    ),
  };
}

function signature(consent: Consent): Child {
  const signed = consent.signature;
  if (!signed) return null;
  return [
    time(signed.signed_at),
    `, as ${signed.signed_name}, ${consentMethod(signed.method)}`,
    signed.paper_signed_on && [' dated ', day(signed.paper_signed_on)],
  ];
}

function revoke(consent: Consent): void {
  openDialog(
    'Revoke this consent?',
    (dialog) => {
      const note = textarea('How the patient said it', {
        id: 'revocation-note',
        pointer: '/note',
        hint: 'For your own record. No reason is needed.',
        attributes: { maxlength: 1000 },
      });
      const form = new Form(
        {
          submit: 'Revoke',
          submitId: 'revoke-now',
          danger: true,
          send: async () => {
            await revokeConsent(consent.id, orNothing(note.value()));
            dialog.close();
            await reload('good', 'Revoked. From now on nobody reads anything under it.');
          },
          beside: button('Not now', () => dialog.close()),
        },
        h(
          'p',
          {},
          'It takes effect at once, for everybody who could read under it. What was read before stays on the record.',
        ),
        note.element,
      );
      form.add(note);
      return form.element;
    },
    { id: 'revoke-dialog' },
  );
}
