// The files of a report: saved, added, and taken out as long as no signed version holds them.
import { addFile, type Attachment, filesOf, readFile, removeFile, toProblem } from './api.js';
import { announce, notice } from './announce.js';
import { confirm } from './dialog.js';
import { type Child, fill, h, hidden } from './dom.js';
import { button, input } from './form.js';
import { inWords } from './problem.js';

/** The largest file, in bytes. */
const largest = 8 * 1024 * 1024;

/** What is taken, by the extension, for a system that does not know the type of a file. */
const types: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  txt: 'text/plain',
};

const kinds: Record<string, string> = {
  'application/pdf': 'PDF',
  'image/png': 'Picture (PNG)',
  'image/jpeg': 'Picture (JPEG)',
  'text/plain': 'Text',
};

type Described = Pick<Attachment, 'id' | 'file_name' | 'media_type' | 'size'>;

/** Files, each with a button that saves it: nothing of it is shown here. */
export function fileList<F extends Described>(
  files: readonly F[],
  read: (id: string) => Promise<Blob>,
  more: (file: F) => { facts?: Child; moves?: Child } = () => ({}),
): HTMLElement {
  return h(
    'ul',
    { class: 'items' },
    files.map((file) => {
      const { facts, moves } = more(file);
      return h(
        'li',
        { class: 'item', 'data-test': 'file' },
        h('span', { class: 'item-title' }, file.file_name),
        h(
          'p',
          { class: 'item-line' },
          h(
            'span',
            { class: 'second' },
            `${kinds[file.media_type] ?? file.media_type}, ${sizeOf(file.size)}`,
          ),
          facts,
        ),
        h('p', { class: 'moves' }, saveButton(file, read), moves),
      );
    }),
  );
}

function saveButton(file: Described, read: (id: string) => Promise<Blob>): HTMLElement {
  return button(
    ['Save the file', hidden(` ${file.file_name}`)],
    async () => {
      try {
        const address = URL.createObjectURL(await read(file.id));
        h('a', { href: address, download: file.file_name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 10_000);
      } catch (error) {
        notice('error', inWords(error));
      }
    },
    { class: 'small', 'data-test': 'save-file' },
  );
}

/** The files of what is about to be signed: added, and taken out as long as no signed version holds them. */
export function filesPart(options: {
  files: Attachment[];
  hint: string;
  /** What a file is that no version holds yet. */
  waiting: string;
  /** Gives the report's id; a report that is not there yet is made. */
  report(): Promise<string>;
  /** Called after each change, which counts the report's version on by one. */
  changed?(): Promise<void>;
}): HTMLElement {
  const held = h('div', { id: 'files' });
  const busy = h('div', { class: 'busy', role: 'status', id: 'uploading' });
  const field = input('Add files', {
    id: 'file',
    unmarked: true,
    hint: options.hint,
    attributes: {
      type: 'file',
      multiple: true,
      accept: Object.keys(types)
        .map((one) => `.${one}`)
        .join(),
    },
  });
  const control = field.control as HTMLInputElement;

  function show(files: Attachment[]): void {
    if (files.length === 0) return fill(held, h('p', { class: 'quiet' }, 'No file is attached.'));
    const list = fileList(files, readFile, (file) =>
      file.versions.length > 0
        ? { facts: h('span', { class: 'second' }, inVersions(file.versions)) }
        : {
            facts: h('span', { class: 'badge', 'data-tone': 'wait' }, options.waiting),
            moves: button(['Take out', hidden(` ${file.file_name}`)], () => takeOut(file), {
              class: 'small',
              'data-test': 'take-out-file',
            }),
          },
    );
    fill(held, list);
  }

  async function takeOut(file: Attachment): Promise<void> {
    const text = 'No signed version holds it. It is deleted for good.';
    if (!(await confirm(`Take ${file.file_name} out?`, text, 'Take it out', { danger: true }))) return;
    try {
      await removeFile(file.id);
      await options.changed?.();
      announce(`${file.file_name} is taken out.`);
      show(await filesOf(file.report_id));
    } catch (error) {
      notice('error', inWords(error));
    }
    control.focus();
  }

  async function add(chosen: File[]): Promise<void> {
    control.disabled = true;
    field.refuse(null);
    const refused: string[] = [];
    try {
      const report = await options.report();
      for (const file of chosen) {
        const text = `Sending ${file.name}, ${sizeOf(file.size)}`;
        fill(busy, h('p', {}, text), h('progress', { 'aria-label': text }));
        const why =
          reasonAgainst(file) ?? (await addFile(report, file, typeOf(file)).then(() => null, complaint));
        if (why !== null) refused.push(`${file.name}: ${why}`);
        else await options.changed?.();
      }
      show(await filesOf(report));
    } catch (error) {
      refused.push(inWords(error));
    }
    fill(busy);
    control.value = '';
    control.disabled = false;
    // While it was disabled nobody could hold the focus there; who went elsewhere stays there.
    if (document.activeElement === document.body) control.focus();
    field.refuse(refused.length > 0 ? refused.join('\n') : null);
    const added = chosen.length - refused.length;
    announce([added > 0 && `Attached: ${added} of ${chosen.length}.`, ...refused].filter(Boolean).join(' '));
  }

  control.addEventListener('change', () => {
    if (control.files && control.files.length > 0) void add([...control.files]);
  });
  show(options.files);
  return part(held, field.element, busy);
}

/** The files that were signed with a version; nothing where there are none. */
export function filesOfVersion(files: readonly Attachment[], version: number): Child {
  const own = files.filter((file) => file.versions.includes(version));
  return own.length > 0 && part(fileList(own, readFile));
}

export function part(...content: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'part', 'aria-labelledby': 'files-title' },
    h('h2', { id: 'files-title' }, 'Attached files'),
    content,
  );
}

function inVersions(versions: readonly number[]): string {
  const [first, last] = [Math.min(...versions), Math.max(...versions)];
  return first === last ? `signed with version ${first}` : `signed with versions ${first} to ${last}`;
}

function sizeOf(bytes: number): string {
  const kilo = Math.max(1, Math.round(bytes / 1024));
  return kilo < 1024 ? `${kilo} kB` : `${(kilo / 1024).toFixed(1)} MB`;
}

function typeOf(file: File): string {
  const extension = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  return file.type || (types[extension] ?? 'application/octet-stream');
}

/** What needs no sending to be known. */
function reasonAgainst(file: File): string | null {
  if (file.size === 0) return 'it is empty.';
  return file.size > largest ? `it has ${sizeOf(file.size)}. A file may have 8 MB.` : null;
}

/** Why the service did not take it, in words about a file. */
function complaint(error: unknown): string {
  const refused = toProblem(error).errors?.[0];
  if (refused?.pointer === '/media_type') return 'its type is not taken. PDF, PNG, JPEG and plain text are.';
  if (refused?.code === 'wrong_type') return 'it is not what its name says.';
  return refused?.message ?? inWords(error);
}
