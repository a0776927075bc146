#!/bin/sh
# janitor.sh PREFIX OWNER DIRECTORY: waits for the end of its input, which is the end of the recorder however
# it came (a second Ctrl-C and the runner's own SIGKILL included), and removes what the recorder left.
cat >/dev/null
for name in $(ip netns list | grep -o "^$1$2[a-z]"); do
  ip netns pids "$name" | xargs -r kill -9
  ip netns del "$name"
done
for left in "$3/$1-$2"-*; do
  [ -d "$left" ] || continue
  rmdir "$left/tracing/instances/$1-$2"
  umount "$left/tracing"
  rm -rf "$left"
done
