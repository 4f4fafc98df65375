/**
 * The attribute that a name means: the same name, else the one that differs in letter case, spaces, `_`, `-` or a leading
 * "Patient" only, with gender for sex: `sex` finds PatientSex and "Patient Gender".
 * @param known names of attributes, such as the columns of a manifest
 */
export function findAttribute(name: string, known: readonly string[]): string | undefined {
  return known.includes(name)
    ? name
    : known.find((attribute) => attributeKey(attribute) === attributeKey(name));
}

/** What a name says, however it is spelled: `sex` for PatientSex, `viewposition` for "View Position". */
export function attributeKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '')
    .replace(/^patient(?=.)/, '')
    .replace(/^gender$/, 'sex')
    .replace(/^age(?:in)?(?:years?|yrs?)$/, 'age');
}
