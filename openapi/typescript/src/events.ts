// What happens, as it happens: server-sent events, taken up again where the line was cut.
import type { Schema } from './calls.js';
import type { RapportClient } from './client.js';
import { ProblemError } from './problem.js';
import type { Authorizer } from './session.js';

type Event = Schema<'Event'>;

export interface FollowOptions {
  /**
   * From the event after this `sequence` on, and not from now on: keep the last one that you have dealt with, and
   * nothing is missed over a restart.
   */
  after?: number;
  /** Only events of this type. */
  type?: Event['type'];
  /** Ends it; the loop then throws the signal's reason. */
  signal?: AbortSignal;
  /** Silence after which a line counts as dead, in milliseconds; 45 s: the service says something every 15. */
  silence?: number;
}

/** So often in a row a line may not come about. */
const patience = 8;
/** The longest wait before a new line, in milliseconds. */
const longest = 30_000;
/** The longest line that is read: an event is a few hundred bytes. */
const maxLine = 64 * 1_024;

/**
 * Each event once, in order. A line that is cut, or that ends with its access token, is taken up again where it was; it
 * ends at the first error that waiting does not mend, such as `forbidden`.
 *
 * ```ts
 * for await (const event of followEvents(client, { after: kept, signal })) await dealWith(event);
 * ```
 */
export async function* followEvents(
  client: Pick<RapportClient<Authorizer>, 'GET'>,
  options: FollowOptions = {},
): AsyncGenerator<Event, void, undefined> {
  const { type, signal } = options;
  const query = type === undefined ? {} : { type };
  let place = options.after;
  /** How long the service asks to wait before a new line. */
  let pause = 1_000;
  let failures = 0;
  /** How many lines in a row showed no life: one that ends at once is not asked for without end. */
  let dead = 0;
  for (;;) {
    const line = new Line(signal, options.silence ?? 45_000);
    let asked = 0;
    try {
      const header = place === undefined ? {} : { 'Last-Event-ID': place };
      const { data } = await client.GET('/v1/events/stream', {
        params: { query, header },
        headers: { Accept: 'text/event-stream' },
        parseAs: 'stream',
        signal: line.signal,
      });
      failures = 0;
      for await (const told of line.read(data)) {
        if (told.isAlive) dead = 0;
        pause = told.retry ?? pause;
        const { event } = told;
        const at = event?.sequence ?? told.id;
        // One that was told before the line was cut is told again.
        if (at === undefined || (place !== undefined && at <= place)) continue;
        place = at;
        if (event) yield event;
      }
    } catch (error) {
      failures += 1;
      if (!(error instanceof ProblemError && error.retryable) || failures >= patience) throw error;
      asked = (error.retryAfter ?? 0) * 1_000;
    } finally {
      line.end();
    }
    // At random, so that not everybody who was cut off comes back in the same moment.
    await sleep(asked + Math.min(pause * 2 ** dead, longest) * Math.random(), signal);
    dead = Math.min(dead + 1, 10);
  }
}

/** One open line, which ends with its reader, or after a silence. */
class Line {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #silence: number;
  readonly #abort = () => this.#controller.abort(this.#caller?.reason);

  constructor(caller: AbortSignal | undefined, silence: number) {
    caller?.throwIfAborted();
    caller?.addEventListener('abort', this.#abort);
    this.#caller = caller;
    this.#silence = silence;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What it tells until it ends, is cut, or is dead. */
  async *read(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Told, void, undefined> {
    if (!body) return;
    const reader = body.getReader();
    const text = new EventText();
    for (;;) {
      const timer = setTimeout(this.#abort, this.#silence);
      let chunk: Uint8Array | undefined;
      try {
        chunk = (await reader.read()).value;
      } catch {
        this.#caller?.throwIfAborted();
      } finally {
        clearTimeout(timer);
      }
      if (!chunk) return;
      yield* text.read(chunk);
    }
  }

  end(): void {
    this.#caller?.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }
}

/** What a piece of the text says. */
export interface Told {
  event?: Event;
  /** Where the line stands, even if there was nothing for us. */
  id?: number;
  retry?: number;
  /** Whether it is more than the opening. */
  isAlive: boolean;
}

/** Server-sent events (HTML Living Standard, 9.2.6), as far as the service uses them. */
export class EventText {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #data = '';
  #id: number | undefined;

  *read(chunk: Uint8Array): Generator<Told, void, undefined> {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) yield* this.#line(line.replace(/\r$/, ''));
    if (this.#rest.length > maxLine || this.#data.length > maxLine) throw unreadable();
  }

  *#line(line: string): Generator<Told, void, undefined> {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (line === '') {
      const [data, id] = [this.#data, this.#id];
      this.#data = '';
      this.#id = undefined;
      if (data) yield { event: parsed(data), isAlive: true };
      else if (id !== undefined) yield { id, isAlive: false };
    } else if (line.startsWith(':')) {
      yield { isAlive: true };
    } else if (field === 'data') {
      this.#data += value;
    } else if (/^\d{1,15}$/.test(value)) {
      if (field === 'id') this.#id = Number(value);
      if (field === 'retry') yield { retry: Number(value), isAlive: false };
    }
  }
}

function parsed(data: string): Event {
  let event: Partial<Event> | null = null;
  try {
    event = JSON.parse(data) as Partial<Event> | null;
  } catch {
    // The parser's error quotes what stood there.
  }
  if (typeof event?.sequence !== 'number' || typeof event.type !== 'string') throw unreadable();
  return event as Event;
}

function unreadable(): ProblemError {
  return new ProblemError('unreadable', 'the stream of events holds what is no event');
}

async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
