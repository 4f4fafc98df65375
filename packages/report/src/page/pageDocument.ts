import { createHash } from 'node:crypto';
import { html } from './html/html.js';
import { Markup } from './html/markup.js';
import type { PageSubject } from './pageSubject.js';
import type { PageSection } from './part/sectionMarkup.js';
import { seriesSwatch } from './part/seriesSwatch.js';
import { weightsTitle } from './part/weightsTitle.js';
import { choicesScript } from './script/choicesScript.js';
import { galleryScript } from './script/galleryScript.js';
import { pageStyle } from './style/pageStyle.js';

const script = `'use strict';\n${[choicesScript, galleryScript].map((part) => `(${part.toString()})();`).join('\n')}\n`;

/** Nothing from anywhere but the page itself; of scripts only this page's own. */
const policy = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole document around its sections. */
export function pageDocument(
  subject: PageSubject,
  sections: readonly (PageSection & { readonly markup: Markup })[],
): Markup {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${subject.title}</title>
${new Markup(`<style>${pageStyle}</style>`)}
</head>
<body${subject.models.length > 3 && html` class="crowded"`}>
<a class="skip" href="#summary">To the summary</a>
<header>
<p class="kind">${subject.experiment ? 'Experiment' : 'Report'} · ${subject.record.manifest.data}</p>
<h1>${subject.title}</h1>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
${choices(subject)}
<main>
${sections.map(({ markup }) => markup)}</main>
${new Markup(`<script>${script}</script>`)}
</body>
</html>
`;
}

/** What the whole page shows: weights, and models. */
function choices({ models, choices: weights }: PageSubject): Markup {
  if (models.length === 1 && weights.length === 1) return html``;
  return html`<section class="choices controls" aria-label="What is shown">
    ${
      weights.length > 1 &&
      html`<fieldset>
        <legend>Weights</legend>
        ${weights.map((choice, index) => html`<label><input type="radio" name="weights" value="${choice}" ${index === 0 && html` checked`} /> ${weightsTitle[choice]}</label> `)}
      </fieldset>`
    }
    ${
      models.length > 1 &&
      html`<fieldset>
        <legend>Models</legend>
        ${models.map(({ title, style }) => html`<label><input type="checkbox" data-model="${style.className}" checked /> ${seriesSwatch(style)} ${title}</label> `)}
      </fieldset>`
    }
  </section>`;
}
