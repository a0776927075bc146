/** Where to look in one product, by what is looked for. */
export interface ProductSteps {
  product: string;
  /** Names and words by which a text about it is known. */
  is: RegExp;
  /** By id of cause or family; `any` where nothing more fitting is there. Sentences without a final stop. */
  steps: Readonly<Record<string, string>>;
}
