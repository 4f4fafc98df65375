const COLUMNS = {
  name: ['image_id', 'id_code'],
  retinopathy: ['adjudicated_dr_grade', 'diagnosis'],
  edema: ['adjudicated_dme'],
  gradable: ['adjudicated_gradable'],
} as const;

/**
 * The columns of Messidor-2's adjudicated grades in a table's header, as published or in the copy that names them as APTOS
 * does; undefined where it is another table.
 */
export function messidor2Columns(
  header: readonly string[],
): Readonly<Record<keyof typeof COLUMNS, number>> | undefined {
  const place = (names: readonly string[]): number =>
    header.findIndex((cell) => names.includes(cell.toLowerCase()));
  const places = {
    name: place(COLUMNS.name),
    retinopathy: place(COLUMNS.retinopathy),
    edema: place(COLUMNS.edema),
    gradable: place(COLUMNS.gradable),
  };
  return Object.values(places).every((index) => index >= 0) ? places : undefined;
}
