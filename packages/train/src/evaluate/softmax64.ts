/** Softmax of each row in float64. Rows sum to 1 to the last bit or two. @param logits [rows, classes] */
export function softmax64(logits: ArrayLike<number>, classes: number): Float64Array {
  const probabilities = Float64Array.from(logits);
  for (let start = 0; start < probabilities.length; start += classes) {
    const row = probabilities.subarray(start, start + classes);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += row[k] = Math.exp(row[k] - largest);
    for (let k = 0; k < classes; k++) row[k] /= sum;
  }
  return probabilities;
}
