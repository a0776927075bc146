#!/usr/bin/env bash
# Installs what some tests need from the system, when that is possible here:
# root on a Debian or Ubuntu. Elsewhere those tests print why they are skipped.
set -u
declare -A package=([tcpdump]=tcpdump [zstd]=zstd [ip]=iproute2 [nft]=nftables [chromium]=chromium)
missing=()
for tool in "${!package[@]}"; do
  command -v "$tool" >/dev/null 2>&1 || [ -x "/usr/sbin/$tool" ] || [ -x "/sbin/$tool" ] || missing+=("${package[$tool]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Not installed, and not installable here (needs root on Debian): ${missing[*]}"
  exit 0
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null 2>&1
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
  echo "Could not install all of: ${missing[*]}"
exit 0
