/** What a template can contain; `false`, null and undefined render as nothing. */
export type HtmlValue = Markup | string | number | false | null | undefined | readonly HtmlValue[];

/** Tagged template for HTML. Every value but {@link Markup} is escaped, in text and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

/** Text that is HTML already and is not escaped again. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Data for the page's script, in an element that is not executed. Nothing in the data can end the element. */
export function jsonBlock(id: string, data: unknown): Markup {
  const text = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Markup(`<script type="application/json" id="${id}">${text}</script>`);
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return value.map(render).join('');
}

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character]);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
