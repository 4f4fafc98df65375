/** Splits `rows` into consecutive ranges of at most `blockRows`. */
export function queryBlocks(
  rows: number,
  blockRows: number,
): readonly { readonly start: number; readonly size: number }[] {
  return Array.from({ length: Math.ceil(rows / blockRows) }, (_, block) => {
    const start = block * blockRows;
    return { start, size: Math.min(blockRows, rows - start) };
  });
}
