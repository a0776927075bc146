/*
 * EtherTypes (IANA ieee-802-numbers) that are read in more than one place. In a
 * file without imports: the layers import each other in circles, where a
 * constant of theirs would not exist yet.
 */

export const ETHER_IPV4 = 0x0800;
export const ETHER_IPV6 = 0x86dd;
/** Transparent Ethernet bridging: a whole Ethernet frame inside GRE or Geneve. */
export const ETHER_TEB = 0x6558;
export const ETHER_PPP = 0x880b;
export const ETHER_MPLS = 0x8847;
/** Network Service Header (RFC 8300). */
export const ETHER_NSH = 0x894f;
