/** What an element contains, in order. */
export type Content = Node | string | null;

/** Makes an element with attributes and content; text is never read as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.filter((part) => part !== null));
  return made;
}

/** The element of the page with this id. @throws Error if there is none, or it is of another kind */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} "${id}"`);
}

/** Makes all pixels of a canvas transparent; it keeps its size, so that nothing moves. */
export const clearCanvas = (canvas: HTMLCanvasElement): void =>
  canvas.getContext('2d')!.clearRect(0, 0, canvas.width, canvas.height);

/** Waits until the browser has shown what has changed, so that it stays responsive between two steps. */
export const nextPaint = (): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => void setTimeout(resolve);
    if (document.visibilityState === 'visible') requestAnimationFrame(go);
    else go();
  });
