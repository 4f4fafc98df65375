import { throwIssues } from '@nonlocal-med/core';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../summary/experimentSummary.js';
import { summarizeExperiment } from '../summary/summariseExperiment.js';
import { chooseImages } from './gallery/chooseImages.js';
import { embedImages } from './gallery/embedImages.js';
import { readGallery } from './gallery/readGallery.js';
import { openSubject } from './openSubject.js';
import { pageDocument } from './pageDocument.js';
import type { PageSubject } from './pageSubject.js';
import { type PageSection, sectionMarkup } from './part/sectionMarkup.js';
import { calibrationSection } from './section/calibrationSection.js';
import { confusionSection } from './section/confusionSection.js';
import { curvesSection } from './section/curvesSection.js';
import { disagreementSection } from './section/disagreementSection.js';
import { emptyGallerySection } from './section/emptyGallerySection.js';
import { gallerySection } from './section/gallerySection.js';
import { learningSection } from './section/learningSection.js';
import { repeatSection } from './section/repeatSection.js';
import { resultsSection } from './section/resultsSection.js';
import { summarySection } from './section/summarySection.js';

/** What a page is made of: one experiment, or one or several tested runs. */
export interface ReportPageOptions {
  /** Folder of an experiment. */
  readonly experiment?: string;
  /** Folders of runs; all others are compared with the first. */
  readonly runs?: readonly string[];
  /** What the page shows first; default: the selected epoch where there is one. */
  readonly weights?: WeightsChoice;
  /** Most images of the gallery; default 200, 0 for none. */
  readonly images?: number;
  /** Most bytes of the page; images that do not fit are made smaller, then left out. Default 5 million. */
  readonly bytes?: number;
  /** Folder that commands on the page are given in; default: the current one. */
  readonly base?: string;
}

/** Bytes kept free when images are counted. */
const RESERVE = 40_000;

/**
 * A page on an experiment or on runs: self-contained HTML that opens from disk and never asks the network for anything.
 * Runs of an experiment that are not tested yet are named and left out.
 * @throws InputError when there is nothing tested to show, or that lists every issue of the folders.
 */
export async function reportPage({
  images = 200,
  bytes = 5_000_000,
  ...options
}: ReportPageOptions): Promise<string> {
  throwIssues([
    ...(Number.isInteger(images) && images >= 0
      ? []
      : [{ path: 'images', message: `got ${images}`, hint: 'a whole number from 0 on' }]),
    ...((options.experiment === undefined) === (options.runs === undefined)
      ? [
          {
            path: 'experiment, runs',
            message: options.runs === undefined ? 'neither is given' : 'both are given',
            hint: 'one of the two',
          },
        ]
      : []),
  ]);
  const subject = await openSubject(options);
  const sections = measuredSections(subject);
  const write = (gallery: PageSection): string =>
    pageDocument(
      subject,
      [...sections.before, gallery, ...sections.after].map((section) => ({
        ...section,
        markup: sectionMarkup(section),
      })),
    ).text;
  const bare = write(emptyGallerySection(subject, { asked: images > 0 }));
  const gallery = images === 0 ? null : await readGallery(subject.models);
  if (gallery === null) return bare;
  const embedded = await embedImages(
    chooseImages(gallery.images).slice(0, images),
    bytes - Buffer.byteLength(bare) - RESERVE,
  );
  return write(gallerySection({ gallery, embedded }));
}

function measuredSections(subject: PageSubject): { before: PageSection[]; after: PageSection[] } {
  const { models, choices } = subject;
  const summaries = Object.fromEntries(
    choices.map((weights) => [weights, summarizeExperiment(subject.record, { weights })]),
  ) as Record<WeightsChoice, ExperimentSummary>;
  return {
    before: [
      summarySection(subject, summaries),
      resultsSection(subject, summaries),
      curvesSection(models, choices),
      confusionSection(models, choices),
      calibrationSection(models, choices),
      learningSection(models),
      disagreementSection(models, choices),
    ],
    after: [repeatSection(subject)],
  };
}
