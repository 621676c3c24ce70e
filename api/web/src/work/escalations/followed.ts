import { say } from './say';

/** How often an escalation was followed up, and what was done last, in the words of whoever noted it. */
export const followed = (r: { followUps: number; lastFollowUp?: string }): string =>
  r.followUps > 0 ? say('followed', { n: r.followUps, text: r.lastFollowUp ?? '' }) : '';
