#!/bin/sh
# What packages rely on in the image `redis`: options alone start the server, data is in the working folder, everyone may connect.
set -eu

case "${1:-}" in -* | *.conf) set -- redis-server "$@" ;; esac
[ "$1" = redis-server ] || exec "$@"
case "$*" in *protected-mode*) ;; *) set -- "$@" --protected-mode no ;; esac
if [ "$(id -u)" = 0 ]; then
  chown -R redis:redis .
  exec setpriv --reuid=redis --regid=redis --init-groups "$@"
fi
exec "$@"
