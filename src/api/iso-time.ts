/** Epoch milliseconds as ISO 8601 in UTC, the way every time in an answer is written. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** ISO 8601; UTC where it names no offset, so that an answer never depends on where the server stands. */
export function epochMilliseconds(text: string): number {
  const hasTime = text.includes('T');
  return Date.parse(hasTime && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
}
