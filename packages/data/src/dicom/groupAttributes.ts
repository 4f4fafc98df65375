/** Attributes of DICOM files that images can be grouped by, and their tags. */
export const groupAttributeTags = {
  PatientID: 'x00100020',
  StudyInstanceUID: 'x0020000d',
  SeriesInstanceUID: 'x0020000e',
  AccessionNumber: 'x00080050',
  Modality: 'x00080060',
} as const;

/** An attribute that images can be grouped by. */
export type GroupAttribute = keyof typeof groupAttributeTags;

/** Whether a name is that of an attribute that images can be grouped by. */
export const isGroupAttribute = (name: string | undefined): name is GroupAttribute =>
  name !== undefined && Object.hasOwn(groupAttributeTags, name);

/** The names of the attributes that images can be grouped by. */
export const groupAttributes = Object.keys(groupAttributeTags) as readonly GroupAttribute[];
