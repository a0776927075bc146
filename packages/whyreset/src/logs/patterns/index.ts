import type { Pattern } from '../pattern.ts';
import { curl } from './curl.ts';
import { databases } from './databases.ts';
import { dotnetAndWindows } from './dotnet-windows.ts';
import { envoyAlbFirewalls } from './envoy-alb-firewalls.ts';
import { go } from './go.ts';
import { haproxy } from './haproxy.ts';
import { http2AndGrpc } from './http2-grpc.ts';
import { java } from './java.ts';
import { nginx } from './nginx.ts';
import { node } from './node.ts';
import { posix } from './posix.ts';
import { python } from './python.ts';
import { rustRubyPhp } from './rust-ruby-php.ts';
import { tls } from './tls.ts';
import { undici } from './undici.ts';

/** Every wording that is known; the order does not matter. */
export const patterns: readonly Pattern[] = [
  ...node,
  ...undici,
  ...go,
  ...java,
  ...python,
  ...curl,
  ...tls,
  ...http2AndGrpc,
  ...databases,
  ...dotnetAndWindows,
  ...rustRubyPhp,
  ...nginx,
  ...haproxy,
  ...envoyAlbFirewalls,
  ...posix,
];
