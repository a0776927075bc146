/** What a volley of RSTs of one side looks like; every field that is given must hold. */
export interface Volley {
  flags: 'RST' | 'RST+ACK';
  /** RSTs in the volley, exactly or at least. */
  count: number | { atLeast: number };
  /** Sequence numbers against the first: these distances, or multiples of the other side's window (0, 1, 3, 6 …). */
  steps?: readonly number[] | 'windows';
  /** Window field: a number, one more with each RST, or copied from the other side's latest packet. */
  window?: number | 'counts up' | 'echoed';
  dontFragment?: boolean;
  /** Bytes behind the header. */
  payload?: number;
  /** TTL rises by one with each RST. */
  ttl?: 'counts up';
  /** Port of the server. */
  port?: number;
  /** TTL as sent, before any router. */
  initialTtl?: number;
}

/** How one injector that somebody has described builds its RSTs, and when it was seen to. */
export interface InjectorFingerprint {
  id: string;
  /** Who or what it is; no more than the source says. */
  name: string;
  volley: Volley;
  source: string;
  /** Year, month or day (ISO 8601) of the first and the latest report. */
  firstSeen: string;
  lastConfirmed: string;
}

/** Rows only with a public source; see `injector-fingerprint.ts` for what they may say. */
export const FINGERPRINTS: readonly InjectorFingerprint[] = [
  {
    id: 'tcpkill',
    name: 'tcpkill of dsniff',
    volley: { flags: 'RST', count: { atLeast: 2 }, steps: 'windows', window: 0, dontFragment: false },
    source: 'dsniff tcpkill.c 1.17 (github.com/ggreer/dsniff)',
    firstSeen: '2000',
    lastConfirmed: '2001-03-17',
  },
  {
    id: 'gfw-1460',
    name: 'the Great Firewall of China as of 2006',
    volley: { flags: 'RST', count: 3, steps: [0, 1460, 4380] },
    source: 'Clayton, Murdoch, Watson: Ignoring the Great Firewall of China, PET 2006; net4people/bbs#285',
    firstSeen: '2006',
    lastConfirmed: '2006',
  },
  {
    id: 'gfw-equal-2023',
    name: 'an injector in China as of September 2023',
    volley: {
      flags: 'RST+ACK',
      count: 3,
      steps: [0, 0, 0],
      window: 'counts up',
      ttl: 'counts up',
    },
    source: 'net4people/bbs#285',
    firstSeen: '2023-09-05',
    lastConfirmed: '2023-09-14',
  },
  {
    id: 'gfw-443-2025',
    name: 'the injector of 20 August 2025 in China',
    volley: {
      flags: 'RST+ACK',
      count: 3,
      steps: [0, 0, 0],
      window: 'counts up',
      port: 443,
    },
    source: 'gfw.report/blog/gfw_unconditional_rst_20250820; net4people/bbs#511',
    firstSeen: '2025-08-20',
    lastConfirmed: '2025-08-20',
  },
  {
    id: 'ten-bytes',
    name: 'an injector in China that puts ten bytes into its RST',
    volley: { flags: 'RST+ACK', count: 1, window: 0, payload: 10 },
    source: 'klzgrad/naiveproxy#558',
    firstSeen: '2023-09',
    lastConfirmed: '2023-09',
  },
  {
    id: 'suricata-reject',
    name: 'Suricata, rule action reject',
    volley: { flags: 'RST+ACK', count: 1, window: 'echoed', dontFragment: false, initialTtl: 64 },
    source: 'OISF/suricata src/respond-reject-libnet11.c',
    firstSeen: '2008',
    lastConfirmed: '2023',
  },
  {
    id: 'aol-proxy',
    name: 'the proxies of AOL as of 2003',
    volley: { flags: 'RST+ACK', count: 1, window: 62_780, dontFragment: true, initialTtl: 64 },
    source: 'p0f 2 p0fr.fp (window 43 × 1,460)',
    firstSeen: '2003',
    lastConfirmed: '2003',
  },
];
