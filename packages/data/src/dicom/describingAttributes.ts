import type { DataSet } from 'dicom-parser';

/** Attributes of DICOM files that may be kept with images: none of them tells who a patient is. */
const TAGS = {
  PatientSex: 'x00100040',
  PatientAge: 'x00101010',
  Manufacturer: 'x00080070',
  ManufacturerModelName: 'x00081090',
  Modality: 'x00080060',
  ViewPosition: 'x00185101',
  BodyPartExamined: 'x00180015',
  Laterality: 'x00200060',
  ImageLaterality: 'x00200062',
  MagneticFieldStrength: 'x00180087',
} as const;

/** An attribute that describes a patient, device or view without identifying anybody. */
export type DescribingAttribute = keyof typeof TAGS;

/** Names of the attributes that may be kept. */
export const describingAttributes = Object.keys(TAGS) as readonly DescribingAttribute[];

/** Those that are kept unless others are requested. */
export const defaultDescribing: readonly DescribingAttribute[] = [
  'PatientSex',
  'PatientAge',
  'Manufacturer',
  'Modality',
  'ViewPosition',
];

/** Values of the attributes that a file has; empty ones are left out. */
export function readDescribing(
  dataSet: DataSet,
): Readonly<Partial<Record<DescribingAttribute, string>>> {
  const found = describingAttributes.flatMap((name) => {
    const value = dataSet.string(TAGS[name])?.trim();
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
