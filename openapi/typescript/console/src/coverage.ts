// What a consent would have to cover. The service decides, at the moment of sharing and at each reading; this only helps to
// ask for the right thing the first time.
import type { Category, Consent, RecipientChoice, ReportKind, Section } from './api.js';

export function categoriesNeeded(
  kind: ReportKind,
  sections: readonly Section[],
  touches: readonly Category[],
): Category[] {
  const needed = sections.map((section): Category =>
    section === 'measures'
      ? 'outcome_measures'
      : section === 'history'
        ? 'history'
        : section === 'attachments'
          ? 'attachments'
          : kind,
  );
  return [...new Set([...needed, ...touches])];
}

const covers = (granted: readonly Category[], needed: Category): boolean =>
  granted.includes(needed) ||
  (needed === 'outcome_measures' &&
    (granted.includes('treatment_plan') || granted.includes('progress_report')));

export const lacking = (granted: readonly Category[], needed: readonly Category[]): Category[] =>
  needed.filter((one) => !covers(granted, one));

/** Whether a consent names that recipient. A clinic covers its practitioners, as far as that can be told from here. */
export function names(consent: Consent, choice: RecipientChoice, clinicOf?: string): boolean {
  return consent.recipients.some((one) =>
    choice.practitioner_id
      ? one.practitioner_id === choice.practitioner_id ||
        (one.kind === 'clinic' && clinicOf !== undefined && one.clinic_id === clinicOf)
      : choice.clinic_id
        ? one.kind === 'clinic' && one.clinic_id === choice.clinic_id
        : one.email?.toLowerCase() === choice.email?.toLowerCase() && choice.email !== undefined,
  );
}

export const isSamePurpose = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

/** Which sections take one of these categories. */
export const sectionsOf = (
  categories: readonly Category[],
  kind: ReportKind,
  sections: readonly Section[],
): Section[] =>
  sections.filter((section) => categoriesNeeded(kind, [section], []).some((one) => categories.includes(one)));
