import type { EmbeddedImage } from '../gallery/embedImages.js';
import type { Gallery } from '../gallery/readGallery.js';
import { html, type Markup } from '../html/html.js';
import { colorScale } from './mapFilters.js';

/** With more models, the large view shows the map of the chosen model only. */
const MOST_SIDE_BY_SIDE = 3;

/** Scores of saliency maps. The large view has a column for each that any image has. */
const mapScores = [
  {
    key: 'pointing',
    of: 'scores',
    title: 'pointing',
    meaning: "Pointing: whether the map's maximum lies inside a lesion.",
  },
  {
    key: 'energy',
    of: 'scores',
    title: 'energy inside',
    meaning: "Energy inside: fraction of the map's total intensity inside lesions.",
  },
  {
    key: 'overlap',
    of: 'scores',
    title: 'overlap',
    meaning: 'Overlap: intersection over union with the lesions at the best threshold.',
  },
  {
    key: 'deletion',
    of: 'perturbation',
    title: 'deletion',
    meaning:
      'Deletion (lower is better): area under the probability curve as pixels are removed, most salient first.',
  },
  {
    key: 'insertion',
    of: 'perturbation',
    title: 'insertion',
    meaning: 'Insertion (higher is better): the same as pixels are added.',
  },
] as const;

/** The large view of an image, which the page's script fills. Empty if there are no images. */
export function galleryDialogMarkup({ models }: Gallery, images: readonly EmbeddedImage[]): Markup {
  if (images.length === 0) return html``;
  const hasMasks = images.some(({ maskUri }) => maskUri !== null);
  const mapViews = models.length > MOST_SIDE_BY_SIDE ? 1 : models.length;
  const maps = images.flatMap(({ image }) =>
    image.predictions.flatMap((prediction) => prediction?.maps ?? []),
  );
  const scores = mapScores.filter(({ of }) => maps.some((map) => map[of] !== undefined));
  return html`<dialog id="gallery-dialog" aria-labelledby="dialog-title">
    <div class="bar">
      <h3 id="dialog-title">Image</h3>
      <span id="dialog-position"></span
      ><button type="button" id="gallery-previous" aria-label="Previous image">←</button
      ><button type="button" id="gallery-next" aria-label="Next image">→</button
      ><button type="button" id="gallery-close" aria-label="Close">✕</button>
    </div>
    <div class="views">
      ${Array.from(
        { length: 1 + mapViews },
        (_, index) =>
          html`<figure class="view">
            ${imageStack({ image: BLANK, alt: 'Test image', mask: BLANK, hasMap: index > 0 })}
            <figcaption></figcaption>
          </figure>`,
      )}
    </div>
    <p class="controls">
      <label
        >Overlay <input id="gallery-dialog-opacity" type="range" min="0" max="100" value="70"
      /></label>
      ${colorScale}
      <label class="${hasMasks ? '' : 'none'}"
        ><input id="gallery-dialog-mask" type="checkbox" /> lesion outlines</label
      >
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Predictions for this image">
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">model</th>
            <th scope="col" class="text">prediction</th>
            <th scope="col" class="number">probability of true class</th>
            ${scores.map(({ key, title }) => html`<th scope="col" class="number" data-score="${key}">${title}</th>`)}
          </tr>
        </thead>
        <tbody id="dialog-rows">
          <tr>
            <td colspan="${3 + scores.length}"></td>
          </tr>
        </tbody>
      </table>
    </div>
    <p class="note">
      ${scores.map(({ meaning }) => `${meaning} `).join('')}Use the left and right arrow keys to
      change the image.
    </p>
  </dialog>`;
}

/** An image with its map and mask above it. */
export interface ImageStack {
  readonly image: string;
  readonly alt: string;
  readonly mask: string | null;
  readonly hasMap: boolean;
}

/** Renders an image below a map and a mask, which stay hidden until the page's script shows them. */
export function imageStack({ image, alt, mask, hasMap }: ImageStack): Markup {
  return html`<span class="stack"
    ><img
      class="image"
      src="${image}"
      alt="${alt}"
      decoding="async"
    />${hasMap && html`<img class="map" src="${BLANK}" alt="" hidden decoding="async" />`}${mask !== null && html`<img class="mask" src="${mask}" alt="" hidden decoding="async" />`}</span
  >`;
}

/** A transparent pixel, in place of an image that the script sets. */
const BLANK = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
