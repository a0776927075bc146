/** Places that share a number, each list in the order given: two arrays for all lists, however many there are. */
export class PlacesByKey {
  private readonly starts: Int32Array;
  private readonly places: Int32Array;

  /**
   * @param order all places
   * @param keyOf a small number of a place; negative leaves it out
   */
  constructor(order: Uint32Array, keyOf: (place: number) => number) {
    let largest = -1;
    for (const place of order) largest = Math.max(largest, keyOf(place));
    const starts = new Int32Array(largest + 2);
    for (const place of order) {
      const key = keyOf(place);
      if (key >= 0) starts[key + 1]!++;
    }
    for (let key = 0; key <= largest; key++) starts[key + 1]! += starts[key]!;
    this.places = new Int32Array(starts[largest + 1]!);
    const next = starts.slice();
    for (const place of order) {
      const key = keyOf(place);
      if (key >= 0) this.places[next[key]!++] = place;
    }
    this.starts = starts;
  }

  of(key: number): Int32Array {
    return this.places.subarray(this.starts[key] ?? 0, this.starts[key + 1] ?? 0);
  }
}
