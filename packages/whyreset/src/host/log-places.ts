import { addressOf, type Place } from './place.ts';

/** Ends taken from one record. */
const MOST_PLACES = 8;

const V4 = String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`;
const V6 = `[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,40}(?:${V4})?`;

/** An address and its port in one: 10.0.0.1:80, 10.0.0.1/80 (Cisco), [::1]:80. */
const JOINED = new RegExp(String.raw`(?<![\d.])(${V4})[:/](\d{1,5})(?![\d.])|\[(${V6})\]:(\d{1,5})`, 'g');
/** In fields: srcip=10.0.0.9 srcport=52044, address: '127.0.0.1', port: 9999. */
const FIELDS = new RegExp(
  String.raw`(?:ip|address|addr|host)["']?\s?[:=]\s?["']?(${V4}|${V6})["']?[\s,]{1,12}["']?(?:\w{0,12}port)["']?\s?[:=]\s?["']?(\d{1,5})`,
  'gi',
);
/** Alone; its port is unknown. */
const ALONE = new RegExp(String.raw`(?<![\d.:/])(${V4})(?![\d.:/]\d|\d)`, 'g');

/** The addresses that a log record names, those with a port first; port 0 stands for none. */
export function placesOf(text: string): Place[] {
  const places: Place[] = [];
  const add = (address: string | undefined, port: number) => {
    const plain = address === undefined ? null : addressOf(address);
    if (plain === null || port > 65_535 || places.length >= MOST_PLACES) return;
    const known = places.some((place) => place.address === plain && (port === 0 || place.port === port));
    if (!known) places.push({ address: plain, port });
  };
  for (const [, four, port, six, other] of text.matchAll(JOINED)) add(four ?? six, Number(port ?? other));
  for (const [, address, port] of text.matchAll(FIELDS)) add(address, Number(port));
  for (const [, address] of text.matchAll(ALONE)) add(address, 0);
  return places;
}
