import type { Example, Finding, LadderRow, ResetEntry, Result } from '../../verdict/result.ts';
import { SCHEMA } from '../../verdict/result.ts';

/** Hand-made results for the tests of this room. Invented, but with the numbers in step with each other. */

type RowParts = [
  packet: number,
  time: number,
  way: '>' | '<',
  flags: string,
  seq: number,
  ack: number | null,
];

/** As `verdict/ladder.ts` weighs them. */
const WEIGHTS: Readonly<Record<string, number>> = { S: 70, 'S.': 70, R: 100, 'R.': 100, 'F.': 80, 'P.': 64 };

function row([packet, time, way, flags, seq, ack]: RowParts, more: Partial<LadderRow> = {}): LadderRow {
  const from = way === '>' ? 'originator' : 'responder';
  return {
    packet,
    time,
    from,
    flags,
    seq,
    ack,
    length: 0,
    note: null,
    weight: WEIGHTS[flags] ?? 40,
    elided: 0,
    ...more,
  };
}

const roles = {
  basis: 'handshake',
  certainty: 'certain',
  says: 'packet 1 from 10.0.0.5:41822 is a SYN',
} as const;

const crossing: ResetEntry = {
  connection: {
    originator: '10.0.0.5:41822',
    responder: '10.0.0.7:8080',
    state: 'RSTR',
    history: 'ShADadFr',
    roles,
  },
  input: 0,
  reset: true,
  packet: 14,
  time: '2024-03-01T12:01:02.418233Z',
  claimedSender: 'responder',
  verdict: {
    sender: 'responder',
    senderCertainty: 'likely',
    family: 'keep-alive-race',
    general: null,
    cause: 'keep-alive-race-crossing',
    taxonomy: 'I1',
    certainty: 'proven',
    benign: false,
  },
  maker: {
    because: [{ fact: 'ttl', says: 'its TTL 57 is that of the server’s other packets', packets: [14] }],
    rivals: [],
  },
  statement: 'the server ended the connection after 60.0 s without a request, and the client used it again',
  evidence: [
    {
      fact: 'idle',
      says: 'no payload either way for 60.0 s before the server sent its FIN',
      packets: [9, 11],
    },
    {
      fact: 'closing',
      says: 'the request acknowledges byte 180 and the FIN is byte 180: the client had not seen it; the FIN acknowledges byte 420 and the request begins there: the server had not seen that either',
      packets: [11, 13],
    },
    {
      fact: 'reset',
      says: 'the RST has the form of a stack that no longer has the connection: window 0, no options',
      packets: [14],
    },
  ],
  ruledOut: [
    {
      cause: 'stale-pool-reuse',
      because: 'the client sent its request before the FIN had been acknowledged',
    },
    {
      cause: 'keep-alive-race-unread',
      because: 'the server sent a FIN, so it had nothing unread when it closed',
    },
    {
      cause: 'middlebox-idle-reset-on-next-packet',
      because: 'TTL 57 is that of the server in all its other packets',
    },
  ],
  doubted: [],
  alternatives: [],
  next: null,
};

const crossingLadder: LadderRow[] = [
  row([1, 0, '>', 'S', 0, null]),
  row([2, 0.0203, '<', 'S.', 0, 1]),
  row([9, 0.05, '<', 'P.', 1, 420], { length: 179, note: 'end of the response', elided: 6 }),
  row([11, 60.0502, '<', 'F.', 180, 420], { note: 'closes after 60.0 s of silence', elided: 1 }),
  row([13, 60.0591, '>', 'P.', 420, 180], {
    length: 200,
    note: 'next request; does not acknowledge the FIN',
    elided: 1,
  }),
  row([14, 60.0794, '<', 'R', 180, null], { note: 'RST (source: server)' }),
];

const refused: ResetEntry = {
  connection: {
    originator: '10.0.0.5:50110',
    responder: '10.0.0.9:5432',
    state: 'REJ',
    history: 'Sr',
    roles,
  },
  input: 0,
  reset: true,
  packet: 2202,
  time: '2024-03-01T12:03:11.000441Z',
  claimedSender: 'responder',
  verdict: {
    sender: 'responder',
    senderCertainty: 'likely',
    family: 'refused',
    general: null,
    cause: 'no-listener',
    taxonomy: 'H1',
    certainty: 'likely',
    benign: false,
  },
  maker: {
    because: [{ fact: 'ttl', says: 'its TTL 64 is that of the server’s other packets', packets: [2202] }],
    rivals: [],
  },
  statement: '10.0.0.9 answered the SYN with a RST',
  evidence: [
    {
      fact: 'reset',
      says: 'the RST answers the SYN after 210 µs: sequence number 0, window 0, no options',
      packets: [2201, 2202],
    },
    { fact: 'ttl', says: 'TTL 64 is that of 10.0.0.9 in 12 other connections', packets: [2202] },
  ],
  ruledOut: [{ cause: 'firewall-reject', because: 'the RST has the TTL of the server itself' }],
  doubted: [],
  alternatives: [],
  next: null,
};

const undetermined: ResetEntry = {
  connection: {
    originator: '[2001:db8:85a3:1234:5678:8a2e:370:7334]:51044',
    responder: '[2001:db8:85a3:abcd:ef01:2345:6789:abcd]:8443',
    state: 'RSTR',
    history: 'ShADdar',
    roles,
  },
  input: 1,
  reset: true,
  packet: 88,
  time: '2024-03-01T12:05:00.5Z',
  claimedSender: 'responder',
  verdict: {
    sender: 'responder',
    senderCertainty: 'likely',
    family: 'ended-unanswered',
    general: null,
    cause: null,
    taxonomy: null,
    certainty: 'undetermined',
    benign: false,
  },
  maker: {
    because: [{ fact: 'reset', says: 'it continues the IP-IDs of the server', packets: [86, 88] }],
    rivals: [],
  },
  statement:
    'the server’s host had all 1,448 bytes of the request and, 0.30 s later, reset the connection instead of answering',
  evidence: [
    {
      fact: 'reset',
      says: 'the server ended the connection with an active RST+ACK and no FIN',
      packets: [88],
    },
    {
      fact: 'exchange',
      says: 'the request of 1,448 bytes was acknowledged and never answered',
      packets: [80, 81, 82, 83, 84, 85, 86],
    },
  ],
  ruledOut: [{ cause: 'write-after-close', because: 'the server sent no FIN before' }],
  doubted: [],
  alternatives: [
    {
      cause: 'unread-data-at-close',
      taxonomy: 'D2',
      family: 'ended-unanswered',
      because: 'the server may have closed with the request unread',
    },
    {
      cause: 'abort-by-linger-zero',
      taxonomy: 'D3',
      family: 'ended-unanswered',
      because: 'the server may close with SO_LINGER 0',
    },
    {
      cause: 'listener-closed-with-queue',
      taxonomy: 'H7',
      family: 'process-ended',
      because: 'the server may have stopped listening with this connection still in its queue',
    },
  ],
  next: {
    item: 'trace',
    text: "the kernel's trace line for the RST on the server’s host, recorded while it happens (Linux 6.10 or later; then --trace FILE)",
    answers: 'TCP_ABORT_ON_CLOSE means unread-data-at-close, TCP_STATE means abort-by-linger-zero',
    command:
      "sudo sh -c 'cd /sys/kernel/tracing; echo stacktrace > events/tcp/tcp_send_reset/trigger; echo 1 > events/tcp/tcp_send_reset/enable; cat trace_pipe' > reset.trace",
  },
};

const injected: ResetEntry = {
  connection: {
    originator: '192.168.1.20:60200',
    responder: '203.0.113.80:443',
    state: 'RSTR',
    history: 'ShADdrda',
    roles,
  },
  input: 0,
  reset: true,
  packet: 305,
  time: '2024-03-01T12:06:01.030900Z',
  claimedSender: 'responder',
  verdict: {
    sender: 'middlebox',
    senderCertainty: 'likely',
    family: 'box-reset',
    general: null,
    cause: 'injected-reset',
    taxonomy: 'P6',
    certainty: 'likely',
    benign: false,
  },
  maker: {
    because: [
      {
        fact: 'maker',
        says: 'the RST acknowledges packet 304 only 900 µs after it passed here, but a round trip to the server takes at least 30 ms',
        packets: [304, 305],
      },
    ],
    rivals: ['another host with the address 203.0.113.80'],
  },
  statement: 'the RST was not made by the TCP of 203.0.113.80',
  evidence: [
    {
      fact: 'maker',
      says: 'the RST acknowledges packet 304 only 900 µs after it passed here, but a round trip to the server takes at least 30 ms',
      packets: [304, 305],
    },
    {
      fact: 'packetsAfterReset',
      says: 'the server sent new data 29 ms after the RST',
      packets: [305, 306],
    },
  ],
  ruledOut: [],
  doubted: [],
  alternatives: [],
  next: null,
};

const silent: ResetEntry = {
  connection: {
    originator: '10.0.0.5:42000',
    responder: '10.0.0.8:6379',
    state: 'S1',
    history: 'ShADadT',
    roles,
  },
  input: 0,
  reset: false,
  packet: 977,
  time: '2024-03-01T13:00:00Z',
  claimedSender: null,
  verdict: {
    sender: 'middlebox',
    senderCertainty: 'likely',
    family: 'no-reply',
    general: null,
    cause: 'middlebox-idle-silent-drop',
    taxonomy: 'I6',
    certainty: 'possible',
    benign: false,
  },
  maker: null,
  statement: 'from packet 970 on nothing was acknowledged',
  evidence: [
    {
      fact: 'loss',
      says: '7 repetitions of 31 bytes stay unanswered after 350 s of silence',
      packets: [970, 971, 972, 973, 974, 975, 976, 977],
    },
  ],
  ruledOut: [],
  doubted: [],
  alternatives: [
    {
      cause: 'peer-vanished',
      taxonomy: 'D16',
      family: 'ended-unanswered',
      because: 'a server that lost power looks the same',
    },
  ],
  next: { item: 'capture', text: 'a capture of the same moment at the server', answers: null, command: null },
};

const closing: ResetEntry = {
  connection: {
    originator: '10.0.0.6:33010',
    responder: '10.0.0.7:8080',
    state: 'RSTO',
    history: 'ShADadfR',
    roles,
  },
  input: 0,
  reset: true,
  packet: 420,
  time: '2024-03-01T12:00:09.1Z',
  claimedSender: 'originator',
  verdict: {
    sender: 'originator',
    senderCertainty: 'likely',
    family: 'harmless',
    general: null,
    cause: 'client-reset-after-response',
    taxonomy: 'B1',
    certainty: 'likely',
    benign: true,
  },
  maker: { because: [], rivals: [] },
  statement: 'everything the client had asked for had been answered in full',
  evidence: [{ fact: 'exchange', says: 'every request was answered in full before', packets: [418, 419] }],
  ruledOut: [],
  doubted: [],
  alternatives: [],
  next: null,
};

interface Parts {
  title: string;
  headline: string;
  /** Title of the named cause; that of the family unless given. */
  named?: string;
  measures?: Finding['measures'];
  total?: number;
  count?: number;
  resets?: number;
  advice?: Finding['advice'];
  servers?: Finding['servers'];
  last?: string;
  ladder?: LadderRow[];
  elidedAfter?: number;
  others?: ResetEntry[];
}

const OTHER_TITLES: Readonly<Record<string, string>> = {
  'unread-data-at-close': 'Socket closed with received data still unread',
  'abort-by-linger-zero': 'Connection aborted on purpose by the application (SO_LINGER 0)',
  'listener-closed-with-queue': 'Listener closed while connections waited for accept',
  'peer-vanished': 'The other host went dead',
};

function finding(entry: ResetEntry, parts: Parts): Finding {
  const examples: Example[] = [entry, ...(parts.others ?? [])].map((e, i) => ({
    entry: e,
    ladder: i === 0 ? (parts.ladder ?? []) : [],
    elidedAfter: i === 0 ? (parts.elidedAfter ?? 0) : 0,
    delay: { originator: null, responder: null },
  }));
  const { family, cause, taxonomy, certainty } = entry.verdict;
  const count = parts.count ?? 1;
  const none = { proven: 0, likely: 0, possible: 0, undetermined: 0 };
  return {
    family,
    title: parts.title,
    verdict: entry.verdict,
    count,
    total: parts.total ?? count,
    sharedBy: 'server',
    members: [
      ...(cause === null || taxonomy === null
        ? []
        : [{ cause, taxonomy, title: parts.named ?? parts.title, count: { ...none, [certainty]: count } }]),
      ...entry.alternatives.map((other) => ({
        cause: other.cause,
        taxonomy: other.taxonomy,
        title: OTHER_TITLES[other.cause] ?? other.cause,
        count: none,
      })),
    ],
    measures: parts.measures ?? {},
    advice: parts.advice ?? [],
    next: entry.next,
    statement: entry.statement,
    resets: parts.resets ?? Number(entry.reset),
    headline: parts.headline,
    servers: parts.servers ?? [{ endpoint: entry.connection.responder, count }],
    clients: [{ address: '10.0.0.5', count }],
    first: entry.time,
    last: parts.last ?? entry.time,
    examples,
  };
}

const sibling = (packet: number, port: number, time: string): ResetEntry => ({
  ...crossing,
  connection: { ...crossing.connection, originator: `10.0.0.5:${port}` },
  packet,
  time,
});

const race = finding(crossing, {
  advice: [
    {
      who: 'client',
      do: 'set the idle timeout of the connection pool below 60.0 s, for instance to 55 s (agentkeepalive: freeSocketTimeout, undici: keepAliveTimeout)',
    },
    {
      who: 'server',
      do: 'set the keep-alive timeout above the client’s, for instance keepAliveTimeout = 65000 in Node, and headersTimeout above that',
    },
  ],
  title: 'Keep-alive race',
  named: 'Keep-alive race: the request crossed the server’s FIN on the way',
  headline:
    '2 servers close idle connections after 60.0 s; the client reuses them later than that. 4,812 of 5,000 connections lost in 2,418 s. Proven.',
  total: 5000,
  measures: { idle: { min: 60, max: 60 } },
  count: 4812,
  resets: 4790,
  servers: [
    { endpoint: '10.0.0.7:8080', count: 4100 },
    { endpoint: '10.0.0.8:8080', count: 712 },
  ],
  last: '2024-03-01T12:41:19.992Z',
  ladder: crossingLadder,
  elidedAfter: 0,
  others: [sibling(2211, 41830, '2024-03-01T12:03:11.5Z'), sibling(91733, 47002, '2024-03-01T12:41:19.992Z')],
});

const closedPort = finding(refused, {
  advice: [
    {
      who: 'server',
      do: 'start the service on port 5432, or make it listen on 10.0.0.9 (ss -ltn shows where it listens)',
    },
    { who: 'client', do: 'check address and port' },
  ],
  title: 'Connection refused',
  named: 'Nothing listens on that port',
  headline: 'Nothing listens on 10.0.0.9:5432. Likely.',
  ladder: [
    row([2201, 0, '>', 'S', 0, null]),
    row([2202, 0.00021, '<', 'R.', 0, 1], { note: 'refuses the SYN' }),
  ],
});

const unclear = finding(undetermined, {
  title: 'Request taken in and not answered',
  headline:
    'The server’s host had all 1,448 bytes of the request and, 0.30 s later, reset the connection instead of answering. Most likely: socket closed with received data still unread.',
  ladder: [
    row([78, 0, '>', 'S', 0, null]),
    row([79, 0.000031, '<', 'S.', 0, 1]),
    row([80, 0.00009, '>', 'P.', 1, 1], { length: 1448, note: 'request' }),
    row([86, 0.000111, '<', '.', 1, 1449], { note: 'acknowledged by the kernel', elided: 5 }),
    row([88, 0.30012, '<', 'R.', 1, 1449], { note: 'RST (source: server)', elided: 1 }),
  ],
  elidedAfter: 3,
});

const box = finding(injected, {
  advice: [
    {
      who: 'path',
      do: 'ask who runs the firewall between 192.168.1.20 and 203.0.113.80; its rule reacts to the TLS ClientHello',
    },
  ],
  title: 'Reset by a box on the path',
  named: 'Reset made by a box between the two ends',
  headline:
    'A box on the path reset the connection to 203.0.113.80:443 after a TLS ClientHello for example.com. Likely.',
  ladder: [
    row([301, 0, '>', 'S', 0, null]),
    row([302, 0.0301, '<', 'S.', 0, 1]),
    row([304, 0.031, '>', 'P.', 1, 1], { length: 517, note: 'TLS ClientHello for example.com', elided: 1 }),
    row([305, 0.0319, '<', 'R.', 1, 518], { note: '900 µs later; a round trip takes 30 ms' }),
    row([306, 0.0609, '<', 'P.', 1, 518], { length: 2896, note: 'sent after the RST' }),
    row([307, 0.06091, '>', 'R', 518, null], { note: 'the client has closed its socket' }),
  ],
});

const drop = finding(silent, {
  advice: [{ who: 'client', do: 'send TCP keep-alive probes at less than 350 s, for instance every 60 s' }],
  title: 'No reply',
  named: 'A box on the path forgot the idle connection and drops its packets',
  headline:
    'From packet 970 on nothing was acknowledged. Most likely: a box on the path forgot the idle connection and drops its packets.',
  ladder: [
    row([4, 1.2, '<', 'P.', 1, 32], { length: 5 }),
    row([970, 351.2, '>', 'P.', 32, 6], { length: 31, note: 'first packet after the pause' }),
    row([977, 377.9, '>', 'P.', 32, 6], { length: 31, note: '7th repetition', elided: 6 }),
  ],
});

const harmless = finding(closing, {
  title: 'Harmless ending',
  named: 'Client reset the connection after it had its answer',
  headline:
    'The client had its whole answer and closed with a RST instead of a FIN. 33 of 120 connections ended so in 471 s. Likely.',
  total: 120,
  count: 33,
  resets: 33,
  last: '2024-03-01T12:09:00Z',
  ladder: [
    row([419, 1, '<', 'P.', 1, 100], { length: 900 }),
    row([420, 1.001, '>', 'R.', 100, 901], { note: 'RST (source: client)' }),
  ],
});

function result(findings: Finding[], connections: number): Result {
  const sum = (of: (finding: Finding) => number) => findings.reduce((total, f) => total + of(f), 0);
  return {
    schema: SCHEMA,
    inputs: [{ name: 'api.pcap', format: 'pcapng', packets: 1_204_331, tcpPackets: 1_204_001, warnings: [] }],
    summary: {
      connections,
      resets: sum((f) => f.resets),
      benign: sum((f) => (f.verdict.benign ? f.count : 0)),
      problems: sum((f) => (f.verdict.benign ? 0 : f.count)),
      undetermined: sum((f) => (f.verdict.certainty === 'undetermined' ? f.count : 0)),
    },
    findings,
    resets: findings.flatMap((f) => f.examples.map((example) => example.entry)),
  };
}

const many = result([race, box, closedPort, drop, unclear, harmless], 150_000);
many.inputs.push({
  name: 'server.pcap.gz',
  format: 'pcap',
  packets: 120,
  tcpPackets: 120,
  warnings: [
    { code: 'truncated', message: 'the file ends in the middle of a packet', offset: 1_048_576, count: 1 },
    {
      code: 'garbled-record',
      message: 'a record claims more bytes than a packet can have',
      offset: 40_960,
      count: 3,
    },
  ],
});

/** The fixtures by name; each has golden files of this name. */
export const results = {
  many,
  one: result([race], 5000),
  harmless: result([harmless], 503),
  quiet: result([], 503),
  empty: result([], 0),
} satisfies Record<string, Result>;

/** A result in which every string that a capture could fill is the given one. */
export function hostile(text: string): Result {
  const entry: ResetEntry = {
    ...crossing,
    connection: {
      ...crossing.connection,
      originator: text,
      responder: text,
      history: text,
      roles: { ...roles, basis: 'words', says: text },
    },
    evidence: [{ fact: 'application', says: text, packets: Array.from({ length: 400 }, (_, i) => i * 1e6) }],
    ruledOut: [{ cause: 'no-listener', because: text }],
    alternatives: [
      { cause: 'abort-by-linger-zero', taxonomy: 'D3', family: 'ended-unanswered', because: text },
    ],
    statement: text,
    maker: { because: [{ fact: 'ttl', says: text, packets: [1] }], rivals: [text] },
    doubted: [{ cause: 'no-listener', because: text }],
    next: { item: 'trace', text, answers: text, command: undetermined.next!.command },
  };
  const ladder = crossingLadder.map((r) => ({ ...r, note: text, seq: 4294967295, time: r.time * 1e5 }));
  const bad: Finding = {
    ...finding(entry, {
      title: text,
      headline: text,
      advice: [
        { who: 'client', do: text },
        { who: 'path', do: text },
      ],
      count: 3,
      resets: 2,
      ladder,
      others: [entry],
    }),
    servers: [
      { endpoint: text, count: 2 },
      { endpoint: text, count: 1 },
    ],
  };
  const benign: Finding = { ...bad, verdict: { ...bad.verdict, benign: true, certainty: 'likely' } };
  const hostileResult = result([bad, benign], 3);
  hostileResult.inputs = [
    {
      name: text,
      format: 'pcapng',
      packets: 1,
      tcpPackets: 1,
      warnings: [{ code: 'truncated', message: text, count: 2 }],
    },
    { name: text, format: 'pcap', packets: 2, tcpPackets: 0, warnings: [] },
  ];
  return hostileResult;
}
