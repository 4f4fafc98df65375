import { InputError } from '@nonlocal-med/core';
import type { PageData } from './pageData.js';

/** The data that `eval viewer` wrote into the page. @throws InputError if the page has no model */
export function readPageData(): PageData {
  const text = document.getElementById('page-data')?.textContent;
  if (text === undefined || text === null)
    throw new InputError({
      path: 'page-data',
      message: 'this page contains no model',
      hint: 'a page that eval viewer wrote: eval viewer RUN --out page.html',
    });
  return JSON.parse(text) as PageData;
}

/** A file that the page contains; null if there is none. It is taken out of the page, which needs it once. */
export function takeFile(name: string): Uint8Array<ArrayBuffer> | null {
  const holder = document.querySelector(`script[data-file="${CSS.escape(name)}"]`);
  if (holder === null) return null;
  const bytes = fromBase64(holder.textContent ?? '');
  holder.remove();
  return bytes;
}

/** Characters that are decoded at once: a multiple of 4. */
const CHUNK = 2 ** 20;

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let start = 0, to = 0; start < text.length; start += CHUNK) {
    const part = atob(text.slice(start, start + CHUNK));
    for (let i = 0; i < part.length; i++) bytes[to++] = part.charCodeAt(i);
  }
  return bytes;
}
