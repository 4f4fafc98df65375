/**
 * log Γ(n + 1) minus Stirling's approximation (n + 1/2) log n - n + log(2π) / 2, for n > 0.
 * The part of a binomial or Poisson probability that its saddle point leaves (Loader 2000, "Fast and accurate
 * computation of binomial probabilities"): the asymptotic series from 16 on, recurrence below.
 */
export function stirlingError(n: number): number {
  let error = 0;
  let argument = n;
  for (; argument < 16; argument++) error += (argument + 0.5) * Math.log1p(1 / argument) - 1;
  const square = argument * argument;
  return (
    error +
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) /
      argument
  );
}
