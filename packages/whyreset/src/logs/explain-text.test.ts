import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainText, type TextExplanation } from './explain-text.ts';
import { patterns } from './patterns/index.ts';

const explain = (text: string): TextExplanation => {
  const explanation = explainText(text);
  if (!explanation) throw new Error(`not recognised: ${text}`);
  return explanation;
};
const causes = (text: string) => explain(text).families.map(({ cause }) => cause);

// Printed by Node 20.20 for a connection whose server sent a reset, a FIN, and nothing before the client gave up.
const nodeReset = `Error: read ECONNRESET
    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {
  errno: -104,
  code: 'ECONNRESET',
  syscall: 'read'
}`;
const nodeFin = `Error: socket hang up
    at Socket.socketOnEnd (node:_http_client:528:25)
    at Socket.emit (node:events:536:35)
    at endReadableNT (node:internal/streams/readable:1698:12)
    at process.processTicksAndRejections (node:internal/process/task_queues:82:21) {
  code: 'ECONNRESET'
}`;
const nodeOwnTimeout = `Error: socket hang up
    at Socket.socketCloseListener (node:_http_client:477:27)
    at Socket.emit (node:events:536:35)
    at TCP.<anonymous> (node:net:343:12) {
  code: 'ECONNRESET'
}`;
const fetchFin = (bytesRead: number, head = 'fetch failed') => `TypeError: ${head}
    at node:internal/deps/undici/undici:14976:13
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5) {
  [cause]: SocketError: other side closed
      at Socket.<anonymous> (node:internal/deps/undici/undici:6436:28) {
    code: 'UND_ERR_SOCKET',
    socket: {
      localAddress: '127.0.0.1',
      localPort: 55840,
      remoteAddress: '10.1.2.3',
      remotePort: 9101,
      remoteFamily: 'IPv4',
      timeout: undefined,
      bytesWritten: 169,
      bytesRead: ${bytesRead}
    }
  }
}`;

describe('explainText', () => {
  it('does not take the code ECONNRESET for a reset', () => {
    expect(explain(nodeFin)).toMatchObject({ class: 'EOF', ended: 'fin', verified: 'measured' });
    expect(explain(nodeReset)).toMatchObject({ class: 'RST-READ', ended: 'rst', verified: 'measured' });
    expect(explain(nodeOwnTimeout)).toMatchObject({ class: 'LOCAL-ABORT', ended: 'neither' });
    expect(explain("{ code: 'ECONNRESET' }")).toMatchObject({ class: 'RESET-CODE', ended: 'unclear' });
    expect(explain('{"errno":-104,"code":"ECONNRESET","syscall":"read"}')).toMatchObject({
      class: 'RST-READ',
      ended: 'rst',
    });
  });

  it('leaves open what "aborted" leaves open: Node prints it after a FIN and after a reset', () => {
    expect(explain("Error: aborted {\n  code: 'ECONNRESET'\n}")).toMatchObject({
      class: 'EOF-MID',
      ended: 'unclear',
    });
    expect(explain(`${nodeReset}\nError: aborted {\n  code: 'ECONNRESET'\n}`).alsoSeen).toMatchObject([
      { class: 'RST-MID' },
    ]);
  });

  it('takes the class from the innermost cause of a Java trace, and the stage from its wrappers', () => {
    const java = (head: string, cause: string) =>
      `java.io.IOException: ${head}\n\tat J.main(J.java:6)\nCaused by: ${cause}`;
    const none = 'HTTP/1.1 header parser received no bytes';
    const some = 'fixed content-length: 1000, bytes received: 7';
    const reset = 'java.net.SocketException: Connection reset';
    const eof = 'java.io.EOFException: EOF reached while reading';
    expect(explain(java(none, reset))).toMatchObject({ class: 'RST-READ', ended: 'rst' });
    expect(explain(java(none, eof))).toMatchObject({ class: 'EOF', ended: 'fin' });
    expect(explain(java(some, reset))).toMatchObject({ class: 'RST-MID', ended: 'rst' });
    expect(explain(java(some, eof))).toMatchObject({ class: 'EOF-MID', ended: 'fin' });
    expect(explain(java('Remote host terminated the handshake', reset))).toMatchObject({
      class: 'RST-TLS',
      ended: 'rst',
    });
    expect(explain(none)).toMatchObject({ class: 'EOF', ended: 'unclear' });
  });

  it('tells a body cut by a FIN from one cut by a reset in Python and fetch', () => {
    const requests = (inner: string) =>
      `requests.exceptions.ChunkedEncodingError: ("Connection broken: ${inner}", ${inner})`;
    expect(explain(requests("ConnectionResetError(104, 'Connection reset by peer')"))).toMatchObject({
      class: 'RST-MID',
    });
    expect(explain(requests('IncompleteRead(7 bytes read, 993 more expected)'))).toMatchObject({
      class: 'EOF-MID',
    });
    expect(explain(fetchFin(48, 'terminated'))).toMatchObject({ class: 'EOF-MID', ended: 'fin' });
  });

  it('rules the keep-alive race out on a fresh socket and puts it first on a reused one', () => {
    const race = ['I1', 'I2', 'I3'];
    expect(causes(`${nodeReset} { reusedSocket: false }`).filter((cause) => race.includes(cause))).toEqual(
      [],
    );
    expect(explain(`${nodeReset} { reusedSocket: false }`).rulesOut.join()).toContain(
      'never carried an answer',
    );
    expect(causes(`${nodeFin} { reusedSocket: true, method: 'POST' }`).slice(0, 2)).toEqual(['I1', 'I3']);
    expect(explain(fetchFin(0)).features.reused).toBe(false);
    expect(explain(fetchFin(512)).features.reused).toBe(true);
    expect(causes(fetchFin(0))).not.toContain('I1');
  });

  it('puts the race first for a method that clients do not repeat by themselves', () => {
    const reset = (method: string) =>
      `${method} "http://10.0.0.2/": read tcp 10.0.0.9:51230->10.0.0.2:80: read: connection reset by peer`;
    expect(explain(reset('Post')).features.method).toBe('POST');
    expect(causes(reset('Post')).slice(0, 2)).toEqual(['I2', 'I1']);
  });

  it.each([
    [fetchFin(0), '10.1.2.3', 9101],
    ['Error: connect ECONNREFUSED ::1:9999', '::1', 9999],
    ['Get "https://api.example.com/x": EOF', 'api.example.com', 443],
    ['read tcp 10.0.0.9:51230->[2001:db8::7]:8443: read: connection reset by peer', '2001:db8::7', 8443],
    [
      'psql: error: connection to server at "db.internal" (10.0.0.5), port 5432 failed: server closed the connection unexpectedly',
      'db.internal',
      5432,
    ],
    [
      'recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:3000/x", host: "example.com"',
      '10.0.0.2',
      3000,
    ],
    [
      "curl: (7) Failed to connect to 127.0.0.1 port 9999 after 0 ms: Couldn't connect to server",
      '127.0.0.1',
      9999,
    ],
    [
      "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='10.0.0.8', port=9110): Read timed out.",
      '10.0.0.8',
      9110,
    ],
    ['Post "https://user:secret@10.0.0.2:8080/": EOF', null, null],
  ])('aims the capture at the other end: %s', (text, host, port) => {
    const { features, next } = explain(text);
    expect(features).toMatchObject({ host, port });
    expect(next[0]).toContain(
      host === null ? "'tcp or icmp or icmp6'" : `host ${host} and (tcp port ${port} or`,
    );
    expect(next[1]).toBe(`whyreset diagnose whyreset.pcap${port === null ? '' : ` --port ${port}`}`);
  });

  it('captures on the loopback interface when the other end is there', () => {
    expect(explain('Error: connect ECONNREFUSED 127.0.0.1:80').next[0]).toContain('-i lo ');
  });

  it('lets nothing from the text into the commands but names, addresses and ports', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(99_999), (host, port) => {
        const { next } = explain(`connect ECONNREFUSED ${host}:${port} http://${host}:${port}/`);
        expect(next[0]).toMatch(/^sudo tcpdump -i \w+ -n -U -s 512 -w whyreset\.pcap '[\w.:() -]+'$/);
      }),
    );
  });

  it('makes what it quotes harmless', () => {
    const { recognised } = explain(
      'dial tcp \u001b]0;owned\u0007\u202e10.0.0.1:80: connect: connection refused',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(recognised).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('reads a text through colours and escapes', () => {
    expect(explain('\u001b[31mError: socket\u001b[0m hang up')).toMatchObject({ class: 'EOF' });
    expect(explain(JSON.stringify(JSON.stringify({ stack: nodeOwnTimeout })))).toMatchObject({
      class: 'LOCAL-ABORT',
    });
    expect(explain('{"msg":"\\u001b[31mread ECONNRESET"}')).toMatchObject({ class: 'RST-READ' });
  });

  it('lists the other endings of a longer log once each', () => {
    const log = `${nodeFin}\n${nodeFin}\nError: connect ECONNREFUSED 10.0.0.1:80\n${nodeReset}`;
    expect(explain(log).class).toBe('RST-READ');
    expect(explain(log).alsoSeen.map((other) => other.class)).toEqual(['EOF', 'REFUSED']);
  });

  it.each([
    '',
    'hello',
    'TypeError: x is not a function',
    'the pod was terminated',
    'curl 7.88.1 (x86_64-pc-linux-gnu)',
    'GET / HTTP/1.1 200',
  ])('does not recognise %j', (text) => expect(explainText(text)).toBeNull());

  it('never throws, and answers with plain data', () => {
    const pieces = patterns.flatMap((pattern) =>
      pattern.examples.flatMap((text) => text.split(/(?<=[ :\n])/)),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' }))), (parts) => {
        const explanation = explainText(parts.join(''));
        expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
      }),
      { numRuns: 300 },
    );
  });

  it('comes back from a text that begins every pattern again and again', () => {
    for (const { examples } of patterns) {
      for (const part of [0.5, 0.9]) {
        const start = examples[0]!.slice(0, Math.ceil(examples[0]!.length * part));
        // Nothing to assert but that it comes back: a backtracking catastrophe would outlast the test's limit.
        explainText(start.repeat(Math.ceil(50_000 / start.length)));
      }
    }
  }, 120_000);
});
