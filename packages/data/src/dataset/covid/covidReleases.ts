import type { CovidClass } from './covidClasses.js';

interface Release {
  readonly name: string;
  readonly counts: Readonly<Partial<Record<CovidClass, number>>>;
}

const FIRST: Release = {
  name: 'first release',
  counts: { 'COVID-19': 219, Normal: 1341, 'Viral Pneumonia': 1345 },
};
const UPDATE: Release = {
  name: 'first update',
  counts: { 'COVID-19': 1200, Normal: 1341, 'Viral Pneumonia': 1345 },
};
const LATER: Release = {
  name: 'later release',
  counts: { 'COVID-19': 3616, Lung_Opacity: 6012, Normal: 10192, 'Viral Pneumonia': 1345 },
};

/** The releases of the COVID-19 Radiography Database with their published numbers of images (spec section 8.2). */
export const covidReleases = { first: FIRST, update: UPDATE, later: LATER } as const;
