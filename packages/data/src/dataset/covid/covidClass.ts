import { type CovidClass, covidClasses } from './covidClasses.js';

const NAMES: Readonly<Record<CovidClass, RegExp>> = {
  'COVID-19': /^covid([-_ ]?19)?$/i,
  Lung_Opacity: /^lung[-_ ]?opacity$/i,
  Normal: /^normal$/i,
  'Viral Pneumonia': /^viral[-_ ]?pneumonia$/i,
};

/** The class that a folder is called after in any release; undefined for another folder. */
export const covidClass = (folder: string): CovidClass | undefined =>
  covidClasses.find((name) => NAMES[name].test(folder.trim()));
