// A patient of the clinic: reports, consents, and where to go from there.
import { consentsOf, type Consent, readPatient, readReport, reportsOf, type ReportSummary } from '../api.js';
import { charts, type Point, type Series, seriesOf } from '../chart.js';
import { type Child, empty, fill, h, terms } from '../dom.js';
import { button } from '../form.js';
import { problemBox } from '../problem.js';
import { route, type Shown } from '../router.js';
import { offers } from '../session.js';
import { badge } from '../states.js';
import { day, dayOf, lastDayOf, time } from '../time.js';
import { category, listed, purpose, reportKind } from '../words.js';

route('patients/:id', { title: 'A patient', tab: 'patients', open });

async function open(id: string): Promise<Shown> {
  const [patient, reports, consents] = await Promise.all([readPatient(id), reportsOf(id), consentsOf(id)]);
  return {
    heading: `${patient.given_name} ${patient.family_name}`,
    eyebrow: h('a', { href: '#/patients' }, 'Patients'),
    content: [
      h(
        'div',
        { class: 'card facts', id: 'patient', 'data-id': patient.id },
        terms([
          ['Born', day(patient.birth_date)],
          ['Record number', patient.mrn],
          ['E-mail', patient.email ?? 'none on file: consents are signed on paper'],
          ['Telephone', patient.phone],
        ]),
      ),
      h(
        'p',
        { class: 'actions' },
        offers('write') &&
          h('a', { class: 'button primary', href: `#/write/${id}`, id: 'write-report' }, 'Write a report'),
        offers('ask') &&
          h('a', { class: 'button', href: `#/ask-consent/${id}`, id: 'ask-consent' }, 'Ask for consent'),
        offers('write') && h('a', { class: 'button', href: `#/refer/${id}`, id: 'refer' }, 'Refer'),
        offers('history') &&
          h('a', { class: 'button', href: `#/history/${id}`, id: 'sharing-history' }, 'Sharing history'),
      ),
      h(
        'div',
        { class: 'two' },
        h(
          'section',
          { 'aria-labelledby': 'patient-reports' },
          h('h2', { id: 'patient-reports' }, 'Reports'),
          reportList(id, reports),
        ),
        h(
          'section',
          { 'aria-labelledby': 'patient-consents' },
          h('h2', { id: 'patient-consents' }, 'Consents'),
          consentList(id, consents),
        ),
      ),
      offers('read') && overTime(reports),
    ],
  };
}

function reportList(patient: string, reports: ReportSummary[]): Child {
  if (reports.length === 0) {
    return empty(
      'No reports yet.',
      'A treatment plan tells another practitioner what you do and why; a progress report tells what came of it.',
      offers('write') && h('a', { class: 'button', href: `#/write/${patient}` }, 'Write the first one'),
    );
  }
  return h(
    'ul',
    { class: 'items', id: 'reports' },
    reports.map((report) =>
      h(
        'li',
        { class: 'item', 'data-test': 'report', 'data-id': report.id, 'data-state': report.state },
        h(
          'a',
          {
            class: 'item-link',
            href: report.state === 'draft' ? `#/drafts/${report.id}` : `#/reports/${report.id}`,
          },
          h('span', { class: 'item-title' }, reportKind(report.kind)),
          h(
            'span',
            { class: 'second' },
            report.signed_at ? ['signed ', time(report.signed_at)] : ['changed ', time(report.updated_at)],
          ),
        ),
        h(
          'p',
          { class: 'item-line' },
          badge('report', report.state),
          (report.current_version ?? 1) > 1 &&
            h('span', { class: 'second' }, `version ${report.current_version}`),
        ),
      ),
    ),
  );
}

function consentList(patient: string, consents: Consent[]): Child {
  if (consents.length === 0) {
    return empty(
      'No consents yet.',
      "Nothing of a report leaves without the patient's signed consent. Ask for one: the patient gets a link, and signs there.",
      offers('ask') && h('a', { class: 'button', href: `#/ask-consent/${patient}` }, 'Ask for consent'),
    );
  }
  return h(
    'ul',
    { class: 'items', id: 'consents' },
    consents.map((consent) =>
      h(
        'li',
        { class: 'item', 'data-test': 'consent', 'data-id': consent.id, 'data-state': consent.state },
        h(
          'a',
          { class: 'item-link', href: `#/consents/${consent.id}` },
          h('span', { class: 'item-title' }, listed(consent.recipients.map((one) => one.name))),
          h(
            'span',
            { class: 'second' },
            `for ${purpose(consent.purpose).toLowerCase()}: ${listed(consent.categories.map(category)).toLowerCase()}`,
          ),
        ),
        h(
          'p',
          { class: 'item-line' },
          badge('consent', consent.state),
          h(
            'span',
            { class: 'second' },
            consent.state === 'pending'
              ? ['asked ', dayOf(consent.asked_at)]
              : consent.state === 'active'
                ? ['until ', lastDayOf(consent.expires_at)]
                : null,
          ),
        ),
      ),
    ),
  );
}

/** The measures of all signed reports, each by its name. Drawn on demand: it reads every report, and readings are recorded. */
function overTime(reports: ReportSummary[]): Child {
  const signed = reports.filter((report) => report.state === 'signed').slice(0, 20);
  if (signed.length === 0) return null;
  const holder = h('div', {});
  fill(
    holder,
    h(
      'p',
      { class: 'hint' },
      'What was measured in all signed reports, side by side. Drawing it reads each of them, which is recorded.',
    ),
    button(
      'Draw the measures',
      async () => {
        try {
          const read = await Promise.all(signed.map((report) => readReport(report.id)));
          read.sort((one, other) => (one.signed_at ?? '').localeCompare(other.signed_at ?? ''));
          const merged = merge(
            read.map((report) => seriesOf(report.body.measures ?? [], report.body.goals ?? [])),
          );
          fill(holder, merged.length > 0 ? charts(merged) : h('p', {}, 'Nothing was measured yet.'));
        } catch (error) {
          fill(holder, problemBox(error));
        }
      },
      { id: 'draw-measures' },
    ),
  );
  return h(
    'section',
    { class: 'part', 'aria-labelledby': 'over-time' },
    h('h2', { id: 'over-time' }, 'Measures over time'),
    holder,
  );
}

/** One series of each name, its values in the order of their days, each day once. */
function merge(all: Series[][]): Series[] {
  const merged = new Map<string, Series>();
  for (const series of all.flat()) {
    const key = `${series.name.trim().toLowerCase()} ${series.unit ?? ''}`;
    const known = merged.get(key);
    if (!known) merged.set(key, { ...series, points: [...series.points] });
    else {
      for (const point of series.points)
        if (!known.points.some((other) => isSame(other, point))) known.points.push(point);
      known.target = series.target ?? known.target;
    }
  }
  for (const series of merged.values()) {
    if (series.points.every((point) => point.on !== undefined))
      series.points.sort((one, other) => one.on!.localeCompare(other.on!));
    series.points = series.points.map((point, index, points) => ({
      ...point,
      label: index === 0 ? 'Baseline' : index === points.length - 1 ? 'Now' : 'Between',
    }));
  }
  return [...merged.values()];
}

const isSame = (one: Point, other: Point): boolean =>
  one.value === other.value && one.on === other.on && (one.on !== undefined || one.label === other.label);
