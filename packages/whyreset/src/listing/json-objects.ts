/** Longest object that is put together, characters: a packet of 64 KiB with its bytes in hexadecimal, several times. */
const LONGEST = 4 * 1024 * 1024;

/** Cuts JSON that comes line by line into its outermost objects, whatever array they stand in. */
export class JsonObjects {
  private readonly found: (text: string, line: number) => void;
  private text: string[] = [];
  private length = 0;
  private depth = 0;
  private inString = false;
  private begun = 0;

  /** @param found called with the text of each object and the line on which it begins */
  constructor(found: (text: string, line: number) => void) {
    this.found = found;
  }

  /** An object has begun and not ended. */
  get open(): boolean {
    return this.depth > 0;
  }

  /** The line on which the open object begins. */
  get line(): number {
    return this.begun;
  }

  take(line: string, number: number): void {
    let from = 0;
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (this.inString) {
        if (code === 0x5c) at++;
        else if (code === 0x22) this.inString = false;
      } else if (code === 0x22) this.inString = this.depth > 0;
      else if (code === 0x7b && this.depth++ === 0) {
        this.begun = number;
        from = at;
      } else if (code === 0x7d && this.depth > 0 && --this.depth === 0) {
        this.hold(line.slice(from, at + 1));
        const text = this.text.join('\n');
        this.reset();
        this.found(text, this.begun);
      }
    }
    if (this.depth > 0) this.hold(line.slice(from));
    // A raw line break ends a string in no JSON, but in pasted text that was wrapped.
    this.inString = false;
  }

  reset(): void {
    this.text = [];
    this.length = 0;
    this.depth = 0;
    this.inString = false;
  }

  private hold(part: string): void {
    this.length += part.length;
    if (this.length <= LONGEST) this.text.push(part);
  }
}
