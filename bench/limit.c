/*
 * What the machine itself allows: reads a little-endian pcap of Ethernet frames, finds IPv4 and TCP in each, and looks
 * its two endpoints up in a table. No state, no checks, no diagnosis. Prints connections, packets and RSTs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK (1 << 20)
#define SLOTS (1 << 20)

static uint64_t endpoints[SLOTS], ports[SLOTS];
static unsigned char buffer[CHUNK + (1 << 18)];

static uint32_t big32(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* 1 when it is a new one. Both directions are one connection: the smaller endpoint goes first. */
static int enter(const unsigned char *ip, const unsigned char *tcp) {
  uint64_t a = big32(ip + 12), b = big32(ip + 16);
  uint64_t pa = tcp[0] << 8 | tcp[1], pb = tcp[2] << 8 | tcp[3];
  int swap = a > b || (a == b && pa > pb);
  uint64_t hosts = swap ? b << 32 | a : a << 32 | b, both = 1ull << 32 | (swap ? pb << 16 | pa : pa << 16 | pb);
  uint64_t hash = (hosts * 0x9e3779b97f4a7c15ull) ^ (both * 0xc2b2ae3d27d4eb4full);
  for (uint64_t i = hash >> 44;; i = (i + 1) & (SLOTS - 1)) {
    if (ports[i] == 0) {
      endpoints[i] = hosts;
      ports[i] = both;
      return 1;
    }
    if (endpoints[i] == hosts && ports[i] == both) return 0;
  }
}

int main(int count, char **arguments) {
  FILE *file = count > 1 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL || fread(buffer, 1, 24, file) != 24) return 2;
  setvbuf(file, NULL, _IONBF, 0);
  unsigned long packets = 0, resets = 0, connections = 0;
  size_t held = 0, got;
  while ((got = fread(buffer + held, 1, CHUNK, file)) > 0) {
    size_t end = held + got, at = 0;
    while (at + 16 <= end) {
      uint32_t length;
      memcpy(&length, buffer + at + 8, 4);
      if (length > 1 << 17) return 2;
      if (at + 16 + length > end) break;
      const unsigned char *ip = buffer + at + 30, *tcp = ip + (ip[0] & 15) * 4;
      if (length >= 54 && ip[-2] == 8 && ip[-1] == 0 && ip[9] == 6) {
        if (connections < SLOTS / 2) connections += enter(ip, tcp);
        resets += tcp[13] >> 2 & 1;
      }
      packets++;
      at += 16 + length;
    }
    held = end - at;
    memmove(buffer, buffer + at, held);
  }
  printf("%lu connections, %lu packets, %lu resets\n", connections, packets, resets);
  return 0;
}
