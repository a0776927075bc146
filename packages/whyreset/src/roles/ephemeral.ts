/**
 * Where stacks take the port of an outgoing connection from: Linux 32768 to
 * 60999 (net.ipv4.ip_local_port_range), Windows since Vista, macOS and BSD
 * 49152 to 65535 (RFC 6335 §6). Widened ranges and the old one, 1024 to 5000,
 * overlap with too many servers to show anything.
 */
export const FIRST_EPHEMERAL = 32_768;

export const isEphemeral = (port: number) => port >= FIRST_EPHEMERAL;
