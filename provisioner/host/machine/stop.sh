#!/bin/sh
# Before Podman stops the container $1, whose monitor is $MAINPID: ends it at once where its first process takes no notice of
# the stop signal. The kernel drops a signal that this process neither handles nor waits for, so Podman would give it ten
# seconds that it knows nothing of, and then do the same.
case $(podman container inspect --format '{{.Config.StopSignal}}' "$1" 2>/dev/null) in
  SIGHUP) bit=0x1 ;;
  SIGINT) bit=0x2 ;;
  SIGQUIT) bit=0x4 ;;
  SIGUSR1) bit=0x200 ;;
  SIGTERM) bit=0x4000 ;;
  *) exit 0 ;;
esac
first=$(cut -d' ' -f1 "/proc/$MAINPID/task/$MAINPID/children")
[ -n "$first" ] || exit 0
set -- $(sed -n 's/^Sig\(Blk\|Cgt\):.*\(........\)$/0x\2/p' "/proc/$first/status")
[ "$#" = 2 ] || exit 0
[ "$((($1 | $2) & bit))" != 0 ] || kill -KILL "$first"
