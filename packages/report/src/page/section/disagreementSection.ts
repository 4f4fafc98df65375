import { count } from '@nonlocal-med/core';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { weightsTitle } from '../../tables/weightsTitle.js';
import {
  type ComparedImage,
  type ComparedPair,
  comparedPairs,
  type Disagreements,
  findDisagreements,
} from '../disagreements.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { hasFindings, type PageModel } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** With more pairs of models, their lists of images are collapsed. */
const MOST_OPEN_PAIRS = 2;

/** Most images in a list. */
const MOST_LISTED = 12;

/** Test images, or findings of them, that only one of two compared models classifies correctly. */
export function disagreementSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const pairs = comparedPairs(models);
  const collapsed = pairs.length > MOST_OPEN_PAIRS;
  return {
    id: 'disagreement',
    title: 'Where models disagree',
    body:
      pairs.length === 0
        ? html`<p>No models are compared here: they were not tested on the same images.</p>`
        : html`<p>
              ${hasFindings(models) ? 'For these findings of test images only one of the two models is correct at its threshold.' : 'These test images are classified correctly by only one of the two models.'}
              They are sorted by how far the models differ in the probability of the
              ${hasFindings(models) ? 'truth' : 'true class'}.
            </p>
            ${weightsPanels(choices, (weights) => html`${pairs.map((pair) => pairMarkup(pair, { weights, collapsed }))}`)}`,
  };
}

function pairMarkup(
  pair: ComparedPair,
  { weights, collapsed }: { weights: WeightsChoice; collapsed: boolean },
): Markup {
  const { baseline, model } = pair;
  const found = findDisagreements(pair, weights);
  const isRepeated = found.repeats > 1;
  const names = `${model.title} and ${baseline.title}`;
  const heading = html`<h3>${names}, ${weightsTitle[weights]}</h3>`;
  if (found.repeats === 0)
    return html`${heading}
      <p>These models were not tested on the same images.</p>`;
  const images = html`<div class="columns">
    ${imageTable(found.gained, { pair, right: model, isRepeated })}${imageTable(found.lost, { pair, right: baseline, isRepeated })}
  </div>`;
  return html`${heading}
  ${hasFindings([model]) ? findingsTable(found, pair) : countsTable(found, pair)}
  ${
    collapsed
      ? html`<details>
          <summary>Images<span class="hidden"> on which ${names} disagree</span></summary>
          ${images}
        </details>`
      : images
  }`;
}

function countsTable(
  { bothRight, bothWrong, gained, lost, repeats }: Disagreements,
  { baseline, model }: ComparedPair,
): Markup {
  return htmlTable(
    {
      columns: [
        { title: '' },
        { title: `${baseline.title} correct`, align: 'right' },
        { title: `${baseline.title} wrong`, align: 'right' },
      ],
      rows: [
        [`${model.title} correct`, String(bothRight), String(gained.length)],
        [`${model.title} wrong`, String(lost.length), String(bothWrong)],
      ],
    },
    { caption: `Number of test images${repeats > 1 ? ` over ${repeats} repeats` : ''}` },
  );
}

/** How often only one of two models is correct about each finding. */
function findingsTable(
  { gained, lost, repeats }: Disagreements,
  { baseline, model }: ComparedPair,
): Markup {
  const ofFinding = (images: readonly ComparedImage[], index: number): string =>
    String(images.filter(({ finding }) => finding === index).length);
  return htmlTable(
    {
      columns: [
        { title: 'finding' },
        { title: `only ${model.title} correct`, align: 'right' },
        { title: `only ${baseline.title} correct`, align: 'right' },
      ],
      rows: model.runs[0].metrics.classes.map((name, index) => [
        name,
        ofFinding(gained, index),
        ofFinding(lost, index),
      ]),
    },
    { caption: `Number of test images${repeats > 1 ? ` over ${repeats} repeats` : ''}` },
  );
}

interface ImageTableOptions {
  readonly pair: ComparedPair;
  /** The model that classified the images correctly. */
  readonly right: PageModel;
  readonly isRepeated: boolean;
}

/** Keeps a short name of a class, such as "grade 0", on one line. */
const shortName = (name: string): Markup =>
  name.length <= 14 ? html`<span class="short">${name}</span>` : html`${name}`;

function imageTable(
  images: readonly ComparedImage[],
  { pair: { baseline, model }, right, isRepeated }: ImageTableOptions,
): Markup {
  const { classes } = model.runs[0].metrics;
  const ofFindings = hasFindings([model]);
  const answers = ofFindings ? ['absent', 'present'] : classes;
  const caption = `Only ${right.title} is correct: ${countText(images.length, ofFindings ? 'finding' : 'image')}`;
  if (images.length === 0) return html`<p class="note">${caption}.</p>`;
  const firstModelColumn = 2 + Number(isRepeated) + Number(ofFindings);
  return htmlTable(
    {
      columns: [
        { title: 'image' },
        ...(isRepeated ? [{ title: 'repeat', align: 'right' as const }] : []),
        ...(ofFindings ? [{ title: 'finding' }] : []),
        { title: ofFindings ? 'truth' : 'true class' },
        { title: baseline.title },
        { title: model.title },
      ],
      rows: images
        .slice(0, MOST_LISTED)
        .map((image) => [
          image.id,
          ...(isRepeated ? [String(image.repeat + 1)] : []),
          ...(image.finding === undefined ? [] : [classes[image.finding]]),
          answers[image.label],
          answers[image.baseline.predicted],
          answers[image.model.predicted],
        ]),
    },
    {
      caption,
      cssClass: 'images',
      cell: (text, row, column) => {
        if (column === 0)
          return html`<span data-image="${text}" data-repeat="${images[row].repeat}"
            >${text}</span
          >`;
        if (column < firstModelColumn) return shortName(text);
        const { trueClassProbability } =
          column === firstModelColumn ? images[row].baseline : images[row].model;
        return html`${shortName(text)}<br /><small
            >${ofFindings ? 'truth' : 'true class'}:
            ${(100 * trueClassProbability).toFixed(0)}${'\u00A0'}%</small
          >`;
      },
    },
  );
}

function countText(images: number, of: 'image' | 'finding'): string {
  const all = images === 0 ? `no ${of}s` : count(images, of);
  return images > MOST_LISTED ? `${all}, the first ${MOST_LISTED} are listed` : all;
}
