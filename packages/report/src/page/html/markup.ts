/** Text that is HTML already and is not escaped again. */
export class Markup {
  constructor(readonly text: string) {}
}
