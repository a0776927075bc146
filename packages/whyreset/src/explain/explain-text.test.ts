import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordings } from '../logs/recognise.ts';
import { explainText } from './explain-text.ts';
import type { TextExplanation } from './explanation.ts';

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

describe('the ending', () => {
  it('is not a reset because the code is ECONNRESET', () => {
    expect(explain(nodeFin)).toMatchObject({ class: 'EOF', ended: 'fin', verified: 'measured' });
    expect(explain(nodeReset)).toMatchObject({ class: 'RST-READ', ended: 'rst', verified: 'measured' });
    expect(explain(nodeOwnTimeout)).toMatchObject({ class: 'LOCAL-ABORT', ended: 'neither' });
    expect(explain("{ code: 'ECONNRESET' }")).toMatchObject({ class: 'RESET-CODE', ended: 'unclear' });
    expect(explain('{"errno":-104,"code":"ECONNRESET","syscall":"read"}')).toMatchObject({
      class: 'RST-READ',
      ended: 'rst',
    });
  });

  it('stays open where "aborted" leaves it open: Node prints it after a FIN and after a reset', () => {
    expect(explain("Error: aborted {\n  code: 'ECONNRESET'\n}")).toMatchObject({
      class: 'EOF-MID',
      ended: 'unclear',
    });
    expect(explain(`${nodeReset}\nError: aborted {\n  code: 'ECONNRESET'\n}`).alsoSeen).toMatchObject([
      { class: 'RST-MID' },
    ]);
  });

  it('comes from the innermost cause of a Java trace, the stage from its wrappers', () => {
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

  it('is that of the errno where MySQL names one', () => {
    const mysql = (errno: number) =>
      `ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: ${errno}`;
    expect([0, 104, 111, 113].map((errno) => explain(mysql(errno)).class)).toEqual([
      'NO-BANNER',
      'RST-CONNECT',
      'REFUSED',
      'UNREACHABLE',
    ]);
  });

  it('lists the other endings of a longer paste once each', () => {
    const log = `${nodeFin}\n${nodeFin}\nError: connect ECONNREFUSED 10.0.0.1:80\n${nodeReset}`;
    expect(explain(log).class).toBe('RST-READ');
    expect(explain(log).alsoSeen.map((other) => other.class)).toEqual(['EOF', 'REFUSED']);
  });
});

describe('what decides', () => {
  it.each([
    ['a 413 beside a broken pipe', 'write EPIPE\n<h1>413 Request Entity Too Large</h1>', 'D5'],
    [
      'a kill for memory beside a 502',
      'recv() failed (104: Connection reset by peer) while reading response header from upstream\nOut of memory: Killed process 4711 (node)',
      'D1',
    ],
    ['a time limit beside a hang up', 'Error: socket hang up\n[CRITICAL] WORKER TIMEOUT (pid:7214)', 'D9'],
    [
      'a shutdown beside a reset',
      'read ECONNRESET\nFATAL:  terminating connection due to administrator command',
      'D14',
    ],
    [
      'a limit beside an end',
      'Connection terminated unexpectedly\nFATAL:  sorry, too many clients already',
      'D18',
    ],
    [
      'a file limit beside a timeout',
      'connect ETIMEDOUT 10.0.0.2:80\naccept4() failed (24: Too many open files)',
      'H6',
    ],
    [
      'a full table beside a timeout',
      'connect ETIMEDOUT 10.0.0.2:80\nnf_conntrack: nf_conntrack: table full, dropping packet',
      'H9',
    ],
    [
      'an idle limit beside a broken pipe',
      'write EPIPE\n421 Timeout (300 seconds): closing control connection.',
      'I9',
    ],
  ])('is %s', (_, text, cause) => {
    expect(explain(text)).toMatchObject({ certainty: 'named', capture: [] });
    expect(causes(text)[0]).toBe(cause);
  });
});

describe('the causes', () => {
  it('hold no keep-alive race on a fresh socket and put it first on a reused one', () => {
    const race = ['I1', 'I2', 'I3'];
    expect(causes(`${nodeReset} { reusedSocket: false }`).filter((cause) => race.includes(cause))).toEqual(
      [],
    );
    expect(explain(`${nodeReset} { reusedSocket: false }`).rulesOut.join()).toContain(
      'never carried an answer',
    );
    expect(race).toContain(causes(`${nodeFin} { reusedSocket: true, method: 'POST' }`)[0]);
    expect(explain(fetchFin(0)).features.reused).toBe(false);
    expect(explain(fetchFin(512)).features.reused).toBe(true);
    expect(causes(fetchFin(0))).not.toContain('I1');
  });

  it('put the race first for a method that clients do not repeat by themselves', () => {
    const reset = (method: string) =>
      `${method} "http://10.0.0.2/": read tcp 10.0.0.9:51230->10.0.0.2:80: read: connection reset by peer`;
    expect(explain(reset('Post')).features.method).toBe('POST');
    expect(causes(reset('Post'))[0]).toBe('I2');
  });

  it.each([
    [
      'after CONNECT',
      '> CONNECT www.example.com:443 HTTP/1.1\n* Recv failure: Connection reset by peer',
      ['P6', 'P7'],
    ],
    [
      'in the TLS handshake, by name',
      'curl: (35) Recv failure: Connection reset by peer\nonly this domain, from mainland China',
      ['P6'],
    ],
    ['after a pause', 'it fails after being idle for an hour\nread ECONNRESET', ['I4', 'I2', 'I7']],
    ['a large upload', 'PUT /upload with a large file: write ECONNRESET', ['D5', 'D2']],
    ['a WebSocket every minute', 'WebSocket closed with code 1006 every 60 seconds behind an ALB', ['I5']],
    ['small files pass', 'net/http: TLS handshake timeout over the VPN, hello-world pulls fine', ['D13']],
    [
      'a deploy',
      'read ECONNRESET for all clients at the same time, after a redeploy',
      ['I7', 'D1', 'H7', 'D14'],
    ],
    [
      'pods and conntrack',
      'read: connection reset by peer while downloading a large file from a pod; conntrack -S shows invalid',
      ['D10'],
    ],
    [
      'Azure, many connects',
      'System.Net.Sockets.SocketException (10060) ConnectToTcpHostAsync https://api.example.com/ in Azure App Service',
      ['H9'],
    ],
    ['a listen queue', 'connect ETIMEDOUT 10.0.0.2:80 under heavy load, ListenOverflows grows', ['H3']],
  ])('move with the context: %s', (_, text, expected) => {
    const first = causes(text).slice(0, 2);
    expect(
      first.some((cause) => expected.includes(cause)),
      `${first}`,
    ).toBe(true);
  });

  it.each([
    [
      'an empty PROXY header',
      'broken header: "" while reading PROXY protocol, client: 10.42.1.0, server: 0.0.0.0:443',
    ],
    ['TLS probes', 'http: TLS handshake error from 10.17.18.6:16037: EOF'],
    ['a scanner', 'sshd[1735]: Did not receive identification string from 203.0.113.7 port 4711'],
    ['startup packets', 'LOG:  incomplete startup packet'],
  ])('are harmless for %s, and say how to silence it', (_, text) => {
    expect(explain(text)).toMatchObject({ harmless: true, capture: [] });
    expect(explain(text).headline).toMatch(/^Harmless: /);
    expect(explain(text).next.join()).toMatch(/silence|filter|[Nn]othing to repair/);
  });

  it('are settled by one question where the text leaves them open', () => {
    expect(explain(nodeReset)).toMatchObject({
      certainty: 'possible',
      question: { ask: expect.stringContaining('?') },
    });
  });
});

describe('the numbers', () => {
  it.each([
    [
      '7,893,852 milliseconds ago',
      'Communications link failure\nThe last packet successfully received from the server was 7,893,852 milliseconds ago.',
      '9 × 75 s',
      'I8',
    ],
    [
      '15 retransmissions',
      'java.io.IOException: Connection timed out after 924 seconds',
      '15 retransmissions',
      'D16',
    ],
    [
      'a balancer’s 350 s',
      'read ECONNRESET through the AWS NLB, always after 350 seconds',
      '350 s is the default of AWS',
      'I4',
    ],
    [
      'a body above a limit',
      'nginx: writev() failed (32: Broken pipe) while sending request to upstream, docker push of 31.49 MiB',
      'lies above 1 MiB',
      'D5',
    ],
    ['a count of requests', 'socket hang up after 100 requests', '100 requests is the default limit', 'I10'],
  ])('%s', (_, text, says, cause) => {
    expect(
      explain(text)
        .numbers.map((number) => number.says)
        .join('\n'),
    ).toContain(says);
    expect(causes(text).slice(0, 3)).toContain(cause);
  });

  it('are not the limits that the reporting program has set itself', () => {
    expect(explain('AxiosError: timeout of 60000ms exceeded').numbers).toEqual([]);
  });

  it('see the same pause again and again as a timer', () => {
    const line = (time: string) => `2026-11-21T10:${time}Z read ECONNRESET from the NLB`;
    const text = [line('00:00'), line('05:50'), line('11:40')].join('\n');
    expect(explain(text).numbers[0]?.says).toContain('350 s');
  });
});

describe('the capture', () => {
  it.each([
    [fetchFin(0), '10.1.2.3', 9101],
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
      'cURL error 52: Empty reply from server (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://api.example.com/orders',
      'api.example.com',
      443,
    ],
    ['Post "https://user:secret@10.0.0.2:8080/": EOF', null, null],
  ])('aims at the other end: %s', (text, host, port) => {
    const { features, capture } = explain(text);
    expect(features).toMatchObject({ host, port });
    expect(capture[0]).toContain(
      host === null ? "'tcp or icmp or icmp6'" : `host ${host} and (tcp port ${port} or`,
    );
    expect(capture[1]).toBe(`whyreset diagnose whyreset.pcap${port === null ? '' : ` --port ${port}`}`);
  });

  it('is taken on the loopback interface when the other end is there', () => {
    expect(explain('Error: connect ECONNREFUSED 127.0.0.1:80').capture[0]).toContain('-i lo ');
  });

  it('lets nothing from the text into the commands but names, addresses and ports', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(99_999), (host, port) => {
        const { capture } = explain(`connect ECONNREFUSED ${host}:${port} http://${host}:${port}/`);
        if (capture.length > 0)
          expect(capture[0]).toMatch(/^sudo tcpdump -i \w+ -n -U -s 512 -w whyreset\.pcap '[\w.:() -]+'$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the text', () => {
  it('is shown without what could reach a terminal', () => {
    const { recognised } = explain(
      'dial tcp \u001b]0;owned\u0007\u202e10.0.0.1:80: connect: connection refused',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(recognised).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('is read through colours, escapes and the prefixes of log collectors', () => {
    expect(explain('\u001b[31mError: socket\u001b[0m hang up')).toMatchObject({ class: 'EOF' });
    expect(explain(JSON.stringify(JSON.stringify({ stack: nodeOwnTimeout })))).toMatchObject({
      class: 'LOCAL-ABORT',
    });
    expect(explain('{"msg":"\\u001b[31mread ECONNRESET"}')).toMatchObject({ class: 'RST-READ' });
    expect(explain(nodeOwnTimeout.replace(/^/gm, '[pod/api-7d9f/api] '))).toMatchObject({
      class: 'LOCAL-ABORT',
    });
    expect(explain(nodeOwnTimeout.replace(/^/gm, 'api-1  | '))).toMatchObject({ class: 'LOCAL-ABORT' });
    expect(explain('远程主机强迫关闭了一个现有的连接。')).toMatchObject({ class: 'RST-READ', ended: 'rst' });
  });

  it.each([
    '',
    'hello',
    'TypeError: x is not a function',
    'the pod was terminated',
    'curl 7.88.1 (x86_64-pc-linux-gnu)',
    'GET / HTTP/1.1 200',
  ])('is not recognised: %j', (text) => expect(explainText(text)).toBeNull());

  it('never makes it throw, and the answer is plain data', () => {
    const pieces = wordings.flatMap(({ examples }) => examples.flatMap((text) => text.split(/(?<=[ :\n])/)));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' }))), (parts) => {
        const explanation = explainText(parts.join(''));
        expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
      }),
      { numRuns: 150 },
    );
  });
});
