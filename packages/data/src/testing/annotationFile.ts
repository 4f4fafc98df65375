import { type BookType, utils, write } from '@e965/xlsx';
import type { MessidorRow } from './messidorRows.js';

const HEADER = [
  'Image name',
  'Ophthalmologic department',
  'Retinopathy grade',
  'Risk of macular edema ',
];

/** The bytes of an annotation file as MESSIDOR has them: old Excel (BIFF8) unless another kind is named. */
export function annotationFile(
  rows: readonly Omit<MessidorRow, 'base'>[],
  bookType: BookType = 'biff8',
): Buffer {
  const book = utils.book_new();
  const cells = rows.map(({ name, retinopathy, edema }) => [
    name,
    'Service Ophtalmologie Lariboisière',
    retinopathy,
    edema,
  ]);
  utils.book_append_sheet(book, utils.aoa_to_sheet([HEADER, ...cells]), 'Feuil1');
  return write(book, { type: 'buffer', bookType }) as Buffer;
}
