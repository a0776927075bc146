import { selfSigned } from '../../../test/guard/helpers/certificate.ts';
import {
  AFTER_HALF_CLOSE,
  CROSSING,
  ENDINGS,
  type Ending,
  FORGOTTEN,
} from '../../../test/guard/helpers/endings.ts';
import { type Counts, startFaultServer } from '../../../test/guard/helpers/fault-server.ts';
import type { MatrixPlan, MatrixResult, Meeting } from '../client/matrix.ts';
import { type Bench, places, sum } from '../measure.ts';
import { type Place, run } from '../place.ts';
import { number, type Reached, type Section, table } from '../report.ts';

interface Judged {
  path: string;
  posts: number;
  failures: number;
  proven: number;
  /** Requests that the server executed more often than the client's answers and doubts account for. */
  wrong: number;
  marked: number;
  clients: number;
}

/** A request that was answered was executed once; every attempt that failed without a proof may have been. */
const isWrong = ({ answered, unproven }: Meeting, executed: number) => executed > Number(answered) + unproven;

/** All ends of §4.3 on all paths: proofs that were wrong. */
export async function falseProofs(bench: Bench): Promise<Section> {
  const certificate = selfSigned();
  try {
    const endings = { ...ENDINGS, ...(process.getuid?.() === 0 ? FORGOTTEN : {}) };
    const conforming: Judged[] = [];
    const warned: Judged[] = [];
    const unwarned: Judged[] = [];
    for (const place of places(bench)) {
      for (const path of ['IPv4', 'IPv6', 'TLS'] as const) {
        const judge = (ways: Record<string, Ending>, rounds: number, mayProcess: boolean) =>
          meet(bench, place, path, certificate, ways, rounds, mayProcess);
        conforming.push(await judge(endings, bench.quick ? 1 : 4, false));
        conforming.push(await judge(CROSSING, bench.quick ? 10 : 50, false));
        if (path !== 'IPv4') continue;
        warned.push(await judge(AFTER_HALF_CLOSE, bench.quick ? 2 : 10, true));
        unwarned.push(await judge(AFTER_HALF_CLOSE, bench.quick ? 2 : 10, false));
      }
    }
    const wrong = sum([...conforming, ...warned].map((judged) => judged.wrong));
    const proofs = sum(conforming.map(({ proven }) => proven));
    const reached: Reached[] = [
      {
        measure: `matrix of §4.3 × ${places(bench)
          .map(({ name }) => name)
          .join(' / ')} / TLS / IPv6 / multi-segment: false proofs`,
        target: '0',
        reached: `${number(wrong)} of ${number(proofs)} proofs in ${number(sum(conforming.map(({ posts }) => posts)))} POSTs`,
        ok: wrong === 0 && proofs > 0,
      },
    ];
    const rows = (title: string, all: readonly Judged[]) =>
      all.map(({ path, posts, failures, proven, wrong, marked, clients }) => [
        path,
        title,
        number(posts),
        number(failures),
        number(proven),
        number(wrong),
        `${marked} of ${clients}`,
      ]);
    const head = [
      'path',
      'server',
      'POSTs',
      'failed attempts',
      'proven unexecuted',
      'wrong',
      'origins marked',
    ];
    const text = `Every end of a connection in prevent.md §4.3 under a POST after a warming GET; bodies in one segment, in several, and streamed; by node:http, undici and fetch. Wrong is a proof that the server’s own count contradicts. A server that acts on requests after its own FIN acknowledges them, which is waited for and marks its origin. One that also resets the connection before it has acknowledged looks like one that has closed: \`peerMayProcessAfterHalfClose\` is for that; where it is not set, what is wrong is listed here (every POST is met by a guard that knows nothing yet).\n\n${table(
      head,
      [
        ...rows('ends as in §4.3', conforming),
        ...rows('executes after its FIN, as the option says', warned),
        ...rows('executes after its FIN, unannounced', unwarned),
      ],
    )}`;
    return { title: 'Proofs held against what the server did', text, reached };
  } finally {
    certificate.remove();
  }
}

async function meet(
  bench: Bench,
  place: Place,
  path: 'IPv4' | 'IPv6' | 'TLS',
  certificate: { key: string; cert: string },
  endings: Record<string, Ending>,
  rounds: number,
  peerMayProcessAfterHalfClose: boolean,
): Promise<Judged> {
  const host = path === 'IPv6' ? place.host6 : place.host;
  const options = { host, ...(path === 'TLS' ? { secure: certificate } : {}) };
  const server = await place.at('server', () => startFaultServer(options));
  const plan: MatrixPlan = {
    base: `${path === 'TLS' ? 'https' : 'http'}://${path === 'IPv6' ? `[${host}]` : host}:${server.port}/`,
    endings,
    rounds,
    spreadMs: 10,
    peerMayProcessAfterHalfClose,
  };
  const { meetings, ...rest } = await run<MatrixResult>(place, process.execPath, [
    bench.programs.matrix,
    JSON.stringify(plan),
  ]);
  const counts: Counts = await server.counts();
  await server.stop();
  const judged = {
    path: `${place.name}, ${path}`,
    posts: meetings.length,
    failures: sum(meetings.map(({ proven, unproven }) => proven + unproven)),
    proven: sum(meetings.map(({ proven }) => proven)),
    wrong: meetings.filter((meeting) => isWrong(meeting, counts.executed[meeting.id] ?? 0)).length,
    ...rest,
  };
  bench.say(`${judged.path}: ${judged.posts} POSTs, ${judged.proven} proofs, ${judged.wrong} wrong`);
  return judged;
}
