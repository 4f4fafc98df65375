import type { DataSet } from 'dicom-parser';

const SHARED_GROUPS = 'x52009229';
const PER_FRAME_GROUPS = 'x52009230';

/**
 * Where the attributes of a frame are: in enhanced multi-frame files in a sequence of the frame's own functional groups,
 * or of those that all frames share (DICOM PS3.3, section C.7.6.16); else in the file itself.
 *
 * @param sequence tag of the functional group, e.g. `x00289132` for the frame's windows
 */
export function attributesOfFrame(
  dataSet: DataSet,
  { sequence, frame }: { readonly sequence: string; readonly frame: number },
): DataSet {
  const own = dataSet.elements[PER_FRAME_GROUPS]?.items?.[frame]?.dataSet;
  const shared = dataSet.elements[SHARED_GROUPS]?.items?.[0]?.dataSet;
  return firstItem(own, sequence) ?? firstItem(shared, sequence) ?? dataSet;
}

/** The first item of a sequence. */
export const firstItem = (dataSet: DataSet | undefined, sequence: string): DataSet | undefined =>
  dataSet?.elements[sequence]?.items?.[0]?.dataSet;
