// A signed report of one's own clinic: what it says, to whom it went, and how far it has come there.
import {
  type Attachment,
  filesOf,
  readReport,
  readVersion,
  type ReportVersionSummary,
  type Share,
  sharesOf,
  versionsOf,
  withdrawShare,
} from '../api.js';
import { confirm } from '../dialog.js';
import { type Child, empty, h, terms } from '../dom.js';
import { filesOfVersion, filesPart } from '../files.js';
import { button } from '../form.js';
import { inWords } from '../problem.js';
import { drawReport } from '../report_view.js';
import { go, reload, route, type Shown } from '../router.js';
import { offers } from '../session.js';
import { badge } from '../states.js';
import { dayOf, time } from '../time.js';
import { amendment } from '../versions.js';
import { category, listed, plain, purpose, reportKind, section } from '../words.js';

route('reports/:id', { title: 'A report', tab: 'patients', open });

async function open(id: string): Promise<Shown> {
  const report = await readReport(id);
  if (report.state === 'draft') {
    go(`#/drafts/${id}`);
    return { content: null };
  }
  const newest = report.current_version ?? 1;
  const [shares, versions, files, version, before] = await Promise.all([
    sharesOf(id),
    versionsOf(id),
    filesOf(id),
    newest > 1 ? readVersion(id, newest) : null,
    newest > 1 ? readVersion(id, newest - 1) : null,
  ]);
  return {
    heading: reportKind(report.kind),
    eyebrow: h('a', { href: `#/patients/${report.patient_id}` }, 'To the patient'),
    content: h(
      'div',
      { class: 'reading', id: 'own-report', 'data-state': report.state },
      h(
        'div',
        { class: 'reading-main' },
        version && amendment(before, version),
        drawReport(report.body),
        fileSection(id, files, newest),
      ),
      h(
        'aside',
        { class: 'reading-side', 'aria-label': 'About this report' },
        h(
          'div',
          { class: 'card call' },
          h(
            'p',
            { class: 'actions' },
            h('a', { class: 'button primary', href: `#/share-report/${id}`, id: 'share-report' }, 'Share it'),
            offers('write') &&
              h('a', { class: 'button', href: `#/amend/${id}`, id: 'amend-report' }, 'Amend it'),
          ),
        ),
        h(
          'section',
          { class: 'card', 'aria-labelledby': 'went-to' },
          h('h2', { id: 'went-to' }, 'Where it went'),
          sharesList(shares, newest),
        ),
        versions.length > 1 && versionsList(id, versions),
        h(
          'div',
          { class: 'card' },
          terms([
            ['Status', badge('report', report.state)],
            [
              'Signed by',
              report.signed_by && [
                report.signed_by.name,
                report.signed_by.profession &&
                  h('span', { class: 'second' }, plain(report.signed_by.profession)),
              ],
            ],
            ['Signed', report.signed_at && time(report.signed_at)],
            ['Version', report.current_version && String(report.current_version)],
            [
              'Touches',
              report.sensitive_categories.length > 0 && listed(report.sensitive_categories.map(category)),
            ],
            ['SHA-256', report.content_hash && h('code', { class: 'hash' }, report.content_hash)],
          ]),
        ),
      ),
    ),
  };
}

/** The files, those that wait for an amendment among them. */
function fileSection(id: string, files: Attachment[], newest: number): Child {
  if (!offers('write')) return filesOfVersion(files, newest);
  return filesPart({
    files,
    hint: 'What is added now is signed with the next version: amend the report then. PDF, PNG, JPEG or plain text, each of 8 MB at most.',
    waiting: 'Waits for an amendment',
    report: async () => id,
  });
}

function versionsList(id: string, versions: ReportVersionSummary[]): HTMLElement {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'versions-title' },
    h('h2', { id: 'versions-title' }, 'Versions'),
    h(
      'ol',
      { class: 'timeline', id: 'versions' },
      versions.map(({ number, signed_at, signed_by }) =>
        h(
          'li',
          { class: 'event', 'data-test': 'version' },
          h('a', { href: `#/reports/${id}/versions/${number}` }, `Version ${number}`),
          h('p', { class: 'second' }, 'signed ', time(signed_at), ` by ${signed_by.name}`),
        ),
      ),
    ),
  );
}

function sharesList(shares: Share[], newest: number): Child {
  if (shares.length === 0) return empty('Nowhere yet.', 'Share it, and see here when it was read.');
  return h(
    'ul',
    { class: 'items', id: 'shares' },
    shares.map((share) =>
      h(
        'li',
        { class: 'item', 'data-test': 'sent-share', 'data-id': share.id, 'data-state': share.state },
        h('span', { class: 'item-title' }, share.recipient.name),
        h(
          'p',
          { class: 'item-line' },
          badge('sent', share.state),
          h(
            'span',
            { class: 'second' },
            share.report_version < newest
              ? `version ${share.report_version}, not the newest`
              : `version ${share.report_version}`,
          ),
        ),
        steps(share),
        h(
          'p',
          { class: 'second' },
          `For ${purpose(share.purpose).toLowerCase()}: ${listed(share.sections.map(section)).toLowerCase()}`,
        ),
        share.state !== 'withdrawn' &&
          button(
            'Withdraw',
            async () => {
              const isSure = await confirm(
                'Withdraw this share?',
                `${share.recipient.name} can't read it any more. What was read before is on the record.`,
                'Withdraw',
                { danger: true },
              );
              if (!isSure) return;
              try {
                await withdrawShare(share);
                await reload('good', 'The share is withdrawn.');
              } catch (error) {
                await reload('error', inWords(error));
              }
            },
            { class: 'small', 'aria-label': `Withdraw from ${share.recipient.name}` },
          ),
      ),
    ),
  );
}

/** Sent, read, acknowledged: how far it has come. */
function steps(share: Share): HTMLElement {
  const all: [string, string | null | undefined][] = [
    ['Sent', share.delivered_at],
    ['Read', share.opened_at],
    ['Acknowledged', share.acknowledged_at],
  ];
  return h(
    'ol',
    { class: 'steps' },
    all.map(([word, at]) =>
      h(
        'li',
        { class: at ? 'step done' : 'step' },
        word,
        at ? h('span', { class: 'second' }, dayOf(at)) : h('span', { class: 'second' }, 'not yet'),
      ),
    ),
  );
}
