/** What was found in a text, for an error message: quoted, and not too long. */
export function excerpt(text: string): string {
  if (text.trim() === '') return 'an empty line';
  return text.length > 60 ? `${JSON.stringify(text.slice(0, 60))}...` : JSON.stringify(text);
}
