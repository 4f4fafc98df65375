import { html } from '../html/html.js';
import type { PageSubject } from '../openSubject.js';
import type { PageSection } from '../pageSection.js';
import { explanationCommands } from '../shellCommands.js';
import { GALLERY_TITLE } from './gallerySection.js';

/** The gallery of a page without images: the commands that explain the runs, unless no images were requested. */
export function emptyGallerySection(
  subject: PageSubject,
  { imagesRequested }: { imagesRequested: boolean },
): PageSection {
  return {
    id: 'gallery',
    title: GALLERY_TITLE,
    body: imagesRequested
      ? html`<p>
            These runs do not have saliency maps yet. The following commands compute them and add a
            gallery to this page:
          </p>
          <pre
            tabindex="0"
            aria-label="Commands"
            role="group"
          ><code>${explanationCommands(subject)}</code></pre>`
      : html`<p>This page was created without images.</p>`,
  };
}
