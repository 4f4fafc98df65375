/** Which of a run's weights: those of the last epoch, or of the epoch chosen on the validation side. */
export type WeightsChoice = 'last' | 'selected';
