import { type BookType, utils, write } from '@e965/xlsx';

/** A line of a MESSIDOR annotation file, with its base set. */
export interface MessidorRow {
  readonly base: string;
  readonly name: string;
  readonly retinopathy: number;
  readonly edema: number;
}

const BASES = ['11', '12', '13', '14', '21', '22', '23', '24', '31', '32', '33', '34'];

/** The images that the errata list, with the grades of the original files: [base, name, retinopathy, edema]. */
const KNOWN: readonly (readonly [string, string, number, number])[] = [
  ['11', '20051020_63045', 3, 0],
  ['11', '20051020_64007', 1, 0],
  ['11', '20051020_63936', 3, 0],
  ['13', '20060523_48477', 2, 0],
  ...[
    '55582',
    '54744',
    '41076',
    '40508',
    '48287',
    '41238',
    '48586',
    '41260',
    '55457',
    '54530',
    '54783',
    '55607',
    '48575',
    '41034',
    '55484',
    '54555',
    '54547',
    '55498',
  ].map((id) => ['33', `20051202_${id}`, 0, 0] as const),
  ['33', '20051202_55626', 2, 0],
  ['33', '20051205_33025', 3, 0],
  ['33', '20051202_55562', 1, 0],
  ['33', '20051202_54611', 1, 1],
  ...['32966', '35099', '32981', '35110'].map((id) => ['33', `20051205_${id}`, 2, 2] as const),
];

/**
 * All 1,200 images of MESSIDOR under names of its form, with invented grades that add up to the published counts (546, 153,
 * 247, 254 and 974, 75, 151, spec 8.1) before the corrections.
 */
export function messidorRows(): MessidorRow[] {
  const left = { retinopathy: [546, 153, 247, 254], edema: [974, 75, 151] };
  for (const [, , retinopathy, edema] of KNOWN) {
    left.retinopathy[retinopathy]--;
    left.edema[edema]--;
  }
  const take = (counts: number[], at: number): number => {
    // The class with the most images left, so that every base set has all classes.
    const grade = counts.indexOf(Math.max(...counts));
    const chosen = counts[at % counts.length] > 0 && at % 3 === 0 ? at % counts.length : grade;
    counts[chosen]--;
    return chosen;
  };
  let serial = 0;
  return BASES.flatMap((base) => {
    const suffix = `_0${2 ** (Number(base[0]) - 1)}00_PP.tif`;
    const known = KNOWN.filter(([of]) => of === base).map(
      ([, name, retinopathy, edema]): MessidorRow => ({
        base,
        name: name + suffix,
        retinopathy,
        edema,
      }),
    );
    const others = Array.from({ length: 100 - known.length }, (): MessidorRow => ({
      base,
      name: `20051019_${String(10_000 + serial++)}${suffix}`,
      retinopathy: take(left.retinopathy, serial),
      edema: take(left.edema, serial),
    }));
    return [...known, ...others];
  });
}

const HEADER = [
  'Image name',
  'Ophthalmologic department',
  'Retinopathy grade',
  'Risk of macular edema ',
];

/** The bytes of an annotation file in MESSIDOR's format: old Excel (BIFF8), unless another type is given. */
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
