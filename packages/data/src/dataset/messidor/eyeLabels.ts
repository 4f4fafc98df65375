/** The grades of an eye; `edema` is absent if a data set does not include it. */
export interface EyeGrades {
  readonly retinopathy: number;
  readonly edema?: number;
}

interface EyeLabel {
  /** Labels in the order of the classes. */
  readonly labels: readonly string[];
  readonly labelOf: (grades: EyeGrades) => string;
}

const digits = (count: number): string[] =>
  Array.from({ length: count }, (_, grade) => String(grade));

const retinopathyGrades = (count: number): EyeLabel => ({
  labels: digits(count),
  labelOf: ({ retinopathy }) => String(retinopathy),
});

const twoClasses = (
  labels: readonly [string, string],
  isSecond: (grades: EyeGrades) => boolean,
): EyeLabel => ({ labels, labelOf: (grades) => labels[isSecond(grades) ? 1 : 0] });

/** What can be learned from the grades of an eye, by the values of the option `label`. */
export const eyeLabels = {
  dr4: retinopathyGrades(4),
  dr5: retinopathyGrades(5),
  dme3: { labels: digits(3), labelOf: ({ edema }) => String(edema) },
  'dr-binary': twoClasses(['no DR', 'DR'], ({ retinopathy }) => retinopathy > 0),
  'dr-referable': twoClasses(['not referable', 'referable'], ({ retinopathy }) => retinopathy >= 2),
  'dme-binary': twoClasses(['no DME', 'DME'], ({ edema }) => edema! > 0),
} as const satisfies Readonly<Record<string, EyeLabel>>;
