import type { EmbeddedGallery, EmbeddedImage } from '../gallery/embedImages.js';
import type { Gallery } from '../gallery/gallery.js';
import { galleryData } from '../gallery/galleryData.js';
import { html } from '../html/html.js';
import { jsonBlock } from '../html/jsonBlock.js';
import type { Markup } from '../html/markup.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsTitle } from '../part/weightsTitle.js';

/** Stands where the script puts an image. */
const BLANK = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Models whose maps stand side by side in the large view; of more, the chosen one. */
const SIDE_BY_SIDE = 3;

/** Scores of a map in the large view, each shown where some image has it. */
const dialogScores = [
  {
    key: 'pointing',
    of: 'scores',
    title: 'pointing',
    meaning: "Pointing: whether the map's maximum is inside a lesion.",
  },
  {
    key: 'energy',
    of: 'scores',
    title: 'energy inside',
    meaning: 'Energy inside: share of the map inside lesions.',
  },
  {
    key: 'overlap',
    of: 'scores',
    title: 'overlap',
    meaning: 'Overlap: intersection over union at the best threshold.',
  },
  {
    key: 'deletion',
    of: 'perturbation',
    title: 'deletion',
    meaning:
      "Deletion (lower is better): area under the probability while pixels go in the map's order.",
  },
  {
    key: 'insertion',
    of: 'perturbation',
    title: 'insertion',
    meaning: 'Insertion (higher is better): the same while they come.',
  },
] as const;

/** What is in the gallery, and how much of it was asked for. */
export interface GallerySectionOptions {
  readonly gallery: Gallery;
  readonly embedded: EmbeddedGallery;
}

/** Test images with heat maps that the browser blends over them. */
export function gallerySection({ gallery, embedded }: GallerySectionOptions): PageSection {
  const { images } = embedded;
  return {
    id: 'gallery',
    title: 'Test images and where the models looked',
    body: html`<p>${introduction(gallery, embedded)}</p>
      <noscript><p class="note">Overlays and filters need JavaScript.</p></noscript>
      ${controls(gallery, images)} ${heatFilters}
      <ol id="gallery-list">
        ${images.map((image) => card(image, gallery))}
      </ol>
      ${dialog(gallery, images)} ${jsonBlock('gallery-data', galleryData(gallery, images))}`,
  };
}

function introduction(
  { models, images: all, repeat }: Gallery,
  { images, leftOut, unreadable }: EmbeddedGallery,
): string {
  const weights = [...new Set(models.map((entry) => weightsTitle[entry.weights]))].join(' and ');
  const repeated = models.some(({ model }) => model.runs.length > 1)
    ? `, repeat ${repeat + 1}`
    : '';
  const chosen =
    images.length === all.length
      ? `All ${images.length} explained test images`
      : `${images.length} of ${all.length} explained test images, taken in turn from each class, right and wrong`;
  const room = leftOut > 0 ? ` ${leftOut} more did not fit on the page.` : '';
  const missing =
    unreadable.length > 0
      ? ` ${unreadable.length} files of the explanations are missing or no images.`
      : '';
  return `${chosen} (${weights}${repeated}). Images are as the network got them. Overlays are Grad-CAM maps, each scaled to its own maximum: they say where the network looked, not how sure it was. Choose an image for a larger view.${room}${missing}`;
}

function controls({ models, classes, layers }: Gallery, images: readonly EmbeddedImage[]): Markup {
  const options = (
    entries: readonly (readonly [value: string | number, title: string])[],
  ): Markup =>
    html`${entries.map(([value, title]) => html`<option value="${value}">${title}</option>`)}`;
  const select = (
    id: string,
    title: string,
    entries: readonly (readonly [string | number, string])[],
  ): Markup =>
    html`<label
      >${title}
      <select id="gallery-${id}">
        ${options(entries)}
      </select></label
    > `;
  const numbered = (names: readonly string[]): [number, string][] =>
    names.map((name, index) => [index, name]);
  const masked = images.some(({ mask }) => mask !== null);
  return html`<div
      id="gallery-controls"
      class="controls"
      role="group"
      aria-label="Which images are shown, and how"
    >
      ${select('model', 'Model', numbered(models.map(({ model }) => model.title)).reverse())}${select('layer', 'Layer', preferred(layers))}${select('of', 'Map for', [['predicted', 'the predicted class'], ['truth', 'the true class'], ...numbered(classes)])}${select('class', 'True class', [['', 'any'], ...numbered(classes)])}${select('outcome', 'Outcome', [['all', 'any'], ['right', 'right'], ['wrong', 'wrong'], ...(models.length > 1 ? [['apart', 'models disagree'] as const] : [])])}<span
        class="pair"
        role="group"
        aria-label="Confidence range in percent"
        >Confidence
        <label
          ><span class="hidden">at least, percent</span
          ><input id="gallery-least" type="number" min="0" max="100" value="0"
        /></label>
        to
        <label
          ><span class="hidden">at most, percent</span
          ><input id="gallery-most" type="number" min="0" max="100" value="100"
        /></label>
        %</span
      >
      ${select('sort', 'Sort by', [['given', 'classes in turn'], ['sure', 'most sure first'], ['unsure', 'least sure first'], ['truth', 'least probable truth first'], ...(masked ? [['energy', 'map most inside lesions first'] as const] : [])])}<label
        >Overlay <input id="gallery-opacity" type="range" min="0" max="100" value="70"
      /></label>
      <label class="${masked ? '' : 'none'}"
        ><input id="gallery-mask" type="checkbox" /> lesion outlines</label
      >
      <output id="gallery-count" aria-live="polite"
        >${images.length} of ${images.length} images</output
      >
    </div>
    <p id="gallery-note" class="note"></p>`;
}

/** The fused layer first: the one that both branches meet in. */
function preferred(layers: readonly string[]): [number, string][] {
  return layers
    .map((layer, index): [number, string] => [index, layer])
    .sort(([, a], [, b]) => Number(b === 'fused') - Number(a === 'fused'));
}

function card(
  { image: { id, label, entries }, picture, mask }: EmbeddedImage,
  { classes }: Gallery,
): Markup {
  const entry = entries.at(-1) ?? null;
  const said =
    entry === null
      ? ''
      : `${entry.predicted === label ? '✓' : '✗'} ${classes[entry.predicted]}, ${(100 * entry.probabilities[entry.predicted]).toFixed(0)}\u00a0%`;
  return html`<li class="card">
    <button type="button">
      ${stack({ picture, alt: `${id}, true class ${classes[label]}`, mask, map: true })}</button
    ><span class="id">${id}</span> <span class="verdict">${said}</span>
  </li> `;
}

function stack({
  picture,
  alt,
  mask,
  map,
}: {
  picture: string;
  alt: string;
  mask: string | null;
  map: boolean;
}): Markup {
  return html`<span class="stack"
    ><img
      class="picture"
      src="${picture}"
      alt="${alt}"
      decoding="async"
    />${map && html`<img class="map" src="${BLANK}" alt="" hidden decoding="async" />`}${mask !== null && html`<img class="mask" src="${mask}" alt="" hidden decoding="async" />`}</span
  >`;
}

function dialog({ models }: Gallery, images: readonly EmbeddedImage[]): Markup {
  const [first] = images;
  const masked = images.some(({ mask }) => mask !== null);
  if (first === undefined) return html``;
  const scores = dialogScores.filter(({ of }) =>
    images.some(({ image }) =>
      image.entries.some((entry) => entry?.maps.some((map) => map[of] !== undefined)),
    ),
  );
  return html`<dialog id="gallery-dialog" aria-labelledby="dialog-title">
    <div class="bar">
      <h3 id="dialog-title">Image</h3>
      <span id="dialog-place"></span
      ><button type="button" id="gallery-previous" aria-label="Previous image">←</button
      ><button type="button" id="gallery-next" aria-label="Next image">→</button
      ><button type="button" id="gallery-close" aria-label="Close">✕</button>
    </div>
    <div class="views">
      ${Array.from(
        { length: 1 + (models.length > SIDE_BY_SIDE ? 1 : models.length) },
        (_, place) =>
          html`<figure class="view">
            ${stack({ picture: BLANK, alt: 'Test image', mask: BLANK, map: place > 0 })}
            <figcaption></figcaption>
          </figure>`,
      )}
    </div>
    <p class="controls">
      <label
        >Overlay <input id="gallery-dialog-opacity" type="range" min="0" max="100" value="70"
      /></label>
      <label class="${masked ? '' : 'none'}"
        ><input id="gallery-dialog-mask" type="checkbox" /> lesion outlines</label
      >
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="What each model says of this image">
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">model</th>
            <th scope="col" class="text">says</th>
            <th scope="col" class="number">probability of the truth</th>
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
      ${scores.map(({ meaning }) => `${meaning} `).join('')}Left and right arrow keys change the
      image.
    </p>
  </dialog>`;
}

/**
 * Colours a grey map in the browser: viridis, transparent where the map is low; and a mask as its outline. Filters of the
 * page itself, so that each map costs a small grey image only.
 */
const heatFilters = html`<svg
  class="filters"
  width="0"
  height="0"
  aria-hidden="true"
  focusable="false"
>
  <filter id="heat" color-interpolation-filters="sRGB" x="0" y="0" width="100%" height="100%">
    <feColorMatrix type="matrix" values="1 0 0 0 0  1 0 0 0 0  1 0 0 0 0  1 0 0 0 0" />
    <feComponentTransfer>
      <feFuncR
        type="table"
        tableValues="0.267 0.283 0.254 0.207 0.164 0.128 0.135 0.267 0.478 0.741 0.993"
      />
      <feFuncG
        type="table"
        tableValues="0.005 0.141 0.265 0.372 0.471 0.567 0.659 0.749 0.821 0.873 0.906"
      />
      <feFuncB
        type="table"
        tableValues="0.329 0.458 0.530 0.553 0.558 0.551 0.518 0.441 0.318 0.150 0.144"
      />
      <feFuncA type="table" tableValues="0 0.04 0.12 0.25 0.42 0.58 0.72 0.82 0.9 0.96 1" />
    </feComponentTransfer>
  </filter>
  <filter id="outline" color-interpolation-filters="sRGB" x="0" y="0" width="100%" height="100%">
    <feColorMatrix
      type="matrix"
      values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  1 0 0 0 0"
      result="grey"
    />
    <feComponentTransfer in="grey" result="lesion">
      <feFuncA type="discrete" tableValues="0 1" />
    </feComponentTransfer>
    <feMorphology in="lesion" operator="dilate" radius="1.6" result="grown" />
    <feComposite in="grown" in2="lesion" operator="out" result="edge" />
    <feMorphology in="grown" operator="dilate" radius="0.8" result="wide" />
    <feComposite in="wide" in2="grown" operator="out" result="rim" />
    <feFlood flood-color="#000" flood-opacity="0.7" />
    <feComposite in2="rim" operator="in" result="dark" />
    <feFlood flood-color="#fff" />
    <feComposite in2="edge" operator="in" result="light" />
    <feMerge>
      <feMergeNode in="dark" />
      <feMergeNode in="light" />
    </feMerge>
  </filter>
</svg>`;
