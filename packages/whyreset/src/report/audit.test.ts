import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { audit } from '../audit/audit.ts';
import { rules } from '../audit/rules/index.ts';
import { renderAudit } from './audit.ts';
import { renderSarif } from './sarif.ts';

const files = [
  {
    path: 'conf/my nginx.conf',
    text: 'http { server { listen 80; location / { proxy_pass http://127.0.0.1:8000; } } }',
  },
  { path: 'Procfile', text: 'web: gunicorn --timeout 120 --max-requests 9 -b :8000 app:app' },
];
const result = audit(files, { behind: 'aws-alb' });
const plain = { width: 80, colour: false, ascii: false };

describe('an audit', () => {
  it('as SARIF points into the files, by rule', () => {
    const { version, runs } = JSON.parse(renderSarif(result, rules, '1.2.3')) as Log;
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs as [Log['runs'][0]];
    expect(tool.driver.rules!.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(results!.map(({ ruleId }) => ruleId)).toEqual(['response-order', 'worker-restarts']);
    for (const { ruleId, ruleIndex, level, message, locations } of results!) {
      expect(tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
      expect(level).toBe('warning');
      expect(message.text).toMatch(/\.$/);
      const { artifactLocation, region } = locations![0]!.physicalLocation!;
      expect(['conf/my%20nginx.conf', 'Procfile']).toContain(artifactLocation!.uri);
      expect(region!.startLine).toBe(1);
    }
  });

  it('as JSON names its schema, and each link by the numbers of its hops', () => {
    const { schema, hops, links, findings } = JSON.parse(renderAudit(result, { ...plain, format: 'json' }));
    expect(schema).toBe('whyreset/audit@1');
    expect(
      links.map((link: { from: number; to: number }) => [hops[link.from].product, hops[link.to].product]),
    ).toEqual([
      ['aws-alb', 'nginx'],
      ['nginx', 'gunicorn'],
    ]);
    expect(findings).toHaveLength(2);
  });

  it('as text stays within its columns, and shows no control character of a file', () => {
    const hostile = [
      { path: 'Procfile', text: 'web: gunicorn --max-requests 9 -b :8000 app:app' },
      { path: 'a\u001b[31m.conf', text: 'x' },
    ];
    for (const width of [44, 60, 80, 140]) {
      const text = renderAudit(audit(hostile), { ...plain, width, format: 'text' });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      expect(text).not.toContain('\u001b');
    }
  });

  it('leaves out what the files say to ignore', () => {
    const marked = files.map(({ path, text }) => ({
      path,
      text: path === 'Procfile' ? `# whyreset-ignore worker-restarts, response-order\n${text}` : text,
    }));
    expect(audit(marked, { behind: 'aws-alb' }).findings).toEqual([]);
    expect(
      audit([{ path: 'Procfile', text: `${files[1]!.text}\n# whyreset-ignore-file worker-restarts` }])
        .findings,
    ).toEqual([]);
  });
});
