/** The paper that went to a center with the mail that reminded it or claimed a half-year. */
export const paperOf = (event: string, center: string, document: string): string | undefined => {
  const kind = { ClaimIssued: 'claims', ReminderIssued: 'reminders' }[event];
  return kind && `/v1/centers/${encodeURIComponent(center)}/${kind}/${encodeURIComponent(document)}/form?format=pdf`;
};
