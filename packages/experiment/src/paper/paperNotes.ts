import type { PaperData, PaperTableName } from './paperTables.js';

/** What a reader of a published number must know, and which numbers it concerns. */
export interface PaperNote {
  readonly tables: readonly PaperTableName[];
  /** Absent: both data sets. */
  readonly data?: PaperData;
  /** Keys of the rows it concerns; absent: the whole table. */
  readonly rows?: readonly string[];
  readonly text: string;
}

/** The known contradictions that concern a number of the paper's tables (specification, 1.4 and 10.4), as footnotes. */
export const paperNotes: readonly PaperNote[] = [
  {
    tables: ['table1'],
    rows: ['resnet18'],
    text: "The paper's Table 2 gives this row's SEN as 76.50 ± 2.59; its text (a gain of 4.44 points) goes with 76.50.",
  },
  {
    tables: ['table2'],
    data: 'messidor',
    rows: ['resnet18'],
    text: "The paper's Table 1 gives this row's SEN as 77.50 ± 2.59; its text (a gain of 4.44 points) goes with 76.50.",
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nla'],
    text: "The paper's Tables 2 and 3 give this row's ACC as 92.48 ± 0.91; its text (a gain of 1.97 points) goes with 92.48. With four DR grades no predictions have an ACC of 95.62 and a SEN of 80.94 together, whichever way ACC is read.",
  },
  {
    tables: ['table2', 'table3'],
    data: 'messidor',
    rows: ['resnet18-nla', 'encoder1'],
    text: "The paper's Table 1 gives this row's ACC as 95.62 ± 0.60; its text (a gain of 1.97 points) goes with 92.48.",
  },
  {
    tables: ['table1'],
    rows: ['shufflenetv2-nam-db', 'shufflenetv2-nla'],
    text: 'With four DR grades no predictions have this ACC and this SEN together, whichever way ACC is read.',
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nam-db'],
    text: 'ACC rises by 3.90 points over the row above while SEN rises by 1.74; Table 2 shows no such jump.',
  },
  {
    tables: ['table1'],
    rows: ['resnet18-nam'],
    text: "The paper's text reports a gain from NAM here too; by its table ACC and SEN are below the baseline's.",
  },
  {
    tables: ['table2'],
    rows: ['hynet'],
    text: 'Reported by the paper, not reproduced: neither the paper nor the reference it gives describes this model.',
  },
  {
    tables: ['table1', 'table2', 'table3'],
    text: 'The paper does not say how its ACC and SEN are averaged. Its ACC stands beside the one-vs-rest mean (its Eq. 5 over the classes), its SEN beside the mean over the classes.',
  },
  {
    tables: ['table1', 'table2', 'table3'],
    data: 'messidor',
    text: 'The paper does not say whether the DR grade or the risk of macular oedema is classified. Its mean accuracies are no averages over five test sides of 10 % (about 120 images, steps of 1/600; one-vs-rest 1/1200), so equal digits are not to be expected.',
  },
  {
    tables: ['table2', 'table3'],
    data: 'covid19',
    text: 'The mean accuracies of the paper are no averages over five test sides of 10 % (290 or 291 images), so equal digits are not to be expected.',
  },
];
