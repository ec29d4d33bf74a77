/** As JSON Schema says it: no control character, no half of a surrogate pair. */
export const ITEM_ID_PATTERN = '^[^\\p{Cc}\\p{Cs}]+$';
const PRINTABLE = new RegExp(ITEM_ID_PATTERN, 'u');

/** Whether a string can name an item: 1 to 256 characters (code points), none of them a control character. */
export function isItemId(text: string): boolean {
  if (text.length === 0 || text.length > 512) return false;
  return PRINTABLE.test(text) && (text.length <= 256 || [...text].length <= 256);
}
