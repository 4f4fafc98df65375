/**
 * Acceleration of the BCa interval from leave-one-out values in strata (Davison and Hinkley 1997, 5.3.2): with
 * U = (n_h - 1) (mean - value) in stratum h, (1/6) sum(U^3 / n_h^3) / sum(U^2 / n_h^2)^(3/2). 0 where nothing varies.
 */
export function acceleration(leaveOneOut: Float64Array, strata: readonly Int32Array[]): number {
  let cubes = 0;
  let squares = 0;
  for (const units of strata) {
    const size = units.length;
    let mean = 0;
    for (const unit of units) mean += leaveOneOut[unit] / size;
    for (const unit of units) {
      const influence = ((size - 1) * (mean - leaveOneOut[unit])) / size;
      squares += influence ** 2;
      cubes += influence ** 3;
    }
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
