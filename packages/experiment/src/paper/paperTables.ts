import type { PublishedResult } from '@nonlocal-med/runs';

/** The tables of results in the paper: ablation, comparison with other models, position of NAM. */
export type PaperTableName = 'table1' | 'table2' | 'table3';

/** The data sets of the paper. */
export type PaperData = 'messidor' | 'covid19';

/** A table of the paper as printed: by data set, results by row key, in the order of the rows. */
export interface PaperTable {
  readonly caption: string;
  readonly results: Readonly<Partial<Record<PaperData, Readonly<Record<string, PublishedResult>>>>>;
}

/**
 * The tables of the paper as printed: mean and standard deviation over five repeats, in percent. Rows are named after
 * their model; `encoder1` to `encoder4` of Table 3 are `resnet18-nla` with NAM on the features of that encoder, and
 * `hynet` is not implemented. Contradictions between the tables are kept; see {@link paperNotes}.
 */
export const paperTables: Readonly<Record<PaperTableName, PaperTable>> = {
  table1: {
    caption: 'Ablation on MESSIDOR',
    results: {
      messidor: {
        shufflenetv2: { AUC: [89.88, 2.04], SEN: [72.27, 2.41], ACC: [88.13, 1.36] },
        'shufflenetv2-nam': { AUC: [90.09, 2.19], SEN: [72.81, 1.85], ACC: [89.69, 0.86] },
        'shufflenetv2-nam-db': { AUC: [91.67, 1.64], SEN: [73.93, 2.06], ACC: [93.88, 0.62] },
        'shufflenetv2-nla': { AUC: [92.33, 1.6], SEN: [74.37, 2.83], ACC: [94.82, 0.53] },
        resnet18: { AUC: [92.09, 1.39], SEN: [77.5, 2.59], ACC: [90.51, 1.21] },
        'resnet18-nam': { AUC: [92.89, 1.72], SEN: [77.46, 1.98], ACC: [90.23, 0.94] },
        'resnet18-nam-db': { AUC: [94.1, 1.18], SEN: [79.2, 2.21], ACC: [94.13, 1.14] },
        'resnet18-nla': { AUC: [95.39, 0.94], SEN: [80.94, 1.84], ACC: [95.62, 0.6] },
      },
    },
  },
  table2: {
    caption: 'Comparison on MESSIDOR and COVID-19; attention models embedded in ResNet18',
    results: {
      messidor: {
        shufflenetv2: { AUC: [89.88, 2.04], SEN: [72.27, 2.41], ACC: [88.13, 1.36] },
        resnet18: { AUC: [92.09, 1.39], SEN: [76.5, 2.59], ACC: [90.51, 1.21] },
        'resnet18-cbam': { AUC: [93.44, 1.09], SEN: [78.86, 2.39], ACC: [91.37, 1.13] },
        'resnet18-se': { AUC: [93.48, 1.34], SEN: [78.21, 2.59], ACC: [91.32, 1.2] },
        'resnet18-nonlocal': { AUC: [93.89, 1.13], SEN: [78.04, 2.16], ACC: [90.95, 1.02] },
        'resnet18-ccnet': { AUC: [94.09, 0.81], SEN: [79.2, 1.83], ACC: [91.6, 0.74] },
        hynet: { AUC: [94.17, 1.03], SEN: [80.31, 1.62], ACC: [91.92, 0.88] },
        'resnet18-nla': { AUC: [95.39, 0.94], SEN: [80.94, 1.84], ACC: [92.48, 0.91] },
      },
      covid19: {
        shufflenetv2: { AUC: [98.21, 0.92], SEN: [92.83, 1.69], ACC: [96.89, 0.86] },
        resnet18: { AUC: [98.38, 0.6], SEN: [94.09, 1.57], ACC: [97.31, 0.82] },
        'resnet18-cbam': { AUC: [98.55, 0.93], SEN: [94.31, 1.26], ACC: [97.8, 1.24] },
        'resnet18-se': { AUC: [98.42, 0.97], SEN: [94.2, 0.8], ACC: [97.57, 1.2] },
        'resnet18-nonlocal': { AUC: [98.37, 0.79], SEN: [94.09, 1.82], ACC: [97.33, 0.87] },
        'resnet18-ccnet': { AUC: [98.45, 0.88], SEN: [94.29, 1.35], ACC: [97.45, 0.7] },
        hynet: { AUC: [98.76, 1.13], SEN: [94.6, 1.12], ACC: [97.86, 0.92] },
        'resnet18-nla': { AUC: [99.67, 0.44], SEN: [96.01, 0.77], ACC: [98.92, 0.61] },
      },
    },
  },
  table3: {
    caption: 'NAM on features from encoder 1 to 4, ResNet18',
    results: {
      messidor: {
        encoder1: { AUC: [95.39, 0.94], SEN: [80.94, 1.84], ACC: [92.48, 0.91] },
        encoder2: { AUC: [94.46, 1.25], SEN: [80.25, 2.26], ACC: [91.44, 1.14] },
        encoder3: { AUC: [94.16, 1.49], SEN: [78.92, 2.74], ACC: [91.0, 1.37] },
        encoder4: { AUC: [92.35, 1.23], SEN: [74.26, 2.21], ACC: [89.35, 0.85] },
      },
      covid19: {
        encoder1: { AUC: [99.67, 0.44], SEN: [96.01, 0.77], ACC: [98.92, 0.61] },
        encoder2: { AUC: [97.39, 1.46], SEN: [88.81, 1.03], ACC: [95.62, 1.38] },
        encoder3: { AUC: [96.31, 1.82], SEN: [86.34, 1.41], ACC: [94.4, 1.64] },
        encoder4: { AUC: [95.61, 2.24], SEN: [85.15, 1.6], ACC: [93.85, 1.96] },
      },
    },
  },
};

/** A caveat about published numbers, and which numbers it concerns. */
export interface PaperNote {
  readonly tables: readonly PaperTableName[];
  /** Default: both data sets. */
  readonly data?: PaperData;
  /** Keys of the rows it concerns; default: the whole table. */
  readonly rows?: readonly string[];
  readonly text: string;
}

/** Known contradictions in the tables of the paper (docs/specification.md, 1.4 and 10.4), as footnotes. */
export const paperNotes: readonly PaperNote[] = [
  {
    tables: ['table1'],
    rows: ['resnet18'],
    text: "The paper's Table 2 gives this row's SEN as 76.50 ± 2.59; its text (a gain of 4.44 points) agrees with 76.50.",
  },
  {
    tables: ['table2'],
    data: 'messidor',
    rows: ['resnet18'],
    text: "The paper's Table 1 gives this row's SEN as 77.50 ± 2.59; its text (a gain of 4.44 points) agrees with 76.50.",
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nla'],
    text: "The paper's Tables 2 and 3 give this row's ACC as 92.48 ± 0.91; its text (a gain of 1.97 points) agrees with 92.48. With four DR grades, no predictions have both an ACC of 95.62 and a SEN of 80.94, whichever definition of ACC is used.",
  },
  {
    tables: ['table2', 'table3'],
    data: 'messidor',
    rows: ['resnet18-nla', 'encoder1'],
    text: "The paper's Table 1 gives this row's ACC as 95.62 ± 0.60; its text (a gain of 1.97 points) agrees with 92.48.",
  },
  {
    tables: ['table1'],
    rows: ['shufflenetv2-nam-db', 'shufflenetv2-nla'],
    text: 'With four DR grades, no predictions have both this ACC and this SEN, whichever definition of ACC is used.',
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nam-db'],
    text: 'ACC rises by 3.90 points over the row above while SEN rises by 1.74; Table 2 shows no such jump.',
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nam'],
    text: "The paper's text reports a gain from NAM here too; in its table, ACC and SEN are below those of the baseline.",
  },
  {
    tables: ['table2'],
    rows: ['hynet'],
    text: 'Reported by the paper, not reproduced: neither the paper nor the reference it gives describes this model.',
  },
  {
    tables: ['table1', 'table2', 'table3'],
    text: 'The paper does not say how its ACC and SEN are averaged. Its ACC is shown next to the one-vs-rest mean (its Eq. 5 over the classes), its SEN next to the mean over the classes.',
  },
  {
    tables: ['table1', 'table2', 'table3'],
    data: 'messidor',
    text: 'The paper does not say whether the DR grade or the risk of macular edema is classified. Its mean accuracies cannot be averages over five test sets of 10 % (about 120 images, multiples of 1/600; one-vs-rest 1/1200), so equal digits are not to be expected.',
  },
  {
    tables: ['table2', 'table3'],
    data: 'covid19',
    text: 'The mean accuracies of the paper cannot be averages over five test sets of 10 % (290 or 291 images), so equal digits are not to be expected.',
  },
];
