// States as badges. The word tells the state; the colour only helps the eye.
import type { Referral } from './api.js';
import { type Child, h } from './dom.js';
import { time } from './time.js';
import { consentState, plain, referralState, sentState, shareState, urgency } from './words.js';

const tones: Record<string, string> = {
  delivered: 'wait',
  opened: 'info',
  acknowledged: 'good',
  withdrawn: 'bad',
  pending: 'wait',
  active: 'good',
  revoked: 'bad',
  declined: 'bad',
  lapsed: 'bad',
  expired: 'bad',
  draft: 'wait',
  signed: 'good',
  sent: 'wait',
  received: 'info',
  information_requested: 'wait',
  accepted: 'good',
  waitlisted: 'info',
  scheduled: 'info',
  no_show: 'wait',
  in_care: 'info',
  cancellation_requested: 'wait',
  completed: 'good',
  discontinued: 'bad',
  cancelled: 'bad',
  entered_in_error: 'bad',
  redirected: 'bad',
};

const words = {
  share: shareState,
  sent: sentState,
  consent: consentState,
  referral: referralState,
  report: plain,
};

export function badge(of: keyof typeof words, state: string): HTMLElement {
  return h(
    'span',
    { class: 'badge', 'data-tone': Object.hasOwn(tones, state) ? tones[state] : 'info', 'data-state': state },
    words[of](state),
  );
}

export function urgencyMark(word: string): Child {
  return word !== 'routine' && h('span', { class: 'badge', 'data-tone': 'bad' }, urgency(word));
}

/** Whose turn it is, and until when. */
export function dueLine(referral: Referral): Child {
  if (!referral.due_at || referral.closed_at) return null;
  return h(
    'p',
    { class: referral.overdue ? 'due late' : 'due' },
    referral.overdue ? 'Overdue since ' : 'Due ',
    time(referral.due_at),
  );
}
