// Times are shown in the viewer's own zone; `datetime` keeps the moment as the service told it.
import { h } from './dom.js';

const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' });
const exactly = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'long' });
const dayOnly = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

function element(text: string, moment: string, title: string): HTMLElement {
  return h('time', { datetime: moment, title }, text);
}

/** A moment. */
export function time(moment: string): HTMLElement {
  const date = new Date(moment);
  return Number.isNaN(date.getTime())
    ? element(moment, moment, moment)
    : element(when.format(date), moment, exactly.format(date));
}

/** The day of a moment. */
export function dayOf(moment: string): HTMLElement {
  const date = new Date(moment);
  const text = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(date);
  return element(text, moment, exactly.format(date));
}

/** The day on which something ends, whose end is outside: what ends at midnight has the day before as its last. */
export function lastDayOf(moment: string): HTMLElement {
  const date = new Date(moment);
  const text = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(new Date(date.getTime() - 1));
  return element(text, moment, exactly.format(date));
}

/** A calendar date, which is the same day in every zone. */
export function dayText(date: string): string {
  const parsed = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) ? date : dayOnly.format(parsed);
}

export const day = (date: string): HTMLElement => h('time', { datetime: date }, dayText(date));

/** What a `datetime-local` field holds, as the service takes it. */
export const fromLocal = (value: string): string => new Date(value).toISOString();

/** The end of that day here, which is the start of the next one: intervals leave their end out. */
export function endOfDay(date: string): string {
  const [year, month, dayOfMonth] = date.split('-').map(Number);
  return new Date(year!, month! - 1, dayOfMonth! + 1).toISOString();
}

/** A date as fields of dates hold it. */
export function isoDay(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
