// A report that another clinic shared. Opening it is a reading: it passes the consent, and is recorded.
import { acknowledgeShare, readShare, readSharedFile, type Share, toProblem, slugOf } from '../api.js';
import { type Child, h, terms, typed } from '../dom.js';
import { button } from '../form.js';
import { fileList, part } from '../files.js';
import { explained, inWords } from '../problem.js';
import { drawReport } from '../report_view.js';
import { reload, route, type Shown } from '../router.js';
import { badge } from '../states.js';
import { dayText, lastDayOf, time } from '../time.js';
import { listed, plain, purpose, reportKind, section } from '../words.js';

route('shares/:id', { title: 'A report that was shared', tab: 'inbox', open });

const closed: Record<string, string> = {
  'consent-revoked':
    'The patient has taken the consent back. You had the right to read it before; from now on nobody reads it, and no reason has to be given.',
  'consent-expired':
    'The consent has ended by its date. If you still need the report, ask the clinic that sent it: it can ask the patient again.',
  'consent-too-narrow': 'The consent in force does not cover this. Ask the clinic that sent it.',
  'consent-missing': 'No consent in force covers this any more. Ask the clinic that sent it.',
};

async function open(id: string): Promise<Shown> {
  let share: Share;
  try {
    share = await readShare(id);
  } catch (error) {
    const words = closed[slugOf(toProblem(error))];
    if (words === undefined) throw error;
    return {
      heading: "This report can't be read now",
      content: explained(
        error,
        h('p', {}, words),
        h('p', { class: 'actions' }, h('a', { class: 'button', href: '#/inbox' }, 'Back to the inbox')),
      ),
    };
  }
  const content = share.content;
  if (!content)
    return {
      heading: reportKind(share.kind),
      content: [facts(share), h('p', {}, 'Only whom it is addressed to reads what it says.')],
    };
  const patient = content.patient;
  return {
    heading: `${patient.given_name} ${patient.family_name}`,
    eyebrow: [reportKind(share.kind), ', from ', share.sender_clinic.name],
    content: h(
      'div',
      { class: 'reading', id: 'share', 'data-state': share.state },
      h(
        'div',
        { class: 'reading-main' },
        content.cover_letter &&
          h(
            'section',
            { class: 'note', 'aria-labelledby': 'cover-title' },
            h('h2', { id: 'cover-title' }, 'From the sender'),
            h('div', { id: 'cover' }, typed(content.cover_letter)),
          ),
        drawReport(content.body),
        files(share),
        h(
          'section',
          { class: 'note', 'aria-labelledby': 'notice-title' },
          h('h2', { id: 'notice-title' }, 'Confidential'),
          typed(content.notice),
        ),
      ),
      h(
        'aside',
        { class: 'reading-side', 'aria-label': 'About this report' },
        acknowledgement(share),
        facts(share),
      ),
    ),
  };
}

function facts(share: Share): HTMLElement {
  const content = share.content;
  const signer = content?.signed_by ?? share.sent_by;
  return h(
    'div',
    { class: 'card' },
    terms([
      ['Status', badge('share', share.state)],
      ['Born', content && dayText(content.patient.birth_date)],
      [
        'Signed by',
        [signer.name, signer.profession && h('span', { class: 'second' }, plain(signer.profession))],
      ],
      ['Signed', content && time(content.signed_at)],
      ['Sent by', share.sent_by.name === signer.name ? null : share.sent_by.name],
      ['Clinic', share.sender_clinic.name],
      ['Came in', time(share.delivered_at)],
      ['First read', share.opened_at && time(share.opened_at)],
      ['Acknowledged', share.acknowledged_at && time(share.acknowledged_at)],
      ['For', purpose(share.purpose)],
      ['Sections', h('span', { id: 'sections' }, listed(share.sections.map(section)))],
      ['Consent runs until', content && lastDayOf(content.consent_expires_at)],
      ['Version', String(share.report_version)],
      ['SHA-256', content && h('code', { class: 'hash' }, content.content_hash)],
    ]),
  );
}

function acknowledgement(share: Share): Child {
  if (share.state !== 'opened' && share.state !== 'delivered') return null;
  return h(
    'div',
    { class: 'card call' },
    h(
      'p',
      {},
      `${share.sender_clinic.name} sees that it was read. Acknowledge it, and they know that you have taken it in.`,
    ),
    button(
      'I have read it',
      async () => {
        try {
          await acknowledgeShare(share);
          await reload('good', 'Acknowledged. The sender sees that you have read it.');
        } catch (error) {
          await reload('error', inWords(error));
        }
      },
      { class: 'primary', id: 'acknowledge' },
    ),
  );
}

function files(share: Share): Child {
  const all = share.content?.attachments ?? [];
  return all.length > 0 && part(fileList(all, (file) => readSharedFile(share.id, file)));
}
