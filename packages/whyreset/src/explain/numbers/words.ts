/** `7,894`, `0.35`: as many digits as a reader compares. */
export function thousands(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = fraction?.replace(/0+$/, '') ?? '';
  return rest === '' ? grouped : `${grouped}.${rest}`;
}
