// One signed version of a report of one's own clinic, as it was signed: it never changes.
import { filesOf, readReport, readVersion } from '../api.js';
import { h, terms } from '../dom.js';
import { filesOfVersion } from '../files.js';
import { drawReport } from '../report_view.js';
import { route, type Shown } from '../router.js';
import { time } from '../time.js';
import { amendment } from '../versions.js';
import { category, listed, plain, reportKind } from '../words.js';

route('reports/:id/versions/:number', { title: 'A version of a report', tab: 'patients', open });

async function open(id: string, number: string): Promise<Shown> {
  const wanted = Number(number);
  const [report, version, before, files] = await Promise.all([
    readReport(id),
    readVersion(id, wanted),
    wanted > 1 ? readVersion(id, wanted - 1) : null,
    filesOf(id),
  ]);
  const newest = report.current_version ?? wanted;
  return {
    heading: `${reportKind(version.kind)}, version ${wanted}`,
    eyebrow: h('a', { href: `#/reports/${id}` }, 'To the report'),
    content: h(
      'div',
      { class: 'reading', id: 'version', 'data-number': wanted },
      h(
        'div',
        { class: 'reading-main' },
        wanted < newest &&
          h(
            'p',
            { class: 'message', 'data-kind': 'info' },
            `It was amended since: the newest is version ${newest}.`,
          ),
        amendment(before, version),
        drawReport(version.body),
        filesOfVersion(files, wanted),
      ),
      h(
        'aside',
        { class: 'reading-side', 'aria-label': 'About this version' },
        h(
          'div',
          { class: 'card' },
          terms([
            ['Version', `${wanted} of ${newest}`],
            [
              'Signed by',
              [
                version.signed_by.name,
                version.signed_by.profession &&
                  h('span', { class: 'second' }, plain(version.signed_by.profession)),
              ],
            ],
            ['Signed', time(version.signed_at)],
            [
              'Touches',
              version.sensitive_categories.length > 0 && listed(version.sensitive_categories.map(category)),
            ],
            ['SHA-256', h('code', { class: 'hash' }, version.content_hash)],
          ]),
        ),
      ),
    ),
  };
}
