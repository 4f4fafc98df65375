import { type Issue, throwIssues } from '@nonlocal-med/core';
import type { SubgroupRule } from '@nonlocal-med/metrics';
import type { ExperimentRecord, RunRecord, WeightsChoice } from '@nonlocal-med/runs';
import { summarizeExperiment } from '../statistics/summarizeExperiment.js';
import { pagePredictions } from './decide/pagePredictions.js';
import { predictionsMarkup } from './decide/predictionsMarkup.js';
import { embedImages, interleaveOutcomes } from './gallery/embedImages.js';
import { readGallery } from './gallery/readGallery.js';
import { html, type Markup } from './html/html.js';
import { openSubject, type PageSubject } from './openSubject.js';
import { confidentErrorsMarkup } from './overview/confidentErrors.js';
import { pageDocument } from './pageDocument.js';
import { hasFindings, type PageSummaries } from './pageModel.js';
import { type PageSection, sectionMarkup } from './pageSection.js';
import { calibrationSection } from './section/calibrationSection.js';
import { confusionSection } from './section/confusionSection.js';
import { countsSection } from './section/countsSection.js';
import { curvesSection } from './section/curvesSection.js';
import { disagreementSection } from './section/disagreementSection.js';
import { emptyGallerySection } from './section/emptyGallerySection.js';
import { gallerySection } from './section/gallerySection.js';
import { inputsSection } from './section/inputsSection.js';
import { learningSection } from './section/learningSection.js';
import { modelCardSection } from './section/modelCardSection.js';
import { operatingPointSection } from './section/operatingPointSection.js';
import { outOfFoldSection } from './section/outOfFoldSection.js';
import { reproductionSection } from './section/reproductionSection.js';
import { resultsSection } from './section/resultsSection.js';
import { subgroupSection } from './section/subgroupSection.js';
import { summarySection } from './section/summarySection.js';

/** What a page shows: one experiment, or one or several tested runs. */
export interface ReportPageOptions {
  /** Folder of an experiment, or an experiment with further rows. */
  readonly experiment?: string | ExperimentRecord;
  /** Folders of runs, or rows that were read (predictions made elsewhere); all others are compared with the first. */
  readonly runs?: readonly (string | RunRecord)[];
  /** Weights that the page shows first; default: the best checkpoint (`selected`) if there is one. */
  readonly weights?: WeightsChoice;
  /** Subgroups with a forest plot; default: by every attribute that the runs kept and that has few values, or is an age. */
  readonly by?: readonly SubgroupRule[];
  /** Maximum number of images in the gallery; default 200, 0 for a page without images, sheets included. */
  readonly images?: number;
  /** Maximum size of the page in bytes; images that do not fit are reduced, then left out. Default 5 million. */
  readonly bytes?: number;
  /** Folder that commands on the page are relative to; default: the current folder. */
  readonly base?: string;
}

/** Bytes kept free when images are fitted into the page. */
const RESERVE = 40_000;

/** Bytes that predictions may take, from which the page's script lists images and moves thresholds. */
const MOST_FOR_PREDICTIONS = 1_200_000;

/** Bytes that the images of errors at the top of the page may take, which the gallery has once more. */
const MOST_FOR_ERRORS = 200_000;

/**
 * Renders a report on an experiment or on runs as one self-contained HTML page, which opens from disk and makes no
 * network requests. Runs of an experiment that have not been tested are listed and left out.
 * @throws InputError if no run has been tested, or that lists every issue of the folders and options.
 */
export async function reportPage({
  images = 200,
  bytes = 5_000_000,
  by,
  ...options
}: ReportPageOptions): Promise<string> {
  throwIssues(optionIssues({ images, ...options }));
  const subject = await openSubject(options);
  const inputs = images === 0 ? null : await inputsSection(subject.models, bytes);
  const render = pageRenderer(subject, { inputs, by, bytes });
  const withoutImages = render(emptyGallerySection(subject, { imagesRequested: images > 0 }));
  const gallery = images === 0 ? null : await readGallery(subject.models);
  if (gallery === null) return withoutImages;
  const forErrors = Math.min(MOST_FOR_ERRORS, bytes / 20);
  const embedded = await embedImages(
    interleaveOutcomes(gallery.images).slice(0, images),
    bytes - Buffer.byteLength(withoutImages) - RESERVE - forErrors,
  );
  return render(
    gallerySection({ gallery, embedded }),
    confidentErrorsMarkup(gallery, embedded.images, forErrors),
  );
}

function optionIssues({ images, experiment, runs }: ReportPageOptions): Issue[] {
  const issues: Issue[] = [];
  if (images === undefined || !Number.isInteger(images) || images < 0)
    issues.push({
      path: 'images',
      message: `got ${images}`,
      hint: 'must be an integer of at least 0',
    });
  if ((experiment === undefined) === (runs === undefined))
    issues.push({
      path: 'experiment, runs',
      message: runs === undefined ? 'neither is given' : 'both are given',
      hint: 'give one of the two',
    });
  return issues;
}

interface RenderOptions {
  /** The sheets of images; null for none. */
  readonly inputs: PageSection | null;
  readonly by?: readonly SubgroupRule[];
  readonly bytes: number;
}

/** Computes everything but the images; the result renders the page with a gallery and the errors at its top. */
function pageRenderer(
  subject: PageSubject,
  { inputs, by, bytes }: RenderOptions,
): (gallery: PageSection, errors?: Markup) => string {
  const { models, choices, record } = subject;
  const summaries: PageSummaries = Object.fromEntries(
    choices.map((weights) => [weights, summarizeExperiment(record, { weights })]),
  );
  const subgroups = subgroupSection(models, { by, weights: choices[0] });
  const data = pagePredictions(models, choices, Math.min(MOST_FOR_PREDICTIONS, bytes / 4));
  const operatingPoints = operatingPointSection(models, { choices, data });
  const folds = outOfFoldSection(subject, summaries);
  const results = [
    resultsSection(subject, summaries),
    ...(folds === null ? [] : [folds]),
    ...(operatingPoints === null ? [] : [operatingPoints]),
    hasFindings(models)
      ? countsSection(models, { choices, data })
      : confusionSection(models, { choices, data }),
    curvesSection(models, choices),
    calibrationSection(models, choices),
    ...(subgroups === null ? [] : [subgroups]),
    // A single model has none to disagree with.
    ...(models.length > 1 ? [disagreementSection(models, choices)] : []),
  ];
  const training = [...(inputs === null ? [] : [inputs]), learningSection(models)];
  const card = modelCardSection(models);
  const last = [...(card === null ? [] : [card]), reproductionSection(subject)];
  return (gallery, errors = html``) => {
    const sections = [
      summarySection(subject, summaries, errors),
      ...results,
      gallery,
      ...training,
      ...last,
    ];
    return pageDocument(
      subject,
      sections.map((section) => ({ ...section, markup: sectionMarkup(section) })),
      predictionsMarkup(data),
    ).text;
  };
}
