import { InputError } from '@nonlocal-med/core';

/** Why an image has no result or cannot be shown, without its name, which stands next to it. */
export const imageProblem = (error: unknown): string =>
  problemText(error, {
    whatToDo: (hint) => ` What to do: ${hint}.`,
    unexpected: ' This is unexpected: reload the page, and try the image again.',
  });

/** Why the model of the page cannot be used. */
export const modelProblem = (error: unknown): string =>
  problemText(error, {
    whatToDo: (hint) => ` Expected: ${hint}. Ask whoever sent you this page for a new one.`,
    unexpected: ' Reload the page; if this does not help, use another browser or computer.',
  });

function problemText(
  error: unknown,
  {
    whatToDo,
    unexpected,
  }: { readonly whatToDo: (hint: string) => string; readonly unexpected: string },
): string {
  if (error instanceof InputError) {
    const [{ message, hint }] = error.issues;
    return `${message}.${hint === undefined ? '' : whatToDo(hint)}`;
  }
  // Says itself what to do.
  if (error instanceof Error && error.name === 'UnavailableError') return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `${message.replace(/\.$/, '')}.${unexpected}`;
}
