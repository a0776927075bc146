import http2 from 'node:http2';
import { performance } from 'node:perf_hooks';
import { PATIENCE } from './connection.ts';
import type { Target } from './target.ts';

/** What a server does with an HTTP/2 connection. */
export interface Http2Manners {
  /** Streams that it allows at a time (SETTINGS_MAX_CONCURRENT_STREAMS); null: it sets no limit. */
  streams: number | null;
  /** Seconds that a PING took; null: not answered. */
  ping: number | null;
  /** How an idle connection ended: seconds behind the last answer, with the code of its GOAWAY (0: no error), null without one. */
  idle: { seconds: number; goaway: number | null } | { none: number };
}

/** SETTINGS_MAX_CONCURRENT_STREAMS when it is not sent, as Node tells it. */
const NO_LIMIT = 0xffff_ffff;

/** One request over HTTP/2, one PING, and then waiting. Null where HTTP/2 is not spoken. */
export function measureHttp2(target: Target, max: number, signal: AbortSignal): Promise<Http2Manners | null> {
  const { host, port, path } = target;
  const name = host.includes(':') ? `[${host}]` : host;
  return new Promise((resolve) => {
    const session = http2.connect(`https://${name}:${port}`, {
      rejectUnauthorized: false,
      ALPNProtocols: ['h2'],
    });
    const result: Http2Manners = { streams: null, ping: null, idle: { none: max } };
    let spoken = false;
    let rested: number | null = null;
    let goaway: number | null = null;
    let timer = setTimeout(() => session.destroy(), PATIENCE);
    const ended = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (rested !== null && !stopped) {
        const seconds = Math.round(performance.now() - rested) / 1000;
        result.idle = { seconds, goaway };
      }
      resolve(spoken ? result : null);
    };
    let stopped = false;
    const stop = () => {
      stopped = true;
      if (rested !== null)
        result.idle = { none: Math.min(max, Math.round(performance.now() - rested) / 1000) };
      session.destroy();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    session.on('error', () => {});
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      spoken = true;
      result.streams =
        maxConcurrentStreams === undefined || maxConcurrentStreams >= NO_LIMIT ? null : maxConcurrentStreams;
    });
    session.on('goaway', (code) => {
      goaway = code;
    });
    session.on('close', ended);
    session.once('connect', () => {
      session.ping((error, duration) => {
        if (error === null) result.ping = Math.round(duration) / 1000;
      });
      const stream = session.request({ ':path': path, 'user-agent': 'whyreset-probe' });
      stream.on('error', () => {});
      stream.resume().on('close', () => {
        rested = performance.now();
        clearTimeout(timer);
        timer = setTimeout(stop, max * 1000);
      });
    });
  });
}
