import type { WeightsChoice } from '@nonlocal-med/runs';
import { type ComparedPair, comparedPairs } from '../comparedPairs.js';
import { type Disagreement, type Disagreements, disagreements } from '../disagreements.js';
import { html } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';

/** Pairs whose images are in sight; those of more are folded away. */
const OPEN_PAIRS = 2;

/** Images listed on each side of a pair. */
const LISTED = 12;

/** Images that a model gets right and its baseline wrong, and the other way round. */
export function disagreementSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const pairs = comparedPairs(models);
  return {
    id: 'disagreement',
    title: 'Where models disagree',
    body:
      pairs.length === 0
        ? html`<p>
            There is no pair of models to compare: a page of several runs on the same test images
            has one.
          </p>`
        : html`<p>
              Test images that one model gets right and the other wrong, those first where the two
              are furthest apart in the probability they give the true class.
            </p>
            ${weightsPanels(choices, (weights) => html`${pairs.map((pair) => pairMarkup(pair, { weights, folded: pairs.length > OPEN_PAIRS }))}`)}`,
  };
}

function pairMarkup(
  pair: ComparedPair,
  { weights, folded }: { weights: WeightsChoice; folded: boolean },
): Markup {
  const { baseline, model } = pair;
  const found = disagreements(pair, weights);
  const heading = html`<h3>${model.title} and ${baseline.title}, ${weightsTitle[weights]}</h3>`;
  if (found.repeats === 0)
    return html`${heading}
      <p>The two were not tested on the same images.</p>`;
  const images = html`<div class="columns">
    ${imageTable(found.gained, { pair, right: model, several: found.repeats > 1 })}${imageTable(found.lost, { pair, right: baseline, several: found.repeats > 1 })}
  </div>`;
  return html`${heading} ${countsTable(found, pair)}
  ${
    folded
      ? html`<details>
          <summary>
            The images<span class="hidden"> of ${model.title} and ${baseline.title}</span>
          </summary>
          ${images}
        </details>`
      : images
  }`;
}

function countsTable(
  { both, neither, gained, lost, repeats }: Disagreements,
  { baseline, model }: ComparedPair,
): Markup {
  return htmlTable(
    {
      columns: [
        { title: '' },
        { title: `${baseline.title} right`, align: 'right' },
        { title: `${baseline.title} wrong`, align: 'right' },
      ],
      rows: [
        [`${model.title} right`, String(both), String(gained.length)],
        [`${model.title} wrong`, String(lost.length), String(neither)],
      ],
    },
    {
      caption:
        repeats > 1
          ? `Images by who is right, ${repeats} repeats together`
          : 'Images by who is right',
    },
  );
}

function imageTable(
  images: readonly Disagreement[],
  {
    pair: { baseline, model },
    right,
    several,
  }: { pair: ComparedPair; right: PageModel; several: boolean },
): Markup {
  const { classes } = model.runs[0].metrics;
  const caption = `Only ${right.title} is right: ${countText(images.length)}`;
  if (images.length === 0) return html`<p class="note">${caption}.</p>`;
  const models = several ? 3 : 2;
  return htmlTable(
    {
      columns: [
        { title: 'image' },
        ...(several ? [{ title: 'repeat', align: 'right' as const }] : []),
        { title: 'truth' },
        { title: baseline.title },
        { title: model.title },
      ],
      rows: images
        .slice(0, LISTED)
        .map((image) => [
          image.id,
          ...(several ? [String(image.repeat + 1)] : []),
          classes[image.label],
          classes[image.baseline.predicted],
          classes[image.model.predicted],
        ]),
    },
    {
      caption,
      className: 'images',
      cell: (text, row, column) => {
        if (column === 0)
          return html`<span data-image="${text}" data-repeat="${images[row].repeat}"
            >${text}</span
          >`;
        if (column < models) return text;
        const opinion = column === models ? images[row].baseline : images[row].model;
        return html`${text}<br /><small>${opinion.ofTruth.toFixed(2)} on the truth</small>`;
      },
    },
  );
}

const countText = (count: number): string =>
  count === 0
    ? 'no image'
    : count === 1
      ? '1 image'
      : count > LISTED
        ? `${count} images, the first ${LISTED}`
        : `${count} images`;
