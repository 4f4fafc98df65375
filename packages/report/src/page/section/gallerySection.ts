import { weightsTitle } from '../../tables/weightsTitle.js';
import { findingsVerdict } from '../client/gallerySelection.js';
import type { EmbeddedGallery, EmbeddedImage } from '../gallery/embedImages.js';
import type { Gallery } from '../gallery/readGallery.js';
import { toGalleryData } from '../gallery/toGalleryData.js';
import { html, jsonBlock, type Markup } from '../html/html.js';
import type { PageSection } from '../pageSection.js';
import { galleryDialogMarkup, imageStack } from './galleryDialogMarkup.js';
import { colorScale, mapFilters } from './mapFilters.js';

export const GALLERY_TITLE = 'Test images and saliency maps';

/** What the gallery shows, and the images of it that fit on the page. */
export interface GallerySectionOptions {
  readonly gallery: Gallery;
  readonly embedded: EmbeddedGallery;
}

/** Test images with saliency maps, which the browser blends over them. */
export function gallerySection({ gallery, embedded }: GallerySectionOptions): PageSection {
  const { images } = embedded;
  return {
    id: 'gallery',
    title: GALLERY_TITLE,
    body: html`<p>${introduction(gallery, embedded)}</p>
      <noscript><p class="note">Overlays and filters need JavaScript.</p></noscript>
      ${controls(gallery, images)} ${mapFilters}
      <ol id="gallery-list">
        ${images.map((image) => card(image, gallery))}
      </ol>
      ${galleryDialogMarkup(gallery, images)}
      ${jsonBlock('gallery-data', toGalleryData(gallery, images))}`,
  };
}

function introduction(
  { models, images: all, repeat }: Gallery,
  { images, leftOut, unreadable }: EmbeddedGallery,
): string {
  const weights = new Set(models.map((entry) => weightsTitle[entry.weights]));
  const isRepeated = models.some(({ model }) => model.runs.length > 1);
  const source = `${[...weights].join(' and ')}${isRepeated ? `, repeat ${repeat + 1}` : ''}`;
  const selection =
    images.length === all.length
      ? `All ${images.length} explained test images (${source}).`
      : `${images.length} of ${all.length} explained test images (${source}), with correct and wrong predictions of each class.`;
  return [
    selection,
    ...sampleTexts(models),
    'Images are shown as they were given to the models. Overlays are saliency maps of the chosen method and layer, each scaled to its own maximum: they show which regions contributed to a prediction, not how confident it was. Click an image to enlarge it.',
    ...(leftOut > 0 ? [`${leftOut} more did not fit on the page.`] : []),
    ...(unreadable.length > 0
      ? [`${unreadable.length} explanation files are missing or not images.`]
      : []),
  ].join(' ');
}

/** What runs that explained a sample by themselves explained, and what they left out. */
function sampleTexts(models: Gallery['models']): string[] {
  return models.flatMap(({ model, sample }) => {
    if (sample === undefined) return [];
    const { explained, requested, available, seconds } = sample;
    const title = models.length > 1 ? `${model.title}: ` : '';
    const stopped =
      explained < requested ? `, of ${requested} wanted: its ${seconds} s were over` : '';
    return [
      `${title}${title === '' ? 'The' : 'the'} run explained ${explained} of its ${available} test images by itself${stopped}; the most confident errors come first, and images of each class.`,
    ];
  });
}

type SelectOption = readonly [value: string | number, title: string];

function controls({ models, classes, layers }: Gallery, images: readonly EmbeddedImage[]): Markup {
  const hasMasks = images.some(({ maskUri }) => maskUri !== null);
  const ofFindings = images.some(({ image }) => image.findings !== undefined);
  const [predicted, truth, kind] = ofFindings
    ? ['most probable finding', 'first true finding', 'True finding']
    : ['predicted class', 'true class', 'True class'];
  const classOptions = classes.map((name, index): SelectOption => [index, name]);
  const modelOptions = models.map(({ model }, index): SelectOption => [index, model.title]);
  const outcomeOptions: SelectOption[] = [
    ['all', 'all'],
    ['correct', 'correct'],
    ['wrong', 'wrong'],
    ...(models.length > 1 ? [['disagreement', 'models disagree'] as const] : []),
  ];
  const sortOptions: SelectOption[] = [
    ['default', 'alternating classes'],
    ['confident', 'highest confidence'],
    ['uncertain', 'lowest confidence'],
    ['truth', `lowest probability of ${ofFindings ? 'the truth' : 'true class'}`],
    ...(hasMasks ? [['energy', 'map most inside lesions'] as const] : []),
  ];
  const selections = [
    select('model', 'Model', modelOptions.reverse()),
    select(
      'layer',
      'Map',
      layers.map((title, index): SelectOption => [index, title]),
    ),
    select('target', 'Map for', [['predicted', predicted], ['truth', truth], ...classOptions]),
    select('class', kind, [['', 'all'], ...classOptions]),
    select('outcome', 'Predictions', outcomeOptions),
  ];
  return html`<div
      id="gallery-controls"
      class="controls"
      role="group"
      aria-label="Selection and display of images"
    >
      ${selections}<span class="pair" role="group" aria-label="Confidence range in percent"
        >Confidence
        <label
          ><span class="hidden">minimum, percent</span
          ><input id="gallery-minimum" type="number" min="0" max="100" value="0"
        /></label>
        to
        <label
          ><span class="hidden">maximum, percent</span
          ><input id="gallery-maximum" type="number" min="0" max="100" value="100"
        /></label>
        %</span
      >
      ${select('sort', 'Sort by', sortOptions)}<label
        >Overlay <input id="gallery-opacity" type="range" min="0" max="100" value="70"
      /></label>
      ${colorScale}
      <label class="${hasMasks ? '' : 'none'}"
        ><input id="gallery-mask" type="checkbox" /> lesion outlines</label
      >
      <output id="gallery-count" aria-live="polite"
        >${images.length} of ${images.length} images</output
      >
    </div>
    <p id="gallery-note" class="note"></p>`;
}

function select(id: string, title: string, options: readonly SelectOption[]): Markup {
  return html`<label
    >${title}
    <select id="gallery-${id}">
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select></label
  > `;
}

function card(
  { image: { id, label, findings, predictions }, imageUri, maskUri }: EmbeddedImage,
  { classes }: Gallery,
): Markup {
  const prediction = predictions.at(-1) ?? null;
  const truth =
    findings === undefined
      ? `true class ${classes[label]}`
      : `findings: ${classes.filter((_, f) => findings[f] === 1).join(', ') || 'none'}`;
  const verdict =
    prediction === null
      ? ''
      : findings !== undefined
        ? findingsVerdict(classes, findings, prediction.probabilities)
        : `${prediction.predicted === label ? '✓' : '✗'} ${classes[prediction.predicted]}, ${(100 * prediction.probabilities[prediction.predicted]).toFixed(0)}\u00a0%`;
  return html`<li class="card">
    <button type="button">
      ${imageStack({ image: imageUri, alt: `${id}, ${truth}`, mask: maskUri, hasMap: true })}</button
    ><span class="id">${id}</span> <span class="verdict">${verdict}</span>
  </li> `;
}
