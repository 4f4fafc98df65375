import { publishedCounts } from '../publishedCounts.js';
import type { EyeGrades } from './medicalLabels.js';

const IMAGES = 1200;

/** Spec section 8.1: whether the published counts are those before or after the four corrections is not known. */
const RETINOPATHY = [546, 153, 247, 254];
const CORRECTED = [
  [547, 153, 246, 254],
  [545, 153, 248, 254],
];
const EDEMA = [974, 75, 151];

/** MESSIDOR's counts beside the published ones: all annotated images, duplicates among them. */
export function messidorNotes(grades: readonly Required<EyeGrades>[], used: number): string[] {
  const count = (of: 'retinopathy' | 'edema', length: number): number[] =>
    Array.from({ length }, (_, grade) => grades.filter((entry) => entry[of] === grade).length);
  return [
    `MESSIDOR: ${grades.length.toLocaleString('en')} annotated images of ${IMAGES.toLocaleString('en')} published${used === grades.length ? '' : `, ${used.toLocaleString('en')} without duplicates`}.`,
    publishedCounts({
      what: 'Retinopathy grades 0 to 3',
      found: count('retinopathy', 4),
      published: RETINOPATHY,
      accepted: { counts: CORRECTED, because: 'The corrections of 2016 explain the difference.' },
    }),
    publishedCounts({
      what: 'Risk of macular edema 0 to 2',
      found: count('edema', 3),
      published: EDEMA,
    }),
  ];
}
