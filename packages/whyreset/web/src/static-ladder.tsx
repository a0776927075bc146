import { render } from 'preact-render-to-string';
import type { Example } from '../../src/verdict/result.ts';
import { LadderDrawing } from './parts/ladder-drawing.tsx';

/** A ladder as SVG text, for documents; its style is that of the page. */
export const drawLadder = (example: Example): string =>
  render(<LadderDrawing example={example} width={760} />);
