// Writing a report: a draft that is saved as often as one likes, and signed once all four parts are there.
import {
  draftReport,
  filesOf,
  isKind,
  readOn,
  readPatient,
  readReport,
  type Report,
  type ReportKind,
  saveReport,
  signReport,
} from '../api.js';
import { announce, notice } from '../announce.js';
import { confirm } from '../dialog.js';
import { fill, h } from '../dom.js';
import { filesPart } from '../files.js';
import { button, Form, select } from '../form.js';
import { explained } from '../problem.js';
import { missingParts, reportForm, sensitiveChoices } from '../report_form.js';
import { goWith, guard, reload, rename, route, type Shown } from '../router.js';
import { time } from '../time.js';
import { reportKind } from '../words.js';

route('write/:id', { title: 'Write a report', tab: 'patients', open: (patient) => open(patient, null) });
route('drafts/:id', {
  title: 'Write a report',
  tab: 'patients',
  open: async (id) => {
    const report = await readReport(id);
    if (report.state !== 'draft') {
      goWith(`#/reports/${id}`, 'info', 'It is signed, and does not change any more.');
      return { content: null };
    }
    return open(report.patient_id, report);
  },
});

const kinds: ReportKind[] = ['treatment_plan', 'progress_report'];

async function open(patientId: string, draft: Report | null): Promise<Shown> {
  const [patient, files] = await Promise.all([readPatient(patientId), draft ? filesOf(draft.id) : []]);
  let report = draft;
  let isChanged = false;
  const state = h('p', { class: 'saved', id: 'saved', role: 'status' });
  const tell = (): void =>
    fill(
      state,
      isChanged
        ? 'Changes are not saved yet.'
        : report
          ? ['Draft, saved ', time(report.updated_at)]
          : 'Not saved yet.',
    );
  const changed = (): void => {
    if (isChanged) return;
    isChanged = true;
    tell();
    guard(
      () =>
        confirm('Leave without saving?', 'What you wrote since the last save would be lost.', 'Leave', {
          no: 'Stay here',
        }),
      async () => {
        await save();
      },
    );
  };

  const kind = select(
    'What it is',
    kinds.map((one) => [one, reportKind(one)]),
    { id: 'kind', pointer: '/kind', value: report?.kind ?? 'progress_report', required: true },
  );
  kind.control.addEventListener('input', changed);
  const touches = sensitiveChoices(report?.sensitive_categories ?? []);
  touches.element.addEventListener('change', changed);

  // A file has made another version of the draft, which goes on from there.
  let settling = Promise.resolve();
  const save = async (): Promise<Report> => {
    await settling;
    const content = {
      kind: kind.value() as ReportKind,
      body: fields.read(),
      sensitive_categories: touches.values(),
    };
    const isNew = report === null;
    report = report
      ? await saveReport(report, content)
      : await draftReport({ patient_id: patientId, ...content });
    isChanged = false;
    guard(null);
    // The address becomes the draft's own, so that a reload finds it; nothing is opened anew, and the focus stays.
    if (isNew) rename(`#/drafts/${report.id}`);
    tell();
    return report;
  };

  const form: Form = new Form({
    id: 'report-form-form',
    submit: 'Save the draft',
    submitId: 'save-draft',
    send: async () => {
      await save();
      announce('The draft is saved.');
    },
    explain,
    beside: button(
      'Sign it',
      async () => {
        if (!form.isValid()) return;
        try {
          await settling;
          const saved = isChanged || !report ? await save() : report;
          const isSure = await confirm(
            'Sign this report?',
            'Signing freezes it under your name, with its hash and the time. Later changes are amendments.',
            'Sign it',
          );
          if (!isSure) return;
          await signReport(saved);
          goWith(`#/reports/${saved.id}`, 'good', 'Signed. Share it with whom the patient has agreed to.');
        } catch (error) {
          await form.show(error, explain);
        }
      },
      { id: 'sign-report' },
    ),
  });
  form.add(kind);
  const fields = reportForm(form, report?.body ?? {}, changed);
  // Drawing the first rows is no change.
  isChanged = false;
  guard(null);
  const attached = filesPart({
    files,
    hint: 'PDF, PNG, JPEG or plain text, each of 8 MB at most. They are signed with the report. Pictures lose what a camera adds, such as the place.',
    waiting: 'Not signed yet',
    report: async () => (report && !isChanged ? report : await save()).id,
    changed: () => {
      settling = readOn(report!).then((now) => {
        report = now;
        tell();
      });
      return settling;
    },
  });
  attached.className = 'form-part';
  form.element.prepend(
    h('div', { class: 'form-part' }, kind.element, touches.element),
    fields.element,
    attached,
  );
  const foot = form.element.querySelector(':scope > .actions')!;
  foot.classList.add('sticky');
  foot.append(state);
  tell();
  return {
    eyebrow: h('a', { href: `#/patients/${patientId}` }, `${patient.given_name} ${patient.family_name}`),
    content: form.element,
  };
}

async function explain(error: unknown): Promise<HTMLElement | null> {
  if (isKind(error, 'stale')) {
    return explained(
      error,
      h(
        'p',
        {},
        'Somebody else saved this draft meanwhile. Copy what you need from here, then load what was saved.',
      ),
      h(
        'p',
        { class: 'actions' },
        button(
          'Load what was saved',
          () => {
            guard(null);
            return reload('info', 'This is the draft as it was saved last.');
          },
          { id: 'load-saved' },
        ),
      ),
    );
  }
  const lacking = missingParts(error);
  if (lacking) notice('info', "The draft is saved. It can't be signed yet.");
  return lacking;
}
