import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import { PATIENCE } from './connection.ts';
import type { Target } from './target.ts';

/** What came of bytes that were sent on a connection of their own. */
export interface RawAnswer {
  /** Status of the first response that is not 1xx; null when none came. */
  status: number | null;
  /** How the other side ended it; null: it had not within the time allowed. */
  ended: 'fin' | 'rst' | null;
  /** Bytes that the kernel took. */
  sent: number;
}

/** After its answer a connection is watched for so long, milliseconds. */
const BEHIND_ANSWER = 3000;

const STATUS = /^HTTP\/1\.[01] (\d{3})/gm;

function open({ host, port, scheme }: Target, signal: AbortSignal): Socket {
  const raw = connect({ host, port, signal, allowHalfOpen: true });
  if (scheme !== 'https') return raw;
  return tls.connect({
    socket: raw,
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  });
}

const hostOf = ({ host, port, scheme }: Target) => {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
};

/** The head of a request, as an ordinary client writes it. */
export function headOf(target: Target, method: string, fields: readonly string[]): string {
  const lines = [
    `${method} ${target.path} HTTP/1.1`,
    `Host: ${hostOf(target)}`,
    'User-Agent: whyreset-probe',
    'Accept: */*',
  ];
  return `${[...lines, ...fields].join('\r\n')}\r\n\r\n`;
}

/**
 * Sends a head and, piece by piece, a body until it is answered or ended; then watches for the end.
 *
 * @param half sends a FIN behind the request.
 * @param body bytes of body, all zero.
 */
export function exchange(
  target: Target,
  head: string,
  signal: AbortSignal,
  { half = false, body = 0 }: { half?: boolean; body?: number } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = open(target, signal);
    const answer: RawAnswer = { status: null, ended: null, sent: 0 };
    let text = '';
    const done = () => {
      clearTimeout(timer);
      answer.sent = socket.bytesWritten;
      socket.destroy();
      resolve(answer);
    };
    let timer = setTimeout(done, PATIENCE);
    const piece = Buffer.alloc(64 * 1024);
    const write = () => {
      let left = body - written;
      while (left > 0 && answer.ended === null) {
        const bytes = left >= piece.length ? piece : piece.subarray(0, left);
        written += bytes.length;
        left -= bytes.length;
        if (!socket.write(bytes)) return;
      }
      if (left <= 0 && half) socket.end();
    };
    let written = 0;
    socket.on(target.scheme === 'https' ? 'secureConnect' : 'connect', () => {
      socket.write(head);
      write();
    });
    socket.on('drain', write);
    socket.on('data', (bytes) => {
      if (answer.status === null) {
        text = (text + bytes.toString('latin1')).slice(0, 65_536);
        const found = [...text.matchAll(STATUS)]
          .map((match) => Number(match[1]))
          .find((status) => status >= 200);
        answer.status = found ?? null;
        if (found !== undefined) {
          clearTimeout(timer);
          timer = setTimeout(done, BEHIND_ANSWER);
        }
      }
    });
    socket.on('end', () => {
      answer.ended ??= 'fin';
      done();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') answer.ended ??= 'rst';
      done();
    });
    socket.on('close', done);
  });
}
