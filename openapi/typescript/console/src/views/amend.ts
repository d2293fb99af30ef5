// Amending a signed report: what was signed stays, and another version is signed that says why.
import { amendReport, filesOf, isKind, readOn, readPatient, readReport, type Report } from '../api.js';
import { confirm } from '../dialog.js';
import { h } from '../dom.js';
import { filesPart } from '../files.js';
import { button, Form, textarea } from '../form.js';
import { explained } from '../problem.js';
import { missingParts, reportForm, sensitiveChoices } from '../report_form.js';
import { goWith, guard, reload, route, type Shown } from '../router.js';
import { reportKind } from '../words.js';

route('amend/:id', { title: 'Amend a report', tab: 'patients', open });

async function open(id: string): Promise<Shown> {
  let report: Report = await readReport(id);
  if (report.state === 'draft') {
    goWith(`#/drafts/${id}`, 'info', 'It is not signed yet, and can be changed as it is.');
    return { content: null };
  }
  const [patient, files] = await Promise.all([readPatient(report.patient_id), filesOf(id)]);
  const next = (report.current_version ?? 1) + 1;
  const changed = (): void =>
    guard(() =>
      confirm('Leave without signing?', 'What you changed here would be lost.', 'Leave', {
        no: 'Stay here',
      }),
    );
  const reason = textarea('Why it is amended', {
    id: 'reason',
    pointer: '/reason',
    required: true,
    rows: 2,
    hint: 'Such as: Corrected the value at the start. Whoever reads it from now on sees this.',
    attributes: { maxlength: 2000 },
  });
  const touches = sensitiveChoices(report.sensitive_categories);
  // A file has made another version of the report, which the amendment goes on from.
  let settling = Promise.resolve();
  const form: Form = new Form({
    id: 'amend-form',
    submit: `Sign version ${next}`,
    submitId: 'sign-amendment',
    send: async () => {
      const isSure = await confirm(
        `Sign version ${next}?`,
        `It is signed under your name at once. Version ${next - 1} stays as it is, and so do shares of it: share the new one with whom it concerns.`,
        'Sign it',
      );
      if (!isSure) return;
      await settling;
      await amendReport(report, {
        reason: reason.value(),
        body: fields.read(),
        sensitive_categories: touches.values(),
      });
      goWith(
        `#/reports/${id}`,
        'good',
        `Version ${next} is signed. Who had the one before does not have it yet.`,
      );
    },
    explain,
    beside: h('a', { class: 'button', href: `#/reports/${id}` }, 'Not now'),
  });
  form.add(reason);
  for (const control of [reason.control, touches.element]) control.addEventListener('input', changed);
  const fields = reportForm(form, report.body, changed);
  // Drawing the first rows is no change.
  guard(null);
  const attached = filesPart({
    files,
    hint: `PDF, PNG, JPEG or plain text, each of 8 MB at most. They are signed with version ${next}.`,
    waiting: `For version ${next}`,
    report: async () => id,
    changed: () => {
      settling = readOn(report).then((now) => {
        report = now;
      });
      return settling;
    },
  });
  attached.className = 'form-part';
  form.element.prepend(
    h('div', { class: 'form-part' }, reason.element, touches.element),
    fields.element,
    attached,
  );
  form.element.querySelector(':scope > .actions')!.classList.add('sticky');
  return {
    heading: `Amend: ${reportKind(report.kind).toLowerCase()}, version ${next - 1}`,
    eyebrow: h('a', { href: `#/reports/${id}` }, `${patient.given_name} ${patient.family_name}`),
    content: form.element,
  };
}

async function explain(error: unknown): Promise<HTMLElement | null> {
  if (!isKind(error, 'stale')) return missingParts(error);
  return explained(
    error,
    h(
      'p',
      {},
      'Somebody else amended it meanwhile. Copy what you need from here, then begin with what is there now.',
    ),
    h(
      'p',
      { class: 'actions' },
      button(
        'Begin with what is there now',
        () => {
          guard(null);
          return reload('info', 'This is the newest signed version.');
        },
        { id: 'load-signed' },
      ),
    ),
  );
}
