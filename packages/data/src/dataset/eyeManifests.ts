/** Public data sets of eyes whose labels are one CSV file: what it is called, its columns, and the published counts of grades 0 to 4. */
export const eyeManifests = {
  eyepacs: {
    title: 'EyePACS (Kaggle 2015)',
    manifest: /^train_?labels.*\.csv$/i,
    usual: 'trainLabels.csv',
    fileColumn: 'image',
    labelColumn: 'level',
    published: [25810, 2443, 5292, 873, 708],
  },
  aptos: {
    title: 'APTOS 2019',
    manifest: /^train.*\.csv$/i,
    usual: 'train.csv',
    fileColumn: 'id_code',
    labelColumn: 'diagnosis',
    published: [1805, 370, 999, 193, 295],
  },
} as const;
