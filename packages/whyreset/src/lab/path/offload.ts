import { createRequire } from 'node:module';
import { checked, system } from '../kernel/libc.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SIOCETHTOOL = 0x8946;
/** ETHTOOL_STSO, _SGSO, _SGRO, _STXCSUM (include/uapi/linux/ethtool.h). */
const COMMANDS = [0x1f, 0x24, 0x2c, 0x17];

/**
 * Turns segmentation and checksum offload of an interface off, in the thread's
 * namespace: frames on a veth pair are then what a wire would carry.
 */
export function offloadOff(device: string): void {
  const { libc } = system();
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const control = checked('socket', libc.socket(AF_INET, SOCK_DGRAM, 0));
  for (const command of COMMANDS) {
    const value = Buffer.from(new Uint32Array([command, 0]).buffer); // struct ethtool_value
    const request = Buffer.alloc(40); // struct ifreq
    request.write(device, 0, 15, 'latin1');
    request.writeBigUInt64LE(koffi.address(value), 16);
    checked('ioctl', libc.ioctl(control, SIOCETHTOOL, request));
  }
  libc.close(control);
}
