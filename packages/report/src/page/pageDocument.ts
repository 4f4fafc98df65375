import { createHash } from 'node:crypto';
import { weightsTitle } from '../tables/weightsTitle.js';
import { clientScript } from './clientScript.generated.js';
import { lineSample } from './figure/seriesStyle.js';
import { html, Markup } from './html/html.js';
import type { PageSubject } from './openSubject.js';
import type { PageSection } from './pageSection.js';
import { pageStyle } from './pageStyle.js';

/** The page may load nothing but what it contains, and may run no script but its own. */
const contentSecurityPolicy = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(clientScript).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Renders the HTML document around its sections.
 * @param data predictions for the page's script
 */
export function pageDocument(
  subject: PageSubject,
  sections: readonly (PageSection & { readonly markup: Markup })[],
  data: Markup,
): Markup {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${subject.title}</title>
${new Markup(`<style>${pageStyle}</style>`)}
</head>
<body${subject.models.length > 3 && html` class="crowded"`}>
<a class="skip" href="#summary">Skip to the summary</a>
<header>
<p class="kind">${subject.isExperiment ? 'Experiment' : 'Report'} · ${subject.record.manifest.data}</p>
<h1>${subject.title}</h1>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
${choiceControls(subject)}
<main>
${sections.map(({ markup }) => markup)}</main>
${data}
${new Markup(`<script>${clientScript}</script>`)}
</body>
</html>
`;
}

/** Controls for the weights and models that all sections show. */
function choiceControls({ models, choices: weights }: PageSubject): Markup {
  if (models.length === 1 && weights.length === 1) return html``;
  return html`<section class="choices controls" aria-label="Selection of weights and models">
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
        ${models.map(({ title, style }) => html`<label><input type="checkbox" data-model="${style.cssClass}" checked /> ${lineSample(style)} ${title}</label> `)}
      </fieldset>`
    }
  </section>`;
}
