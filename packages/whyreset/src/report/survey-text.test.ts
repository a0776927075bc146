import { expect, it } from 'vitest';
import { LogSurvey } from '../explain/survey/survey.ts';
import { renderSurvey } from './survey-text.ts';
import { columns } from './wrap.ts';

function read(lines: readonly string[]) {
  const reader = new LogSurvey();
  const input = reader.input('app.log');
  input.push(new TextEncoder().encode(lines.join('\n')));
  input.end();
  return reader.result();
}

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 13) + second * 1000).toISOString();
const log = [
  ...[10, 300, 900].flatMap((second) => [
    `${at(second)} Error: socket hang up`,
    `${at(second)} [CRITICAL] WORKER TIMEOUT (pid:7214)`,
  ]),
  `${at(950)} connect ECONNREFUSED 10.0.0.9:80`,
];

it.each([60, 80, 100, 140])('keeps to %i columns, the answer first', (width) => {
  const lines = renderSurvey(read(log), { format: 'text', width, colour: false }).split('\n');
  for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
  expect(lines.slice(0, 3).join(' ')).toContain('--timeout');
});

it('gives programs a line for each kind, and the whole', () => {
  const survey = read(log);
  const lines = renderSurvey(survey, { format: 'ndjson', width: 80, colour: false }).trim().split('\n');
  expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual([
    'group',
    'group',
    'group',
    'inputs',
  ]);
  expect(JSON.parse(renderSurvey(survey, { format: 'json', width: 80, colour: false }))).toEqual(
    JSON.parse(JSON.stringify(survey)),
  );
});

it('lets nothing of the log into the terminal or the markup', () => {
  const evil = read([`${at(1)} \u001b]0;owned\u0007 connect ECONNREFUSED 10.0.0.9:80 <script>`]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(renderSurvey(evil, { format: 'text', width: 80, colour: false })).not.toMatch(/[\u0007\u001b]/);
  expect(renderSurvey(evil, { format: 'markdown', width: 80, colour: false })).not.toContain('<script>');
});
