import { findingsVerdict } from '../client/gallerySelection.js';
import type { EmbeddedImage } from '../gallery/embedImages.js';
import type { Gallery } from '../gallery/readGallery.js';
import { html, type Markup } from '../html/html.js';
import { imageStack } from '../section/galleryDialogMarkup.js';
import { colorScale } from '../section/mapFilters.js';

/** Errors that the top of the page shows. */
const MOST_SHOWN = 8;

/** A wrong prediction of the last model of the gallery, with its image file. */
interface ConfidentError {
  /** Index of the image among those embedded in the gallery. */
  readonly index: number;
  readonly image: EmbeddedImage;
  /** How sure the model was of what is wrong: 1 - the least probability of a truth, or the probability of the wrong class. */
  readonly confidence: number;
}

/**
 * The wrong predictions that the gallery's last model was surest of, most confident first.
 * @param characters how many their images may take on the page
 */
function confidentErrors(images: readonly EmbeddedImage[], characters: number): ConfidentError[] {
  const errors = images
    .flatMap((image, index) => {
      const confidence = errorConfidence(image.image);
      return confidence === null ? [] : [{ index, image, confidence }];
    })
    .sort((a, b) => b.confidence - a.confidence || a.index - b.index);
  let used = 0;
  return errors.slice(0, MOST_SHOWN).filter(({ image }) => {
    used += image.imageUri.length;
    return used <= characters;
  });
}

/** Null if the prediction is right, or there is none. */
function errorConfidence({ label, findings, predictions }: EmbeddedImage['image']): number | null {
  const prediction = predictions.at(-1) ?? null;
  if (prediction === null) return null;
  const { probabilities, predicted } = prediction;
  if (findings === undefined) return predicted === label ? null : probabilities[predicted];
  const wrong = findings.flatMap((truth, f) => {
    const isCalled = probabilities[f] >= 0.5;
    if (truth < 0 || isCalled === (truth === 1)) return [];
    return [isCalled ? probabilities[f] : 1 - probabilities[f]];
  });
  return wrong.length === 0 ? null : Math.max(...wrong);
}

/** The images of the most confident errors, which open the gallery's large view; nothing on a page without a gallery. */
export function confidentErrorsMarkup(
  gallery: Gallery | null,
  images: readonly EmbeddedImage[],
  characters: number,
): Markup {
  if (gallery === null || images.length === 0) return html``;
  const errors = confidentErrors(images, characters);
  const { model } = gallery.models.at(-1)!;
  if (errors.length === 0)
    return html`<p class="note">
      ${model.title} is right about all ${images.length} images of the gallery below.
    </p>`;
  return html`<section class="errors" aria-labelledby="errors-title">
    <h3 id="errors-title">Most confident errors of ${model.title}</h3>
    <p class="note">With saliency maps ${colorScale}; click to enlarge.</p>
    <ol class="error-list">
      ${errors.map((error) => errorCard(error, gallery.classes))}
    </ol>
  </section>`;
}

function errorCard({ index, image }: ConfidentError, classes: readonly string[]): Markup {
  const { id, label, findings, predictions } = image.image;
  const { probabilities, predicted } = predictions.at(-1)!;
  const verdict =
    findings === undefined
      ? html`✗ ${classes[predicted]}, ${(100 * probabilities[predicted]).toFixed(0)}${'\u00a0'}%<br />true:
          ${classes[label]}`
      : findingsVerdict(classes, findings, probabilities);
  return html`<li>
    <button type="button" data-gallery-image="${index}">
      ${imageStack({ image: image.imageUri, alt: id, mask: null, hasMap: true })}</button
    ><span class="verdict">${verdict}</span>
  </li> `;
}
