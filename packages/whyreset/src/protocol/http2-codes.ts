/** What a code means, and what it says about the request (RFC 9113 §7, §8.7). */
export const HTTP2_CODES: Readonly<Record<number, string>> = {
  1: 'the other side broke the rules of HTTP/2',
  2: 'something failed inside that has nothing to do with the peer',
  3: 'the other side sent more than its window allowed',
  4: 'SETTINGS were not acknowledged in time',
  5: 'a frame came for a stream that was closed',
  6: 'a frame was of the wrong size',
  7: 'the request was not processed at all and may be sent again',
  9: 'the state of header compression was lost',
  10: 'the connection behind a CONNECT was reset or failed',
  11: 'the other side is too talkative: too many pings, requests or resets',
  12: 'the TLS parameters are too weak',
  13: 'the request must be made in HTTP/1.1',
};
