/** Epoch milliseconds as ISO 8601 in UTC, the way every time in an answer is written. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
