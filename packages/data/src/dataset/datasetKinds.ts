/** The layouts that `openDataset` reads. */
export const datasetKinds = [
  'folder',
  'csv',
  'messidor',
  'messidor2',
  'covid19-radiography',
  'eyepacs',
  'aptos',
] as const;

export type DatasetKind = (typeof datasetKinds)[number];
