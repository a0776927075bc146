import type { ListingFormat } from './format.ts';
import tcpdumpText from './tcpdump-text.ts';
import tsharkEk from './tshark-ek.ts';
import tsharkFields from './tshark-fields.ts';
import tsharkJson from './tshark-json.ts';
import tsharkPdml from './tshark-pdml.ts';
import tsharkText from './tshark-text.ts';
import wiresharkCsv from './wireshark-csv.ts';

/** Every format, in the order in which a line is offered to them: those that a line shows most plainly come first. */
export const FORMATS: readonly ListingFormat[] = [
  tsharkEk,
  tsharkPdml,
  tsharkJson,
  tsharkFields,
  wiresharkCsv,
  tsharkText,
  tcpdumpText,
];
