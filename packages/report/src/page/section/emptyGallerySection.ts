import { html } from '../html/html.js';
import type { PageSubject } from '../pageSubject.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { shellQuoted } from '../part/shellQuoted.js';

/** The gallery's place on a page without one: which command makes the explanations. */
export function emptyGallerySection(
  { models, experiment, place }: PageSubject,
  { asked }: { asked: boolean },
): PageSection {
  const runs = models.map((model) => model.runs[0].place);
  const explain = runs.map(
    (run) => `pnpm --filter eval start explain ${shellQuoted(run)} --images 200`,
  );
  const again = `pnpm --filter eval start report ${(experiment ? [place] : runs).map(shellQuoted).join(' ')}`;
  return {
    id: 'gallery',
    title: 'Test images and where the models looked',
    body: asked
      ? html`<p>
            The runs have no explanations yet. These commands make them, and this page again with a
            gallery:
          </p>
          <pre
            tabindex="0"
            aria-label="Commands"
            role="group"
          ><code>${[...explain, again].join('\n')}</code></pre>`
      : html`<p>This page was made without images.</p>`,
  };
}
