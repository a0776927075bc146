import type { Capture } from './capture.ts';
import type { Lab } from './lab.ts';

/** What a right verdict may say about a capture. The first taxonomy id is the true one. */
export interface Expect {
  sender: 'originator' | 'responder' | 'middlebox' | 'undetermined';
  /** Ids of the causes; the others in the list leave the same packets at this vantage. Empty: none. */
  taxonomy: string[];
  benign: boolean;
  /** A RST is in the capture. */
  reset: boolean;
  /** Words that a verdict may use. `proven` is missing where no packet at this vantage can prove the cause. */
  certainty: ('proven' | 'likely' | 'possible' | 'undetermined')[];
}

/** One checked-in file. */
export interface Take {
  /** File name without extension, under test/captures/. */
  name: string;
  capture: Capture;
  vantage: 'client' | 'server' | 'router' | 'loopback';
  made: string;
  says: string;
  expect: Expect;
  /** For a file with several connections that have different fates: the sick ones, by originator. */
  connections?: (Partial<Expect> & { originator: string })[];
  /** The error text that the client program printed; null when it saw none. */
  clientError: string | null;
  /** Packets in the order in which tcpdump must show them; other packets may lie between. */
  shows: RegExp[];
  lacks?: RegExp[];
  /** Kernel reasons that the tcp_send_reset trace must hold ("STATE REASON"), where tracing works. */
  reasons?: RegExp[];
  /** Names of counters whose change proves the construction, with the namespace they are from. */
  counters?: Record<string, number>;
  /** The other end's file of the same run. */
  pair?: string;
  /** Write as pcapng instead of pcap. */
  pcapng?: boolean;
}

export interface Story {
  name: string;
  record(open: (options?: Parameters<typeof Lab.open>[0]) => Promise<Lab>): Promise<Take[]>;
}

export const sure: Expect['certainty'] = ['proven', 'likely'];
export const unsure: Expect['certainty'] = ['likely', 'possible', 'undetermined'];
