// What one view hands to the next, in memory: it must not stand in the address, and it ends with the session.
import type { Chosen } from './recipient.js';

interface Handed {
  /** What a new consent is to cover, because a share or a referral was refused without it. */
  consent?: {
    patient: string;
    recipients: Chosen[];
    categories: string[];
    purpose: string;
    twoWay?: boolean;
    then?: string;
  };
  /** To whom that report is to go. */
  share?: { report: string; recipient: Chosen; purpose?: string };
  /** What was searched for, so that going back finds it again. */
  search?: { family_name: string; birth_date: string; mrn: string };
}

let handed: Handed = {};

export function hand<K extends keyof Handed>(what: K, value: NonNullable<Handed[K]>): void {
  handed = { ...handed, [what]: value };
}

/** Takes it, once. */
export function take<K extends keyof Handed>(what: K): Handed[K] | undefined {
  const value = handed[what];
  const { [what]: _, ...rest } = handed;
  handed = rest as Handed;
  return value;
}

export function peek<K extends keyof Handed>(what: K): Handed[K] | undefined {
  return handed[what];
}

export function forget(): void {
  handed = {};
}
