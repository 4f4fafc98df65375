/** What is known about the order of classes besides their names. */
export interface ClassOrderHints {
  /** Whether the user declared an order. */
  readonly declared?: boolean;
  /** Name of the data set. */
  readonly dataset?: string;
}

/** Data sets whose labels are grades: diabetic retinopathy, macular edema, and the built-in synthetic images. */
const gradedDatasets = /messidor|eyepacs|aptos|idrid|tiny[ -]lesions/i;

/** A grade: an integer, alone or after a word for degrees of severity, such as "2", "grade 2" or "stage_2". */
const gradeName = /^(?:(grade|stage|level|score|degree|dr|dme|kl)[ _-]?)?(\d+)$/i;

/**
 * Whether classes have an order, as the grades of a disease do, so that confusing neighbors is a smaller error than
 * confusing extremes: only then quadratic kappa means anything. True if declared, if the names are ascending grades
 * ("0", "1", ... or "grade 0", "grade 1", ...), or for a data set that is known to be graded (MESSIDOR, EyePACS, APTOS,
 * IDRiD).
 * @param classes names in the order of their indices
 * @example
 * ```ts
 * import { classesAreOrdered } from '@nonlocal-med/metrics';
 *
 * console.log(classesAreOrdered(['grade 0', 'grade 1', 'grade 2'])); // true
 * console.log(classesAreOrdered(['COVID-19', 'NORMAL', 'Pneumonia'])); // false
 * console.log(classesAreOrdered(['mild', 'severe'], { declared: true })); // true
 * ```
 */
export function classesAreOrdered(
  classes: readonly string[],
  { declared, dataset = '' }: ClassOrderHints = {},
): boolean {
  if (declared !== undefined) return declared;
  if (gradedDatasets.test(dataset)) return true;
  const grades = classes.map((name) => gradeName.exec(name.trim()));
  return grades.every(
    (grade, i) =>
      grade !== null &&
      (i === 0 ||
        (grade[1]?.toLowerCase() === grades[0]![1]?.toLowerCase() &&
          Number(grade[2]) > Number(grades[i - 1]?.[2]))),
  );
}
