import { contexts as groups } from './contexts/index.ts';
import { type Ending, endingOf } from './endings.ts';
import { type Features, features } from './features.ts';
import type { Mark, Observation, Reporter, Service } from './observation.ts';
import { type Match, REACH, type Recognition } from './recognise.ts';
import type { Wording } from './wording.ts';

const contexts = groups.flat();

/** Ports and words that give the protocol away; the first that fits. */
const SERVICES: readonly [Exclude<Service, 'any'>, RegExp][] = [
  [
    'database',
    /:(?:5432|3306|1433|1521|27017|9042|6432)\b|\b(?:postgres\w*|mysql\w*|mariadb|jdbc|mongo\w*|oracle|sqlserver|SqlClient|psycopg\w*|sqlalchemy|sequelize|prisma|hibernate|hikari\w*|pgbouncer|ldaps?|neo4j|bolt|clickhouse|influx\w*|couchbase|snowflake|hadoop|hive|cassandra)\b/i,
  ],
  ['cache', /:(?:6379|6380|11211)\b|\b(?:redis|ioredis|memcached?|elasticache)\b/i],
  [
    'broker',
    /:(?:5672|5671|9092|9093|4222|1883|8883|61616)\b|\b(?:rabbitmq|amqp\w*|kafka|nats|mqtt|activemq|celery|kombu|pika|logstash|filebeat|jms|ibm ?mq)\b/i,
  ],
  ['grpc', /\b(?:grpcs?|rpc error)\b/i],
  ['websocket', /\bwebsockets?\b|\bwss?:\/\/|\bsocket\.io\b/i],
  ['ssh', /\b(?:sshd?|sftp|scp|rsync|paramiko|jsch)\b|(?<![:T ]\d\d):22\b(?![:\dZ])|\bport 22\b/i],
  ['ftp', /\bftps?\b|(?<![:T ]\d\d):21\b(?![:\dZ])|\bvsftpd\b/i],
  ['mail', /\b(?:smtp|imap|pop3|postfix|dovecot)\b|(?<![:T ]\d\d):(?:25|465|587|993)\b(?![:\dZ])/i],
  ['http', /\bhttps?\b|"(?:GET|POST|PUT|PATCH|DELETE|HEAD) /i],
];

const PORTS: Readonly<Partial<Record<number, Service>>> = {
  22: 'ssh',
  21: 'ftp',
  25: 'mail',
  389: 'database',
  465: 'mail',
  587: 'mail',
  636: 'database',
  993: 'mail',
  1433: 'database',
  1521: 'database',
  1883: 'broker',
  3306: 'database',
  4222: 'broker',
  5044: 'broker',
  5432: 'database',
  5671: 'broker',
  5672: 'broker',
  6379: 'cache',
  6380: 'cache',
  7687: 'database',
  9042: 'database',
  9092: 'broker',
  11211: 'cache',
  27017: 'database',
};

/** Words of programs that were serving when they failed. */
const SERVING =
  /\bServerResponse\b|\bIncomingMessage\.onAborted\b|\bclientError\b|\bsocketserver\b|\bException happened during processing of request from\b|\bServletOutputStream\b|\bHttpServletResponse\b|\bClientAbortException\b|\bBaseHTTPServer\b|\bwsgi\w*\b|\bhttp: (?:response\.Write|panic|Accept)\b|\bjsonwriter\b|\bwhile (?:sending|writing) (?:the )?response\b/i;
/** A service has the lower port of the two; ephemeral ports begin at 32768 (Linux ip_local_port_range). */
const LOCAL_TO_REMOTE = /\b(?:read|write) tcp[46]? \S{1,60}:(\d{1,5})->\S{1,60}:(\d{1,5})\b/;

const PRIVATE =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80|::1$)|^localhost$|^[^.:]+$|\.(?:local|internal|lan|svc|cluster\.local|corp|home)$/i;

const isHint = ({ strength }: Wording): boolean => strength === 'hint' || strength === 'guess';

/** What the text says of the ending that was recognised in it, and what surrounds it. */
export function observe(found: Recognition, text: string): { observation: Observation; seen: Features } {
  const { winner, matches } = found;
  const around = text.slice(Math.max(0, winner.start - REACH), winner.end + REACH);
  const seen = features(around);
  const ending = endingOf(found.ending);
  const reporter = reporterOf(winner, ending.reporter, around);
  // A bare status adds nothing where the proxy itself says what happened.
  const isOutdone = ({ id }: Wording) =>
    reporter === 'proxy' && !isHint(winner.wording) && /^http-\d{3}$/.test(id);
  const marksOf = (hints: boolean) =>
    new Set<Mark>(
      matches.flatMap(({ wording }) =>
        (wording.strength === 'hint') === hints && !isOutdone(wording) ? (wording.marks ?? []) : [],
      ),
    );
  const shown = marksOf(false);
  const mentioned = new Set<Mark>([...marksOf(true)].filter((mark) => !shown.has(mark)));
  for (const { regexp, marks } of contexts) {
    if (regexp.test(text)) for (const mark of marks) if (!shown.has(mark)) mentioned.add(mark);
  }
  if (seen.reused === true) shown.add('reused');
  if (seen.reused === false) shown.add('fresh');
  if (seen.tls) shown.add('tls-socket');
  if (seen.host !== null) shown.add(PRIVATE.test(seen.host) ? 'private-peer' : 'public-peer');
  const end = ending.end;
  return {
    seen,
    observation: {
      end,
      stage: winner.wording.stage ?? givenStage(matches, ending) ?? ending.stage ?? stageOf(matches),
      service: serviceOf(winner, matches, { text, port: seen.port }),
      reporter,
      by:
        ending.by ?? sideOf(reporter, end) ?? sideNamed(reporter, text.slice(winner.start, winner.end + 60)),
      shown,
      mentioned,
    },
  };
}

function reporterOf({ wording }: Match, usual: Reporter | undefined, around: string): Reporter {
  const given = wording.reporter ?? usual;
  if (given !== undefined) return given;
  const ports = LOCAL_TO_REMOTE.exec(around);
  if (ports !== null && Number(ports[1]) < 32_768 && Number(ports[2]) >= 32_768) return 'server';
  return SERVING.test(around) ? 'server' : 'client';
}

/** Endings that no packet of the other side made. */
const NOT_BY_A_SIDE: ReadonlySet<Observation['end']> = new Set(['silence', 'unreachable', 'limit', 'lookup']);

/** The peer of the reporter ended what ended by a packet; the reporter itself what ended locally. */
function sideOf(reporter: Reporter, end: Observation['end']): Observation['by'] {
  if (reporter !== 'client' && reporter !== 'server') return null;
  const peer = reporter === 'client' ? 'server' : 'client';
  if (end === 'local') return reporter;
  return NOT_BY_A_SIDE.has(end) ? null : peer;
}

/** A proxy has a peer on either side; its words name the one that ended the connection. */
function sideNamed(reporter: Reporter, words: string): Observation['by'] {
  if (reporter !== 'proxy') return null;
  if (/^(?:upstream|backend) |^[^,\n]{0,90}\b(?:from|to) upstream\b/i.test(words)) return 'server';
  return /^client |^[^,\n]{0,90}\b(?:from|to) client\b/i.test(words) ? 'client' : null;
}

/** A wrapper of a product knows that the connection was idle or a tunnel, which the errno inside it does not. */
function givenStage(matches: readonly Match[], { stage }: Ending): Observation['stage'] {
  if (stage !== null && stage !== 'waiting' && stage !== 'sending') return null;
  const given = matches.filter(({ wording }) => !isHint(wording)).map(({ wording }) => wording.stage);
  return given.find((each) => each === 'idle' || each === 'tunnel') ?? null;
}

/** What decides often says no stage; a symptom beside it may. */
function stageOf(matches: readonly Match[]): Observation['stage'] {
  for (const { wording } of matches) {
    const stage = wording.stage ?? endingOf(wording.class).stage;
    if (stage !== null && !isHint(wording)) return stage;
  }
  return null;
}

function serviceOf(
  winner: Match,
  matches: readonly Match[],
  { text, port }: { text: string; port: number | null },
): Service {
  if (winner.wording.service !== 'any') return winner.wording.service;
  for (const { wording } of matches) {
    if (wording.service !== 'any' && !isHint(wording)) return wording.service;
  }
  return PORTS[port ?? 0] ?? SERVICES.find(([, regexp]) => regexp.test(text))?.[0] ?? 'any';
}
