import type { PageRow } from '../../../src/report/page-rows.ts';
import type { Finding } from '../../../src/verdict/result.ts';

const addressOf = (endpoint: string) => endpoint.replace(/:\d+$/, '');

function fit({ family, benign, responder, originator }: PageRow, finding: Finding): number {
  const server = finding.servers.some(({ endpoint }) => endpoint === responder);
  const client = finding.clients.some(({ address }) => address === addressOf(originator));
  const shared = finding.sharedBy === 'client' ? client : server;
  const same = finding.family === family && finding.verdict.benign === benign;
  // Connections that a trouble brought about stand in its finding, under the family of the trouble.
  const brought = shared && finding.verdict.benign === benign;
  return (same ? 4 : 0) + (shared ? 2 : 0) + (same || brought ? (server && client ? 1 : 0) : -8);
}

/** Which finding each row belongs to, by index; -1 where none fits. */
export function matchFindings(rows: readonly PageRow[], findings: readonly Finding[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(rows, (row) => {
    const key = `${row.family} ${row.benign} ${row.responder} ${addressOf(row.originator)}`;
    let best = known.get(key);
    if (best === undefined) {
      best = -1;
      let most = 0;
      findings.forEach((finding, i) => {
        const score = fit(row, finding);
        if (score > most) {
          most = score;
          best = i;
        }
      });
      known.set(key, best);
    }
    return best;
  });
}
