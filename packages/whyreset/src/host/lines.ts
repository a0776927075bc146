/** Longer lines are cut: no trace and no log line that is read here comes near. */
const LONGEST = 16_384;

export interface LineOptions {
  /** Most characters of a line. */
  longest?: number;
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be';
}

/**
 * Cuts bytes that come in pieces of any size into numbered lines. One line is
 * held at a time, and no more of it than `longest` characters.
 */
export class Lines {
  /** Lines that were too long and lost their ends. */
  cut = 0;
  private readonly decoder: TextDecoder;
  private readonly longest: number;
  private readonly take: (line: string, number: number) => void;
  private held = '';
  private overlong = false;
  private number = 0;

  /** @param take called for each line without its line break; the first is number 1 */
  constructor(
    take: (line: string, number: number) => void,
    { longest = LONGEST, encoding = 'utf-8' }: LineOptions = {},
  ) {
    this.take = take;
    this.longest = longest;
    this.decoder = new TextDecoder(encoding);
  }

  push(chunk: Uint8Array): void {
    this.add(this.decoder.decode(chunk, { stream: true }));
  }

  end(): void {
    this.add(this.decoder.decode());
    if (this.held !== '') this.line();
  }

  private add(text: string): void {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.hold(text, from, to);
      this.line();
      from = to + 1;
    }
    this.hold(text, from, text.length);
  }

  private hold(text: string, from: number, to: number): void {
    const room = this.longest - this.held.length;
    if (to - from > room) this.overlong = true;
    if (room > 0 && to > from) this.held += text.slice(from, Math.min(to, from + room));
  }

  private line(): void {
    const line = this.held.endsWith('\r') ? this.held.slice(0, -1) : this.held;
    this.held = '';
    if (this.overlong) this.cut++;
    this.overlong = false;
    this.take(line, ++this.number);
  }
}
