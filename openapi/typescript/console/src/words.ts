// How people say what the service calls by a word. A word that is not known here is shown as it is, so that a newer
// service can say more than this page was made for.

export function plain(word: string): string {
  const text = word.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function table(words: Record<string, string>): (word: string) => string {
  return (word) => (Object.hasOwn(words, word) ? words[word]! : plain(word));
}

export const reportKind = table({ treatment_plan: 'Treatment plan', progress_report: 'Progress report' });
export const referralKind = table({ referral: 'Referral', second_opinion: 'Second opinion' });
export const urgency = table({ routine: 'Routine', urgent: 'Urgent', emergent: 'Emergent' });
export const side = table({ sender: 'the sender', recipient: 'the recipient' });

export const shareState = table({
  delivered: 'Not read yet',
  opened: 'Read',
  acknowledged: 'Acknowledged',
  withdrawn: 'Withdrawn',
});

/** The same, as whoever sent it sees it. */
export const sentState = table({
  delivered: 'Delivered',
  opened: 'Read',
  acknowledged: 'Acknowledged',
  withdrawn: 'Withdrawn',
});

export const consentState = table({
  pending: 'Waits for the patient',
  active: 'In force',
  revoked: 'Revoked',
  expired: 'Ended',
  superseded: 'Replaced',
  declined: 'Declined',
  lapsed: 'Not answered in time',
});

export const category = table({
  treatment_plan: 'Treatment plans',
  progress_report: 'Progress reports',
  outcome_measures: 'Outcome measures',
  history: 'History',
  attachments: 'Attached files',
  referral: 'Referrals',
  mental_health: 'Mental health',
  substance_use: 'Substance use',
  reproductive_health: 'Reproductive health',
});

export const section = table({
  treatment: 'Treatment and why',
  schedule: 'Frequency and duration',
  goals: 'Goals',
  measures: 'Measures',
  condition: 'Condition',
  summary: 'Summary',
  history: 'History',
  reexamination: 'Findings at re-examination',
  follow_up: 'Suggestions and follow-up',
  co_management: 'Co-management',
  questions: 'Questions',
  citations: 'Literature',
  attachments: 'Attached files',
});

export const purpose = table({
  treatment: 'Treatment',
  care_coordination: 'Care coordination',
  second_opinion: 'Second opinion',
  referral: 'Referral',
});

export const referralState = table({
  draft: 'Draft',
  sent: 'Sent',
  received: 'Received',
  information_requested: 'Information requested',
  accepted: 'Accepted',
  declined: 'Declined',
  redirected: 'Redirected',
  waitlisted: 'On the waiting list',
  scheduled: 'Scheduled',
  no_show: 'Did not come',
  in_care: 'In care',
  cancellation_requested: 'Cancellation requested',
  completed: 'Completed',
  discontinued: 'Ended early',
  cancelled: 'Cancelled',
  expired: 'Lapsed',
  entered_in_error: 'Entered in error',
});

export const referralVerb = table({
  send: 'Send',
  accept: 'Accept',
  decline: 'Decline',
  redirect: 'Name somebody else',
  request_information: 'Ask back',
  provide_information: 'Answer the question',
  waitlist: 'Put on the waiting list',
  schedule: 'Make an appointment',
  no_show: 'Did not come',
  cancel_appointment: 'Cancel the appointment',
  start: 'Start care',
  complete: 'Complete',
  discontinue: 'End early',
  cancel: 'Cancel',
  request_cancellation: 'Ask to cancel',
  confirm_cancellation: 'Confirm cancellation',
  refuse_cancellation: 'Refuse cancellation',
  enter_in_error: 'Entered in error',
});

export const referralReason = table({
  out_of_scope: 'Out of scope',
  no_capacity: 'No capacity',
  insurance: 'Insurance',
  missing_information: 'Missing information',
  conflict: 'Conflict',
  patient_declined: 'The patient does not want it',
  unreachable: "The patient can't be reached",
  no_longer_needed: 'No longer needed',
  mistaken: 'A mistake',
  other: 'Another reason',
});

export const consentMethod = table({ link: 'at the link', paper: 'on paper', word: "on the patient's word" });

export const listed = (words: readonly string[]): string => words.join(', ');
